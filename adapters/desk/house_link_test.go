package desk

import (
	"context"
	"slices"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func (h *house) Accounts(_ context.Context, _ access.TenantID, a access.Account) ([]access.Account, error) {
	return h.accounts(a), h.broken
}

// accounts are those of whoever an account belongs to.
func (h *house) accounts(a access.Account) []access.Account {
	for _, one := range h.linked {
		if slices.Contains(one, a) {
			return one
		}
	}
	return []access.Account{a}
}

// Link is what core/runtime does, without its refusals.
func (h *house) Link(_ context.Context, _ access.TenantID, first, second access.Account, id engine.CommandID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken != nil {
		return h.broken
	}
	if h.unlinked[first] {
		first, second = second, first
	}
	delete(h.unlinked, second)
	keep, gone := access.PersonID(first), access.PersonID(second)
	meta := engine.Meta{ID: id, At: h.at, Actor: h.actor(keep)}
	m, err := engine.Merge(h.ledger(keep), h.ledger(gone), meta, h.w)
	if err != nil {
		return err
	}
	h.keep(keep, m.Kept)
	for _, l := range m.Gone {
		h.ledgers[l.Person] = l
	}
	h.linked = append(h.linked, []access.Account{first, second})
	h.work(keep)
	return nil
}

func (h *house) Unproven(_ context.Context, _ access.TenantID, people []access.PersonID) ([]access.PersonID, error) {
	return slices.DeleteFunc(slices.Clone(people), func(p access.PersonID) bool { return !h.unproven[p] }), h.broken
}

func (h *house) Unlink(_ context.Context, _ access.TenantID, by, a access.Account, _ engine.CommandID) error {
	if !engine.TenantAdmin(h.w, h.actor(access.PersonID(by))) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	if len(h.accounts(a)) < 2 {
		return access.Refuse(access.Refused, "notLinked")
	}
	h.linked, h.unlinked[a] = nil, true
	return nil
}

func (h *house) Confirm(_ context.Context, _ access.TenantID, by, a access.Account, _ engine.CommandID) error {
	if !engine.TenantAdmin(h.w, h.actor(access.PersonID(by))) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	if !h.unproven[access.PersonID(a)] {
		return access.Refuse(access.Refused, "confirmedAlready")
	}
	delete(h.unproven, access.PersonID(a))
	return nil
}

// moved is where a ledger went that was merged into another.
func (h *house) moved(p access.PersonID) error {
	if to := h.ledger(p).Forward; to != nil {
		return &runtime.Moved{From: p, To: to.To, Shift: to.Shift}
	}
	return nil
}

// counter is chance that can be told in advance: 1, 2, 3.
type counter struct{ n byte }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		c.n++
		p[i] = c.n
	}
	return len(p), nil
}
