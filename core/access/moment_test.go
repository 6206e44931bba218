package access

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func code(err error) string {
	if e, ok := AsError(err); ok {
		return e.Code
	}
	return ""
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"30 days": 30 * day, "1 day": day, "36h": 36 * time.Hour, "2w": 14 * day, "12 hours": 12 * time.Hour,
		"1 day 12 hours": 36 * time.Hour, "1d12h": 36 * time.Hour, "  2   Weeks ": 14 * day, "1 week, 2 days": 9 * day,
		"1 week and 2 days": 9 * day, "2 Wochen": 14 * day, "1 Tag und 6 Stunden": 30 * time.Hour, "12 Std.": 12 * time.Hour,
		"120 min": 2 * time.Hour, "1h 60min": 2 * time.Hour, "3660 days": MaxWindow, "007 days": 7 * day,
	} {
		got, err := ParseDuration(text)
		if err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseDurationRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "badDuration", "30": "badDuration", "days": "badDuration", "1.5 days": "badDuration", "1,5 days": "badDuration",
		"+3 days": "badDuration", "3 fortnights": "badDuration", "1 hour 1 day": "badDuration", "1 day 1 day": "badDuration",
		"1 day,": "badDuration", "1 day or so": "badDuration", "a day": "badDuration", "1e3 days": "badDuration",
		"-3 days": "durationNotPositive", "0 days": "durationNotPositive", "0h": "durationNotPositive",
		"90min": "durationHours", "1 hour 30 minutes": "durationHours",
		"90m": "ambiguousDuration", "1 month": "ambiguousDuration", "2 years": "ambiguousDuration", "ein Jahr": "badDuration", "1 Monat": "ambiguousDuration",
		"3661 days": "durationTooLong", "999999999 weeks": "durationTooLong", "524 weeks 3 days": "durationTooLong",
		"99999999999999999999 days": "badDuration",
	} {
		if got, err := ParseDuration(text); code(err) != want || got != 0 {
			t.Errorf("%q gives %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestDurationsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(1, int64(MaxWindow/time.Hour)).Draw(t, "hours")) * time.Hour
		back, err := ParseDuration(FormatDuration(d))
		if err != nil || back != d {
			t.Fatalf("%v is written %q and read as %v, %v", d, FormatDuration(d), back, err)
		}
	})
}

func TestFormatDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		30 * day: "30 days", day: "1 day", 36 * time.Hour: "36 hours", time.Hour: "1 hour", 14 * day: "14 days",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}

func TestParseEnd(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	for text, want := range map[string]string{
		"2026-09-17":                "2026-09-17T21:59:00Z",
		"17 Sep 2026":               "2026-09-17T21:59:00Z",
		"17 sept 2026":              "2026-09-17T21:59:00Z",
		"17. September 2026":        "2026-09-17T21:59:00Z",
		"September 17, 2026":        "2026-09-17T21:59:00Z",
		"17.9.2026":                 "2026-09-17T21:59:00Z",
		"17.09.2026":                "2026-09-17T21:59:00Z",
		"3. März 2027":              "2027-03-03T22:59:00Z",
		"1 Okt. 2026":               "2026-10-01T21:59:00Z",
		"24 Dezember 2026":          "2026-12-24T22:59:00Z",
		"29 Feb 2028":               "2028-02-29T22:59:00Z",
		"2026-09-17 18:00":          "2026-09-17T16:00:00Z",
		"2026-09-17T18:00":          "2026-09-17T16:00:00Z",
		"17 Sep 2026 18:00":         "2026-09-17T16:00:00Z",
		"17 Sep 2026, 18:00":        "2026-09-17T16:00:00Z",
		"17 Sep 2026 at 9:05":       "2026-09-17T07:05:00Z",
		"17.9.2026 18:00":           "2026-09-17T16:00:00Z",
		"17.9.2026 um 18:00 Uhr":    "2026-09-17T16:00:00Z",
		"2026-09-17T18:00:00-07:00": "2026-09-18T01:00:00Z",
		"2026-09-17T18:00:00Z":      "2026-09-17T18:00:00Z",
	} {
		got, err := ParseEnd(text, berlin)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q is %v, %v; want %s", text, got.Format(time.RFC3339), err, want)
		}
		if got.Location() != time.UTC {
			t.Errorf("%q is not in UTC", text)
		}
	}
}

func TestParseMomentRefuses(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	for text, want := range map[string]string{
		"": "badDate", "next friday": "badDate", "5pm": "badDate", "tomorrow": "badDate", "17 Sep": "badDate", "Sep 2026": "badDate",
		"17 Sep 26": "badDate", "17.9.26": "badDate", "20260917": "badDate", "1789596000": "badDate", "2026-9-17": "ambiguousDate",
		"03/04/2026": "ambiguousDate", "2026/03/04": "ambiguousDate", "03-04-2026": "ambiguousDate", "3/4/26": "ambiguousDate", "03/04/2026 18:00": "ambiguousDate",
		"2026-02-30": "noSuchDate", "31 Jun 2026": "noSuchDate", "30.2.2026": "noSuchDate", "2026-13-01": "noSuchDate", "29 Feb 2027": "noSuchDate",
		"2026-09-17 25:00": "noSuchDate", "2026-09-17 18:61": "noSuchDate", "2026-09-17 6pm": "badDate", "2026-09-17 18": "badDate",
		"2027-03-28 02:30": "timeSkipped", "2026-10-25 02:30": "timeTwice", "0000-01-01": "badDate", "9999-12-31": "badDate",
		"17 Brumaire 2026": "badDate", "2026-09-17 18:00 PST": "badDate", "2026-09-17 18:00 ": "",
	} {
		for _, parse := range []func(string, *time.Location) (time.Time, error){ParseEnd, ParseStart} {
			if _, err := parse(text, berlin); code(err) != want {
				t.Errorf("%q gives %v, want %q", text, err, want)
			}
		}
	}
}

func TestDayAloneHasEdgesInEveryZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, start, end string }{
		{"UTC", "2026-09-17", "2026-09-17T00:00:00Z", "2026-09-17T23:59:00Z"},
		{"Asia/Tokyo", "2026-09-17", "2026-09-16T15:00:00Z", "2026-09-17T14:59:00Z"},
		{"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T04:59:00Z"},  // 25 hours
		{"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", "2026-04-24T20:59:00Z"},      // no midnight
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T04:59:00Z"},    // midnight twice
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", "2018-02-18T02:59:00Z"}, // 23:59 twice
		{"Pacific/Kiritimati", "2026-09-17", "2026-09-16T10:00:00Z", "2026-09-17T09:59:00Z"},
	} {
		z := zone(t, c.zone)
		start, err1 := ParseStart(c.day, z)
		end, err2 := ParseEnd(c.day, z)
		if err1 != nil || err2 != nil || start.Format(time.RFC3339) != c.start || end.Format(time.RFC3339) != c.end {
			t.Errorf("%s in %s is %v to %v (%v, %v)", c.day, c.zone, start, end, err1, err2)
		}
		if got := EndOfDay(start, z); !got.Equal(end) {
			t.Errorf("EndOfDay in %s is %v, want %v", c.zone, got, end)
		}
	}
	if _, err := ParseEnd("2011-12-30", zone(t, "Pacific/Apia")); code(err) != "noSuchDate" {
		t.Errorf("the day that Samoa left out gives %v", err)
	}
}

func TestDatesComeBackAsTyped(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/New_York"), zone(t, "Asia/Tokyo"), zone(t, "Australia/Lord_Howe"), zone(t, "Africa/Cairo")}
	dates := []string{"2006-01-02", "2 Jan 2006", "2. January 2006", "2.1.2006", "Jan 2, 2006"}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1577836800, 4102444800).Draw(t, "at")/60*60, 0).In(z)
		layout := rapid.SampledFrom(dates).Draw(t, "layout")
		end, err := ParseEnd(at.Format(layout), z)
		if err != nil || end.In(z).Format(layout+" 15:04") != at.Format(layout)+" 23:59" {
			t.Fatalf("%s ends at %v (%v)", at.Format(layout), end.In(z), err)
		}
		start, err := ParseStart(at.Format(layout), z)
		if err != nil || start.In(z).Format(layout) != at.Format(layout) || start.After(at) {
			t.Fatalf("%s starts at %v (%v)", at.Format(layout), start.In(z), err)
		}
		moment, err := ParseEnd(at.Format(layout+" 15:04"), z)
		if c := code(err); c != "timeTwice" && (err != nil || !moment.Equal(at)) {
			t.Fatalf("%s is read as %v (%v)", at.Format(layout+" 15:04"), moment.In(z), err)
		}
	})
}

func TestParseUntil(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	berlin := zone(t, "Europe/Berlin")
	for text, want := range map[string]Window{
		"2 days":           {For: 2 * day},
		"24 Dec 2026":      {End: time.Date(2026, 12, 24, 22, 59, 0, 0, time.UTC)},
		"23.11.2026":       {End: time.Date(2026, 11, 23, 22, 59, 0, 0, time.UTC)},
		"2026-11-23 10:01": {End: time.Date(2026, 11, 23, 9, 1, 0, 0, time.UTC)},
	} {
		if got, err := ParseUntil(text, now, berlin); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"22 Nov 2026": "dateInPast", "2026-11-23 10:00": "dateInPast", "2036-12-24": "dateTooFar", "soon": "badUntil", "": "badUntil",
		"03/04/2027": "ambiguousDate", "2 months": "ambiguousDuration", "90min": "durationHours", "30 Feb 2027": "noSuchDate", "0 days": "durationNotPositive",
	} {
		if got, err := ParseUntil(text, now, berlin); code(err) != want || got != (Window{}) {
			t.Errorf("%q gives %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestParseFrom(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) // the 24th in Berlin
	berlin := zone(t, "Europe/Berlin")
	if got, err := ParseFrom("24 Nov 2026", now, berlin); err != nil || !got.Equal(time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("today is %v, %v", got, err)
	}
	for text, want := range map[string]string{"23 Nov 2026": "dateInPast", "2040-01-01": "dateTooFar", "today": "badDate", "30 days": "badDate"} {
		if _, err := ParseFrom(text, now, berlin); code(err) != want {
			t.Errorf("%q gives %v, want %s", text, err, want)
		}
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	if got, err := ParseDay("17. Mai 2027"); err != nil || got != "2027-05-17" {
		t.Errorf("got %q, %v", got, err)
	}
	for text, want := range map[string]string{"2027-05-17 10:00": "badDate", "2027-05-17T10:00:00Z": "badDate", "5/6/2027": "ambiguousDate"} {
		if got, err := ParseDay(text); code(err) != want || got != "" {
			t.Errorf("%q gives %q, %v; want %s", text, got, err, want)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"30 days", "1d12h", "2 Wochen und 1 Tag", "90m", "-1h", "1 day,", "9999999999999h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		switch {
		case err != nil && (d != 0 || code(err) == ""):
			t.Fatalf("%q gives %v with %v", text, d, err)
		case err == nil && (d <= 0 || d > MaxWindow || d%time.Hour != 0):
			t.Fatalf("%q gives %v", text, d)
		}
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"2026-09-17", "17. Sep 2026 18:00", "17.9.2026", "2026-09-17T18:00:00+02:00", "2026-10-25 02:30", "03/04/2026"} {
		f.Add(seed)
	}
	z := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string) {
		end, err := ParseEnd(text, z)
		start, err2 := ParseStart(text, z)
		switch {
		case (err == nil) != (err2 == nil) || code(err) != code(err2):
			t.Fatalf("%q is an end (%v) but no start (%v)", text, err, err2)
		case err != nil && (!end.IsZero() || code(err) == ""):
			t.Fatalf("%q gives %v with %v", text, end, err)
		case err == nil && start.After(end):
			t.Fatalf("%q starts at %v after its end %v", text, start, end)
		}
	})
}
