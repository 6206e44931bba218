//go:build peers

package peers

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goldens are what a chat's adapter sends for each screen, by name.
func goldens(t *testing.T, chat, kind string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "adapters", chat, "testdata", kind, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens of %s in %s: %v", kind, chat, err)
	}
	all := map[string][]byte{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[kind+"-"+strings.TrimSuffix(filepath.Base(path), ".json")] = data
	}
	return all
}

// cardSource is TypeScript that compiles if Slack's types know the card.
func cardSource(t *testing.T, data []byte) string {
	t.Helper()
	var card struct{ Text, Blocks json.RawMessage }
	if err := json.Unmarshal(data, &card); err != nil || card.Blocks == nil {
		t.Fatalf("no card: %v", err)
	}
	return fmt.Sprintf("import type { KnownBlock } from '@slack/types';\nexport const text: string = %s;\nexport const blocks: KnownBlock[] = %s;\n", card.Text, card.Blocks)
}

// viewSource is the same for a modal or an App Home.
func viewSource(t *testing.T, data []byte) string {
	t.Helper()
	var view struct{ Type string }
	if err := json.Unmarshal(data, &view); err != nil {
		t.Fatal(err)
	}
	kind := map[string]string{"modal": "ModalView", "home": "HomeView"}[view.Type]
	if kind == "" {
		t.Fatalf("a view of type %q", view.Type)
	}
	return fmt.Sprintf("import type { %s } from '@slack/types';\nexport const view: %s = %s;\n", kind, kind, data)
}

// compile has the TypeScript compiler look at sources by name, and returns
// what it complains about.
func compile(t *testing.T, sources map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	modules, err := filepath.Abs("node_modules")
	if err == nil {
		err = os.Symlink(modules, filepath.Join(dir, "node_modules"))
	}
	if err != nil {
		t.Fatal(err)
	}
	args := []string{inModules("typescript", "bin", "tsc"), "--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig", "--module", "nodenext", "--types", ""}
	for name, source := range sources {
		path := filepath.Join(dir, name+".ts")
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := node(args...).CombinedOutput()
	if (err == nil) != (len(out) == 0) {
		t.Fatalf("tsc ended with %v and says: %s", err, out)
	}
	return string(out)
}

func TestSlacksTypesKnowEveryCardAndView(t *testing.T) {
	t.Parallel()
	sources := map[string]string{}
	for name, data := range goldens(t, "slack", "card") {
		sources[name] = cardSource(t, data)
	}
	for name, data := range goldens(t, "slack", "view") {
		sources[name] = viewSource(t, data)
	}
	if said := compile(t, sources); said != "" {
		t.Errorf("Slack's own types do not know what the adapter sends:\n%s", said)
	}
}

// Each of these is what a renderer may get wrong; the check has to see it.
func TestSlacksTypesFindWhatIsWrong(t *testing.T) {
	t.Parallel()
	card, view := string(goldens(t, "slack", "card")["card-approver-pending.en"]), string(goldens(t, "slack", "view")["view-request.en"])
	sources := map[string]string{}
	for name, c := range map[string]struct{ from, old, new string }{
		"unknown-block":   {card, `"type": "header"`, `"type": "headline"`},
		"unknown-element": {card, `"type": "button"`, `"type": "push_button"`},
		"unknown-style":   {card, `"style": "primary"`, `"style": "green"`},
		"text-as-string":  {card, `"text": "🟡 Request: External contractor"`, `"text": 3`},
		"markup-in-title": {card, `"type": "plain_text"`, `"type": "markdown"`},
		"unknown-field":   {card, `"verbatim": true`, `"verbatm": true`},
		"view-unknown":    {view, `"type": "input"`, `"type": "question"`},
		"view-no-element": {view, `"element":`, `"elemnt":`},
		"view-no-title":   {view, `"title":`, `"heading":`},
	} {
		broken := strings.Replace(c.from, c.old, c.new, 1)
		if broken == c.from {
			t.Fatalf("%s: the golden has no %s", name, c.old)
		}
		if c.from == card {
			sources[name] = cardSource(t, []byte(broken))
		} else {
			sources[name] = viewSource(t, []byte(broken))
		}
	}
	findsAll(t, sources)
}

// findsAll: the compiler has something against each of the sources.
func findsAll(t *testing.T, sources map[string]string) {
	t.Helper()
	said := compile(t, sources)
	for name := range sources {
		if !strings.Contains(said, name+".ts(") {
			t.Errorf("%s: the compiler finds nothing wrong", name)
		}
	}
}
