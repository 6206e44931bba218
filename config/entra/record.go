package entra

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// record is what is stored of one object of Graph beside the definition that
// it became.
type record struct {
	Kind   kind   `json:"kind"`
	ID     string `json:"id,omitempty"`     // in Entra; "" if it came without
	As     string `json:"as,omitempty"`     // in Usher: the id of the catalog, resource or package
	Policy string `json:"policy,omitempty"` // in Usher: a policy of the package As
	Origin string `json:"origin,omitempty"` // of a resource: its originId
	Shape  shape  `json:"shape,omitzero"`
	// Made: nobody described this object. Usher made it because another names it.
	Made bool `json:"made,omitempty"`
	// People and Groups are who the object ids in it were taken for.
	People  map[string]string `json:"people,omitempty"`
	Groups  map[string]string `json:"groups,omitempty"`
	Changes []change          `json:"changes,omitempty"`
	// Lost is what Graph had no word for at the import: the changes make up for it.
	Lost []string `json:"lost,omitempty"`
	// Whole is an object that became nothing in Usher.
	Whole json.RawMessage `json:"whole,omitempty"`
}

// shape is the way in which Graph says the same.
type shape struct {
	Beta bool `json:"beta,omitempty"`
	// Pattern: a policy in beta's shape with v1.0's expiration.
	Pattern bool `json:"pattern,omitempty"`
}

const keptPrefix = "entra/"

var safeName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)

// keptID names the record of an object by its id in Entra, or by what else
// tells it from others.
func keptID(k kind, ident string) string {
	if !safeName.MatchString(ident) {
		sum := sha256.Sum256([]byte(ident))
		ident = "x" + hex.EncodeToString(sum[:12])
	}
	return keptPrefix + string(k) + "/" + strings.ToLower(ident)
}

// records reads what earlier imports kept, by id.
func records(kept []access.Kept) (map[string]record, error) {
	all := map[string]record{}
	for _, k := range kept {
		if !strings.HasPrefix(k.ID, keptPrefix) {
			continue
		}
		var r record
		if err := json.Unmarshal(k.Data, &r); err != nil {
			return nil, fmt.Errorf("read what is kept as %s: %w", k.ID, err)
		}
		all[k.ID] = r
	}
	return all, nil
}

func (r record) kept(id string) access.Kept { return access.Kept{ID: id, Data: encode(r)} }
