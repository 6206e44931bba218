package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// auditBack goes through the audit of a tenant from its newest line back to
// what was written down before since, and a month further for what got in
// late. E has those fields of an engine.Event that are of interest: no others
// are decoded. take may end it by returning false. It returns the moment before
// which nothing was read although it was asked for; zero when all was.
func auditBack[E any](ctx context.Context, r *Runtime, over func(error) bool, t access.TenantID, since time.Time, take func(E) bool) (time.Time, error) {
	last, first, from := time.Time{}, int64(0), since.Add(-lateness)
	for p, err := range auditPages[E](ctx, r, t) {
		if over(err) {
			return last, nil
		}
		if err != nil {
			return last, err
		}
		for i, entry := range p.entries {
			if entry.At.Before(from) {
				return time.Time{}, nil
			}
			if first, last = entry.ID, entry.At; !take(p.events[i]) {
				return time.Time{}, nil
			}
		}
	}
	return begun(first, last, since), nil
}

// auditPage is one page of the audit with its events.
type auditPage[E any] struct {
	entries []Entry
	events  []E
	err     error
	decoded chan struct{} // closed when events and err are there
}

func (p *auditPage[E]) decode() {
	defer close(p.decoded)
	p.events = make([]E, len(p.entries))
	for i, entry := range p.entries {
		if err := json.Unmarshal(entry.Data, &p.events[i]); err != nil {
			p.err = fmt.Errorf("read audit %d: %w", entry.ID, err)
			return
		}
	}
}

// auditPages are the pages of a tenant's audit, the newest first. A few are
// read and decoded ahead.
func auditPages[E any](ctx context.Context, r *Runtime, t access.TenantID) iter.Seq2[*auditPage[E], error] {
	return func(yield func(*auditPage[E], error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		ahead := make(chan *auditPage[E], reportReaders)
		go readAudit(ctx, r, t, ahead)
		for p := range ahead {
			<-p.decoded
			if !yield(p, p.err) || p.err != nil {
				return
			}
		}
	}
}

// readAudit reads page by page into ahead, and closes it after the last one or
// the first that cannot be read, or when nobody wants them any more.
func readAudit[E any](ctx context.Context, r *Runtime, t access.TenantID, ahead chan<- *auditPage[E]) {
	defer close(ahead)
	for after := int64(0); ; {
		found, err := r.Store.Audit(ctx, AuditQuery{Tenant: t, After: after, Newest: true, Max: maxPage})
		p := &auditPage[E]{entries: found, decoded: make(chan struct{})}
		if err != nil {
			p.err = fmt.Errorf("read audit: %w", err)
			close(p.decoded)
		} else {
			go p.decode()
		}
		select {
		case ahead <- p:
		case <-ctx.Done():
			return
		}
		if err != nil || len(found) < maxPage {
			return
		}
		after = found[len(found)-1].ID
	}
}
