package access

import (
	"errors"
	"fmt"
)

// Kind says what a caller can do about an error. Callers switch on it and on
// nothing else.
type Kind string

const (
	Invalid     Kind = "invalid"     // what was typed is wrong; Field says where
	Forbidden   Kind = "forbidden"   // this person may not do it
	NotFound    Kind = "notFound"    // no such thing, or none that this person may see
	TooLate     Kind = "tooLate"     // decided, ended or changed in the meantime
	Refused     Kind = "refused"     // a rule of the model forbids it (held, pending, incompatible)
	Unavailable Kind = "unavailable" // try again: a store, chat or directory did not answer
)

// Error is a refusal. Code names the sentence that people get in their
// language (locale key "error.<Code>"); Data fills its placeholders. Details
// of machines never go into it: those are for the log.
type Error struct {
	Kind  Kind
	Code  string
	Field string         // form field or property path, when one is to blame
	Data  map[string]any // string, int, time.Time, PersonID, Window...
}

func (e *Error) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s (%s) at %s %v", e.Code, e.Kind, e.Field, e.Data)
	}
	return fmt.Sprintf("%s (%s) %v", e.Code, e.Kind, e.Data)
}

// Refuse makes an Error. Data comes as alternating names and values.
func Refuse(kind Kind, code string, data ...any) *Error {
	e := &Error{Kind: kind, Code: code}
	for i := 0; i+1 < len(data); i += 2 {
		if e.Data == nil {
			e.Data = map[string]any{}
		}
		e.Data[data[i].(string)] = data[i+1]
	}
	return e
}

// At returns the error with the field that is to blame.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// AsError finds the *Error in a chain.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// IsCode reports whether err is a refusal with the given code.
func IsCode(err error, code string) bool {
	e, ok := AsError(err)
	return ok && e.Code == code
}
