package slack

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a token that cannot be printed by accident: every way to print or
// encode it gives *** (as config.Secret, which converts to it).
type Secret string

// Format covers every verb, %x and %#v among them.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String is *** or, when there is no secret, nothing.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString is for %#v of what holds the secret.
func (s Secret) GoString() string { return s.String() }

// MarshalText covers encoding/json and zerolog's Interface.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue covers log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
