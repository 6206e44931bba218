package discord

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

type stopped struct{ at time.Time }

func (s *stopped) Now() time.Time { return s.at }

// Of many calls at once, fifty go; each other one is told a time of its own at
// which it can go.
func TestCallsThatComeTooEarlyComeBackOneByOne(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	clock := &stopped{begin}
	r := newRoad(&url.URL{}, http.DefaultTransport, clock, func(string) {})
	var turns []time.Time
	for range perSecond + 5000 {
		switch err := r.closed("members").(type) {
		case nil:
		case *waits:
			turns = append(turns, err.until)
		default:
			t.Fatal(err)
		}
	}
	if len(turns) != 5000 {
		t.Fatalf("%d of %d were asked to wait", len(turns), perSecond+5000)
	}
	for i, at := range turns {
		if want := begin.Add(min(time.Duration(i)*time.Second/perSecond, maxQueue) + time.Second/perSecond); at.Sub(want).Abs() > time.Microsecond {
			t.Fatalf("call %d is to come back after %v, want %v", i, at.Sub(begin), want.Sub(begin))
		}
	}
	for i, at := range turns[:1000] {
		clock.at = at
		if err := r.closed("members"); err != nil {
			t.Fatalf("call %d came back in its turn and was told %v", i, err)
		}
	}
}
