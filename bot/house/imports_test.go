package house

import (
	"slices"
	"testing"
)

// rule says which packages of the project a folder may import. Its own folder
// is always allowed.
type rule struct {
	of  []string
	may []string
}

var rules = []rule{
	{of: []string{"core/access"}},
	{of: []string{"core/engine"}, may: []string{"core/access"}},
	{of: []string{"core/runtime"}, may: []string{"core"}},
	{of: []string{"adapters/chat"}, may: []string{"core/access"}},
	{of: []string{"adapters/desk"}, may: []string{"adapters/chat", "core"}},
	{of: []string{"adapters/playground", "adapters/slack", "adapters/discord"}, may: []string{"adapters/chat", "core"}},
	{of: []string{"adapters/connect"}, may: []string{"core"}},
	{of: []string{"storage"}, may: []string{"core"}},
	{of: []string{"config"}, may: []string{"core"}},
	{of: []string{"bot"}, may: []string{"adapters", "config", "core", "storage", "bot"}},
}

func TestImportsFollowTheDesign(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		i := slices.IndexFunc(rules, func(r rule) bool { return within(s.dir, r.of...) })
		if i < 0 {
			t.Errorf("%s is in a folder that no rule knows: say in rules what it may import", s.path)
			continue
		}
		for _, path := range s.imports() {
			if ours(path) && !allowed(s, rules[i], path) {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
}

// allowed reports whether a file may import a package of the project. Tests
// may use every package but bot: a suite has to try real neighbours.
func allowed(s source, r rule, path string) bool {
	if s.test && !within(path, "bot") {
		return true
	}
	for _, of := range r.of {
		if within(s.dir, of) && within(path, of) {
			return true
		}
	}
	return within(path, r.may...)
}

func TestTheVocabularyAndTheEngineNeedOnlyTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || !within(s.dir, "core/access", "core/engine") {
			continue
		}
		for _, path := range s.imports() {
			if !ours(path) && !standard(path) {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
}

func TestNothingIsRegisteredBehindTheScenes(t *testing.T) {
	t.Parallel()
	// embed is a directive's condition; tzdata brings the zones into a binary
	// that runs where there is no zone database.
	fine := []string{"embed", "time/tzdata"}
	for _, s := range sources(t) {
		for i, spec := range s.ast.Imports {
			if spec.Name != nil && spec.Name.Name == "_" && !slices.Contains(fine, s.imports()[i]) {
				t.Errorf("%s imports %s for its side effects", s.at(spec), s.imports()[i])
			}
		}
	}
}
