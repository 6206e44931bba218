//go:build race

package discord

// many is how many interactions are taken to see what stays behind. With the
// race detector each takes ten times as long; make test counts without it too.
const many = 1000
