package slack

import (
	"net/http"
	"time"
)

// newHTTPClient keeps its connections. All calls go to one host, for which
// Go's own client keeps two: when many people act at once, every other call
// would open a connection, which costs more than the call.
func newHTTPClient() *http.Client {
	c := &http.Client{Timeout: 10 * time.Second}
	if usual, ok := http.DefaultTransport.(*http.Transport); ok {
		keeping := usual.Clone()
		keeping.MaxIdleConnsPerHost = keeping.MaxIdleConns
		c.Transport = keeping
	}
	return c
}
