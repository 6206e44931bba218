package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// listMenu are the packages that somebody may see, in contrast to
// runtime.KindPackage, those that an admin looks after.
const listMenu runtime.Kind = "menu"

// What somebody has, asked for, may decide or give back. Lists of these are
// drawn whole at each page, and shown from a row on.
const (
	listMine      runtime.Kind = "mine"
	listStatus    runtime.Kind = "status"
	listApprovals runtime.Kind = "approvals"
	listWithdraw  runtime.Kind = "withdraw"
)

// portion is what is shown of such a list: from row number from (0 is the
// first), of one package or, without one, of all.
type portion struct {
	kind runtime.Kind
	from int
	pkg  access.PackageID
}

// listPart shows rows from one on, how many there are, and a button that shows
// what comes next. What got shorter meanwhile is shown from its last row.
func (c *call) listPart(p portion, title, empty string, rows []chat.Block, limit int, named ...any) chat.Tell {
	from := max(min(p.from, len(rows)-1), 0)
	to, buttons := from, 1 // that of the next page
	for to < min(from+limit, len(rows)) && buttons+len(rows[to].Buttons) <= chat.MaxButtons {
		buttons += len(rows[to].Buttons)
		to++
	}
	tell := c.list(title, empty, rows[from:to], limit, named...)
	if to-from == len(rows) {
		return tell
	}
	tell.Card.Blocks = append(tell.Card.Blocks, chat.Block{Small: true, Text: c.text("list.page", "from", from+1, "to", to, "count", len(rows))})
	if to < len(rows) {
		next := chat.Token{Arg: fmt.Sprintf("%s/%d/%s", p.kind, to, p.pkg)}
		tell.Card.Buttons = c.blank().button(tell.Card.Buttons, verbRest, chat.StylePlain, next)
	}
	tell.Card = fit(tell.Card)
	return tell
}

// restOf shows what comes after some rows of a list of the person's own.
func (c *call) restOf(show func(*call, words, int) (chat.Reply, error), at string) (chat.Reply, error) {
	from, pkg, _ := strings.Cut(at, "/")
	n, err := strconv.Atoi(from)
	if err != nil {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	return show(c, words{pkg: pkg}, n)
}

// listing is a list that is shown some at a time.
type listing struct {
	kind  runtime.Kind
	title string // key; without "title" at its end it is that of the empty list's sentence
	ids   []string
	// rows draws those of one page.
	rows func(ids []string) ([]chat.Block, error)
	// buttons stand below each page.
	buttons []chat.Button
}

// paged shows what comes after one id, how many there are, and a button that
// shows what comes next.
func (c *call) paged(l listing, after string) (chat.Reply, error) {
	title := c.plain(l.title)
	card := chat.Card{Summary: title, Title: title, Tone: chat.ToneNeutral, Buttons: l.buttons}
	slices.Sort(l.ids)
	from, there := slices.BinarySearch(l.ids, after)
	if there {
		from++
	}
	to := min(from+listRows, len(l.ids))
	if from == to {
		card.Blocks = []chat.Block{{Text: c.text(strings.TrimSuffix(l.title, "title") + "none")}}
		return chat.Tell{Card: fit(card)}, nil
	}
	rows, err := l.rows(l.ids[from:to])
	if err != nil {
		return nil, err
	}
	card.Blocks = rows
	if len(l.ids) > listRows {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.text("list.page", "from", from+1, "to", to, "count", len(l.ids))})
	}
	if to < len(l.ids) {
		next := c.blank().button(nil, verbRest, chat.StylePlain, chat.Token{Arg: string(l.kind) + "/" + l.ids[to-1]})
		card.Buttons = append(next, card.Buttons...)
	}
	return chat.Tell{Card: fit(card)}, nil
}

// rest shows the next page of a list.
func (c *call) rest(t chat.Token) (chat.Reply, error) {
	kind, after, _ := strings.Cut(t.Arg, "/")
	switch runtime.Kind(kind) {
	case listMine:
		return c.restOf((*call).mineFrom, after)
	case listStatus:
		return c.restOf((*call).statusFrom, after)
	case listApprovals:
		return c.restOf((*call).approvalsFrom, after)
	case listWithdraw:
		return c.restOf((*call).withdrawFrom, after)
	case runtime.Kind(verbExtend):
		return c.restOf((*call).extendFrom, after)
	case runtime.Kind(verbRelease):
		return c.restOf((*call).releaseFrom, after)
	case listMenu:
		return c.menuFrom(after)
	case runtime.KindPackage:
		return c.packagesFrom(after)
	case runtime.KindResource:
		return c.resourcesFrom(after)
	case runtime.KindCatalog:
		return c.catalogsFrom(after)
	}
	return nil, access.Refuse(access.Invalid, "unknownButton")
}

// looked are the catalogs that the person may look into, by id, and all there
// are to ask the engine with. Whoever has no role anywhere is refused.
func (c *call) looked() (engine.World, []access.CatalogID, error) {
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err != nil {
		return w, nil, err
	}
	all := engine.TenantAdmin(w, c.actor) || engine.Auditor(w, c.actor)
	var ids []access.CatalogID
	for id := range w.Catalogs {
		if all || engine.AnyRole(w, id, c.actor) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 && !all {
		return w, nil, access.Refuse(access.Forbidden, "notAdmin")
	}
	slices.Sort(ids)
	return w, ids, nil
}

// lookedIn are the ids of all packages or resources that the person looks
// after or may look at.
func (c *call) lookedIn(kind runtime.Kind) ([]string, error) {
	w, catalogs, err := c.looked()
	if err != nil {
		return nil, err
	}
	if len(catalogs) == len(w.Catalogs) {
		return c.core.Within(c.ctx, c.from.Tenant, "", kind)
	}
	var all []string
	for _, id := range catalogs {
		ids, err := c.core.Within(c.ctx, c.from.Tenant, id, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// idsAs turns ids into those of another kind.
func idsAs[To, From ~string](list []From) []To {
	out := make([]To, len(list))
	for i, id := range list {
		out[i] = To(id)
	}
	return out
}
