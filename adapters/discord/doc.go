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
//     Discord keeps no more than 100 characters with a button, so the question
//     names the button and not the card's own sentence.
//   - A modal holds five things. An intro that has no room above five fields is
//     shown in a private message before it.
//   - A modal's menu has 25 options and none that searches. With more options
//     the answer is typed; packages are completed behind the slash command.
//
// The rules of the platform are from the Discord developer documentation:
// "Component Reference", "Receiving and Responding to Interactions",
// "Application Commands", "Message Resource" and "API Reference".
package discord
