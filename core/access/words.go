package access

import "strings"

// Words is a short text that admins write, in several languages.
type Words struct {
	Text string            `json:"text"`         // shown when no language fits
	In   map[string]string `json:"in,omitempty"` // BCP 47 tag, lower case -> text
}

// Say makes Words of one text.
func Say(text string) Words { return Words{Text: text} }

// For returns the text for a locale: the exact tag ("de-at"), then its
// language ("de"), then Text.
func (w Words) For(locale string) string {
	tag := strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
	for tag != "" {
		if t, ok := w.In[tag]; ok {
			return t
		}
		cut := strings.LastIndexByte(tag, '-')
		if cut < 0 {
			break
		}
		tag = tag[:cut]
	}
	return w.Text
}
