package desk

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// definedBy reads what an event says of a definition: what it was and is, an
// access.Settings, Catalog, Resource or Package each, nil for none.
func definedBy(e engine.Event) runtime.Defined {
	kind, id, _ := strings.Cut(e.Code, "/")
	d := runtime.Defined{Key: runtime.Key{Kind: runtime.Kind(kind), ID: id}, Action: runtime.Changed}
	d.Before, d.After = definitionIn(d.Key.Kind, e.Before), definitionIn(d.Key.Kind, e.After)
	switch {
	case d.Before == nil && d.After != nil:
		d.Action = runtime.Created
	case d.After == nil && d.Before != nil:
		d.Action = runtime.Deleted
	case isDeleting(d.After) && !isDeleting(d.Before):
		d.Action = runtime.Deleting
	}
	return d
}

func definitionIn(kind runtime.Kind, text string) any {
	switch kind {
	case runtime.KindSettings:
		return decodedAs[access.Settings](text)
	case runtime.KindCatalog:
		return decodedAs[access.Catalog](text)
	case runtime.KindResource:
		return decodedAs[access.Resource](text)
	case runtime.KindPackage:
		return decodedAs[access.Package](text)
	}
	return nil
}

// decodedAs is nil for what is empty or cannot be read.
func decodedAs[D any](text string) any {
	var v D
	if text == "" || json.Unmarshal([]byte(text), &v) != nil {
		return nil
	}
	return v
}

func isDeleting(v any) bool {
	switch v := v.(type) {
	case access.Catalog:
		return v.Deleting
	case access.Resource:
		return v.Deleting
	case access.Package:
		return v.Deleting
	}
	return false
}

// defined says which definition somebody made, changed or deleted.
func (s scene) defined(e engine.Event) chat.Text {
	d := definedBy(e)
	kind := "kind." + string(d.Key.Kind)
	if !s.has(kind) {
		return s.text("event.defined")
	}
	var by chat.Text
	if d.Action == runtime.Deleted && len(e.People) > 0 {
		by = s.people(e.People)
	}
	action := actionOf(d)
	if hid, is := shown(d); is {
		action = map[bool]string{true: "hid", false: "listed"}[hid]
	}
	return s.text(s.ofKind("audit."+action, d.Key.Kind), "kind", s.plain(kind), "name", strong(nameOf(d)), "by", by)
}

// shown reports whether a package was hidden or listed, and nothing else of it
// was changed.
func shown(d runtime.Defined) (hid, is bool) {
	before, was := d.Before.(access.Package)
	after, there := d.After.(access.Package)
	if !was || !there || before.Hidden == after.Hidden {
		return false, false
	}
	before.Hidden, before.EditedBy, before.EditedAt, before.Revision = after.Hidden, after.EditedBy, after.EditedAt, after.Revision
	return after.Hidden, reflect.DeepEqual(before, after)
}

// auditRows is how many events of the audit one card shows with a button.
const auditRows = 10

// auditBlocks are the lines of the audit; a change of a definition has a
// button that shows what is another.
func (c *call) auditBlocks(lines []runtime.Line) []chat.Block {
	var blocks []chat.Block
	items := c.auditItems(lines)
	rows := 0
	for i, line := range lines {
		if line.Event.Type == engine.EventDefined && rows < auditRows {
			rows++
			button := c.blank().button(nil, verbEvent, chat.StylePlain, chat.Token{Arg: strconv.FormatInt(line.ID, 10)})
			blocks = append(blocks, chat.Block{Text: items[i], Buttons: button})
			continue
		}
		if n := len(blocks); n > 0 && len(blocks[n-1].Items) > 0 {
			blocks[n-1].Items = append(blocks[n-1].Items, items[i])
			continue
		}
		blocks = append(blocks, chat.Block{Items: []chat.Text{items[i]}})
	}
	return blocks
}

// showEvent shows what an edit of a definition made another, to tenant admins
// and auditors.
func (c *call) showEvent(t chat.Token) (chat.Reply, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	if !engine.TenantAdmin(w, c.actor) && !engine.Auditor(w, c.actor) {
		return nil, access.Refuse(access.Forbidden, "notAdmin")
	}
	id, err := strconv.ParseInt(t.Arg, 10, 64)
	if err != nil {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	lines, err := c.core.Audit(c.ctx, c.from.Tenant, "", id-1, false, 1)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || lines[0].ID != id || lines[0].Event.Type != engine.EventDefined {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	d := definedBy(lines[0].Event)
	card := chat.Card{Title: cut(oneLine(nameOf(d)), chat.MaxTitle), Summary: c.plain("audit.changes"), Tone: chat.ToneNeutral}
	card.Blocks = []chat.Block{{Text: c.auditItems(lines)[0]}}
	if items := c.differences(d.Before, d.After); len(items) > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Heading: c.plain("audit.changes"), Items: c.blank().clip(items, chat.MaxItems)})
	} else {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.text("audit.noChange")})
	}
	return chat.Tell{Card: fit(card)}, nil
}
