package storage

import "errors"

// Mode marks, at its creation, what a store is for. It never changes.
type Mode string

const (
	Demo  Mode = "demo"  // trying out: sample data, a clock that can be moved
	Serve Mode = "serve" // real access
)

// Version is the layout that this binary writes. A store with a higher number
// was written by a newer one and is left alone.
const Version = 1

// Reasons why a store is not opened. Each comes inside an *OpenError.
var (
	ErrInUse       = errors.New("in use")
	ErrDamaged     = errors.New("damaged")
	ErrForeign     = errors.New("not a store of Usher")
	ErrNewer       = errors.New("written by a newer version")
	ErrMode        = errors.New("other mode")
	ErrUnreachable = errors.New("unreachable")
	ErrUnsafe      = errors.New("does not keep what it acknowledges")
	ErrSettings    = errors.New("wrong settings")
)

// OpenError says in one sentence, for whoever runs Usher, why a store is not
// opened and what to do. Nothing was changed. It carries no secret.
type OpenError struct {
	Reason   error // one of the Err values above
	Sentence string
}

func (e *OpenError) Error() string { return e.Sentence }
func (e *OpenError) Unwrap() error { return e.Reason }

// Refuse makes an OpenError.
func Refuse(reason error, sentence string) error {
	return &OpenError{Reason: reason, Sentence: sentence}
}

// CheckMode compares the mark of a store with what it is opened for. where
// names the store for people.
func CheckMode(where string, marked, wanted Mode) error {
	if marked == wanted {
		return nil
	}
	if marked == Demo {
		return Refuse(ErrMode, where+" holds a demo and cannot serve real access: name another place, or run `usher demo` on it.")
	}
	return Refuse(ErrMode, where+" holds real access and cannot be used for a demo: name another place.")
}
