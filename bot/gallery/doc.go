// Package gallery takes the pictures of what people see in a chat. For Slack it
// tells a story through usher serve and the chat's fake and draws every screen on
// the way; for Discord it draws what the adapter's tests hold its screens against.
// With
//
//	go test ./bot/gallery -update
//
// it photographs them in headless Chromium into docs; without it, it only shows
// that every screen can be drawn. Another chat brings its screens and something
// that draws their payloads.
package gallery
