// Package peers holds the usher that is built against counterparts that
// others wrote: emulate's Slack with WireMock before it, the types and the checks
// of a signature of Slack and Discord. make test-peers installs them into
// node_modules, as package-lock.json says, and runs the tests, which have the
// build tag "peers" because they need Node and Java.
package peers
