package access

import (
	"errors"
	"time"
)

// Failure says what may be done about something that failed outside.
type Failure string

const (
	FailNone  Failure = ""
	FailRetry Failure = "retry" // try again with back-off
	FailHuman Failure = "human" // needs a human: stop, tell the admins
	FailNever Failure = "never" // will never work: stop, tell the admins
)

// Fault is how chats, directories and connectors report that something failed
// outside. Code names it for people (locale key "failure.<Code>"); Err is for
// the log and must carry no secret.
type Fault struct {
	Failure Failure
	Code    string
	RetryAt time.Time // zero: the caller's back-off
	Err     error
}

func (f *Fault) Error() string {
	if f.Err != nil {
		return f.Code + ": " + f.Err.Error()
	}
	return f.Code
}

func (f *Fault) Unwrap() error { return f.Err }

// ErrGone: the message to edit does not exist any more, or can't be edited.
var ErrGone = errors.New("gone: the message cannot be edited any more")

// AsFault finds the *Fault in a chain. An error that is none counts as one
// that may pass: retry, code "unknown".
func AsFault(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Failure: FailRetry, Code: "unknown", Err: err}
}
