package desk

import (
	"sync"
	"testing"
)

// embedded are the texts, read once for all tests.
var embedded = sync.OnceValues(LoadTexts)

func sharedTexts(t testing.TB) *Texts {
	t.Helper()
	texts, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
