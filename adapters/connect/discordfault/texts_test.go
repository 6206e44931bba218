package discordfault_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every code that the connectors on Discord answer with has a text.
func TestEveryCodeHasAText(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`(?:Human|Never|never|retry)\("([a-zA-Z]+)"|access\.Fail[A-Z][a-z]+, "([a-zA-Z]+)"|Code: "([a-zA-Z]+)"`)
	found := map[string]bool{}
	for _, pattern := range []string{"*.go", "../discordrole/*.go", "../discordchannel/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) < 2 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, m := range code.FindAllStringSubmatch(text(t, file), -1) {
				found[m[1]+m[2]+m[3]] = true
			}
		}
	}
	if len(found) < 25 {
		t.Errorf("only %d codes found: the pattern is out of date: %v", len(found), found)
	}
	for _, language := range []string{"en", "de"} {
		texts := text(t, "../../desk/locale/"+language+".yaml")
		for c := range found {
			if !strings.Contains(texts, "\nfailure."+c+": ") {
				t.Errorf("%s: there is no text failure.%s", language, c)
			}
		}
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
