//go:build race

package form_test

// forms is how many random forms are filled in. With the race detector each
// takes five times as long; make test counts without it too.
const forms = 2_000
