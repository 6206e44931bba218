package desk

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// verbWhich goes on with a command with one of those that a name in it stands
// for (Arg: its id; Face: the question).
const verbWhich chat.Verb = "which"

// doubt is a command that waits for its person to say which one they mean.
type doubt struct {
	Root string `json:"root"`
	Text string `json:"text"`
	// Key is the name in question, Meant what was said of others before.
	Key   string            `json:"key"`
	Meant map[string]string `json:"meant,omitempty"`
}

// meantKey is a name of a kind that stands in a command.
func meantKey(kind runtime.Kind, typed string) string {
	return string(kind) + "/" + strings.ToLower(strings.TrimSpace(typed))
}

// orWhich asks which one is meant when a command was refused because a name in
// it fits several.
func (c *call) orWhich(root, text string, err error) (chat.Reply, error) {
	e, ok := access.AsError(err)
	if !ok || e.Code != "severalNamed" {
		return nil, err
	}
	kind, _ := e.Data["kind"].(runtime.Kind)
	typed, _ := e.Data["typed"].(string)
	all, _ := e.Data["all"].([]meaning)
	data, err := json.Marshal(doubt{Root: root, Text: text, Key: meantKey(kind, typed), Meant: c.meant})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	face := max(int(binary.BigEndian.Uint32(sum[:])>>1), 1)
	if err := c.scratch.Put(c.ctx, c.doubtName(face), data, c.now, draftTTL); err != nil {
		return nil, err
	}
	return c.whichCard(cut(typed, 60), face, all), nil
}

func (c *call) doubtName(face int) string {
	return "which/" + string(c.from.Tenant) + "/" + string(c.from.Account) + "/" + strconv.Itoa(face)
}

// whichCard lists what a name stands for, with a button each.
func (c *call) whichCard(typed string, face int, all []meaning) chat.Reply {
	card := chat.Card{Title: c.plain("which.title"), Tone: chat.ToneWaiting, Blocks: []chat.Block{{Text: c.text("which.intro", "name", strong(typed))}}}
	card.Summary = card.Title
	for _, m := range all[:min(len(all), listRows)] {
		card.Blocks = append(card.Blocks, chat.Block{
			Text:    c.text("which.row", "name", strong(m.Name), "id", code(m.ID), "in", m.In),
			Buttons: c.blank().button(nil, verbWhich, chat.StylePlain, chat.Token{Arg: m.ID, Face: face}),
		})
	}
	if n := len(all) - listRows; n > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.count("list.rest", n)})
	}
	return chat.Tell{Card: fit(card)}
}

// goOnWith carries a command out as if the one that was chosen had been typed.
// Rights are asked as for any command.
func (c *call) goOnWith(t chat.Token) (chat.Reply, error) {
	data, err := c.scratch.Get(c.ctx, c.doubtName(t.Face), c.now)
	if err != nil {
		return nil, err
	}
	var in doubt
	if len(data) == 0 || json.Unmarshal(data, &in) != nil {
		return nil, access.Refuse(access.TooLate, "whichOver")
	}
	c.meant = maps.Clone(in.Meant)
	if c.meant == nil {
		c.meant = map[string]string{}
	}
	c.meant[in.Key] = t.Arg
	return c.invoked(chat.Invoked{Who: c.from, Command: in.Root, Text: in.Text})
}
