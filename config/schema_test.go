package config

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// comments finds what is written above the fields of the shapes.
func comments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "definitions.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if shape, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range shape.Fields.List {
				if f.Doc != nil {
					found[spec.Name.Name+"."+f.Names[0].Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
				}
			}
		}
		return false
	})
	return found
}

// special are the shapes that read themselves.
func special(t reflect.Type) *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	switch t {
	case reflect.TypeFor[texts]():
		return &jsonschema.Schema{
			Description: `A text, or one for each language; "text" is for whoever speaks none of them.`,
			OneOf:       []*jsonschema.Schema{text, {Type: "object", AdditionalProperties: text, MinProperties: ptr(uint64(1))}},
		}
	case reflect.TypeFor[entry]():
		one := func(key string) *jsonschema.Schema {
			props := jsonschema.NewProperties()
			props.Set(key, text)
			return &jsonschema.Schema{Type: "object", Properties: props, Required: []string{key}, AdditionalProperties: jsonschema.FalseSchema}
		}
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{one("person"), one("group"), text}}
	}
	return nil
}

func ptr[V any](v V) *V { return &v }

func madeSchema(t *testing.T) []byte {
	t.Helper()
	said := comments(t)
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Anonymous: true, ExpandedStruct: true,
		Namer:         func(t reflect.Type) string { return strings.TrimSuffix(t.Name(), "Doc") },
		Mapper:        special,
		LookupComment: func(t reflect.Type, field string) string { return said[t.Name()+"."+field] },
	}
	s := r.Reflect(document{})
	s.Title = "Definitions of Usher: catalogs, resources and packages"
	set := func(of, key string, types ...any) {
		p, ok := s.Definitions[of].Properties.Get(key)
		if !ok {
			t.Fatalf("%s has no %s", of, key)
		}
		p.Type = ""
		for _, one := range types {
			p.AnyOf = append(p.AnyOf, one.(*jsonschema.Schema))
		}
	}
	set("policy", "extend", &jsonschema.Schema{Type: "boolean"}, &jsonschema.Schema{Enum: []any{"yes", "no", "with approval"}})
	set("option", "value", &jsonschema.Schema{Type: "string"}, &jsonschema.Schema{Type: "number"})
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func TestTheSchemaIsMadeOfTheShapes(t *testing.T) {
	t.Parallel()
	golden(t, "schema.json", string(madeSchema(t)))
	if !*update && !bytes.Equal(Schema(), madeSchema(t)) {
		t.Error("what is embedded is another")
	}
}

// compiled is the schema as editors use it.
func compiled(t *testing.T) *validator.Schema {
	t.Helper()
	doc, err := validator.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("usher.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("usher.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits asks the schema about a file.
func fits(t rapid.TB, s *validator.Schema, data []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	value, err := validator.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

func TestTheSchemaTakesWhatIsRead(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	demo, err := os.ReadFile("sample/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseDefinitions("demo.yaml", demo, monday(), berlin(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"the sample": demo, "the sample, exported": WriteDefinitions(read),
		"everything": []byte(strings.ReplaceAll(everything, "owners]", "catalog owners]")),
	} {
		if err := fits(t, s, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every key, wherever it stands, is refused by both when it is misspelt.
func TestUnknownKeysAreRefusedByBoth(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	lines := strings.Split(everything, "\n")
	tried := 0
	for i, line := range lines {
		key, rest, ok := strings.Cut(strings.TrimLeft(line, " -"), ":")
		if !ok || strings.ContainsAny(key, "{[") {
			continue
		}
		changed := append([]string(nil), lines...)
		changed[i] = strings.Replace(line, key+":"+rest, key+"x:"+rest, 1)
		text := []byte(strings.Join(changed, "\n"))
		_, err := ParseDefinitions("x.yaml", text, monday(), berlin(t))
		if err == nil || !strings.Contains(err.Error(), `"`+key+`x" is not known here. Did you mean "`+key+`"?`) {
			t.Errorf("%s: it says %v", strings.TrimSpace(line), err)
		}
		if fits(t, s, text) == nil {
			t.Errorf("%s: the schema takes it", strings.TrimSpace(changed[i]))
		}
		tried++
	}
	if tried < 50 {
		t.Errorf("only %d keys were tried", tried)
	}
}
