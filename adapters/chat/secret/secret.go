// Package secret is a token that cannot be printed by accident.
package secret

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Text is a secret: every way to print or encode it gives ***. It converts
// from and to other strings.
type Text string

// Format covers every verb, %x and %#v among them.
func (s Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String is *** or, when there is no secret, nothing.
func (s Text) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString is for %#v of what holds the secret.
func (s Text) GoString() string { return s.String() }

// MarshalText covers encoding/json and zerolog's Interface.
func (s Text) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue covers log/slog.
func (s Text) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Hide takes secrets out of what an error or an answer says.
func Hide(said string, secrets ...Text) string {
	for _, s := range secrets {
		if s != "" {
			said = strings.ReplaceAll(said, string(s), s.String())
		}
	}
	return said
}
