// Package gallery takes the pictures of what people see in a chat. It tells a
// story through usher serve and the chat's fake, draws every screen on the way
// and, with
//
//	go test ./bot/gallery -update
//
// photographs them in headless Chromium into docs. Without -update it only shows
// that every screen of the story can be drawn. Another chat brings a story and
// something that draws its payloads.
package gallery
