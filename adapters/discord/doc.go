// Package discord is the adapter for Discord: it implements chat.Adapter and
// runtime.Directory (and runtime.Searcher) for the servers ("guilds") of one
// tenant that one Discord application is in.
//
// Names. Accounts are "<chat>/<user id>" ("discord/80351110224678912"), groups
// are "<chat>/<role id>" (the role @everyone has the id of its server),
// channels are "<chat>/<channel id>", and a message is
// "<channel id>/<message id>". Ids are snowflakes.
//
// Ways in. parse.go turns every interaction into an intent, or into a word why
// it is ignored; it is pure, and the same for the gateway and for HTTP. Discord
// wants its first answer within 3 seconds and sends nothing twice.
//
// Ways out. render.go draws cards (components v2), modal.go forms, reply.go
// decides how a reply is shown; all three are pure. limits.go holds every limit
// of messages, modals and commands. commands.go makes the definition of the
// slash commands and menus.
//
// What Discord lacks, and what stands in for it:
//   - A modal cannot answer a modal. Between two pages of a form stands a
//     private message with a Continue button.
//   - A modal closes when it is sent. What is wrong with it is said in a private
//     message with a button that opens it again, with what was typed.
//   - A button cannot ask whether somebody is sure. The custom_id of a button
//     that has to ask begins with a capital letter, which no token does: a press
//     on it reaches nobody but gets a private question, whose Yes is the token.
//
// The rules of the platform are from the Discord developer documentation:
// "Component Reference", "Receiving and Responding to Interactions",
// "Application Commands", "Message Resource" and "API Reference".
package discord
