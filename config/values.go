package config

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/usher-dev/usher/core/access"
)

// texts is a text in one language, or one for each.
type texts struct{ words access.Words }

// UnmarshalYAML takes a string, or a block of languages.
func (t *texts) UnmarshalYAML(node ast.Node) error {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		return yaml.NodeToValue(node, &t.words.Text)
	}
	var pairs yaml.MapSlice
	byTag := map[string]string{}
	if err := yaml.NodeToValue(node, &pairs); err != nil {
		return err
	}
	if err := yaml.NodeToValue(node, &byTag); err != nil {
		return err
	}
	shown := "text"
	if _, ok := byTag[shown]; !ok {
		shown = "en"
	}
	if _, ok := byTag[shown]; !ok && len(pairs) > 0 {
		shown, _ = pairs[0].Key.(string)
	}
	t.words.Text = byTag[shown]
	if shown == "text" || isLanguage(shown) { // others stay, to be refused
		delete(byTag, shown)
	}
	if len(byTag) > 0 {
		t.words.In = byTag
	}
	return nil
}

func isLanguage(tag string) bool {
	bad := func(e *access.Error) bool { return e.Code == "badLocale" }
	return tag != "" && tag == strings.ToLower(tag) && !slices.ContainsFunc(access.Settings{Locale: tag}.Validate(), bad)
}

// entry is one entry of a list of people: a word ("manager"), or a block with
// one key ("person", "group").
type entry struct{ word, person, group string }

// UnmarshalYAML keeps what is no entry as a word that is not known, so that
// the problem is told with all others.
func (e *entry) UnmarshalYAML(node ast.Node) error {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		return yaml.NodeToValue(node, &e.word)
	}
	var block struct {
		Person string `yaml:"person"`
		Group  string `yaml:"group"`
	}
	if err := yaml.NodeToValue(node, &block, yaml.Strict()); err != nil {
		return err
	}
	e.person, e.group = block.Person, block.Group
	if (e.person == "") == (e.group == "") {
		e.word = "?"
	}
	return nil
}

// relation is what words say about people that are found at the moment.
func relation(word string) (access.SubjectKind, bool) {
	switch squeeze(word) {
	case "manager":
		return access.SubjectManager, true
	case "packageowners":
		return access.SubjectPackageOwner, true
	case "catalogowners", "owners":
		return access.SubjectCatalogOwners, true
	case "tenantadmins", "admins":
		return access.SubjectTenantAdmins, true
	}
	return "", false
}

// relationWords are the words of relation as files say them.
func relationWords() []string {
	return []string{"manager", "package owners", "catalog owners", "tenant admins"}
}

// kindWords are the kinds of questions as files say them.
func kindWords() []string {
	return []string{"short text", "long text", "choice", "choices", "yes/no", "number", "date", "person"}
}

// questionKind takes "short text" for shortText, and "yes/no" for yesNo.
func questionKind(word string) (kind access.QuestionKind, known bool) {
	for _, kind := range []access.QuestionKind{
		access.ShortText, access.LongText, access.Choice, access.Choices,
		access.YesNo, access.Number, access.Date, access.PersonAsk,
	} {
		if squeeze(word) == strings.ToLower(string(kind)) {
			return kind, true
		}
	}
	return access.QuestionKind(word), false
}

// squeeze leaves of "Package owners", "packageOwners" and "package-owners" the
// same word.
func squeeze(word string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "", "/", "").Replace(strings.ToLower(word))
}
