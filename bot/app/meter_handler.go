package app

import (
	"context"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/runtime"
)

// meteredHandler times the answers to what people do.
type meteredHandler struct {
	chat.Handler
	m *metrics
	r *runtime.Runtime
}

func (h meteredHandler) Handle(ctx context.Context, in chat.Intent) chat.Reply {
	defer h.r.Answering()()
	name := "searched"
	switch in.(type) {
	case chat.Invoked:
		name = "invoked"
	case chat.Pressed:
		name = "pressed"
	case chat.Filled:
		name = "filled"
	}
	defer func(start time.Time) {
		h.m.intents.WithLabelValues(name).Observe(time.Since(start).Seconds())
	}(time.Now())
	return h.Handler.Handle(ctx, in)
}
