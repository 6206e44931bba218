// Package slackfake is a Slack of our own, in process, for tests. It keeps the
// state of one workspace, serves the Web API under URL, speaks Socket Mode,
// delivers commands, interactions and events to the app under test over either
// transport, and drives people: they type, press, fill in and see.
//
// It refuses what Slack refuses. Where Slack's documents are silent it does
// the stricter thing. The rules and where they come from:
//
//   - errors of each method: docs.slack.dev/reference/methods/<method>
//   - Block Kit limits: docs.slack.dev/reference/block-kit/{blocks,
//     block-elements,composition-objects}; lengths are counted in UTF-16 units,
//     the strictest reading of "characters"
//   - views: docs.slack.dev/reference/views/{modal-views,home-tab-views} and
//     docs.slack.dev/surfaces/modals (a stack of three, hash, errors by the
//     block id of input blocks)
//   - triggers (3 s, once), acknowledgements within 3 s, response_url (5 uses in
//     30 min): docs.slack.dev/interactivity/handling-user-interaction
//   - commands: docs.slack.dev/interactivity/implementing-slash-commands
//   - Socket Mode: docs.slack.dev/apis/events-api/using-socket-mode (10
//     connections, hello, disconnect); answers of 20 KiB and more are dropped,
//     as slack-go's socketmode found out
//   - events, retries and their headers: docs.slack.dev/apis/events-api
//   - signatures: docs.slack.dev/authentication/verifying-requests-from-slack
//   - rate tiers: docs.slack.dev/apis/web-api/rate-limits
//
// Stricter than Slack on purpose: a message needs top-level text also when it
// has blocks (notifications and screen readers read nothing else), text over
// 40,000 characters is refused instead of cut, an acknowledgement must come over
// the connection that brought the envelope, views.open closes the modals that
// were open, errors at unknown fields are a trouble that the person sees, JSON in
// answer to a delivery has to say application/json, and people of other
// workspaces have no commands, shortcuts and home, but may press buttons.
// Not here: attachments, files, group messages, Enterprise Grid, OAuth.
//
// Time is the injected clock's. Nothing sleeps: waiting is for a change of
// state, with Options.Patience of real time as the end of it.
package slackfake
