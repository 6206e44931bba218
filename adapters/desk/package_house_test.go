package desk

import (
	"context"
	"slices"

	"github.com/usher-dev/usher/core/access"
)

func (h *house) Held(_ context.Context, _ access.TenantID, id access.PackageID, most int) ([]access.PersonID, error) {
	var out []access.PersonID
	for p, l := range h.ledgers {
		if l.Holds(id) != nil {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out[:min(len(out), most)], h.broken
}

func (h *house) Holders(ctx context.Context, t access.TenantID, id access.PackageID) (int, error) {
	list, err := h.Held(ctx, t, id, len(h.ledgers))
	return len(list), err
}
