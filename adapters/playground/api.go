package playground

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

type peopleAnswer struct {
	Now    time.Time    `json:"now"`
	People []personView `json:"people"`
}

func (a *Adapter) getPeople(r *http.Request) (peopleAnswer, error) {
	all, err := a.vault.People(r.Context())
	out := peopleAnswer{Now: a.Now(), People: []personView{}}
	for _, p := range all {
		out.People = append(out.People, a.personView(p, a.readerFor(p)))
	}
	return out, err
}

func (a *Adapter) postPeople(w http.ResponseWriter, r *http.Request) {
	var n NewPerson
	if err := readJSON(r, &n); err != nil {
		a.fail(w, r, err)
		return
	}
	p, err := a.AddPerson(r.Context(), n)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	v, err := a.look(r.Context(), p.ID)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.reply(w, http.StatusOK, v)
}

// longestWait is how long GET …/messages waits for something new.
const longestWait = 25 * time.Second

// getMessages answers at once, or, with after and wait, as soon as anything
// changed after change number after.
func (a *Adapter) getMessages(w http.ResponseWriter, r *http.Request) {
	if err := a.waitFor(r); err != nil {
		a.fail(w, r, err)
		return
	}
	v, err := a.look(r.Context(), r.PathValue("id"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.reply(w, http.StatusOK, v)
}

func (a *Adapter) waitFor(r *http.Request) error {
	q := r.URL.Query()
	after, err := number(q, "after", 0, math.MaxInt64)
	if err != nil || !q.Has("wait") {
		return err
	}
	wait, err := time.ParseDuration(q.Get("wait"))
	if err != nil || wait < 0 || wait > longestWait {
		return access.Refuse(access.Invalid, "badRequest", "as", "wait", "max", longestWait).At("wait")
	}
	woken, ok := a.hub.subscribe(maxWatchers)
	if !ok {
		return access.Refuse(access.Unavailable, "tooManyWatchers")
	}
	defer a.hub.unsubscribe(woken)
	over := time.NewTimer(wait)
	defer over.Stop()
	for a.hub.pulse().Seq <= after {
		select {
		case <-woken:
		case <-over.C:
			return nil
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	return nil
}

type optionsAnswer struct {
	Options []form.Option `json:"options"`
}

func (a *Adapter) getComplete(r *http.Request) (optionsAnswer, error) {
	list, err := a.Complete(r.Context(), r.PathValue("id"), r.URL.Query().Get("text"))
	return optionsAnswer{list}, err
}

func (a *Adapter) getOptions(r *http.Request) (optionsAnswer, error) {
	q := r.URL.Query()
	list, err := a.SearchOptions(r.Context(), r.PathValue("id"), q.Get("form"), q.Get("field"), q.Get("query"))
	return optionsAnswer{list}, err
}

type commandBody struct {
	Text string `json:"text"`
	ID   string `json:"id"`
}

func (a *Adapter) postCommand(ctx context.Context, person string, b commandBody) error {
	return a.Command(ctx, person, b.Text, b.ID)
}

type pressBody struct {
	Message string `json:"message"`
	Token   string `json:"token"`
	ID      string `json:"id"`
}

func (a *Adapter) postPress(ctx context.Context, person string, b pressBody) error {
	return a.Press(ctx, person, b.Message, b.Token, b.ID)
}

type submitBody struct {
	Form    string                     `json:"form"`
	Page    int                        `json:"page"`
	Answers map[string]json.RawMessage `json:"answers"`
	Live    bool                       `json:"live"`
	ID      string                     `json:"id"`
}

func (a *Adapter) postSubmit(ctx context.Context, person string, b submitBody) error {
	values := form.Values{}
	for id, raw := range b.Answers {
		v, err := readAnswer(raw)
		if err != nil {
			return access.Refuse(access.Invalid, "badAnswer", "field", id).At(id)
		}
		if len(v) > 0 {
			values[id] = v
		}
	}
	return a.Submit(ctx, person, Submission{Form: b.Form, Page: b.Page, Values: values, Live: b.Live}, b.ID)
}

// readAnswer takes a text, a number, true or false ("yes" or "no"), a list of
// texts or numbers, or null. What is empty counts as not answered.
func readAnswer(raw json.RawMessage) ([]string, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		list = []json.RawMessage{raw}
	}
	var out []string
	for _, one := range list {
		s, err := readScalar(one)
		if err != nil {
			return nil, err
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return out, nil
}

func readScalar(raw json.RawMessage) (string, error) {
	switch string(raw) {
	case "null":
		return "", nil
	case "true":
		return "yes", nil
	case "false":
		return "no", nil
	}
	var n json.Number
	if len(raw) > 0 && raw[0] != '"' {
		err := json.Unmarshal(raw, &n)
		return n.String(), err
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

type dismissBody struct {
	Message string `json:"message"`
	Form    string `json:"form"`
}

func (a *Adapter) postDismiss(ctx context.Context, person string, b dismissBody) error {
	return a.Dismiss(ctx, person, b.Message, b.Form)
}

type deleteBody struct {
	Message string `json:"message"`
}

func (a *Adapter) postDelete(ctx context.Context, person string, b deleteBody) error {
	return a.Delete(ctx, person, b.Message)
}

func (a *Adapter) postProfile(ctx context.Context, person string, c ProfileChange) error {
	return a.ChangeProfile(ctx, person, c)
}

type capsBody struct {
	Forms string `json:"forms"`
}

func (a *Adapter) postCaps(ctx context.Context, person string, b capsBody) error {
	return a.ChangeForms(ctx, person, b.Forms)
}

type clockAnswer struct {
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"` // ahead of the real time
}

func (a *Adapter) clock() clockAnswer {
	return clockAnswer{Now: a.Now(), Offset: a.hub.pulse().Offset.String()}
}

func (a *Adapter) getClock(*http.Request) (clockAnswer, error) { return a.clock(), nil }

func (a *Adapter) postClock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Advance string `json:"advance"`
	}
	err := readJSON(r, &body)
	var by time.Duration
	if err == nil {
		by, err = parseSpan(body.Advance)
	}
	if err == nil {
		err = a.Advance(r.Context(), by)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.reply(w, http.StatusOK, a.clock())
}

type resourcesAnswer struct {
	Resources []Room `json:"resources"`
}

func (a *Adapter) getResources(r *http.Request) (resourcesAnswer, error) {
	out := resourcesAnswer{Resources: []Room{}}
	rooms := a.ports.Load().Rooms
	if rooms == nil {
		return out, nil
	}
	list, err := rooms.Rooms(r.Context())
	out.Resources = append(out.Resources, list...)
	for i, one := range out.Resources {
		out.Resources[i].Modes = append([]string{}, one.Modes...)
		out.Resources[i].Roles = append([]RoomRole{}, one.Roles...)
		for j, role := range one.Roles {
			out.Resources[i].Roles[j].People = append([]access.PersonID{}, role.People...)
		}
	}
	return out, err
}

func (a *Adapter) postResource(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Mode string `json:"mode"`
	}
	err := readJSON(r, &body)
	rooms := a.ports.Load().Rooms
	if err == nil && rooms == nil {
		err = access.Refuse(access.NotFound, "noResources")
	}
	if err == nil {
		err = rooms.SetMode(r.Context(), r.PathValue("id"), body.Mode)
	}
	if err == nil {
		err = a.change(r.Context(), "", "", func(d *Draft) error {
			d.About = "resources"
			return nil
		})
	}
	var out resourcesAnswer
	if err == nil {
		out, err = a.getResources(r)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.reply(w, http.StatusOK, out)
}

type auditAnswer struct {
	Lines []AuditLine `json:"lines"` // oldest first
}

const mostLines = 500

// getAudit reads lines after the number in ?after=, or the latest ones, at
// most ?max= of them.
func (a *Adapter) getAudit(r *http.Request) (auditAnswer, error) {
	out := auditAnswer{Lines: []AuditLine{}}
	q := r.URL.Query()
	after, err := number(q, "after", 0, math.MaxInt64)
	if err != nil {
		return out, err
	}
	most, err := number(q, "max", mostLines, mostLines)
	if err != nil {
		return out, err
	}
	source := a.ports.Load().Audit
	if source == nil {
		return out, nil
	}
	lines, err := source.Lines(r.Context(), after, !q.Has("after"), int(max(most, 1)))
	out.Lines = append(out.Lines, lines...)
	return out, err
}

// number reads a whole number from an address; at most most.
func number(q url.Values, name string, otherwise, most int64) (int64, error) {
	if !q.Has(name) {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, access.Refuse(access.Invalid, "badRequest", "as", "count", "name", name, "max", most).At(name)
	}
	return n, nil
}
