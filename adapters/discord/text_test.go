package discord

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
)

func written(t chat.Text) string {
	return strings.Join(painter{chat: "discord"}.markdown(t), "")
}

func TestSpans(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 17, 18, 0, 0, 0, time.UTC)
	for want, text := range map[string]chat.Text{
		"a **b** c":                chat.Say("a ").Strong("b").Say(" c"),
		"**ab**":                   chat.Text{}.Strong("a").Strong("b"),
		" **a** \n**b**\n\nc":      chat.Text{}.Strong(" a \nb\n").Say("\nc"),
		"`a-b` `cˋd e`":            chat.Text{}.Code("a-b").Say(" ").Code("c`d\n e"),
		"<@43> or Nobody \\<\\@4>": chat.Text{}.Mention("discord/43", "Ada").Say(" or ").Mention("slack/U1", "Nobody <@4>"),
		"<@43>, N\\*":              chat.Text{}.Mention("discord/43", "").Say(", ").Mention("discord/ada", "N*"),
		"<t:1789668000:f><t:1789668000:D><t:1789668000:R>":           chat.Text{}.At(at, chat.DateTime).At(at, chat.DateOnly).At(at, chat.Relative),
		"[the \\[terms\\]](https://x.example/a?b=1&c=%28d%29%20e)":   chat.Text{}.Link("the [terms]", "https://x.example/a?b=1&c=(d) e"),
		"bank.example https\\://bank.example <https://evil.example>": chat.Text{}.Link("bank.example https://bank.example", "https://evil.example"),
		"<https://x.example/>": chat.Text{}.Link("https://x.example/", "https://x.example/"),
		"no link":              chat.Text{}.Link("no link", "javascript:alert(1)"),
		"at 22:59, \\:smile: https\\://x.example a\\:b:c":                  chat.Say("at 22:59, :smile: https://x.example a:b:c"),
		"\\# a\n\\- b\n \\- c\n1\\. d\n12\\) e\n\\> f\n3.5 #6 a-b -7\n8.5": chat.Say("# a\n- b\n - c\n1. d\n12) e\n> f\n3.5 #6 a-b -7\n8.5"),
		"\\*\\_\\~\\`\\|\\\\\\<>\\[\\]\\@everyone":                         chat.Say("*_~`|\\<>[]@everyone"),
		"safe txt.exe": chat.Say("safe \u202etxt\u200b.\u2066exe\x00"),
		"👩\u200d💻":     chat.Say("👩\u200d💻"),
	} {
		// A number at the beginning of a line is escaped only before a mark of a list.
		want = strings.Replace(want, "\n3.5 #6", "\n3\\.5 #6", 1)
		want = strings.Replace(want, "\n8.5", "\n8\\.5", 1)
		if got := written(text); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestWhatCannotBeSeenIsBlank(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", " \n\t", "\u200b", "\u3164", "\u2800 \ufeff", "\u200d"} {
		if !blank(s) || plain(s, 10, "…") != "…" {
			t.Errorf("%q is not blank", s)
		}
	}
	for s, want := range map[string]string{"a\n b": "a b", "x": "x", "123456789012": "123456789…", "👩👩👩👩👩👩": "👩👩👩👩…"} {
		if got := plain(s, 10, "…"); got != want || chat.Length(got) > 10 {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// What is left of a text when all that is escaped is taken away: nothing of it
// may be more than letters.
var (
	escaped = regexp.MustCompile(`\\[^0-9A-Za-z\s]`)
	meaning = regexp.MustCompile("[*_~`|\\[\\]<@]|:[A-Za-z0-9_+~-]+:|://|(?m)^[ \t]*([-+#>]|[0-9]+[.)])")
)

func harmless(t *testing.T, s, got string) {
	t.Helper()
	if m := meaning.FindString(escaped.ReplaceAllString(got, "\x00")); m != "" {
		t.Errorf("%q became %q, with %q in it", s, got, m)
	}
	if back := unescape(got); back != clean(s) {
		t.Errorf("%q is read as %q", s, back)
	}
}

func unescape(s string) string {
	return escaped.ReplaceAllStringFunc(s, func(m string) string { return m[1:] })
}

func TestHostileTextsAreOnlyText(t *testing.T) {
	t.Parallel()
	for _, s := range append(chattest.Hostile(), "https://evil.example", "http://x", "-# small", ">>> all", "***", "a\\", "```\n@here", "1) x", "## h") {
		harmless(t, s, written(chat.Say(s)))
		harmless(t, s+s, written(chat.Say(s).Say(s)))
		bold := written(chat.Text{}.Strong(s))
		if n := strings.Count(escaped.ReplaceAllString(bold, ""), "**"); n%2 != 0 || n == 0 {
			t.Errorf("%q is bold as %q", s, bold)
		}
	}
}

func TestCutTextsKeepTheirMarksWhole(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	long := chat.Say("Some words of text, ").Strong("and bold ones").Say(" ").Link("a link", "https://x.example/").Say(" ").Mention("discord/43", "Ada").Say(strings.Repeat(`\`, 450))
	atoms := p.markdown(long)
	whole := strings.Join(atoms, "")
	for limit := 20; limit < chat.Length(whole); limit++ {
		got := fit(atoms, limit, "… more")
		text, ok := strings.CutSuffix(got, "\n… more")
		if !ok || chat.Length(got) > limit || !strings.HasPrefix(whole, text) {
			t.Fatalf("at %d: %q", limit, got)
		}
		rest := escaped.ReplaceAllString(text, "")
		if strings.Count(rest, "**")%2 != 0 || strings.Count(rest, "[") != strings.Count(rest, "](https://x.example/)") || strings.Contains(rest, `\`) {
			t.Fatalf("at %d: %q", limit, got)
		}
	}
	if got := fit(atoms, chat.Length(whole), "… more"); got != whole {
		t.Errorf("%q was cut", got)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range chattest.Hostile() {
		f.Add(s)
	}
	f.Add("a:b://c:d: \u202e\n1. x")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
			return
		}
		harmless(t, s, written(chat.Say(s)))
	})
}
