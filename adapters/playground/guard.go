package playground

import (
	"crypto/sha256"
	"crypto/subtle"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

const (
	maxBody    = 64 << 10
	cookieName = "usher_playground"
)

// guard lets through what may reach the page, and sets the headers that keep
// other pages out. It catches panics.
func (a *Adapter) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer a.recovered(w, r)
		harden(w.Header())
		if err := a.admit(r); err != nil {
			a.fail(w, r, err)
			return
		}
		if a.Token != "" && r.URL.Query().Has("token") && r.Method == http.MethodGet {
			a.keepToken(w, r)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

func (a *Adapter) recovered(w http.ResponseWriter, r *http.Request) {
	broken := recover()
	if broken == nil {
		return
	}
	if broken == http.ErrAbortHandler {
		panic(broken)
	}
	a.Log.Error().Interface("panic", broken).Str("path", r.URL.Path).Msg("playground: a request broke the page")
	a.fail(w, r, access.Refuse(access.Unavailable, "internal"))
}

func harden(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// admit checks where a request comes from, whoever sent it.
func (a *Adapter) admit(r *http.Request) error {
	if a.Token == "" {
		if !localOnly(r) {
			return access.Refuse(access.Forbidden, "notLoopback")
		}
		if !loopbackHost(r.Host) {
			return access.Refuse(access.Forbidden, "foreignHost")
		}
	} else if !a.hasToken(r) {
		return access.Refuse(access.Forbidden, "needsToken")
	}
	if foreign(r) {
		return access.Refuse(access.Forbidden, "foreignOrigin")
	}
	if r.Method == http.MethodPost {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" {
			return access.Refuse(access.Invalid, "contentType")
		}
	}
	return nil
}

// localOnly reports whether the request came in on a loopback address. An
// address that is not known (a handler called by a test) counts as one.
func localOnly(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return !ok || loopbackAddr(addr)
}

func loopbackAddr(addr net.Addr) bool {
	at, err := netip.ParseAddrPort(addr.String())
	return err == nil && at.Addr().Unmap().IsLoopback()
}

// loopbackHost reports whether a Host header names this computer. A page of
// another name that leads here (DNS rebinding) is refused by it. With a token
// the name does not matter: such a page has neither the cookie nor the header.
func loopbackHost(host string) bool {
	u := url.URL{Host: host}
	name := u.Hostname()
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}

// foreign reports whether a browser sent the request on behalf of another
// page.
func foreign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || !strings.EqualFold(u.Host, r.Host) {
			return true
		}
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "same-origin", "none":
		return false
	default:
		// A link from elsewhere to the page itself is no harm.
		return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate"
	}
}

// hasToken reads the token from the Authorization header, the cookie, or, for
// GET, from the address.
func (a *Adapter) hasToken(r *http.Request) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return a.isToken(bearer)
	}
	if c, err := r.Cookie(cookieName); err == nil && a.isToken(c.Value) {
		return true
	}
	return r.Method == http.MethodGet && a.isToken(r.URL.Query().Get("token"))
}

func (a *Adapter) isToken(given string) bool {
	want, got := sha256.Sum256([]byte(a.Token)), sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// keepToken moves the token from the address into a cookie.
func (a *Adapter) keepToken(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: r.URL.Query().Get("token"), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	q := r.URL.Query()
	q.Del("token")
	to := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	if !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "//") {
		to.Path = "/"
	}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}
