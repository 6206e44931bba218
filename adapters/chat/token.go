package chat

import "github.com/usher-dev/usher/core/access"

// Verb is what a button asks for.
type Verb string

// Token is the address in a button: at most 100 bytes when encoded. It names a
// ledger (Person), a request and the stage and face that were shown, and
// grants nothing: who may press is asked of the engine at each press.
type Token struct {
	Verb    Verb
	Tenant  access.TenantID
	Person  access.PersonID
	Request access.RequestID
	Stage   int
	Face    int
	// Arg is a package, policy or resource role where the verb needs one.
	Arg string
}
