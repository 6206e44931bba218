// Package discordfake is a Discord of our own, in process, for tests. It keeps
// the state of a few servers ("guilds"), serves the REST API under URL, speaks
// the gateway, delivers interactions to the app under test over the gateway or
// by signed HTTP, and drives people: they type commands, press, choose, fill in
// and see.
//
// It refuses what Discord refuses. Where Discord's documents are silent it does
// the stricter thing. The rules and where they come from (pages of the Discord
// developer documentation, by title):
//
//   - responses to interactions, once, within three seconds, tokens of 15
//     minutes, which type answers what, followups: Receiving and Responding to
//     Interactions
//   - components of messages and modals, their limits and nesting: Component
//     Reference
//   - commands, names, options, sizes, contexts, permissions, 200 creates a day:
//     Application Commands; languages: Reference, "Locales"
//   - messages, embeds, flags, nonce, allowed_mentions, edits: Messages Resource
//   - roles, members, two factor, hierarchy, overwrites: Guild Resource,
//     Permissions, Channels Resource
//   - threads, archived, locked and private ones: Threads, Channels Resource
//   - error codes and the form of errors: Opcodes and Status Codes; Reference,
//     "Error Messages". The codes inside of "errors" are not documented; those
//     here resemble what is seen
//   - headers of rate limits, 50 a second, 10,000 invalid requests: Rate Limits
//   - X-Audit-Log-Reason, 1 to 512 URL-encoded characters: Audit Logs Resource
//   - application flags of privileged intents: Application Resource; what is
//     empty without MESSAGE_CONTENT: Gateway
//   - the form of a client's User-Agent: Reference, "User Agent"
//   - sessions, intents, heartbeats, RESUME, shards, the limits of what an app
//     sends and of its IDENTIFY calls, compression: Gateway, Gateway Events;
//     close codes: Opcodes and Status Codes
//   - signatures, PING, wrong signatures now and then: Overview of Interactions
//
// Stricter than Discord on purpose: a field that is not documented is refused
// (50035) instead of ignored, and so are flags that cannot be set; a modal is
// answered by a new message only (4, 5), also when it was opened from a
// component; a nonce is looked for in all channels, for five minutes; the total
// of all text displays is 4,000 characters; everything in a message pings as
// far as allowed_mentions lets it, in code too. Members who are timed out or
// pending may press buttons, so that the app has to look. Not here: files,
// stickers, polls, forums, voice, reactions, webhooks of channels, OAuth2, apps
// installed by users.
//
// Time is the injected clock's. Nothing sleeps: waiting is for a change of
// state, with Options.Patience of real time as the end of it.
package discordfake
