package app

import (
	"github.com/usher-dev/usher/adapters/connect/manual"
	"github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/core/runtime"
)

// This file is where connectors are registered, by the name that resources
// give for theirs. Nothing else registers anything.

// serveConnectors are those of usher serve.
func serveConnectors() map[string]runtime.Connector {
	return map[string]runtime.Connector{
		"manual": manual.New(),
	}
}

// demoConnectors are those of usher demo.
func demoConnectors(r *rooms.Rooms) map[string]runtime.Connector {
	all := serveConnectors()
	all["playground"] = r
	return all
}
