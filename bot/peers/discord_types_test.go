//go:build peers

package peers

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// asJSON is TypeScript. Discord's types have enums for strings, which JSON
// spells out, and take any sum for flags: AsJSON wants the values, and flags
// each bit by itself.
const asJSON = `type AsJSON<T> = T extends string ? ` + "`${T}`" + ` : T extends object ? { [K in keyof T]: AsJSON<T[K]> } : T;
declare function flags(...bits: discord.MessageFlags[]): discord.MessageFlags;
`

var flagsOf = regexp.MustCompile(`"flags": ([0-9]+)`)

// typed is TypeScript that compiles if each of Discord's types has the shape.
func typed(t *testing.T, data string, types ...string) string {
	t.Helper()
	data = flagsOf.ReplaceAllStringFunc(data, func(said string) string {
		sum, err := strconv.ParseUint(flagsOf.FindStringSubmatch(said)[1], 10, 31)
		if err != nil {
			t.Fatal(err)
		}
		var bits []string
		for bit := uint64(1); bit <= sum; bit <<= 1 {
			if sum&bit != 0 {
				bits = append(bits, strconv.FormatUint(bit, 10))
			}
		}
		return `"flags": flags(` + strings.Join(bits, ", ") + ")"
	})
	source := "import type * as discord from 'discord-api-types/v10';\n" + asJSON
	for i, name := range types {
		source += fmt.Sprintf("export const as%d: AsJSON<discord.%s> = %s;\n", i, name, data)
	}
	return source
}

// cardTypes are those of what a card is posted, edited and said in private as.
func cardTypes() []string {
	return []string{"RESTPostAPIChannelMessageJSONBody", "RESTPatchAPIChannelMessageJSONBody", "RESTPostAPIInteractionFollowupJSONBody"}
}

// answerType is the type of an answer by what kind of answer it says it is.
func answerType(t *testing.T, data []byte) string {
	t.Helper()
	var answer struct{ Type int }
	if err := json.Unmarshal(data, &answer); err != nil {
		t.Fatal(err)
	}
	kind := map[int]string{
		0: "RESTPostAPIInteractionFollowupJSONBody", // what follows an answer
		4: "APIInteractionResponseChannelMessageWithSource", 5: "APIInteractionResponseDeferredChannelMessageWithSource",
		6: "APIInteractionResponseDeferredMessageUpdate", 7: "APIInteractionResponseUpdateMessage",
		8: "APIApplicationCommandAutocompleteResponse", 9: "APIModalInteractionResponse",
	}[answer.Type]
	if kind == "" {
		t.Fatalf("an answer of type %d", answer.Type)
	}
	return kind
}

const commandsType = "RESTPutAPIApplicationCommandsJSONBody"

func commandsOfDiscord(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "adapters", "discord", "testdata", "commands.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDiscordsTypesKnowEveryCardAnswerModalAndCommand(t *testing.T) {
	t.Parallel()
	sources := map[string]string{"commands": typed(t, commandsOfDiscord(t), commandsType)}
	for name, data := range goldens(t, "discord", "card") {
		sources[name] = typed(t, string(data), cardTypes()...)
	}
	for _, kind := range []string{"answer", "modal"} {
		for name, data := range goldens(t, "discord", kind) {
			sources[name] = typed(t, string(data), answerType(t, data))
		}
	}
	if said := compile(t, sources); said != "" {
		t.Errorf("Discord's types do not know what the adapter sends:\n%s", said)
	}
}

// Each of these is what a renderer may get wrong; the check has to see it.
func TestDiscordsTypesFindWhatIsWrong(t *testing.T) {
	t.Parallel()
	cards, modals := goldens(t, "discord", "card"), goldens(t, "discord", "modal")
	card, home, commands := string(cards["card-approver-pending.en"]), string(cards["card-home-approver.en"]), commandsOfDiscord(t)
	first, last := string(modals["modal-request-1.en"]), string(modals["modal-request-4.en"])
	sources := map[string]string{}
	for name, c := range map[string]struct{ from, old, new string }{
		"unknown-component":    {card, `"type": 2,`, `"type": 99,`},
		"unknown-style":        {card, `"style": 1`, `"style": 9`},
		"unknown-field":        {card, `"custom_id"`, `"custom_ids"`},
		"unknown-flag":         {card, `"flags": 32768`, `"flags": 1073774592`},
		"unknown-mention":      {card, `"parse": []`, `"parse": ["people"]`},
		"text-as-number":       {card, `"label": "Approve"`, `"label": 3`},
		"colour-as-text":       {card, `"accent_color": 15774258`, `"accent_color": "#f0b132"`},
		"link-with-an-id":      {card, `"style": 4`, `"style": 5`},
		"button-outside-row":   {card, `"type": 10,`, `"type": 2,`},
		"section-alone":        {home, `"accessory":`, `"accessories":`},
		"container-within":     {home, `"type": 9,`, `"type": 17,`},
		"modal-no-title":       {first, `"title":`, `"heading":`},
		"modal-unknown-answer": {first, `"type": 9,`, `"type": 4,`},
		"modal-button":         {first, `"type": 21,`, `"type": 2,`},
		"modal-section":        {first, `"type": 10,`, `"type": 9,`},
		"modal-no-label":       {first, `"label": "Why is it needed?",`, ``},
		"modal-no-component":   {first, `"component":`, `"components":`},
		"modal-input-style":    {first, `"style": 2`, `"style": 3`},
		"modal-default-role":   {last, `"type": "user"`, `"type": "role"`},
		"modal-default-word":   {last, `"type": "user"`, `"type": "person"`},
		"command-type":         {commands, `"type": 1,`, `"type": 12,`},
		"command-option":       {commands, `"type": 6,`, `"type": 66,`},
		"command-no-words":     {commands, `"description": "the package; its name is completed as you type",`, ``},
		"command-language":     {commands, `"de": "paket"`, `"deutsch": "paket"`},
		"command-unknown":      {commands, `"autocomplete": true`, `"autocompletes": true`},
	} {
		broken := strings.Replace(c.from, c.old, c.new, 1)
		if broken == c.from {
			t.Fatalf("%s: the golden has no %s", name, c.old)
		}
		of := map[string][]string{first: {answerType(t, []byte(first))}, last: {answerType(t, []byte(last))}, commands: {commandsType}}[c.from]
		if of == nil {
			of = cardTypes()[:1]
		}
		sources[name] = typed(t, broken, of...)
	}
	findsAll(t, sources)
}
