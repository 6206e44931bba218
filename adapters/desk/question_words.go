package desk

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"github.com/usher-dev/usher/core/access"
)

// inLanguage is the beginning of a text in one language: "de: ".
var inLanguage = regexp.MustCompile(`^([a-z]{2,3}(?:-[a-z0-9]{2,8})*):\s*(.*)$`)

// tagged reads "de: Text"; false when the line begins with no language.
func tagged(line string) (tag, text string, ok bool) {
	m := inLanguage.FindStringSubmatch(line)
	if m == nil {
		return "", "", false
	}
	if _, err := language.Parse(m[1]); err != nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// wordsText is a text in several languages as it can be typed: what is shown
// when no language fits, then a line for each language.
func (*call) wordsText(w access.Words) string { return strings.Join(wordsLines(w), "\n") }

func wordsLines(w access.Words) []string {
	var lines []string
	if w.Text != "" {
		lines = append(lines, w.Text)
	}
	for _, tag := range slices.Sorted(maps.Keys(w.In)) {
		lines = append(lines, tag+": "+w.In[tag])
	}
	return lines
}

// languages are the languages that a text is there in, for people to see; none
// for a text in one alone. What is shown where no language fits counts as the
// organisation's language, or as English where that has a text of its own.
func (s scene) languages(w access.Words) string {
	if len(w.In) == 0 {
		return ""
	}
	all := slices.Collect(maps.Keys(w.In))
	for _, other := range []string{first(s.w.Settings.Locale, "en"), "en"} {
		if _, own := w.In[other]; !own {
			all = append(all, other)
			break
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// readWords reads a text in several languages: lines that begin with "de: "
// begin a language, others go on with what came before. Without a text that
// stands for itself the English one counts where none fits, else the first, as
// in files.
func (*call) readWords(text string) access.Words { return wordsOf(strings.Split(text, "\n")) }

func wordsOf(lines []string) access.Words {
	var w access.Words
	var first, now string
	for _, line := range lines {
		tag, rest, ok := tagged(strings.TrimSpace(line))
		switch {
		case ok:
			now = tag
			if w.In == nil {
				w.In, first = map[string]string{}, tag
			}
			w.In[tag] = rest
		case now != "":
			w.In[now] += "\n" + line
		case w.Text == "":
			w.Text = line
		default:
			w.Text += "\n" + line
		}
	}
	w.Text = strings.TrimSpace(w.Text)
	for tag := range w.In {
		w.In[tag] = strings.TrimSpace(w.In[tag])
	}
	if w.Text != "" || first == "" {
		return w
	}
	if _, ok := w.In["en"]; ok {
		first = "en"
	}
	w.Text = w.In[first]
	if delete(w.In, first); len(w.In) == 0 {
		w.In = nil
	}
	return w
}

// optionsText are options as they can be typed, one a line.
func optionsText(options []access.Option) string {
	var lines []string
	for _, o := range options {
		line := strings.Join(wordsLines(o.Label), " | ")
		if o.Value != o.Label.Text {
			line = o.Value + " = " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// readOptions reads options, one a line: "value = label", or just the label;
// other languages behind " | de: ". Just a label that was there keeps its
// value; a new one gets a value made from it.
func readOptions(text string, before []access.Option) []access.Option {
	var out []access.Option
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		value, label, ok := strings.Cut(line, " = ")
		if !ok {
			label = line
		}
		o := access.Option{Label: wordsOf(strings.Split(label, " | ")), Value: strings.TrimSpace(value)}
		if !ok {
			o.Value = valueFor(o.Label, before, out)
		}
		out = append(out, o)
	}
	return out
}

// valueFor is what an option without a value stores. The same label twice is
// the same value twice, which is refused.
func valueFor(label access.Words, before, taken []access.Option) string {
	for _, list := range [][]access.Option{before, taken} {
		for _, o := range list {
			if sameText(o.Label.Text, label.Text) {
				return o.Value
			}
		}
	}
	return slugOf(label.Text, label.Text, func(id string) bool {
		return slices.ContainsFunc(taken, func(o access.Option) bool { return o.Value == id })
	})
}

// optionError says in which line of the options something is wrong.
func optionError(e *access.Error, q access.Question) *access.Error {
	number, _, _ := strings.Cut(strings.TrimPrefix(e.Field, "options["), "]")
	n, err := strconv.Atoi(number)
	if err != nil || n >= len(q.Options) {
		return e
	}
	code := "optionLine"
	if e.Code == "duplicate" {
		code = "optionTwice"
	}
	return access.Refuse(access.Invalid, code, "line", n+1, "value", shortWord(q.Options[n].Label.Text), "max", access.MaxOption)
}
