package access

import "time"

// Window is from when until when access is held. One of End and For is set,
// or neither when the access does not end. While only For is set the end is
// counted from the first delivery (or from Start, if that is later); from that
// delivery on End is set, and every place shows the same moment.
type Window struct {
	Start time.Time     `json:"start,omitzero"` // zero: at delivery
	End   time.Time     `json:"end,omitzero"`
	For   time.Duration `json:"for,omitempty"`
}

// Never reports whether the access does not end.
func (w Window) Never() bool { return w.End.IsZero() && w.For == 0 }

// Open reports whether the end is still counted from a delivery to come.
func (w Window) Open() bool { return w.End.IsZero() && w.For > 0 }

// From returns the window as it is after a first delivery at t.
func (w Window) From(t time.Time) Window {
	if !w.Open() {
		return w
	}
	if w.Start.After(t) {
		t = w.Start
	}
	w.End = t.Add(w.For)
	return w
}

// Over reports whether the window has ended by t.
func (w Window) Over(t time.Time) bool { return !w.End.IsZero() && !t.Before(w.End) }

// Equal compares moments as moments, whatever zone they are in.
func (w Window) Equal(o Window) bool {
	return w.Start.Equal(o.Start) && w.End.Equal(o.End) && w.For == o.For
}
