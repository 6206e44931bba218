package desk

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	// pendingLooked is how many open requests a list of them goes through.
	pendingLooked = 2000
	// pendingRows is how many rows a page has: two buttons each, and three
	// below, are what a card takes.
	pendingRows = 6
)

// What a filter tells requests apart by.
var (
	pendingKinds  = []string{"new", "behalf", "extension", "assigned"}
	pendingStates = []string{"decision", "terms", "scheduled", "delivering", "failed"}
)

// filter narrows the list of open requests. What is empty does not.
type filter struct {
	Package  access.PackageID `json:"package,omitempty"`
	Person   access.PersonID  `json:"person,omitempty"`
	Approver access.Account   `json:"approver,omitempty"`
	Older    time.Duration    `json:"older,omitempty"`
	Kind     string           `json:"kind,omitempty"`
	State    string           `json:"state,omitempty"`
}

// kindOf is what a request is for.
func kindOf(r access.Request) string {
	switch r.Kind {
	case access.UserExtend:
		return "extension"
	case access.OnBehalfAdd:
		return "behalf"
	case access.AdminAdd:
		return "assigned"
	}
	return "new"
}

// stateOf is what a request waits for.
func (s scene) stateOf(r access.Request) string {
	switch {
	case len(s.failures(r)) > 0 || r.State == access.DeliveryFailed || r.State == access.PartiallyDelivered:
		return "failed"
	case r.State == access.PendingApproval:
		return "decision"
	case r.State == access.PendingTerms:
		return "terms"
	case r.State == access.Scheduled:
		return "scheduled"
	}
	return "delivering"
}

// fits reports whether a request is one that the filter lets through. Who can
// decide on it is asked elsewhere.
func (f filter) fits(s scene, r access.Request) bool {
	return !r.Kind.Removes() && (f.Package == "" || r.Package == f.Package) && (f.Person == "" || s.l.Person == f.Person) &&
		(f.Older == 0 || s.now.Sub(r.At) > f.Older) && (f.Kind == "" || kindOf(r) == f.Kind) && (f.State == "" || s.stateOf(r) == f.State)
}

// cmdPending lists open requests, oldest first, narrowed by what was typed.
func (c *call) cmdPending(in words) (chat.Reply, error) {
	f, err := c.readFilter(in.typed)
	if err != nil {
		return nil, err
	}
	return c.pendingList(f, 0)
}

// pendingPage shows a page (the token's stage) of a list that was narrowed.
func (c *call) pendingPage(t chat.Token) (chat.Reply, error) {
	if _, _, err := c.looked(); err != nil {
		return nil, err
	}
	f, err := c.filterOf(t)
	if err != nil {
		return nil, err
	}
	return c.pendingList(f, t.Stage)
}

// filterOf is the filter that a button names; it is kept for an hour.
func (c *call) filterOf(t chat.Token) (filter, error) {
	var f filter
	if t.Face == 0 {
		return f, nil
	}
	data, err := c.scratch.Get(c.ctx, c.filterName(t.Face), c.now)
	if err != nil {
		return f, err
	}
	if len(data) == 0 || json.Unmarshal(data, &f) != nil {
		return f, access.Refuse(access.TooLate, "listOver")
	}
	return f, nil
}

func (c *call) filterName(face int) string {
	return "pending/" + string(c.from.Tenant) + "/" + string(c.from.Account) + "/" + strconv.Itoa(face)
}

// keepFilter makes the address of a list: no filter needs no keeping.
func (c *call) keepFilter(f filter) (chat.Token, error) {
	if f == (filter{}) {
		return chat.Token{}, nil
	}
	data, err := json.Marshal(f)
	if err != nil {
		return chat.Token{}, err
	}
	sum := sha256.Sum256(data)
	face := max(int(binary.BigEndian.Uint32(sum[:])>>1), 1)
	return chat.Token{Face: face}, c.scratch.Put(c.ctx, c.filterName(face), data, c.now, draftTTL)
}

// pendingItems are the requests that a filter lets through, of the catalogs
// that the person has a role in, oldest first.
func (c *call) pendingItems(f filter) ([]runtime.Item, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	all := engine.TenantAdmin(w, c.actor) || engine.Auditor(w, c.actor)
	keep := func(v runtime.View, r access.Request) bool {
		mine := all || engine.AnyRole(v.World, v.World.Packages[r.Package].Catalog, c.actor)
		return mine && f.fits(scene{tongue: c.tongue, l: v.Ledger, w: v.World, now: c.now}, r)
	}
	var items []runtime.Item
	if f.Approver == "" {
		items, err = c.core.Open(c.ctx, c.from.Tenant, pendingLooked, keep)
	} else {
		items, err = c.awaiting(f.Approver, keep)
	}
	slices.SortStableFunc(items, func(a, b runtime.Item) int {
		return cmp.Or(requestOf(a).At.Compare(requestOf(b).At), cmp.Compare(a.View.Ledger.Person, b.View.Ledger.Person), cmp.Compare(a.Request, b.Request))
	})
	return items, err
}

func requestOf(i runtime.Item) access.Request { return *i.View.Ledger.Request(i.Request) }

// awaiting are the requests that wait for somebody's decision.
func (c *call) awaiting(approver access.Account, keep func(runtime.View, access.Request) bool) ([]runtime.Item, error) {
	_, who, err := c.person(string(approver))
	if err != nil {
		return nil, err
	}
	items, err := c.core.Waiting(c.ctx, c.from.Tenant, who, pendingLooked)
	return slices.DeleteFunc(items, func(i runtime.Item) bool {
		r := i.View.Ledger.Request(i.Request)
		return r == nil || !keep(i.View, *r)
	}), err
}

// pendingList shows one page.
func (c *call) pendingList(f filter, page int) (chat.Reply, error) {
	items, err := c.pendingItems(f)
	if err != nil {
		return nil, err
	}
	t, err := c.keepFilter(f)
	if err != nil {
		return nil, err
	}
	page = min(max(page, 0), max(len(items)-1, 0)/pendingRows)
	shown := items[page*pendingRows : min((page+1)*pendingRows, len(items))]
	said, err := c.filterSaid(f)
	if err != nil {
		return nil, err
	}
	title := c.plain("pending.title")
	card := chat.Card{Summary: title, Title: title, Tone: chat.ToneNeutral}
	if said != nil {
		card.Blocks = []chat.Block{{Small: true, Text: c.text("pending.only", "what", said)}}
	}
	if len(items) == 0 {
		card.Blocks = append(card.Blocks, chat.Block{Text: c.text("pending.none")})
	}
	card.Blocks = append(card.Blocks, c.itemRows(shown, c.pendingLine)...)
	stuck, err := c.cannotDecide(shown)
	card.Blocks = append(card.Blocks, stuck...)
	if len(items) > pendingRows {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.pendingCount(len(items), page, len(shown))})
	}
	card.Buttons = c.pendingNav(t, page, len(items))
	return chat.Tell{Card: fit(card)}, err
}

func (c *call) pendingCount(all, page, shown int) chat.Text {
	key := "pending.page"
	if all >= pendingLooked {
		key = "pending.pageMost"
	}
	return c.text(key, "from", page*pendingRows+1, "to", page*pendingRows+shown, "count", all)
}

// pendingNav goes to other pages, and to the filter.
func (c *call) pendingNav(t chat.Token, page, all int) []chat.Button {
	var out []chat.Button
	s := c.blank()
	turn := func(to int, key string) {
		t.Stage = to
		if n := len(out); len(s.button(out, verbPendingPage, chat.StylePlain, t)) > n {
			out = s.button(out, verbPendingPage, chat.StylePlain, t)
			out[n].Label = s.plain(key)
		}
	}
	if page > 0 {
		turn(page-1, "pending.earlier")
	}
	if (page+1)*pendingRows < all {
		turn(page+1, "pending.later")
	}
	t.Stage = 0
	return s.button(out, verbPendingFilter, chat.StylePlain, t)
}

// pendingLine is an open request as admins see it, with since when it is open,
// and with what they may do about it.
func (c *call) pendingLine(s scene, r access.Request) chat.Block {
	_, status := s.status(r)
	row := chat.Block{Text: s.text("pending.row", "asks", s.asks(r), "status", status, "at", r.At)}
	failed := s.failures(r)
	if len(failed) > 0 {
		row.Text = s.text("pending.row", "asks", s.asks(r), "status", s.join(s.clip(failed, 3)), "at", r.At)
	}
	acts := engine.HasRole(s.w, s.w.Packages[r.Package].Catalog, c.actor, access.AssignmentManager)
	if len(failed) == 0 || !acts {
		row.Buttons = s.button(nil, verbDetails, chat.StylePlain, s.at(r))
	} else {
		row.Buttons = s.button(nil, verbRetry, chat.StylePrimary, s.at(r))
	}
	if !acts {
		return row
	}
	row.Buttons = s.button(row.Buttons, verbCancel, chat.StyleDanger, s.at(r))
	return row
}
