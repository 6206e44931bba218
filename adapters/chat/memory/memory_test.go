package memory_test

import (
	"strconv"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/memory"
)

func TestTheOlderHalfIsForgotten(t *testing.T) {
	t.Parallel()
	var m memory.Map[int]
	for i := range memory.Size + 1 {
		m.Put(strconv.Itoa(i), i)
	}
	if _, known := m.Get("0"); known {
		t.Error("the oldest is still known")
	}
	if got, known := m.Get(strconv.Itoa(memory.Size)); !known || got != memory.Size {
		t.Errorf("the newest is %d, %t", got, known)
	}
	if got, known := m.Get(strconv.Itoa(memory.Size / 2)); !known || got != memory.Size/2 {
		t.Errorf("one of the newer half is %d, %t", got, known)
	}
}

func TestOnlyTheFirstIsTheFirst(t *testing.T) {
	t.Parallel()
	var m memory.Map[string]
	if !m.First("k", "a") || m.First("k", "b") {
		t.Error("it was the first twice, or never")
	}
	if got, _ := m.Get("k"); got != "a" {
		t.Errorf("the value is %q", got)
	}
	m.Forget("k")
	if _, known := m.Get("k"); known || !m.First("k", "c") {
		t.Error("what was forgotten is known")
	}
}
