package app

import "fmt"

// Trouble is an error for the person who started Usher: one sentence that says
// what is wrong and what to do. Err is what lies behind it, for --verbose.
type Trouble struct {
	Say string
	Err error
}

func (t *Trouble) Error() string { return t.Say }

func (t *Trouble) Unwrap() error { return t.Err }

// trouble makes a Trouble; err may be nil.
func trouble(err error, format string, args ...any) error {
	return &Trouble{Say: fmt.Sprintf(format, args...), Err: err}
}
