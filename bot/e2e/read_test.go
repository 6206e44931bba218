package e2e

import (
	"testing"
	"time"
)

// value is what a field of a form holds.
func (f *formPage) value(id string) []string {
	for _, one := range f.Fields {
		if one.ID == id {
			return one.Value
		}
	}
	return nil
}

// end is the one moment that a card gives for the end of the access.
func (m message) end(t testing.TB) time.Time {
	t.Helper()
	found := m.ends()
	if len(found) != 1 {
		t.Fatalf("%d ends on this card, want one:\n%s", len(found), m.text())
	}
	return found[0]
}

// ends are the moments at "How long", or else all moments in the text of a
// short notice.
func (m message) ends() []time.Time {
	var labelled, all []time.Time
	for _, b := range m.Card.Blocks {
		all = append(all, b.Moments...)
		for _, f := range b.Fields {
			if f.Label == "How long" {
				labelled = append(labelled, f.Moments...)
			}
		}
	}
	if len(labelled) > 0 {
		return labelled
	}
	return all
}
