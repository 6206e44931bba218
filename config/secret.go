package config

import (
	"fmt"
	"io"
	"log/slog"
)

// masked is what is shown of a secret, whatever its length.
const masked = "***"

// Secret is a token or password. It prints as *** with every verb of fmt, in
// JSON, YAML, zerolog and slog. Only Reveal gives it away.
type Secret string

// Reveal is the secret itself, for the one who has to send it.
func (s Secret) Reveal() string { return string(s) }

// Format covers every verb, %x and %#v among them.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String is *** or, when there is no secret, nothing.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return masked
}

// GoString is for %#v of what holds the secret.
func (s Secret) GoString() string { return s.String() }

// MarshalText covers encoding/json, YAML and zerolog's Interface.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue covers log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
