package discordfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is one call of the REST API, as it was answered. A response that came in
// the body of a signed HTTP delivery is one too, with the method "RESPONSE".
type Call struct {
	Method, Path string // without /api/v10
	Body         string
	Reason       string // X-Audit-Log-Reason, decoded
	At           time.Time
	Status       int // 0: the connection was dropped
	Code         int // Discord's error code; 0 when it was done
	Error        string
}

// Calls returns the calls so far whose "METHOD /path" begins with a prefix; ""
// for all.
func (f *Fake) Calls(prefix string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.calls), func(c Call) bool { return !strings.HasPrefix(c.Method+" "+c.Path, prefix) })
}

// route is an endpoint.
type route struct {
	pattern string // "METHOD /path"
	do      func(*Fake, *call) (any, error)
	open    bool // needs no bot token: interactions and their webhooks
	reasons bool // takes X-Audit-Log-Reason
}

// call is a request on its way.
type call struct {
	r      *http.Request
	path   string // without /api/v10
	raw    []byte
	body   object // of a JSON object
	list   []any  // of a JSON list
	query  url.Values
	at     time.Time
	reason string
	files  map[string]File // of a form, by the number in "files[0]"
}

func (c *call) id(name string) string { return c.r.PathValue(name) }

// checkIDs refuses ids in the path that are none.
func (c *call) checkIDs() error {
	for _, name := range []string{"guild", "channel", "user", "role", "message", "overwrite", "app", "command", "interaction"} {
		id := c.id(name)
		if id == "" || isSnowflake(id) || name == "user" && id == "@me" || name == "message" && id == "@original" {
			continue
		}
		return badField(name+"_id", "NUMBER_TYPE_COERCE", "Value "+strconv.Quote(id)+" is not snowflake.")
	}
	return nil
}

// flag reads a parameter that is true or false (Reference, "Boolean Query
// Strings").
func (c *call) flag(name string) bool {
	return slices.Contains([]string{"true", "True", "1"}, c.query.Get(name))
}

// limit reads the parameter of that name.
func (c *call) limit(most, or int) (int, error) {
	raw := c.query.Get("limit")
	if raw == "" {
		return or, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || n > most {
		return 0, badField("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and "+strconv.Itoa(most)+".")
	}
	return n, nil
}

// created is an answer with status 201.
type created struct{ body any }

// api serves the REST API.
func (f *Fake) api() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		mux.HandleFunc(method+" /api/{version}"+path, func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, rt) })
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		f.serve(w, r, route{pattern: "unknown", open: true, do: func(*Fake, *call) (any, error) {
			return nil, &refusal{status: http.StatusNotFound, message: "404: Not Found"}
		}})
	})
	return mux
}

// serve answers a request.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request, rt route) {
	c := &call{r: r, query: r.URL.Query(), path: pathOf(r)}
	var err error
	c.raw, err = io.ReadAll(io.LimitReader(r.Body, 25<<20+1))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := f.takeFault(c)
	if f.hold(r.Context(), fault) != nil {
		panic(http.ErrAbortHandler)
	}
	if fault.before() {
		f.fail(w, c, fault)
		return
	}
	answer, err := f.take(c, rt)
	if fault != nil && fault.After {
		f.fail(w, c, fault)
		return
	}
	f.reply(w, c, rt, answer, err)
}

// take checks a call and does it.
func (f *Fake) take(c *call, rt route) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.touch()
	c.at = f.clock.Now()
	if err := f.admit(c, rt); err != nil {
		return nil, err
	}
	if err := c.checkIDs(); err != nil {
		return nil, err
	}
	if err := c.read(); err != nil {
		return nil, err
	}
	if rt.reasons {
		if err := c.readReason(); err != nil {
			return nil, err
		}
	}
	return rt.do(f, c)
}

// pathOf is the path behind the version.
func pathOf(r *http.Request) string {
	parts := strings.SplitN(r.URL.Path, "/", 4)
	return "/" + parts[len(parts)-1]
}

// userAgent is the form that a client has to name itself in (API Reference,
// "User Agent").
var userAgent = regexp.MustCompile(`^DiscordBot \(\S+, \S+\)`)

// admit checks who calls and how often. f.mu is held.
func (f *Fake) admit(c *call, rt route) error {
	if f.banned(c.at) {
		return &refusal{status: http.StatusTooManyRequests, message: htmlBanned}
	}
	if !userAgent.MatchString(c.r.Header.Get("User-Agent")) {
		return refuse(blocked)
	}
	if v := c.r.PathValue("version"); v != "v10" && v != "v9" && v != "" {
		return refuse(badVersion)
	}
	if !rt.open && c.r.Header.Get("Authorization") != "Bot "+f.opt.BotToken {
		return &refusal{status: http.StatusUnauthorized, message: "401: Unauthorized"}
	}
	return f.limitRate(c, rt)
}

// read decodes the body: JSON, or a form with payload_json (API Reference,
// "Uploading Files").
func (c *call) read() error {
	if len(c.raw) > 25<<20 {
		return refuse(tooLarge)
	}
	if len(c.raw) == 0 {
		return nil
	}
	kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	raw := c.raw
	switch kind {
	case "application/json":
	case "multipart/form-data":
		form, files, err := multipartReader(c.raw, params["boundary"])
		if err != nil {
			return err
		}
		raw, c.files = form, files
	default:
		return badField("", "CONTENT_TYPE_INVALID", `Expected "Content-Type" header to be one of {'application/json'}.`)
	}
	v, err := decode(raw)
	if err != nil {
		return refuse(invalidJSON)
	}
	c.body, c.list = nested(v), items(v)
	return nil
}

// decode reads JSON and keeps numbers as they are written.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// readReason decodes X-Audit-Log-Reason: 1 to 512 URL-encoded UTF-8 characters
// (Audit Log, "Audit Reason").
func (c *call) readReason() error {
	raw := c.r.Header.Get("X-Audit-Log-Reason")
	if raw == "" {
		return nil
	}
	plain, err := url.PathUnescape(raw)
	plainASCII := !strings.ContainsFunc(raw, func(r rune) bool { return r > 126 || r < 32 })
	if err != nil || !plainASCII || length(plain) > 512 {
		return badField("reason", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 512 URL-encoded characters in length.")
	}
	c.reason = plain
	return nil
}

// reply writes an answer, counts it and keeps it for Calls.
func (f *Fake) reply(w http.ResponseWriter, c *call, rt route, answer any, err error) {
	status := http.StatusOK
	if made, ok := answer.(created); ok {
		status, answer = http.StatusCreated, made.body
	} else if answer == nil {
		status = http.StatusNoContent
	}
	code := 0
	f.mu.Lock()
	f.rateHeaders(w.Header(), c, rt)
	f.mu.Unlock()
	var refused *refusal
	if errors.As(err, &refused) {
		status, code = refused.status, refused.code
		answer = refused.body(w.Header())
	}
	f.note(c, status, code, err)
	if html, ok := answer.(string); ok {
		writeHTML(w, status, html)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// body is what a refusal says; a string is HTML.
func (r *refusal) body(h http.Header) any {
	if r.message == htmlBanned {
		h.Set("Retry-After", "600")
		return htmlBanned
	}
	o := object{"code": r.code, "message": r.message}
	if len(r.errors) > 0 {
		o["errors"] = r.errors
	}
	if r.wait != nil {
		o = r.wait.tell(h)
	}
	return o
}

func writeHTML(w http.ResponseWriter, status int, html string) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, html)
}

// note keeps a call for Calls and counts invalid ones.
func (f *Fake) note(c *call, status, code int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	said := ""
	if err != nil {
		said = err.Error()
	}
	at := f.clock.Now()
	f.calls = append(f.calls, Call{
		Method: c.r.Method, Path: c.path, Body: string(c.raw), Reason: c.reason, At: at, Status: status, Code: code, Error: said,
	})
	var refused *refusal
	shared := errors.As(err, &refused) && refused.wait != nil && refused.wait.scope == "shared"
	if slices.Contains([]int{401, 403, 429}, status) && !shared {
		f.countInvalid(at)
	}
	f.touch()
}

// authorized lets a call through to do if it carries the bot's token, and
// counts it like every call.
func (f *Fake) authorized(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{r: r, query: r.URL.Query(), path: pathOf(r)}
		rt := route{pattern: r.Method + " " + c.path}
		fault := f.takeFault(c)
		if f.hold(r.Context(), fault) != nil {
			panic(http.ErrAbortHandler)
		}
		if fault.before() {
			f.fail(w, c, fault)
			return
		}
		f.mu.Lock()
		c.at = f.clock.Now()
		err := f.admit(c, rt)
		f.mu.Unlock()
		if err != nil {
			f.reply(w, c, rt, nil, err)
			return
		}
		f.note(c, http.StatusOK, 0, nil)
		do(w, r)
	}
}
