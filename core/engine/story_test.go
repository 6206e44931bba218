package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

var rewrite = flag.Bool("rewrite", false, "rewrite what the stories say came of them; know why before you commit")

// TestStories plays every story of testdata/stories. A line that does not
// begin with a blank is what somebody does; the lines below it are what came
// of it. README.md there says how to read and write them.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/stories/*.story")
	if err != nil || len(files) < 15 {
		t.Fatalf("stories: %d found, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".story"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := tellStory(t, string(want))
			if *rewrite {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("the story goes another way:\n%s", firstDifference(string(want), got))
			}
		})
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], strings.Join(g[min(i, len(g)):min(i+3, len(g))], "\n     "))
		}
	}
	return "more lines than expected: " + strings.Join(g[len(w):], "\n")
}

func tellStory(t *testing.T, text string) string {
	var out strings.Builder
	p := newPlay("carla")
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, " ") {
			continue
		}
		out.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p.lines = nil
		err := p.act(t, words(line))
		for _, l := range p.lines {
			out.WriteString(l + "\n")
		}
		if err != nil {
			fmt.Fprintf(&out, "  refused: %v\n", err)
		}
	}
	return out.String()
}

// words splits a line at blanks, except within quotes.
func words(line string) []string {
	var list []string
	quoted, word := false, ""
	for _, c := range line + " " {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted:
			list = append(list, word)
			word = ""
		default:
			word += string(c)
		}
	}
	return list
}

// act carries out one line: "<who> <verb> <object> [more]".
func (p *play) act(t *testing.T, w []string) error {
	for len(w) < 6 {
		w = append(w, "")
	}
	if p.scene(w) {
		return nil
	}
	id, _ := strconv.Atoi(w[2])
	m := p.meta(p.actor(w[0]))
	c := p.command(m, w, access.RequestID(id))
	if c == nil {
		t.Fatalf("no such line in a story: %v", w)
	}
	_, err := p.step(c)
	return err
}

// actor is one of the cast, in the group as it is now.
func (p *play) actor(name string) access.Actor {
	a := cast(name)
	a.Groups = nil
	if slices.Contains(p.out.people["group security"], a.Person) {
		a.Groups = []access.GroupID{"security"}
	}
	return a
}

// scene carries out the lines that are not somebody's command.
func (p *play) scene(w []string) bool {
	switch w[0] + " " + w[1] {
	case "ledger of":
		p.l = engine.New("demo", access.PersonID(w[2]))
	case "usher works":
		p.work()
	case "usher starts":
		for _, e := range p.tick() {
			p.lines = append(p.lines, "      "+tell(e))
		}
	case "time is":
		p.until(date(w[2] + " " + w[3]))
	case "sleep until": // nothing runs meanwhile
		p.now = date(w[2] + " " + w[3])
	case "group is", "owners are", "admins are", "manager is":
		name := map[string]string{"group": "group security", "owners": "catalogOwners", "admins": "tenantAdmins", "manager": "manager"}[w[0]]
		p.out.people[name] = nil
		for _, n := range w[2:] {
			if n != "" {
				p.out.people[name] = append(p.out.people[name], access.PersonID(n))
			}
		}
	case "resource is":
		p.out.mode[ref(w[2])] = w[3]
	case "outside loses":
		p.out.held[ref(w[2])] = false
	case "cards go": // to a channel, only
		p.w.Settings.Routing = access.Routing{Channels: []access.Channel{access.Channel(w[2])}, ChannelOnly: w[3] == "only"}
	case "usher restores":
		p.w.Settings.Restore = true
	case "outside has":
		p.out.held[ref(w[2])], p.out.own[ref(w[2])] = true, true
	case "package gives":
		changed := p.w.Packages[access.PackageID(w[2])]
		changed.Revision++
		changed.Roles = nil
		for _, r := range strings.Split(w[3], ",") {
			changed.Roles = append(changed.Roles, ref(r))
		}
		put(&p.w, changed)
	case "show ledger":
		p.lines = p.summary()
	default:
		return false
	}
	return true
}

func ref(s string) access.RoleRef {
	var r access.RoleRef
	if err := r.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return r
}

func (p *play) command(m engine.Meta, w []string, id access.RequestID) engine.Command {
	stage, face := p.shown(id)
	verdicts := map[string]access.Verdict{"approves": access.Approve, "denies": access.Deny}
	switch w[1] {
	case "requests":
		return p.submit(m, w)
	case "approves", "denies":
		return engine.Decide{Meta: m, Request: id, Stage: stage, Face: face, Verdict: verdicts[w[1]], Reason: w[3]}
	case "says":
		return engine.Remark{Meta: m, Request: id, Text: w[3]}
	case "left":
		return engine.Left{Meta: m}
	case "hears": // that a group changed
		return engine.Refresh{Meta: m}
	case "claims":
		return engine.Claim{Meta: m, Request: id, Stage: stage}
	case "corrects":
		q, v, _ := strings.Cut(w[3], "=")
		return engine.Amend{Meta: m, Request: id, Stage: stage, Answers: access.Answers{q: {v}}}
	case "withdraws":
		return engine.Withdraw{Meta: m, Request: id, Reason: w[3]}
	case "cancels":
		return engine.Cancel{Meta: m, Request: id, Reason: w[3]}
	case "accepts", "refuses":
		return engine.AnswerTerms{Meta: m, Request: id, Accept: w[1] == "accepts"}
	case "releases":
		return engine.Release{Meta: m, Assignment: id, Reason: w[3]}
	case "revokes":
		return engine.Revoke{Meta: m, Assignment: id, Reason: w[3]}
	case "retries":
		return engine.Retry{Meta: m, Assignment: id}
	case "extends":
		c := engine.Extend{Meta: m, Assignment: id, Justification: w[3]}
		if w[4] != "" {
			c.End = date(w[4] + " 00:00")
		}
		return c
	case "assigns":
		c := engine.Assign{Meta: m, Package: access.PackageID(w[2]), Reason: w[3]}
		if w[4] != "" {
			c.End = date(w[4] + " 00:00")
		}
		return c
	case "did", "cannot":
		op, role, _ := strings.Cut(w[2], ":")
		return engine.TaskAnswer{Meta: m, Role: ref(role), Op: access.Op(op), Done: w[1] == "did", Reason: w[3]}
	}
	return nil
}

// submit reads: <who> requests <package> "<why>" [key=value…], where start,
// end and for are own times and the other keys are questions.
func (p *play) submit(m engine.Meta, w []string) engine.Command {
	c := engine.Submit{Meta: m, Package: access.PackageID(w[2]), Justification: w[3], Answers: access.Answers{}}
	c.Target = cast(string(p.l.Person))
	c.Actor.ManagerOf = m.Actor.Person == "max"
	c.Meta = m
	c.Meta.Actor.ManagerOf = m.Actor.Person == "max"
	for _, pair := range w[4:] {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "":
		case "start":
			c.Start = date(value + " 00:00")
		case "end":
			c.End = date(value + " 00:00")
		case "for":
			c.For, _ = time.ParseDuration(value)
		default:
			c.Answers[key] = []string{value}
		}
	}
	return c
}

// shown is the stage and face that a card of the request shows now.
func (p *play) shown(id access.RequestID) (stage, face int) {
	r := p.l.Request(id)
	if r == nil {
		return 0, 0
	}
	if _, n := r.Open(); n >= 0 {
		stage = n
	}
	return stage, r.Face
}
