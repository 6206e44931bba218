package engine

import (
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
)

const day = 24 * time.Hour

var monday = time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)

func TestWindowForKeepsToThePolicy(t *testing.T) {
	t.Parallel()
	onDate := access.Lifecycle{Ends: access.EndsOnDate, On: monday.Add(30 * day), OwnTimes: true}
	lasts := access.Lifecycle{Ends: access.EndsDuration, For: 10 * day, OwnTimes: true}
	never := access.Lifecycle{Ends: access.EndsNever, OwnTimes: true}
	fixed := access.Lifecycle{Ends: access.EndsDuration, For: 10 * day}
	for name, c := range map[string]struct {
		lc   access.Lifecycle
		want wish
		free bool
		is   access.Window
		code string
	}{
		"date":                       {lc: onDate, is: access.Window{End: onDate.On}},
		"date, earlier end":          {lc: onDate, want: wish{end: monday.Add(day)}, is: access.Window{End: monday.Add(day)}},
		"date, for a while":          {lc: onDate, want: wish{length: day}, is: access.Window{End: monday.Add(day)}},
		"date, later end":            {lc: onDate, want: wish{end: monday.Add(31 * day)}, code: "endTooLate"},
		"date, for too long":         {lc: onDate, want: wish{length: 31 * day}, code: "endTooLate"},
		"date, starts after its end": {lc: onDate, want: wish{start: monday.Add(31 * day)}, code: "endPassed"},
		"duration":                   {lc: lasts, is: access.Window{For: 10 * day}},
		"duration, shorter":          {lc: lasts, want: wish{length: day}, is: access.Window{For: day}},
		"duration, with an end":      {lc: lasts, want: wish{end: monday.Add(9 * day)}, is: access.Window{End: monday.Add(9 * day)}},
		"duration, longer":           {lc: lasts, want: wish{length: 11 * day}, code: "endTooLong"},
		"duration, end too far":      {lc: lasts, want: wish{end: monday.Add(11 * day)}, code: "endTooLong"},
		"duration from a later start": {
			lc: lasts, want: wish{start: monday.Add(5 * day), end: monday.Add(15 * day)},
			is: access.Window{Start: monday.Add(5 * day), End: monday.Add(15 * day)},
		},
		"never":                {lc: never, is: access.Window{}},
		"never, with an end":   {lc: never, want: wish{end: monday.Add(day)}, is: access.Window{End: monday.Add(day)}},
		"an end in the past":   {lc: never, want: wish{end: monday.Add(-day)}, code: "endPassed"},
		"a start today":        {lc: lasts, want: wish{start: monday.Add(-9 * time.Hour)}, is: access.Window{For: 10 * day}},
		"a start last week":    {lc: lasts, want: wish{start: monday.Add(-7 * day)}, code: "startPassed"},
		"own times are off":    {lc: fixed, want: wish{length: day}, code: "ownTimesNotAllowed"},
		"an admin may shorten": {lc: fixed, want: wish{length: day}, free: true, is: access.Window{For: day}},
		"a negative length":    {lc: lasts, want: wish{length: -day}, code: "durationOutOfRange"},
		"an absurd length":     {lc: never, want: wish{length: 4000 * day}, code: "durationOutOfRange"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := windowFor(c.lc, c.want, c.free, monday)
			if c.code != "" {
				if !access.IsCode(err, c.code) {
					t.Fatalf("got %v, %v; want %s", w, err, c.code)
				}
				return
			}
			if err != nil || !w.Equal(c.is) {
				t.Fatalf("got %+v, %v; want %+v", w, err, c.is)
			}
		})
	}
}

func TestExtendedEnd(t *testing.T) {
	t.Parallel()
	current := monday.Add(5 * day)
	for name, c := range map[string]struct {
		lc   access.Lifecycle
		want time.Time
		is   time.Time
		code string
	}{
		"as long again":       {lc: access.Lifecycle{Ends: access.EndsDuration, For: 10 * day}, is: current.Add(10 * day)},
		"a little":            {lc: access.Lifecycle{Ends: access.EndsDuration, For: 10 * day}, want: current.Add(day), is: current.Add(day)},
		"more than allowed":   {lc: access.Lifecycle{Ends: access.EndsDuration, For: 10 * day}, want: current.Add(11 * day), code: "endTooLate"},
		"earlier":             {lc: access.Lifecycle{Ends: access.EndsDuration, For: 10 * day}, want: current.Add(-day), code: "endNotLater"},
		"to the date":         {lc: access.Lifecycle{Ends: access.EndsOnDate, On: current.Add(day)}, is: current.Add(day)},
		"the date is reached": {lc: access.Lifecycle{Ends: access.EndsOnDate, On: current}, code: "nothingToExtend"},
		"past the date":       {lc: access.Lifecycle{Ends: access.EndsOnDate, On: current.Add(day)}, want: current.Add(2 * day), code: "endTooLate"},
		"without an end":      {lc: access.Lifecycle{Ends: access.EndsNever}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			end, err := extendedEnd(c.lc, current, c.want)
			if c.code != "" {
				if !access.IsCode(err, c.code) {
					t.Fatalf("got %v, %v; want %s", end, err, c.code)
				}
				return
			}
			if err != nil || !end.Equal(c.is) {
				t.Fatalf("got %v, %v; want %v", end, err, c.is)
			}
		})
	}
}

func TestNoticesFitIntoTheLength(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]int{30: 2, 14: 1, 2: 1, 1: 0} {
		if got := noticesBefore(monday.Add(time.Duration(days)*day), monday); len(got) != want {
			t.Errorf("%d days: %v, want %d notices", days, got, want)
		}
	}
	if got := noticesBefore(time.Time{}, monday); len(got) != 0 {
		t.Errorf("without an end: %v", got)
	}
}
