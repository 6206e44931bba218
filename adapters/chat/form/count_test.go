//go:build !race

package form_test

// forms is how many random forms are filled in.
const forms = 20_000
