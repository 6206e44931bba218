package playground

import (
	"context"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// maxAhead is how far the clock can be put forward altogether.
const maxAhead = 10 * 366 * 24 * time.Hour

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

// Now is the time on the page: the base clock and what it was put forward by.
// Another process knows of a jump within a second. It implements runtime.Clock.
func (a *Adapter) Now() time.Time { return a.Base.Now().Add(a.hub.pulse().Offset).UTC() }

// Advance puts the clock forward, for all processes and for good. It never
// goes back.
func (a *Adapter) Advance(ctx context.Context, by time.Duration) error {
	if by <= 0 {
		return access.Refuse(access.Invalid, "clockBack").At("advance")
	}
	err := a.change(ctx, "", "", func(d *Draft) error {
		if d.Offset+by > maxAhead || by > maxAhead {
			return access.Refuse(access.Invalid, "clockTooFar").At("advance")
		}
		d.Offset += by
		d.About = "clock"
		return nil
	})
	if err != nil {
		return err
	}
	if jump := a.ports.Load().OnJump; jump != nil {
		jump(ctx)
	}
	return nil
}

// parseSpan reads "36h", "3 days", "1 day 12 hours", "2w": whole hours.
func parseSpan(s string) (time.Duration, error) {
	by, err := access.ParseDuration(s)
	switch {
	case access.IsCode(err, "durationTooLong"):
		return 0, access.Refuse(access.Invalid, "clockTooFar").At("advance")
	case access.IsCode(err, "durationNotPositive"):
		return 0, access.Refuse(access.Invalid, "clockBack").At("advance")
	case err != nil:
		return 0, access.Refuse(access.Invalid, "clockSpan", "text", s).At("advance")
	}
	return by, nil
}
