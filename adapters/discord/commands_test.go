package discord

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk"
)

// table is the desk's table of commands, as the wiring gives it.
func table(t *testing.T) []Command {
	t.Helper()
	help := map[string]map[string]any{}
	for _, lang := range []string{"en", "de"} {
		texts := map[string]any{}
		files, err := filepath.Glob("../desk/locale/*" + lang + ".yaml")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]any{}
			if err := yaml.Unmarshal(data, &part); err != nil {
				t.Fatal(err)
			}
			maps.Copy(texts, part)
		}
		help[lang] = texts
	}
	var out []Command
	for _, c := range desk.Commands() {
		mine := Command{Root: c.Root, Name: c.Name, Help: map[string]string{}}
		for lang, texts := range help {
			mine.Help[lang], _ = texts[c.Help()].(string)
		}
		for _, a := range c.Args {
			mine.Args = append(mine.Args, Arg{Name: a.Name, Kind: ArgKind(a.Kind)})
		}
		out = append(out, mine)
	}
	return out
}

func TestDefinitions(t *testing.T) {
	t.Parallel()
	global, err := definitions(table(t), true)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "commands", global)
	local, err := definitions(table(t), false)
	if err != nil || local[0].Contexts != nil || local[0].IntegrationTypes != nil {
		t.Errorf("for one server %+v, %v", local[0], err)
	}
	again, _ := definitions(table(t), true)
	if hashOf(global) != hashOf(again) || hashOf(global) == hashOf(local) || len(hashOf(local)) != 64 {
		t.Error("the hash does not tell definitions apart")
	}
}

func TestEveryWordOfACommandIsTranslated(t *testing.T) {
	t.Parallel()
	list, err := definitions(table(t), true)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(path string, o []definedOption)
	walk = func(path string, o []definedOption) {
		for _, x := range o {
			at := path + " " + x.Name
			command := x.Type == optionSub || x.Type == optionGroup // called the same by all texts
			if command != (x.Names["de"] == "") || x.Descriptions["de"] == "" || x.Description == x.Name {
				t.Errorf("%s: %+v", at, x)
			}
			if x.Description == "" || x.Descriptions["en"] != "" || x.Names["en"] != "" {
				t.Errorf("%s: %+v", at, x)
			}
			walk(at, x.Options)
		}
	}
	for _, d := range list {
		if d.Type == commandSlash && d.Descriptions["de"] == "" || d.Type != commandSlash && d.Names["de"] == "" {
			t.Errorf("%s: %+v", d.Name, d)
		}
		walk("/"+d.Name, d.Options)
	}
}

// What is defined comes back as what the desk understands.
func TestDefinedOptionsAreUnderstood(t *testing.T) {
	t.Parallel()
	list, err := definitions(table(t), true)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(o definedOption) map[string]any
	walk = func(o definedOption) map[string]any {
		given := map[string]any{"type": o.Type, "name": o.Name}
		switch o.Type {
		case optionUser:
			given["value"] = "43"
		case optionChannel:
			given["value"] = "501"
		case optionString:
			given["value"] = "value"
		default:
			var inside []any
			for _, x := range o.Options {
				inside = append(inside, walk(x))
			}
			given["options"] = inside
		}
		return given
	}
	said := map[string]bool{}
	for _, d := range list {
		for _, o := range d.Options {
			subs := []definedOption{o}
			if o.Type == optionGroup {
				subs = nil
				for _, x := range o.Options {
					subs = append(subs, definedOption{Type: o.Type, Name: o.Name, Options: []definedOption{x}})
				}
			}
			for _, sub := range subs {
				data, _ := json.Marshal([]any{walk(sub)})
				var options []givenOption
				if err := json.Unmarshal(data, &options); err != nil {
					t.Fatal(err)
				}
				said["/"+d.Name+" "+reader().typed(options)] = true
			}
		}
	}
	for _, want := range []string{
		"/access home", "/access request value for @discord/43", "/access extend value", "/access-admin assign value @discord/43 until value",
		"/access-admin package list", "/access-admin package post value @discord/43 #501", "/access-admin audit value @discord/43",
	} {
		if !said[want] {
			t.Errorf("nobody can say %q: %v", want, sortedKeys(said))
		}
	}
	if len(said) != len(desk.Commands()) {
		t.Errorf("%d commands of %d", len(said), len(desk.Commands()))
	}
}

func TestDefinitionsThatDiscordWouldRefuse(t *testing.T) {
	t.Parallel()
	command := func(name string, args ...Arg) Command {
		return Command{Root: rootAccess, Name: name, Args: args, Help: map[string]string{"en": "Helps"}}
	}
	many := func(n int, f func(int) Command) (out []Command) {
		for i := range n {
			out = append(out, f(i))
		}
		return out
	}
	arg := Arg{Name: "package", Kind: ArgPackage}
	for want, list := range map[string][]Command{
		`discord: /access: "Request" is no name`:              {command("Request")},
		`discord: /access: "a/b" is no name`:                  {command("a/b")},
		`discord: /access: access: "x" is there twice`:        {command("x"), command("x")},
		`discord: /access: x: "package" is there twice`:       {command("x", arg, arg)},
		`discord: /access: access has 26 options, at most 25`: many(26, func(i int) Command { return command(strings.Repeat("x", i+1)) }),
		`discord: /access has 10886 characters, at most 8000`: many(25, func(i int) Command {
			return long(command("x"+strings.Repeat("y", i), Arg{Name: "aa"}, Arg{Name: "bb"}, Arg{Name: "cc"}, Arg{Name: "dd"}, Arg{Name: "ee"}))
		}),
		`discord: /access: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is no name`: {command(strings.Repeat("x", 33))},
	} {
		_, err := definitions(list, true)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	got, err := definitions([]Command{long(command("x"))}, true)
	if err != nil || chat.Length(got[0].Options[0].Description) != maxDescription {
		t.Errorf("a long help: %+v, %v", got, err)
	}
}

func long(c Command) Command {
	c.Help = map[string]string{"en": strings.Repeat("help ", 50)}
	for i := range c.Args {
		c.Args[i].Name += strings.Repeat("z", 30)
	}
	return c
}
