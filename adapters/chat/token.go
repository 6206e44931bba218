package chat

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/usher-dev/usher/core/access"
)

// Verb is what a button asks for: a lower case letter, then letters and
// digits, at most 16 bytes. Which verbs exist is known to the desk alone.
type Verb string

// MaxToken is the longest encoded Token in bytes: Discord's custom_id takes
// 100 characters, Slack's values are longer.
const MaxToken = 100

// Token is the address in a button: at most 100 bytes when encoded. It names a
// ledger (Person), a request and the stage and face that were shown, and
// grants nothing: who may press is asked of the engine at each press.
type Token struct {
	Verb    Verb
	Tenant  access.TenantID
	Person  access.PersonID
	Request access.RequestID
	Stage   int
	Face    int
	// Arg is a package, policy or resource role where the verb needs one; its
	// Digest where it may be too long beside a person.
	Arg string
}

// Errors of Encode and ParseToken. They name no part of the token, since what
// arrives may be anything.
var (
	ErrTokenTooLong = errors.New("token: longer than 100 bytes")
	ErrTokenForm    = errors.New("token: malformed")
)

// tokenParts is verb, tenant, person, request, stage, face, arg.
const tokenParts = 7

// Encode writes the token: seven parts with "~" between them, numbers in base
// 36 (nothing for 0). The result is made of [A-Za-z0-9._:=~-] only, so it
// stands in JSON, HTML and every part of a URL as it is. It is the only
// spelling of the token: ParseToken refuses others.
func (t Token) Encode() (string, error) {
	for _, n := range []int{int(t.Request), t.Stage, t.Face} {
		if n < 0 || n > math.MaxInt32 {
			return "", ErrTokenForm
		}
	}
	if !validVerb(string(t.Verb)) {
		return "", ErrTokenForm
	}
	parts := [tokenParts]string{
		string(t.Verb), escape(string(t.Tenant)), escape(string(t.Person)),
		number(int(t.Request)), number(t.Stage), number(t.Face), escape(t.Arg),
	}
	for _, s := range []string{string(t.Tenant), string(t.Person), t.Arg} {
		if !utf8.ValidString(s) {
			return "", ErrTokenForm
		}
	}
	out := strings.Join(parts[:], "~")
	if len(out) > MaxToken {
		return "", ErrTokenTooLong
	}
	return out, nil
}

// ParseToken is the inverse of Encode. It takes any input, and refuses all
// that Encode does not write. A token that it accepts is still only a claim.
func ParseToken(s string) (Token, error) {
	if len(s) > MaxToken {
		return Token{}, ErrTokenTooLong
	}
	p := strings.Split(s, "~")
	if len(p) != tokenParts {
		return Token{}, ErrTokenForm
	}
	tenant, ok1 := unescape(p[1])
	person, ok2 := unescape(p[2])
	arg, ok3 := unescape(p[6])
	t := Token{
		Verb: Verb(p[0]), Tenant: access.TenantID(tenant), Person: access.PersonID(person),
		Request: access.RequestID(parseNumber(p[3])), Stage: parseNumber(p[4]), Face: parseNumber(p[5]), Arg: arg,
	}
	if !ok1 || !ok2 || !ok3 {
		return Token{}, ErrTokenForm
	}
	if again, err := t.Encode(); err != nil || again != s {
		return Token{}, ErrTokenForm
	}
	return t, nil
}

// Digest is a short stand-in (6 characters) for an Arg that may not fit into a
// token. Whoever reads the token compares it with the digests of what there is
// to choose from; more than one match is no match.
func Digest(arg string) string {
	sum := sha256.Sum256([]byte(arg))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:6]
}

func validVerb(s string) bool {
	if s == "" || len(s) > 16 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if !alphanumeric(s[i]) {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 36)
}

// parseNumber reads a number, or -1, which Encode refuses.
func parseNumber(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 36, 32)
	if err != nil {
		return -1
	}
	return int(n)
}

// escape writes "/" as ":", and every byte outside [A-Za-z0-9._-] as "=XX".
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case alphanumeric(c), c == '.', c == '_', c == '-':
			b.WriteByte(c)
		case c == '/':
			b.WriteByte(':')
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ':':
			b.WriteByte('/')
		case '=':
			if i+3 > len(s) {
				return "", false
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return "", false
			}
			b.WriteByte(byte(n))
			i += 2
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), true
}
