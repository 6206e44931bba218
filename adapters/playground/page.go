package playground

import (
	"bytes"
	"embed"
	"hash/fnv"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
)

//go:embed web
var webFiles embed.FS

// assets are the files that the page loads, with their types.
func assets() map[string]string {
	return map[string]string{
		"style.css": "text/css; charset=utf-8",
		"app.js":    "text/javascript; charset=utf-8",
		"draw.js":   "text/javascript; charset=utf-8",
		"icon.svg":  "image/svg+xml",
	}
}

type pair struct{ R, V any }

type triple struct{ R, V, P any }

func loadPages() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"stamp":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"pair":      func(r, v any) pair { return pair{r, v} },
		"triple":    func(r, v, p any) triple { return triple{r, v, p} },
		"initials":  initials,
		"hue":       hue,
		"standings": func() []access.Standing { return standing },
		"locales":   localesWith,
		"forms":     func() []string { return []string{FormsLive, FormsPages} },
	}).ParseFS(webFiles, "web/*.html")
}

// Say is a text of the page, for templates.
func (r reader) Say(key string) string { return r.say(key) }

// With is a text of the page about somebody, for templates.
func (r reader) With(key, name string) string { return r.say(key, "name", name) }

// Page is "page 2", for templates.
func (r reader) Page(n int) string { return r.say("ui.page", "n", n) }

func initials(name string) string {
	out := ""
	for _, w := range strings.Fields(name) {
		out += strings.ToUpper(string([]rune(w)[:1]))
	}
	return string([]rune(out)[:min(2, len([]rune(out)))])
}

// hue is one of the six colours of people.
func hue(id string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int(h.Sum32() % 6)
}

func localesWith(own string) []string {
	all := []string{"en", "en-GB", "de"}
	if !slices.Contains(all, own) {
		all = append(all, own)
	}
	return all
}

type jump struct{ Label, Span string }

type pageData struct {
	Now     time.Time
	Since   int64 // the last change that is certainly on the page
	Audit   int64 // the same of the audit
	Clock   string
	Ahead   string
	Jumps   []jump
	Hints   []string
	People  []view
	Dock    dockData
	Locales []string
	Zones   []string
}

func (a *Adapter) getPage(w http.ResponseWriter, r *http.Request) {
	since, audit := a.hub.pulse().Seq, a.hub.auditHead() // before anything is read
	people, err := a.vault.People(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	english := a.reader("en", "UTC")
	data := pageData{
		Since: since, Audit: audit,
		Now: english.now, Clock: english.dateTime(english.now), Ahead: ahead(a.hub.pulse().Offset), Hints: a.Hints, Locales: localesWith("en"),
		Jumps: []jump{{"1 h", "1h"}, {"12 h", "12h"}, {"1 day", "1 day"}, {"7 days", "7 days"}, {"30 days", "30 days"}},
		Zones: []string{"UTC", "Europe/London", "Europe/Berlin", "Europe/Madrid", "Africa/Lagos", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "America/New_York", "America/Sao_Paulo", "America/Los_Angeles"},
	}
	for _, p := range people {
		v, err := a.look(r.Context(), p.ID)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		data.People = append(data.People, v)
	}
	if data.Dock, err = a.dock(r); err != nil {
		a.fail(w, r, err)
		return
	}
	a.render(w, r, "page", data)
}

// ahead says how far the clock was put forward: "+31 days 12 hours". app.js
// says it alike.
func ahead(d time.Duration) string {
	const day = 24 * time.Hour
	var parts []string
	for _, part := range []time.Duration{d.Truncate(day), d % day} {
		if part >= time.Hour {
			parts = append(parts, access.FormatDuration(part))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "+" + strings.Join(parts, " ")
}

func (a *Adapter) getColumn(w http.ResponseWriter, r *http.Request) {
	v, err := a.look(r.Context(), r.PathValue("id"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.render(w, r, "column", v)
}

type dockData struct {
	Rooms []roomData
	Lines []lineData
}

type roomData struct {
	Room
	Roles []roleData
}

type roleData struct {
	Role   string
	People []string // names
}

type lineData struct {
	AuditLine
	When string
}

func (a *Adapter) dock(r *http.Request) (dockData, error) {
	var out dockData
	names, err := a.names(r)
	if err != nil {
		return out, err
	}
	rooms, err := a.getResources(r)
	if err != nil {
		return out, err
	}
	for _, room := range rooms.Resources {
		rd := roomData{Room: room}
		for _, role := range room.Roles {
			one := roleData{Role: role.Role}
			for _, p := range role.People {
				name, ok := names[p]
				if !ok {
					name = string(p)
				}
				one.People = append(one.People, name)
			}
			rd.Roles = append(rd.Roles, one)
		}
		out.Rooms = append(out.Rooms, rd)
	}
	source := a.ports.Load().Audit
	if source == nil {
		return out, nil
	}
	lines, err := source.Lines(r.Context(), 0, true, 100)
	english := a.reader("en", "UTC")
	for _, l := range lines {
		out.Lines = append(out.Lines, lineData{l, english.short(l.At)})
	}
	return out, err
}

func (a *Adapter) names(r *http.Request) (map[access.PersonID]string, error) {
	people, err := a.vault.People(r.Context())
	out := map[access.PersonID]string{}
	for _, p := range people {
		out[access.PersonID(a.account(p.ID))] = p.Name
	}
	return out, err
}

func (a *Adapter) getDock(w http.ResponseWriter, r *http.Request) {
	d, err := a.dock(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.render(w, r, "dock", d)
}

func (a *Adapter) render(w http.ResponseWriter, r *http.Request, name string, data any) {
	var out bytes.Buffer
	if err := a.pages.ExecuteTemplate(&out, name, data); err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := w.Write(straight(out.Bytes())); err != nil {
		a.Log.Debug().Err(err).Msg("playground: the reader left")
	}
}

func (a *Adapter) getAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	kind, ok := assets()[name]
	data, err := webFiles.ReadFile(path.Join("web", name))
	if !ok || err != nil {
		a.getNothing(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	if _, err := w.Write(data); err != nil {
		a.Log.Debug().Err(err).Msg("playground: the reader left")
	}
}
