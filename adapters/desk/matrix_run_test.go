package desk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/rs/zerolog"
	"golang.org/x/text/language"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// What can come of a cell, besides the code of a refusal, and "form!code" for
// a form that says at a field what is wrong.
const (
	isForm     = "form"
	isCard     = "card"     // something to read; nothing changed
	isProposal = "proposal" // an edit to confirm
	isDone     = "done"     // something changed, or was posted
)

// watched is a store that keeps what was committed.
type watched struct {
	runtime.Store
	mu   sync.Mutex
	done []runtime.Change
}

func (w *watched) Commit(ctx context.Context, c runtime.Change) error {
	err := w.Store.Commit(ctx, c)
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.done = append(w.done, c)
	}
	return err
}

// changed reports whether anything was committed but the line that a refused
// decision leaves in the audit.
func (w *watched) changed() bool {
	return slices.ContainsFunc(w.done, func(c runtime.Change) bool {
		only := len(c.Writes)+len(c.Wakes)+len(c.Index) == 0
		return !only || slices.ContainsFunc(c.Audit, func(e runtime.Entry) bool {
			return !strings.Contains(string(e.Data), `"type":"`+string(engine.EventRefused)+`"`)
		})
	})
}

// slate is a Scratch in memory.
type slate map[string][]byte

func (s slate) Put(_ context.Context, name string, data []byte, _ time.Time, _ time.Duration) error {
	s[name] = data
	return nil
}
func (s slate) Get(_ context.Context, name string, _ time.Time) ([]byte, error) { return s[name], nil }
func (s slate) Drop(_ context.Context, name string) error {
	delete(s, name)
	return nil
}

// stall is the desk with the real runtime on the real store, in the town,
// where one person tries everything. No worker runs: what changes, the intent
// changed.
type stall struct {
	t     *testing.T
	role  string
	file  []byte
	desk  *Desk
	store *watched
	slate slate
	last  chat.Reply
	n     int
}

func newStall(t *testing.T, role string, file []byte, texts *Texts) *stall {
	t.Helper()
	s := &stall{t: t, role: role, file: file, slate: slate{}}
	d, err := New(Parts{
		Scratch: s.slate, Clock: townClock{}, Log: zerolog.Nop(), Texts: texts,
		Chats:  []chat.Adapter{chattest.NewChat("play", chattest.Modal(), nil)},
		Export: func(runtime.Definitions) []byte { return []byte("usher") },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.desk = d
	s.fresh()
	t.Cleanup(s.close)
	return s
}

// codeTexts are texts in which every refusal, and every problem of a field,
// says its code and whatever was put into it.
func codeTexts(t *testing.T) *Texts {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for key, holes := range texts.holes["en"] {
		name, refusal := strings.CutPrefix(key, "error.")
		if !refusal {
			name, refusal = strings.CutPrefix(key, "problem.")
		}
		if !refusal {
			continue
		}
		text := "<" + name + ">"
		for _, h := range holes {
			text += " {{." + h + "}}"
		}
		if err := texts.bundle.AddMessages(language.English, &i18n.Message{ID: key, Other: text}); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func (s *stall) close() {
	if s.store != nil {
		if err := s.store.Close(); err != nil {
			s.t.Error(err)
		}
	}
}

// fresh is the town as it was built.
func (s *stall) fresh() {
	s.t.Helper()
	s.close()
	path := filepath.Join(s.t.TempDir(), "usher.db")
	if err := os.WriteFile(path, s.file, 0o600); err != nil {
		s.t.Fatal(err)
	}
	store, err := bolt.Open(path, bolt.Options{Mode: storage.Demo})
	if err != nil {
		s.t.Fatal(err)
	}
	s.store = &watched{Store: store}
	s.desk.Use(townRuntime(s.store))
}

func (s *stall) who() chat.Who {
	return chat.Who{Tenant: tenant, Account: access.Account("play/" + s.role)}
}

// does hands an intent to the desk and says what came of it, in one word and
// in full. Whatever changed is undone afterwards.
func (s *stall) does(in chat.Intent) (outcome, said string) {
	s.t.Helper()
	defer clear(s.slate)
	room := chattest.NewChat("play", chattest.Modal(), []access.Channel{"play/all"})
	s.desk.chats["play"] = room
	reply := s.desk.Handle(context.Background(), in)
	s.last = reply
	posted := len(room.Messages(chat.Address{Channel: "play/all"})) + len(room.Messages(chat.Address{Account: "play/newcomer"}))
	changed := s.store.changed() || posted > 0
	outcome, said = outcomeOf(reply, changed), whole(reply)
	if len(s.store.done) > 0 {
		s.fresh()
	}
	return outcome, said
}

// whole is all that a reply says, with its tables.
func whole(r chat.Reply) string {
	said := spell(r)
	if tell, ok := r.(chat.Tell); ok {
		for _, f := range tell.Files {
			if strings.HasPrefix(f.Type, "text/") {
				said += "\n" + f.Name + "\n" + string(f.Data)
			}
		}
	}
	return said
}

func (s *stall) id() string {
	s.n++
	return fmt.Sprint("i", s.n)
}

func (s *stall) types(text string) (outcome, said string) {
	s.t.Helper()
	root, rest, _ := strings.Cut(text, " ")
	return s.does(chat.Invoked{Who: s.who(), ID: s.id(), Command: strings.TrimPrefix(root, "/"), Text: rest})
}

var codeSaid = regexp.MustCompile(`^<([a-zA-Z]+)>`)

// outcomeOf is a reply in one word.
func outcomeOf(r chat.Reply, changed bool) string {
	word := isCard
	switch r := r.(type) {
	case chat.Show:
		word = isForm
		var codes []string
		for _, said := range r.Page.Errors {
			codes = append(codes, refusalIn(said))
		}
		if slices.Sort(codes); len(codes) > 0 {
			word += "!" + strings.Join(codes, "!")
		}
	case chat.Tell:
		all := slices.Clone(r.Card.Buttons)
		if len(r.Card.Blocks) > 0 && refusalIn(r.Card.Blocks[0].Text.Plain()) != "?" {
			word = refusalIn(r.Card.Blocks[0].Text.Plain())
		}
		if slices.ContainsFunc(all, func(b chat.Button) bool { return strings.HasPrefix(b.Token, string(verbDefine)+"~") }) {
			word = isProposal
		}
	case chat.Nothing:
		word = "nothing"
	}
	switch {
	case changed && (word == isCard || word == "nothing"):
		return isDone
	case changed:
		return word + " BUT CHANGED"
	}
	return word
}

func refusalIn(said string) string {
	if m := codeSaid.FindStringSubmatch(said); m != nil {
		return m[1]
	}
	return "?"
}

// expectation is what must come for each role, written like "form: admin owner;
// notAdmin: rest". One word alone is for everybody; groups may stand for roles.
type expectation map[string]string

func expected(t *testing.T, spec string) expectation {
	t.Helper()
	out, rest := expectation{}, ""
	for part := range strings.SplitSeq(spec, ";") {
		word, roles, ok := strings.Cut(strings.TrimSpace(part), ":")
		if !ok {
			roles = "rest"
		}
		for role := range strings.FieldsSeq(roles) {
			if role == "rest" {
				rest = word
				continue
			}
			for _, r := range rolesOf(role) {
				if !slices.Contains(matrixRoles(), r) || out[r] != "" {
					t.Fatalf("%q: %s is no role, or is there twice", spec, r)
				}
				out[r] = word
			}
		}
	}
	for _, role := range matrixRoles() {
		if out[role] == "" {
			out[role] = rest
		}
		if out[role] == "" {
			t.Fatalf("%q does not say what must come for %s", spec, role)
		}
	}
	return out
}

func rolesOf(name string) []string {
	if group, ok := matrixGroups()[name]; ok {
		return group
	}
	return []string{name}
}

// seesAll are the roles that may read everything of the tenant.
func seesAll(role string) bool { return role == asAdmin || role == asAuditor }

// secret looks for names in what is said that the role may not learn.
func (s *stall) secret(said string) string {
	var marks []string
	if !seesAll(s.role) {
		marks = append(marks, foreignHalf().mark)
	}
	if s.role == asGuest {
		marks = append(marks, ownHalf().mark)
	}
	for _, mark := range marks {
		if strings.Contains(said, mark) {
			return mark
		}
	}
	return ""
}

// sameAsNowhere reports whether somebody who may not see what they named is
// told the same as if there were none, but for the id that was typed.
func sameAsNowhere(said, nowhere string, there half) bool {
	none := nowhereHalf()
	for _, pair := range [][2]string{
		{string(none.package1), string(there.package1)}, {string(none.terms), string(there.terms)},
		{string(none.fails), string(there.fails)}, {string(none.task), string(there.task)},
		{string(none.catalog), string(there.catalog)}, {string(none.resource), string(there.resource)},
	} {
		nowhere = strings.ReplaceAll(nowhere, pair[0], pair[1])
	}
	return said == nowhere
}
