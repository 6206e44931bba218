package chat_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

func TestTokenIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	for want, token := range map[string]chat.Token{
		"approve~demo~playground:carla~1~~2~":      {Verb: "approve", Tenant: "demo", Person: "playground/carla", Request: 1, Face: 2},
		"request~demo~~~~~contractor":              {Verb: "request", Tenant: "demo", Arg: "contractor"},
		"done~t~slack:T1-U2~10~2~z~team:member":    {Verb: "done", Tenant: "t", Person: "slack/T1-U2", Request: 36, Stage: 2, Face: 35, Arg: "team/member"},
		"x~~~~~~=7E=3A=3D=20=C3=A9":                {Verb: "x", Arg: "~:= é"},
		"home~~~~~~":                               {Verb: "home"},
		"v~" + strings.Repeat("a", 24) + "~~~~~b9": {Verb: "v", Tenant: "aaaaaaaaaaaaaaaaaaaaaaaa", Arg: "b9"},
	} {
		got, err := token.Encode()
		if err != nil || got != want {
			t.Errorf("Encode(%+v) = %q, %v; want %q", token, got, err, want)
		}
		back, err := chat.ParseToken(want)
		if err != nil || back != token {
			t.Errorf("ParseToken(%q) = %+v, %v; want %+v", want, back, err, token)
		}
		if url.PathEscape(got) != strings.ReplaceAll(url.PathEscape(got), "%", "") {
			t.Errorf("%q changes in a URL", got)
		}
	}
}

func TestLongestTokenOfARequestFits(t *testing.T) {
	t.Parallel()
	token := chat.Token{
		Verb: "approve", Tenant: "abcdefghijklmnopqrstuvwx", // 24 bytes
		Person:  "chatchatchat/0123456789012345678901234567890123", // 48 bytes, less one
		Request: 46655, Stage: 2, Face: 35, Arg: chat.Digest("some-resource/with-a-role"),
	}
	s, err := token.Encode()
	if err != nil || len(s) > chat.MaxToken {
		t.Fatalf("%q (%d bytes): %v", s, len(s), err)
	}
}

func TestTokenThatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]chat.Token{
		"no verb":         {Tenant: "demo"},
		"verb with tilde": {Verb: "a~b"},
		"upper case verb": {Verb: "Approve"},
		"negative stage":  {Verb: "a", Stage: -1},
		"huge face":       {Verb: "a", Face: 1 << 40},
		"not UTF-8":       {Verb: "a", Arg: "\xff"},
	} {
		if s, err := token.Encode(); !errors.Is(err, chat.ErrTokenForm) {
			t.Errorf("%s: Encode = %q, %v", name, s, err)
		}
	}
	if s, err := (chat.Token{Verb: "a", Arg: strings.Repeat("x", 100)}).Encode(); !errors.Is(err, chat.ErrTokenTooLong) {
		t.Errorf("long: Encode = %q, %v", s, err)
	}
}

func TestForeignTokensAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "approve", "~~~~~~", "a~~~~~", "a~~~~~~~", "A~~~~~~", "a~~~+1~~~", "a~~~01~~~", "a~~~0~~~", "a~~~-1~~~",
		"a~~~Z~~~", "a~~~zzzzzzzzz~~~", "a~~~~~~=", "a~~~~~~=4", "a~~~~~~=41", "a~~~~~~=3a", "a~~~~~~/", "a~~~~~~x y", "a~~~~~~=FF", "a~de mo~~~~~",
	} {
		if token, err := chat.ParseToken(s); !errors.Is(err, chat.ErrTokenForm) || token != (chat.Token{}) {
			t.Errorf("ParseToken(%q) = %+v, %v", s, token, err)
		}
	}
	if _, err := chat.ParseToken(strings.Repeat("a", 101)); !errors.Is(err, chat.ErrTokenTooLong) {
		t.Errorf("long: %v", err)
	}
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{"approve~demo~playground:carla~1~~2~", "x~~~~~~=7E=3A", "~~~~~~", "a~~~zz~1~2~=C3=A9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		token, err := chat.ParseToken(s)
		if err != nil {
			return
		}
		again, err := token.Encode()
		if err != nil || again != s {
			t.Errorf("%q was accepted as %+v, which is written %q (%v)", s, token, again, err)
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("approve", "demo", "playground/carla", 1, 0, 2, "a/b~c")
	f.Fuzz(func(t *testing.T, verb, tenant, person string, request, stage, face int, arg string) {
		token := newToken(verb, tenant, person, request, stage, face, arg)
		s, err := token.Encode()
		if err != nil {
			return
		}
		back, err := chat.ParseToken(s)
		if err != nil || back != token || len(s) > chat.MaxToken {
			t.Errorf("%+v became %q became %+v (%v)", token, s, back, err)
		}
	})
}
