//go:build !race

package discord

// many is how many interactions are taken to see what stays behind.
const many = 10000
