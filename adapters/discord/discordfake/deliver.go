package discordfake

import (
	"context"
	"errors"
	"net/http"
)

// GatewayOptions are how the gateway behaves.
type GatewayOptions struct{}

// transport carries interactions and events to the app.
type transport struct{ f *Fake }

func newTransport(f *Fake) *transport { return &transport{f: f} }

func (tr *transport) routes(*http.ServeMux)           {}
func (tr *transport) dispatch(string, string, object) {}
func (tr *transport) clockMoved()                     {}
func (tr *transport) close()                          {}

func (tr *transport) deliver(context.Context, object) ([]byte, error) {
	return nil, errors.New("discordfake: nobody listens")
}
