package slackfake

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object.
type object = map[string]any

// apiError is a refusal: {"ok":false,"error":code} and what else goes with it.
type apiError struct {
	code     string
	messages []string // response_metadata.messages
	extra    object
}

func (e *apiError) Error() string { return e.code }

func refuse(code string, messages ...string) error { return &apiError{code: code, messages: messages} }

// Call is one call of the Web API, as it was answered.
type Call struct {
	Method string
	Args   map[string]string // nested values are JSON
	At     time.Time
	Status int
	Error  string // "" when it was done
}

// Calls returns the calls of a method so far, or all ("").
func (f *Fake) Calls(method string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.calls), func(c Call) bool { return method != "" && c.Method != method })
}

// method is an entry of the table of the Web API.
type method struct {
	scopes   []string // one of them; what depends on the conversation is checked by the handler
	app      bool     // takes an app-level token instead of a bot token
	noJSON   bool     // arguments in a JSON body are not read
	perMin   int      // rate tier; 0: special
	required []string
	do       func(*Fake, args) (object, error)
}

// args are the arguments of a call.
type args struct {
	values object // strings from a form, anything from JSON
	at     time.Time
}

func (a args) has(name string) bool { return a.values[name] != nil }

// text returns an argument as text; a list becomes comma separated.
func (a args) text(name string) string {
	switch v := a.values[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []any:
		var parts []string
		for _, p := range v {
			if s, ok := p.(string); ok {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ",")
	case nil:
		return ""
	default:
		b, _ := json.Marshal(v)
		return string(b)
	}
}

func (a args) flag(name string) bool {
	s := a.text(name)
	return s == "1" || s == "true"
}

// list is a comma separated argument.
func (a args) list(name string) []string {
	var out []string
	for part := range strings.SplitSeq(a.text(name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// decode reads an argument that is JSON in a form or nested in a JSON body.
func (a args) decode(name string, into any) error {
	raw, isText := a.values[name].(string)
	if !isText {
		b, err := json.Marshal(a.values[name])
		if err != nil {
			return err
		}
		raw = string(b)
	}
	return json.Unmarshal([]byte(raw), into)
}

// serveMethod answers a call of the Web API.
func (f *Fake) serveMethod(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	f.mu.Lock()
	at := f.clock.Now()
	f.mu.Unlock()
	a, token, known, err := readArgs(r, methods()[name])
	a.at = at
	fault := f.takeFault(name, a)
	if f.hold(r.Context(), fault) != nil {
		panic(http.ErrAbortHandler)
	}
	if fault.before() {
		f.fail(w, name, a, fault)
		return
	}
	var answer object
	if err == nil {
		answer, err = f.call(name, known, token, a)
	}
	if fault != nil && fault.After {
		f.fail(w, name, a, fault)
		return
	}
	f.reply(w, name, a, answer, err)
}

// call checks who calls, and does it.
func (f *Fake) call(name string, known bool, token string, a args) (object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !known {
		return nil, refuse("unknown_method")
	}
	m := methods()[name]
	if err := f.checkToken(token, m); err != nil {
		return nil, err
	}
	if err := f.limit(name, m, a); err != nil {
		return nil, err
	}
	for _, arg := range m.required {
		if !a.has(arg) || a.text(arg) == "" {
			return nil, refuse("invalid_arguments", "[ERROR] missing required field: "+arg)
		}
	}
	answer, err := m.do(f, a)
	if err == nil {
		f.touch()
	}
	return answer, err
}

func (f *Fake) checkToken(token string, m method) error {
	want, other := f.opt.BotToken, f.opt.AppToken
	if m.app {
		want, other = other, want
	}
	switch token {
	case want:
		if m.app {
			return nil
		}
		return f.need(m.scopes...)
	case "":
		return refuse("not_authed")
	case other:
		return refuse("not_allowed_token_type")
	}
	return refuse("invalid_auth")
}

// readArgs takes the arguments out of a form or a JSON body.
func readArgs(r *http.Request, m method) (a args, token string, known bool, err error) {
	a = args{values: object{}}
	known = m.do != nil
	token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" && r.Method == http.MethodPost {
		body, readErr := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		if readErr != nil {
			return a, token, known, readErr
		}
		if m.noJSON || len(body) == 0 || string(body) == "null" {
			return a, token, known, nil
		}
		var v any
		if json.Unmarshal(body, &v) != nil {
			return a, token, known, refuse("invalid_json")
		}
		values, ok := v.(object)
		if !ok {
			return a, token, known, refuse("json_not_object")
		}
		a.values = values
		return a, token, known, nil
	}
	if err := r.ParseForm(); err != nil {
		return a, token, known, refuse("invalid_form_data")
	}
	for k, v := range r.Form {
		a.values[k] = v[0]
	}
	if t := a.text("token"); t != "" {
		token = t
	}
	delete(a.values, "token")
	return a, token, known, nil
}

// reply writes an answer in Slack's envelope.
func (f *Fake) reply(w http.ResponseWriter, name string, a args, answer object, err error) {
	if answer == nil {
		answer = object{}
	}
	answer["ok"] = err == nil
	status, code := http.StatusOK, ""
	if err != nil {
		code = err.Error()
		answer["error"] = code
		var refused *apiError
		if errors.As(err, &refused) {
			maps.Copy(answer, refused.extra)
			if len(refused.messages) > 0 {
				answer["response_metadata"] = object{"messages": refused.messages}
			}
		}
	}
	if code == "ratelimited" {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(answer["retry_after"].(int)))
		delete(answer, "retry_after")
	}
	f.mu.Lock()
	w.Header().Set("X-Oauth-Scopes", strings.Join(f.scopes, ","))
	f.mu.Unlock()
	w.Header().Set("X-Accepted-Oauth-Scopes", strings.Join(methods()[name].scopes, ","))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	f.note(name, a, status, code)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// note keeps a call for Calls.
func (f *Fake) note(name string, a args, status int, code string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	flat := map[string]string{}
	for k := range a.values {
		flat[k] = a.text(k)
		if list, ok := a.values[k].([]any); ok {
			b, _ := json.Marshal(list)
			flat[k] = string(b)
		}
	}
	f.calls = append(f.calls, Call{Method: name, Args: flat, At: a.at, Status: status, Error: code})
	f.touch()
}

// limit enforces the tiers by the clock when the fake was asked to:
// docs.slack.dev/apis/web-api/rate-limits. f.mu is held.
func (f *Fake) limit(name string, m method, a args) error {
	if !f.opt.RateLimits {
		return nil
	}
	key, most, window := name, m.perMin, time.Minute
	if name == "chat.postMessage" {
		key, most, window = name+" "+a.text("channel"), 1, time.Second
	}
	if most == 0 {
		return nil
	}
	recent := slices.DeleteFunc(f.recent[key], func(t time.Time) bool { return a.at.Sub(t) >= window })
	f.recent[key] = recent
	if len(recent) >= most {
		wait := window - a.at.Sub(recent[0])
		return &apiError{code: "ratelimited", extra: object{"retry_after": int((wait + time.Second - 1) / time.Second)}}
	}
	f.recent[key] = append(recent, a.at)
	return nil
}
