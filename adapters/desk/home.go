package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// How many rows a list has: chats take few buttons on one card.
const (
	homeAccess   = 3
	homeRequests = 2
	homeWaiting  = 3
	listRows     = 7
	decideRows   = 5
	homeOffers   = 10
)

// own is the caller's ledger, as a scene.
func (c *call) own() (scene, error) {
	v, err := c.core.Ledger(c.ctx, c.from.Tenant, c.actor, c.actor.Person)
	if err != nil {
		return scene{}, err
	}
	v.Ledger.Person = c.actor.Person
	return c.scene(v), nil
}

// home shows everything that concerns the person.
func (c *call) home(words) (chat.Reply, error) {
	s, err := c.own()
	if err != nil {
		return nil, err
	}
	asked, err := c.core.Asked(c.ctx, c.from.Tenant, c.actor, maxListed)
	if err != nil {
		return nil, err
	}
	waiting, err := c.core.Waiting(c.ctx, c.from.Tenant, c.actor, maxListed)
	if err != nil {
		return nil, err
	}
	card := chat.Card{Summary: c.plain("home.title"), Title: c.plain("home.title"), Tone: chat.ToneNeutral}
	card.Blocks = append(card.Blocks, s.section("home.access", "home.noAccess", s.accessRows(), homeAccess, "/access mine")...)
	requests := append(s.requestRows(), c.itemRows(asked, scene.askedRow)...)
	card.Blocks = append(card.Blocks, s.section("home.requests", "", requests, homeRequests, "/access status")...)
	if len(waiting) > 0 {
		card.Blocks = append(card.Blocks, c.unproven()...)
	}
	card.Blocks = append(card.Blocks, s.section("home.waiting", "", c.itemRows(waiting, scene.waitingRow), homeWaiting, "/access approvals")...)
	offers, err := c.offers(s)
	if err != nil {
		return nil, err
	}
	card.Blocks = append(card.Blocks, offers...)
	card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.text("home.help")})
	if len(offers) > 0 {
		ask := chat.Token{}
		card.Buttons = c.blank().button(nil, verbRequest, chat.StylePrimary, ask)
		card.Buttons[0].Label = c.plain("button.ask")
	}
	return chat.Tell{Card: fit(card)}, nil
}

// blank is a scene of nothing, for buttons that name no request.
func (c *call) blank() scene {
	return scene{tongue: c.tongue, l: access.Ledger{Tenant: c.from.Tenant}, now: c.now, me: c.actor.Person}
}

// section is a heading with rows; without rows a sentence, or nothing.
func (s scene) section(heading, empty string, rows []chat.Block, limit int, rest string) []chat.Block {
	if len(rows) == 0 {
		if empty == "" {
			return nil
		}
		return []chat.Block{{Heading: s.plain(heading), Text: s.text(empty)}}
	}
	shown := slices.Clone(rows[:min(len(rows), limit)])
	shown[0].Heading = s.plain(heading)
	if n := len(rows) - len(shown); n > 0 {
		shown = append(shown, chat.Block{Small: true, Text: s.count("list.more", n, "command", code(rest))})
	}
	return shown
}

// accessRows are what the person holds, with the end and what can be done.
func (s scene) accessRows() []chat.Block {
	var out []chat.Block
	for _, a := range s.l.Assignments {
		if a.State.Over() {
			continue
		}
		r := s.l.Request(a.ID)
		row := chat.Block{Text: s.text("row.access."+string(a.State), "package", s.pkg(a.Package), "ends", s.ends(a.Window), "start", a.Window.Start)}
		if r != nil && r.State == access.DeliveryFailed && a.State.On() {
			row.Text = s.text("row.access.failed", "package", s.pkg(a.Package))
		}
		if r != nil && r.State == access.PartiallyDelivered {
			row.Text = append(row.Text, s.text("row.partly")...)
		}
		if a.State.On() {
			row.Buttons = s.holderButtons(a)
		}
		out = append(out, row)
	}
	return out
}

// requestRows are the person's requests that are not done.
func (s scene) requestRows() []chat.Block {
	return s.requestRowsOf(func(access.Request) bool { return true })
}

func (s scene) requestRowsOf(keep func(access.Request) bool) []chat.Block {
	var out []chat.Block
	for _, r := range s.l.Requests {
		if keep(r) && !r.Kind.Removes() && (r.State.Waiting() || r.State == access.Delivering || r.State == access.DeliveryFailed) {
			out = append(out, s.requestRow(r))
		}
	}
	return out
}

func (s scene) requestRow(r access.Request) chat.Block {
	_, status := s.status(r)
	key := "row.request"
	if r.Kind == access.UserExtend {
		key = "row.extension"
	}
	return chat.Block{
		Text:    s.text(key, "package", s.pkg(r.Package), "status", status, "ends", s.ends(s.windowOf(r))),
		Buttons: s.requestorButtons(r),
	}
}

// askedRow is a request for somebody else.
func (s scene) askedRow(r access.Request) chat.Block {
	_, status := s.status(r)
	return chat.Block{
		Text:    s.text("row.asked", "package", s.pkg(r.Package), "person", s.who(s.l.Person), "status", status),
		Buttons: s.requestorButtons(r),
	}
}

// waitingRow is a request that waits for the reader's decision, in short.
func (s scene) waitingRow(r access.Request) chat.Block {
	return chat.Block{
		Text:    s.waitingText(r),
		Buttons: s.button(nil, verbDetails, chat.StylePlain, s.at(r)),
	}
}

// decideRow is one that can be decided right there.
func (s scene) decideRow(r access.Request) chat.Block {
	b := s.button(nil, verbApprove, chat.StylePrimary, s.at(r))
	b = s.button(b, verbDeny, chat.StyleDanger, s.at(r))
	return chat.Block{Text: s.waitingText(r), Buttons: s.button(b, verbDetails, chat.StylePlain, s.at(r))}
}

func (s scene) waitingText(r access.Request) chat.Text {
	t := s.text("row.waiting", "asks", s.asks(r), "ends", s.ends(s.windowOf(r)))
	if stage, _ := r.Open(); stage != nil {
		t = append(t, s.text("row.due", "due", stage.Due)...)
	}
	return merge(t)
}

// itemRows draws rows for requests of several ledgers, each only if the person
// may read it. No list shows more than chat.MaxRows; what comes after them is
// there to be counted, and drawn of nothing, since each row looks up names.
func (c *call) itemRows(items []runtime.Item, row func(scene, access.Request) chat.Block) []chat.Block {
	return c.itemRowsFrom(0, items, row)
}

// itemRowsFrom draws those of a page that begins with row number from; what
// comes before it is there to be counted as well.
func (c *call) itemRowsFrom(from int, items []runtime.Item, row func(scene, access.Request) chat.Block) []chat.Block {
	var out []chat.Block
	for _, item := range items {
		r := item.View.Ledger.Request(item.Request)
		switch {
		case r == nil || !engine.MayRead(item.View.Ledger, item.View.World, *r, c.actor):
		case len(out) < from, len(out) >= from+chat.MaxRows:
			out = append(out, chat.Block{})
		default:
			out = append(out, row(c.scene(item.View), *r))
		}
	}
	return out
}

// offers lists what the person can ask for: listed packages that fit, whose
// time is not over, and that they neither hold nor asked for.
func (c *call) offers(s scene) ([]chat.Block, error) {
	w, ids, err := c.listed("", maxListed, false)
	if err != nil {
		return nil, err
	}
	var items []chat.Text
	for _, id := range ids {
		p := w.Packages[id]
		pending := slices.ContainsFunc(s.l.Requests, func(r access.Request) bool {
			return r.Package == id && r.Kind.Adds() && r.State.Waiting()
		})
		if s.l.Holds(id) != nil || pending || !c.requestable(p) {
			continue
		}
		items = append(items, c.text("row.offer", "package", strong(p.Name), "description", cut(oneLine(p.Description), 120)))
	}
	if len(items) == 0 {
		return nil, nil
	}
	return []chat.Block{{Heading: c.plain("home.offers"), Items: s.clip(items, homeOffers)}}, nil
}

// list is a private card of rows. Without rows it says so; with a package that
// was asked for, of that package ("x.not" instead of "x.none").
func (c *call) list(title, empty string, rows []chat.Block, limit int, named ...any) chat.Tell {
	card := chat.Card{Summary: c.plain(title), Title: c.plain(title), Tone: chat.ToneNeutral}
	if len(rows) == 0 {
		if not, ok := strings.CutSuffix(empty, ".none"); ok && len(named) > 0 {
			empty = not + ".not"
		}
		card.Blocks = []chat.Block{{Text: c.text(empty, named...)}}
		return chat.Tell{Card: card}
	}
	card.Blocks = slices.Clone(rows[:min(len(rows), limit)])
	if n := len(rows) - limit; n > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.count("list.rest", n)})
	}
	return chat.Tell{Card: fit(card)}
}

func (c *call) mineCard(words) (chat.Reply, error) { return c.mineFrom(words{}, 0) }

func (c *call) mineFrom(_ words, from int) (chat.Reply, error) {
	s, err := c.own()
	if err != nil {
		return nil, err
	}
	return c.listPart(portion{kind: listMine, from: from}, "mine.title", "home.noAccess", s.accessRows(), listRows), nil
}

func (c *call) statusCard(in words) (chat.Reply, error) { return c.statusFrom(in, 0) }

func (c *call) statusFrom(in words, from int) (chat.Reply, error) {
	s, err := c.own()
	if err != nil {
		return nil, err
	}
	asked, err := c.core.Asked(c.ctx, c.from.Tenant, c.actor, maxListed)
	if err != nil {
		return nil, err
	}
	id, err := c.meantPackage(in, s.w, s.packages()...)
	if err != nil {
		return nil, err
	}
	of := func(r access.Request) bool { return id == "" || r.Package == id }
	asked = slices.DeleteFunc(asked, func(i runtime.Item) bool {
		r := i.View.Ledger.Request(i.Request)
		return r != nil && !of(*r)
	})
	rows := s.requestRowsOf(of)
	rows = append(rows, c.itemRowsFrom(max(from-len(rows), 0), asked, scene.askedRow)...)
	return c.listPart(portion{listStatus, from, id}, "status.title", "status.none", rows, listRows, c.packageTitle(s.w, id)...), nil
}

func (c *call) approvals(words) (chat.Reply, error) { return c.approvalsFrom(words{}, 0) }

func (c *call) approvalsFrom(_ words, from int) (chat.Reply, error) {
	waiting, err := c.core.Waiting(c.ctx, c.from.Tenant, c.actor, maxListed)
	if err != nil {
		return nil, err
	}
	rows := c.itemRowsFrom(from, waiting, scene.decideRow)
	list := c.listPart(portion{kind: listApprovals, from: from}, "approvals.title", "approvals.none", rows, decideRows)
	if len(waiting) > 0 {
		list.Card.Blocks = append(c.unproven(), list.Card.Blocks...)
	}
	return list, nil
}

// cmdWithdraw lists what can be withdrawn.
func (c *call) cmdWithdraw(in words) (chat.Reply, error) { return c.withdrawFrom(in, 0) }

func (c *call) withdrawFrom(in words, from int) (chat.Reply, error) {
	s, err := c.own()
	if err != nil {
		return nil, err
	}
	asked, err := c.core.Asked(c.ctx, c.from.Tenant, c.actor, maxListed)
	if err != nil {
		return nil, err
	}
	own, w := s.packages(), s.w
	for _, item := range asked {
		other := c.scene(item.View)
		own, w = append(own, other.packages()...), merged(w, other.w)
	}
	id, err := c.meantPackage(in, w, own...)
	if err != nil {
		return nil, err
	}
	var rows []chat.Block
	for _, r := range s.l.Requests {
		if r.State.Waiting() && !r.Kind.Removes() && (id == "" || r.Package == id) {
			rows = append(rows, s.rowWith(s.requestRow(r), verbWithdraw, s.at(r)))
		}
	}
	for _, item := range asked {
		r := item.View.Ledger.Request(item.Request)
		if r != nil && r.State.Waiting() && (id == "" || r.Package == id) {
			other := c.scene(item.View)
			rows = append(rows, other.rowWith(other.askedRow(*r), verbWithdraw, other.at(*r)))
		}
	}
	return c.listPart(portion{listWithdraw, from, id}, "withdraw.title", "withdraw.none", rows, listRows, c.packageTitle(w, id)...), nil
}

// packages are those of the ledger's requests.
func (s scene) packages() []access.PackageID {
	var out []access.PackageID
	for _, r := range s.l.Requests {
		out = append(out, r.Package)
	}
	return out
}

// packageTitle is what a text about a package that was typed gets.
func (c *call) packageTitle(w engine.World, id access.PackageID) []any {
	if id == "" {
		return nil
	}
	if _, known := w.Packages[id]; !known {
		if found, err := c.core.World(c.ctx, c.from.Tenant, id); err == nil {
			w = found
		}
	}
	return []any{"package", strong(first(w.Packages[id].Name, string(id)))}
}

func (s scene) rowWith(row chat.Block, verb chat.Verb, t chat.Token) chat.Block {
	row.Buttons = s.button(nil, verb, chat.StylePlain, t)
	return row
}

// cmdExtend opens the form of the only assignment that is meant, or lists them.
func (c *call) cmdExtend(in words) (chat.Reply, error) {
	return c.extendFrom(in, 0)
}

func (c *call) extendFrom(in words, from int) (chat.Reply, error) {
	return c.chooseHeld(in, from, verbExtend, "extend.none", func(s scene, a access.Assignment) bool { return s.mayExtend(a) })
}

// cmdRelease lists what can be given back.
func (c *call) cmdRelease(in words) (chat.Reply, error) {
	return c.releaseFrom(in, 0)
}

func (c *call) releaseFrom(in words, from int) (chat.Reply, error) {
	return c.chooseHeld(in, from, verbRelease, "release.none", func(scene, access.Assignment) bool { return true })
}

func (c *call) chooseHeld(in words, from int, verb chat.Verb, none string, can func(scene, access.Assignment) bool) (chat.Reply, error) {
	s, err := c.own()
	if err != nil {
		return nil, err
	}
	id, err := c.meantPackage(in, s.w, s.packages()...)
	if err != nil {
		return nil, err
	}
	var rows []chat.Block
	var only chat.Token
	for _, a := range s.l.Assignments {
		if !a.State.On() || !can(s, a) || id != "" && a.Package != id {
			continue
		}
		only = chat.Token{Verb: verb, Tenant: c.from.Tenant, Person: s.l.Person, Request: a.ID}
		row := chat.Block{Text: s.text("row.access."+string(a.State), "package", s.pkg(a.Package), "ends", s.ends(a.Window))}
		rows = append(rows, s.rowWith(row, verb, only))
	}
	if len(rows) == 1 && c.routes[verb].form != nil {
		return c.open(only, nil)
	}
	return c.listPart(portion{runtime.Kind(verb), from, id}, string(verb)+".choose", none, rows, listRows, c.packageTitle(s.w, id)...), nil
}
