// Package e2e tells the stories of Usher as people live through them: they
// type commands, fill in forms and press buttons over the playground's JSON
// API or in its page, on both stores, and the clock is put forward. Nothing in
// it knows the engine.
package e2e
