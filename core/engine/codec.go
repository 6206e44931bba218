package engine

import (
	"encoding/json"
	"fmt"

	"github.com/usher-dev/usher/core/access"
)

// Encode is the stored form of a ledger: JSON, the same bytes for the same
// ledger.
func Encode(l access.Ledger) ([]byte, error) { return json.Marshal(l) }

// Decode reads a stored ledger. It refuses one of a newer schema, since
// writing it back would lose what this version does not know.
func Decode(data []byte) (access.Ledger, error) {
	var l access.Ledger
	if err := json.Unmarshal(data, &l); err != nil {
		return access.Ledger{}, fmt.Errorf("ledger: %w", err)
	}
	if l.Schema < 1 || l.Schema > access.LedgerSchema {
		return access.Ledger{}, fmt.Errorf("ledger: schema %d, this version knows up to %d", l.Schema, access.LedgerSchema)
	}
	for ref, h := range l.Roles {
		if h == nil {
			return access.Ledger{}, fmt.Errorf("ledger: nothing is said of role %s", ref)
		}
	}
	return l, nil
}

// EncodeCase and DecodeCase are the stored form of an archived case.
func EncodeCase(c access.Case) ([]byte, error) { return json.Marshal(c) }

// DecodeCase reads an archived case.
func DecodeCase(data []byte) (access.Case, error) {
	var c access.Case
	if err := json.Unmarshal(data, &c); err != nil {
		return access.Case{}, fmt.Errorf("case: %w", err)
	}
	return c, nil
}
