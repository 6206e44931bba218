// Package playground is a chat in a web page, for trying Usher out: several
// people side by side, each with messages, slash commands, forms, buttons and
// private replies in their own language and time zone. It is a chat.Adapter
// like any other, and besides the runtime.Directory and the runtime.Clock of
// what it is part of, so that people and time can be changed by hand.
//
// Everybody who reaches the page may act as everybody on it. It therefore
// listens on loopback only, unless it is given a token (see Serve), and is
// never part of a real set-up.
//
// API.md describes the page's JSON API.
package playground
