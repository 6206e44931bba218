// Package load measures how long people wait for Usher when a whole company
// presses buttons at once. It is one benchmark, because that can start
// redis-server as the other tests do:
//
//	make load
//
// It starts redis-server, a stand-in for the platform's API that answers at
// once, and usher serve as in production, each in a process of its own but for
// the stand-in. It lets several thousand people ask for something and then
// sends signed interactions at a constant rate, whether or not earlier ones
// were answered. A latency counts from the moment at which the interaction was
// due to be sent, so a slow answer cannot hide the ones behind it.
//
// Half of the time before and half of it after, the very same deliveries go at
// the same rate to a bare handler in a process of its own: net/http, the
// check of the signature and parsing the JSON, and nothing else.
//
// Every answer is looked at, and at the end the store is read: each decision
// has to be in it, and none that was refused. Nothing depends on time.
//
// A platform is a kind; slack_test.go and webapi_test.go are all of Slack's,
// discord_test.go and discordapi_test.go all of Discord's, and crowd_test.go is
// what people do in both.
package load
