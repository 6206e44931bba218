package discordfake

import (
	"context"
	"net/http"
)

// carrier is the way from this Discord to the app: the gateway, or signed HTTP
// for interactions. transport (deliver.go, gateway.go) is the one there is.
type carrier interface {
	// routes adds the addresses of the gateway: GET /api/v{n}/gateway,
	// /gateway/bot (through f.authorized) and the websocket's own.
	routes(mux *http.ServeMux)

	// deliver hands an interaction to the app; payload is a whole interaction
	// object and is not kept. f.mu is not held. Over HTTP it returns the body of
	// a 200 (a callback: {"type":…,"data":…}), which the caller checks and
	// carries out; a nil body means that the app answers, or may answer, by POST
	// /interactions/{id}/{token}/callback, as it always does over the gateway,
	// where deliver returns as soon as the event is sent. ctx ends when the
	// interaction can no longer be answered. An error: nobody took it.
	deliver(ctx context.Context, payload object) (body []byte, err error)

	// dispatch tells the app of an event, if it is connected and its intents
	// say so. guild is "" for what belongs to no server. data is not kept and
	// not changed (clone it). f.mu is held: it only queues.
	dispatch(guild, event string, data object)

	// clockMoved looks for what is due by the clock. f.mu is not held.
	clockMoved()

	// close ends all connections; the test is over.
	close()
}

var _ carrier = (*transport)(nil)
