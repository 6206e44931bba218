package slackfault

// Scope is a permission that a connector needs, with its reason and what does
// not work without it, for the manifest and for `usher doctor`.
type Scope struct {
	Name    string
	Reason  string
	Without string
}
