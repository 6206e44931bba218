package holds

import (
	"strconv"
	"testing"
	"time"
)

func TestAHoldEndsOnTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var h Holds
	if _, held := h.Of("chat.update", now); held {
		t.Error("held from the start")
	}
	h.Put("chat.update", now.Add(time.Second))
	if at, held := h.Of("chat.update", now); !held || !at.Equal(now.Add(time.Second)) {
		t.Errorf("held until %v, %v", at, held)
	}
	if _, held := h.Of("chat.postMessage", now); held {
		t.Error("another method waits as well")
	}
	if _, held := h.Of("chat.update", now.Add(time.Second)); held {
		t.Error("still held")
	}
}

func TestHoldsAreBounded(t *testing.T) {
	t.Parallel()
	var h Holds
	for i := range 3 * maxHolds {
		h.Put(strconv.Itoa(i), time.Unix(1, 0))
	}
	if len(h.until) > maxHolds {
		t.Errorf("%d are kept", len(h.until))
	}
}
