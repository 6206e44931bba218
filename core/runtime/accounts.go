package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// accountRecord is stored under KindAccount for an account of which more is
// known than that it is there. The accounts of a person who has several have
// the same Accounts and Parted.
type accountRecord struct {
	Person access.PersonID `json:"person"`
	// Accounts are all of the person's; the first one is what the person is
	// named after.
	Accounts []access.Account `json:"accounts,omitempty"`
	// Parted were the person's once. They count as the person when something
	// is to be refused, never when it is to be granted.
	Parted []access.Account `json:"parted,omitempty"`
	// Sole: an admin confirmed that the human has no other account.
	Sole bool `json:"sole,omitempty"`
	// Unlinked: an admin took the account away from its person. It stands for
	// nobody until it is linked again.
	Unlinked bool `json:"unlinked,omitempty"`
}

// AccountKey names the record that says whose an account is.
func AccountKey(t access.TenantID, a access.Account) Key { return Key{t, KindAccount, string(a)} }

// accountIn reads an account record; an account without one is its own person.
func accountIn(rec Record, a access.Account) (accountRecord, error) {
	own := accountRecord{Person: access.PersonID(a), Accounts: []access.Account{a}}
	if rec.Revision == 0 {
		return own, nil
	}
	known, err := decoded[accountRecord](rec)
	if err != nil {
		return accountRecord{}, fmt.Errorf("read %s: %w", rec.Key, err)
	}
	if len(known.Accounts) == 0 {
		known.Accounts = own.Accounts
	}
	return known, nil
}

// account reads whose an account is.
func (r *Runtime) account(ctx context.Context, t access.TenantID, a access.Account) (accountRecord, error) {
	recs, err := r.Store.Load(ctx, AccountKey(t, a))
	if err != nil {
		return accountRecord{}, fmt.Errorf("load account: %w", err)
	}
	return accountIn(recs[0], a)
}

// proven reports whether it is known that the human has no further account.
func (a accountRecord) proven() bool { return len(a.Accounts) > 1 || a.Sole }

// several reports whether a tenant has several chats.
func (r *Runtime) several(t access.TenantID) bool {
	n := 0
	for _, of := range r.Chats {
		if of == t {
			n++
		}
	}
	return n > 1
}

// write is the change of an account record.
func (a accountRecord) write(rec Record) (Write, error) {
	data, err := json.Marshal(a)
	if err != nil {
		return Write{}, fmt.Errorf("encode %s: %w", rec.Key, err)
	}
	return Write{Key: rec.Key, Revision: rec.Revision, Data: data}, nil
}

// in is the person's account in a chat, "" when they have none there.
func (a accountRecord) in(chat string) access.Account {
	i := slices.IndexFunc(a.Accounts, func(own access.Account) bool { return strings.HasPrefix(string(own), chat+"/") })
	if i < 0 {
		return ""
	}
	return a.Accounts[i]
}

// persons are accounts as the persons that they are or were.
func persons(accounts []access.Account) []access.PersonID {
	all := make([]access.PersonID, len(accounts))
	for i, a := range accounts {
		all[i] = access.PersonID(a)
	}
	return all
}

// Moved is what a reader of a ledger gets that was merged into another: what
// was request n of From is n+Shift of To.
type Moved struct {
	From, To access.PersonID
	Shift    access.RequestID
}

// Error implements error.
func (m *Moved) Error() string {
	return fmt.Sprintf("the ledger of %s is that of %s now", m.From, m.To)
}

func isMoved(err error) bool {
	var moved *Moved
	return errors.As(err, &moved)
}

// Person says who an account belongs to at this moment: the person whom it
// was linked with, or itself.
func (r *Runtime) Person(ctx context.Context, t access.TenantID, a access.Account) (access.PersonID, error) {
	known, err := r.account(ctx, t, a)
	return known.Person, r.forPeople(err)
}

// Accounts lists the accounts of whoever an account belongs to, the one that
// the person is named after first.
func (r *Runtime) Accounts(ctx context.Context, t access.TenantID, a access.Account) ([]access.Account, error) {
	known, err := r.account(ctx, t, a)
	return known.Accounts, r.forPeople(err)
}
