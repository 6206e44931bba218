package engine_test

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// busy is a ledger with a bit of everything in it.
func busy() *play {
	p := newPlay("mina")
	submit := func(id access.PackageID) {
		if _, err := p.step(engine.Submit{Meta: p.meta(cast("mina")), Package: id, Justification: "work"}); err != nil {
			panic(err)
		}
		p.work()
	}
	submit("wiki")
	submit("badge")
	submit("production")
	if _, err := p.step(engine.Decide{Meta: p.meta(cast("ada")), Request: 3, Verdict: access.Approve, Face: 100}); err != nil {
		panic(err)
	}
	p.tick()
	return p
}

func TestCodecKeepsEverything(t *testing.T) {
	t.Parallel()
	p := busy()
	first, err := engine.Encode(p.l)
	if err != nil {
		t.Fatal(err)
	}
	l, err := engine.Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	second, err := engine.Encode(l)
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Errorf("encoded twice:\n%s\n%s", first, second)
	}
}

func TestDecodeRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"schema":2,"person":"mina","next":1}`: "knows up to 1",
		`{"person":"mina"}`:                     "schema 0",
		`{"schema":1,"roles":{"site":{}}}`:      "not a resource role",
		`{"schema":1,"roles":{"a/b":null}}`:     "nothing is said of role a/b",
		`{"schema":1,`:                          "unexpected end",
	} {
		if _, err := engine.Decode([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", data, err, want)
		}
	}
	if _, err := engine.Decode([]byte(`{"schema":1,"person":"mina","next":1,"later":true}`)); err != nil {
		t.Errorf("a field of a later version must not stop this one: %v", err)
	}
}

// FuzzDecode: no stored bytes make the engine panic.
func FuzzDecode(f *testing.F) {
	data, err := engine.Encode(busy().l)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"schema":1,"person":"mina","next":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := engine.Decode(data)
		if err != nil || engine.Check(l) != nil {
			return
		}
		w := world()
		engine.Due(l, w, date("2026-09-05 00:00"))
		engine.Indexes(l)
		engine.NeedsOf(l, nil)
		_, _ = engine.Step(l, engine.Tick{Meta: engine.Meta{ID: "c", At: date("2027-09-05 00:00"), Actor: access.SystemActor()}}, w)
	})
}
