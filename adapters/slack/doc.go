// Package slack is the adapter for Slack: it implements chat.Adapter and
// runtime.Directory (and runtime.Searcher) for one workspace or one Enterprise
// organisation that the app is installed in.
//
// Names. Accounts are "<chat>/<user id>" ("slack/U012AB3CD"), groups are
// "<chat>/<user group id>" ("slack/S0614TZR7") and, for the members of a
// channel, "<chat>/<channel id>", channels are "<chat>/<channel id>", and a
// message is "<channel id>/<ts>".
//
// Ways in. parse.go turns every payload of Slack into an intent, or into a
// word why it is ignored; it is pure, and the same for Socket Mode (socket.go)
// and HTTP (http.go). Slack wants its answer within 3 seconds and never sends
// a command or an interaction twice, so dispatch.go writes first and answers
// then; what takes longer gets a modal that says so and is redrawn at the end.
//
// Ways out. render.go draws cards, modal.go forms; both are pure. limits.go
// holds every limit of Block Kit. post.go posts and edits, faults.go says what
// may be done about what Slack refuses. Nothing here waits out a rate limit:
// the runtime gets the time to try again at.
//
// Repeated posts. Every card carries its effect id as message metadata. This
// process remembers the ids that it posted. Before it posts an id that it does
// not know, it looks through the last messages of the place, at most 40 times
// a minute; always, when an earlier attempt of its own got no answer. A card
// that is found is redrawn. Where the history cannot be read, a card whose
// answer was lost may be there twice.
//
// The rules of the platform are from docs.slack.dev: "Block Kit", "Modals",
// "Handling user interaction", "Verifying requests from Slack", "Using Socket
// Mode", "Rate limits" and the pages of the methods.
package slack
