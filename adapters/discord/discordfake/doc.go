// Package discordfake is a Discord of our own, in process, for tests. It keeps
// the state of a few servers ("guilds"), serves the REST API under URL, speaks
// the gateway, delivers interactions to the app under test over the gateway or
// by signed HTTP, and drives people: they type commands, press, choose, fill in
// and see.
//
// It refuses what Discord refuses. Where Discord's documents are silent it does
// the stricter thing. Time is the injected clock's. Nothing sleeps: waiting is
// for a change of state, with Options.Patience of real time as the end of it.
package discordfake
