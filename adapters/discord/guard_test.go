package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheGuardHearsHowDiscordCloses(t *testing.T) {
	t.Parallel()
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
	short, long, huge := "\x81\x03abc", "\x82\x7e\x01\x00"+strings.Repeat("\x88", 256), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"+strings.Repeat("\x88", 1<<16)
	closed := "\x88\x16\x0f\xa4Authentication failed"
	for said, want := range map[string]int{
		answer + short + long + huge + closed: 4004,
		answer + closed:                       4004,
		answer + "\x88\x02\x0f\xae" + closed:  4014,
		answer + short + long:                 0,
		answer + "\x88\x00" + closed:          0,
		answer + "\x16\x03\x01" + closed:      0, // TLS, behind a proxy
		strings.Repeat("x", 17<<10) + answer:  0,
		closed:                                0,
	} {
		for _, size := range []int{1, 2, 3, 7, 4096, len(said)} {
			var c closeCode
			for rest := []byte(said); len(rest) > 0; {
				n := min(size, len(rest))
				c.see(rest[:n])
				rest = rest[n:]
			}
			if c.code() != want {
				t.Errorf("%.80q in parts of %d: %d", said, size, c.code())
			}
		}
	}
}

func TestTheGatewaysCertificateIsLookedAt(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	l := &line{a: &Adapter{}}
	var unknown *tls.CertificateVerificationError
	if _, err := l.dialTLS(context.Background(), "tcp", server.Listener.Addr().String()); !errors.As(err, &unknown) {
		t.Errorf("a certificate that nobody knows: %v", err)
	}
}
