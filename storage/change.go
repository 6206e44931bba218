package storage

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	// MaxRecord is the most bytes of one record or one audit entry.
	MaxRecord = 4 << 20
	// MaxPage is the most that one List or Audit returns.
	MaxPage = 1000
	// Remember is how long a command id is known.
	Remember = 24 * time.Hour
	// TrimPerCommit bounds how many forgotten command ids one commit deletes.
	TrimPerCommit = 100
)

// CheckChange says whether a store may take a Change at all: every key is of
// its tenant, no record is written twice, nothing is too big
// (runtime.ErrTooBig). Other errors are mistakes of the caller.
func CheckChange(c runtime.Change) error {
	if err := checkTenant(c); err != nil {
		return err
	}
	seen := make(map[runtime.Key]bool, len(c.Writes))
	for _, w := range c.Writes {
		if seen[w.Key] {
			return fmt.Errorf("change writes %s twice", w.Key)
		}
		seen[w.Key] = true
		if len(w.Data) > MaxRecord {
			return fmt.Errorf("%s: %w", w.Key, runtime.ErrTooBig)
		}
	}
	for _, e := range c.Audit {
		if len(e.Data) > MaxRecord {
			return fmt.Errorf("audit of %s: %w", e.Key, runtime.ErrTooBig)
		}
	}
	return nil
}

func checkTenant(c runtime.Change) error {
	for key := range keysOf(c) {
		if key.Tenant != c.Tenant {
			return fmt.Errorf("change of tenant %q names %s of another", c.Tenant, key)
		}
	}
	return nil
}

func keysOf(c runtime.Change) func(yield func(runtime.Key) bool) {
	return func(yield func(runtime.Key) bool) {
		for _, w := range c.Writes {
			if !yield(w.Key) {
				return
			}
		}
		for _, r := range c.Reads {
			if !yield(r.Key) {
				return
			}
		}
		for _, w := range c.Wakes {
			if !yield(w.Key) {
				return
			}
		}
		for _, e := range c.Audit {
			if !yield(e.Key) {
				return
			}
		}
	}
}

// CheckPage says whether Max of a Query or an AuditQuery is 1 to MaxPage.
func CheckPage(n int) error {
	if n < 1 || n > MaxPage {
		return fmt.Errorf("a page has 1 to %d entries, not %d", MaxPage, n)
	}
	return nil
}

// KeyText writes a key so that ParseKey finds its parts again, whatever they
// contain: "tenant/kind/id" with the first two escaped.
func KeyText(k runtime.Key) string {
	return TenantText(k.Tenant) + "/" + url.PathEscape(string(k.Kind)) + "/" + k.ID
}

// ParseKey is the inverse of KeyText.
func ParseKey(text string) (runtime.Key, error) {
	tenant, rest, _ := strings.Cut(text, "/")
	kind, id, ok := strings.Cut(rest, "/")
	t, err := url.PathUnescape(tenant)
	if err != nil || !ok {
		return runtime.Key{}, fmt.Errorf("%q is not a key", text)
	}
	k, err := url.PathUnescape(kind)
	if err != nil {
		return runtime.Key{}, fmt.Errorf("%q is not a key", text)
	}
	return runtime.Key{Tenant: access.TenantID(t), Kind: runtime.Kind(k), ID: id}, nil
}

// CommandText names a command id among those of all tenants.
func CommandText(t access.TenantID, id engine.CommandID) string {
	return TenantText(t) + "/" + string(id)
}

// IndexText names an index among those of all tenants.
func IndexText(t access.TenantID, index string) string {
	return TenantText(t) + "/" + url.PathEscape(index)
}

// Next returns the smallest text that is greater than every text that begins
// with prefix; false when there is none.
func Next(prefix string) (string, bool) {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0xff {
			b[i]++
			return string(b[:i+1]), true
		}
	}
	return "", false
}

// TenantText names a tenant in a key; it contains no "/".
func TenantText(t access.TenantID) string { return url.PathEscape(string(t)) }
