package playground

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// Handler is the page and its API. Streams of events end when ctx does.
func (a *Adapter) Handler(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range a.routes(ctx) {
		mux.HandleFunc(pattern, h)
	}
	return a.guard(mux)
}

// routes are all addresses of the page. API.md describes them.
func (a *Adapter) routes(ctx context.Context) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /{$}":                                    a.getPage,
		"GET /web/{file}":                             a.getAsset,
		"GET /column/{id}":                            a.getColumn,
		"GET /dock":                                   a.getDock,
		"GET /api/people":                             answering(a, a.getPeople),
		"POST /api/people":                            a.postPeople,
		"GET /api/people/{id}/messages":               a.getMessages,
		"GET /api/people/{id}/complete":               answering(a, a.getComplete),
		"GET /api/people/{id}/options":                answering(a, a.getOptions),
		"GET /api/people/{id}/files/{message}/{name}": a.getFile,
		"POST /api/people/{id}/command":               acting(a, a.postCommand),
		"POST /api/people/{id}/press":                 acting(a, a.postPress),
		"POST /api/people/{id}/submit":                acting(a, a.postSubmit),
		"POST /api/people/{id}/dismiss":               acting(a, a.postDismiss),
		"POST /api/people/{id}/delete":                acting(a, a.postDelete),
		"POST /api/people/{id}/profile":               acting(a, a.postProfile),
		"POST /api/people/{id}/caps":                  acting(a, a.postCaps),
		"GET /api/clock":                              answering(a, a.getClock),
		"POST /api/clock":                             a.postClock,
		"GET /api/resources":                          answering(a, a.getResources),
		"POST /api/resources/{id}":                    a.postResource,
		"GET /api/audit":                              answering(a, a.getAudit),
		"GET /api/events":                             a.getEvents(ctx),
		"/":                                           a.getNothing,
	}
}

func (a *Adapter) getNothing(w http.ResponseWriter, r *http.Request) {
	a.fail(w, r, access.Refuse(access.NotFound, "notFound"))
}

// answering is a GET that is answered with what get returns.
func answering[T any](a *Adapter, get func(*http.Request) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := get(r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.reply(w, http.StatusOK, out)
	}
}

// acting is something that the person in the address does: a body of type T,
// answered with what the person then sees.
func acting[T any](a *Adapter, do func(ctx context.Context, person string, body T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body T
		if err := readJSON(r, &body); err != nil {
			a.fail(w, r, err)
			return
		}
		id := r.PathValue("id")
		if err := do(r.Context(), id, body); err != nil {
			a.fail(w, r, err)
			return
		}
		v, err := a.look(r.Context(), id)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.reply(w, http.StatusOK, v)
	}
}

// readJSON takes exactly one JSON value with known names.
func readJSON(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	d.UseNumber()
	err := d.Decode(into)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("there is something after the JSON value")
	}
	return unreadable(err)
}

// unreadable says for people why a body is not what it should be.
func unreadable(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return access.Refuse(access.Invalid, "tooLarge")
	}
	if e, ok := access.AsError(err); ok {
		return e
	}
	var other *json.UnmarshalTypeError
	if errors.As(err, &other) && other.Field != "" {
		return access.Refuse(access.Invalid, "badRequest", "as", wanted(other.Type), "name", other.Field).At(other.Field)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return access.Refuse(access.Invalid, "badRequest", "as", "unknown", "name", strings.Trim(name, `"`))
	}
	return access.Refuse(access.Invalid, "badRequest", "as", "json")
}

// wanted names what a value should have been, as in the texts "error.badRequest.…".
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "flag"
	case reflect.Slice:
		return "list"
	case reflect.Int, reflect.Int64:
		return "number"
	default:
		return "object"
	}
}

// failure is how a request that is refused is answered.
type failure struct {
	Error failureText `json:"error"`
}

type failureText struct {
	Kind  access.Kind `json:"kind"`
	Code  string      `json:"code"`
	Field string      `json:"field,omitempty"`
	Text  string      `json:"text"`
}

func status(e *access.Error) int {
	switch e.Code {
	case "tooLarge":
		return http.StatusRequestEntityTooLarge
	case "contentType":
		return http.StatusUnsupportedMediaType
	case "needsToken":
		return http.StatusUnauthorized
	case "internal":
		return http.StatusInternalServerError
	}
	switch e.Kind {
	case access.Invalid:
		return http.StatusBadRequest
	case access.Forbidden:
		return http.StatusForbidden
	case access.NotFound:
		return http.StatusNotFound
	case access.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusConflict
	}
}

// fail answers with a refusal in the language of the person in the address.
// Whatever is not a refusal goes to the log and is not shown.
func (a *Adapter) fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := access.AsError(err)
	if !ok {
		if r.Context().Err() == nil {
			a.Log.Error().Err(err).Str("path", r.URL.Path).Msg("playground: a request failed")
		}
		e = access.Refuse(access.Unavailable, "internal")
	}
	words := a.reader("en", "UTC")
	if id := r.PathValue("id"); id != "" {
		if p, ok, err := a.vault.Person(r.Context(), id); err == nil && ok {
			words = a.readerFor(p)
		}
	}
	a.reply(w, status(e), failure{failureText{e.Kind, e.Code, e.Field, words.refusal(e)}})
}

func (a *Adapter) reply(w http.ResponseWriter, code int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		a.Log.Error().Err(err).Msg("playground: an answer cannot be written as JSON")
		code, data = http.StatusInternalServerError, []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	if _, err := w.Write(straight(data)); err != nil {
		a.Log.Debug().Err(err).Msg("playground: the reader left")
	}
}
