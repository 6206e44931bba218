package desk

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/usher-dev/usher/core/access"
)

// slugOf makes an id of a name: letters without their marks, digits and
// dashes, at most access.MaxSlug. One that is taken gets a number; of a name
// without any letter that fits comes otherwise.
func slugOf(name, otherwise string, taken func(string) bool) string {
	base := shortened(plainLetters(name), access.MaxSlug)
	if base == "" {
		base = otherwise
	}
	id := base
	for n := 2; taken(id); n++ {
		end := "-" + strconv.Itoa(n)
		id = shortened(base, access.MaxSlug-len(end)) + end
	}
	return id
}

func plainLetters(name string) string {
	name = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "o", "ł", "l").Replace(strings.ToLower(norm.NFC.String(name)))
	var b strings.Builder
	for _, r := range norm.NFD.String(name) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

func shortened(id string, most int) string {
	return strings.TrimRight(id[:min(len(id), most)], "-")
}
