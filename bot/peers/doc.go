// Package peers holds the usher that is built against counterparts that
// others wrote: emulate's Slack with WireMock before it, Slack's own types and
// Slack's own check of a signature. make test-peers installs them into
// node_modules, as package-lock.json says, and runs the tests, which have the
// build tag "peers" because they need Node and Java.
package peers
