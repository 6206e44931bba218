package desk

import (
	"context"
	"testing"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/engine"
)

// inPolicyShops runs a test in the workshop with two packages in it, in a chat
// of each kind.
func inPolicyShops(t *testing.T, test func(*testing.T, *workshop)) {
	t.Helper()
	for name, caps := range chats() {
		if name == "bare" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openWorkshop(t, caps)
			w.applies(wikiFile)
			test(t, w)
		})
	}
}

const wikiFile = `
packages:
  - id: wiki
    name: Team wiki
    roles: [design-team/member]
    policies:
      - id: short
        name: A week
        requestors: [members]
        ends: after 7 days
        extend: yes
      - id: long
        name: For good
        requestors: [members]
        choosable: true
        justification: true
        stages:
          - approvers: [{person: play/olga}]
        questions:
          - {id: ticket, kind: short text, label: Ticket, required: true, pattern: "[A-Z]+-[0-9]+"}
          - {id: team, kind: yes/no, label: With your team?}
        ends: never
  - id: bench
    catalog: lab
    name: Bench
    roles: [bench/user]
    policies:
      - {id: all, name: All, requestors: [members], ends: never}
`

// applies writes definitions as from a file.
func (w *workshop) applies(text string) {
	w.t.Helper()
	d, err := config.ParseDefinitions("usher.yaml", []byte(text), w.at, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.r.Apply(context.Background(), tenant, olga, engine.CommandID(w.id()), d); err != nil {
		w.t.Fatal(err)
	}
}
