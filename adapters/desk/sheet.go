package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// sheet is a form that is being filled in. It is made anew at each page, from
// the address in the form's id and the draft; nothing of it is kept but the
// draft.
type sheet struct {
	form  form.Form
	intro chat.Text
	// check finds what only the desk can: dates, patterns, people. Its errors
	// are by field. Optional.
	check func(form.Values) map[string]*access.Error
	// alias names the form's field for a field of a refusal. Optional.
	alias func(string) string
	// search finds options of a field that is open, at most maxOffered. Optional.
	search func(field, query string) ([]form.Option, error)
	// keeps: what was typed stays after it was sent, until the proposal that
	// was made of it is carried out.
	keeps bool
	// times are what is understood of the times that were typed. Optional.
	times func(form.Values) []chat.Fact
	// submit carries it out, with the answers of the fields that are asked.
	submit func(form.Values) (chat.Reply, error)
}

// draft is what was typed so far, and the page that is asked. Nil Values: the
// form was just opened.
type draft struct {
	Values form.Values `json:"values,omitempty"`
	Page   int         `json:"page"`
	// Echo is what the times were last read back to.
	Echo   engine.CommandID `json:"echo,omitempty"`
	stored []byte           // as it was read: what is the same need not be kept again
}

// value is the first value of a field, or "".
func (d *draft) value(field string) string { return one(d.Values, field) }

func one(v form.Values, field string) string {
	if len(v[field]) == 0 {
		return ""
	}
	return v[field][0]
}

func (c *call) draftName(id string) string {
	return "draft/" + string(c.from.Tenant) + "/" + string(c.from.Account) + "/" + id
}

// load reads the draft of a form. A draft that can't be read is as good as
// none: losing it is a nuisance, never a fault.
func (c *call) load(id string) *draft {
	data, err := c.scratch.Get(c.ctx, c.draftName(id), c.now)
	if err != nil {
		c.log.Warn().Err(err).Msg("a draft cannot be read")
	}
	d := &draft{Page: 1, stored: data}
	if len(data) > 0 && json.Unmarshal(data, d) != nil {
		d = &draft{Page: 1, stored: data}
	}
	return d
}

// untouched reports whether nothing was typed yet.
func (d *draft) untouched() bool { return len(d.Values) == 0 && d.Page == 1 && len(d.stored) == 0 }

func (c *call) save(id string, d *draft) {
	data, err := json.Marshal(d)
	if d.untouched() || bytes.Equal(data, d.stored) {
		return
	}
	if err == nil {
		err = c.scratch.Put(c.ctx, c.draftName(id), data, c.now, c.keptFor(id))
		d.stored = data
	}
	if err != nil {
		c.log.Warn().Err(err).Msg("a draft cannot be kept")
	}
}

// keptFor is how long what is typed into a form is kept: as long as the package
// under construction that it is about.
func (c *call) keptFor(id string) time.Duration {
	if t, err := chat.ParseToken(id); err == nil && c.routes[t.Verb].work {
		return workTTL
	}
	return draftTTL
}

func (c *call) drop(id string) {
	if err := c.scratch.Drop(c.ctx, c.draftName(id)); err != nil {
		c.log.Warn().Err(err).Msg("a draft cannot be dropped")
	}
}

// open shows the first page of a form, with what is known or was typed before.
// What is preset becomes part of the form's address, so that nothing that was
// typed for somebody or something else shows up in it.
func (c *call) open(t chat.Token, preset form.Values) (chat.Reply, error) {
	t, d, err := c.begin(t, preset)
	if err != nil {
		return nil, err
	}
	return c.page(t, d)
}

// openChecked does the same and says at once what is wrong with the preset.
func (c *call) openChecked(t chat.Token, preset form.Values) (chat.Reply, error) {
	t, d, err := c.begin(t, preset)
	if err != nil {
		return nil, err
	}
	sh, err := c.sheet(t, d)
	if err != nil {
		return nil, err
	}
	errs := map[string]string{}
	for field, wrong := range c.problems(sh, d.Values) {
		if _, typed := preset[field]; typed {
			errs[field] = wrong
		}
	}
	return c.show(t, sh, d, errs)
}

// begin is the address and the draft of a form that is opened.
func (c *call) begin(t chat.Token, preset form.Values) (chat.Token, *draft, error) {
	t, unique := keyed(t, preset)
	id, err := t.Encode()
	if err != nil {
		return t, nil, err
	}
	if !unique {
		c.drop(id)
	}
	d := c.load(id)
	d.Page = 1
	if len(preset) > 0 {
		if d.Values == nil {
			d.Values = form.Values{}
		}
		maps.Copy(d.Values, preset)
	}
	return t, d, nil
}

// keyed puts a digest of what is preset into an address that names no request.
// A request's own address tells it from all others. Where it does not fit, the
// form starts empty.
func keyed(t chat.Token, preset form.Values) (keyed chat.Token, unique bool) {
	if len(preset) == 0 {
		return t, true
	}
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(preset)) {
		parts = append(parts, fmt.Sprintf("%q=%q", field, preset[field]))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "&")))
	keyed = t
	if t.Request == 0 {
		keyed.Face = int(binary.BigEndian.Uint32(sum[:]) >> 1)
	}
	if _, err := prefixed(more, keyed).Encode(); err != nil {
		return t, false
	}
	return keyed, true
}

// resume shows the page that is asked next.
func (c *call) resume(t chat.Token) (chat.Reply, error) {
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	return c.page(t, c.load(id))
}

// page shows the page that the draft is at.
func (c *call) page(t chat.Token, d *draft) (chat.Reply, error) {
	sh, err := c.sheet(t, d)
	if err != nil {
		return nil, err
	}
	return c.show(t, sh, d, nil)
}

// sheet makes the form that a token names.
func (c *call) sheet(t chat.Token, d *draft) (*sheet, error) {
	r, ok := c.routes[t.Verb]
	if !ok || r.form == nil {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	sh, err := r.form(c, t, d)
	if err != nil {
		return nil, err
	}
	if sh.form.ID, err = t.Encode(); err != nil {
		return nil, err
	}
	sh.form.Next = c.plain("form.next")
	sh.nameChosen(d.Values)
	return sh, form.Validate(sh.form)
}

// nameChosen gives open fields the names of what was chosen in them since the
// form was made: a chat shows what it has a name for.
func (sh *sheet) nameChosen(v form.Values) {
	if sh.search == nil {
		return
	}
	for i, f := range sh.form.Fields {
		if !f.Open {
			continue
		}
		for _, value := range v[f.ID] {
			same := func(o form.Option) bool { return o.Value == value }
			if slices.ContainsFunc(f.Options, same) {
				continue
			}
			found, err := sh.search(f.ID, value)
			if n := slices.IndexFunc(found, same); err == nil && n >= 0 {
				f.Options = append(f.Options, found[n])
			}
		}
		sh.form.Fields[i].Options = f.Options
	}
}

// show plans the draft's page and keeps the draft.
func (c *call) show(t chat.Token, sh *sheet, d *draft, errs map[string]string) (chat.Reply, error) {
	a, ok := c.adapter(c.from.Account)
	if !ok {
		return nil, access.Refuse(access.Unavailable, "tryAgain")
	}
	caps := a.Caps(c.from.Account)
	page, ok := form.Plan(sh.form, d.Values, caps, d.Page)
	if !ok {
		d.Page = 1
		page, _ = form.Plan(sh.form, d.Values, caps, 1)
	}
	page.Errors = shownOn(page, errs)
	c.save(sh.form.ID, d)
	again, err := prefixed(more, t).Encode()
	if err != nil {
		return nil, err
	}
	return chat.Show{Page: page, Intro: ended(sh.intro).Cut(chat.MaxText), Continue: again, Kept: c.keptFor(sh.form.ID)}, nil
}

// ended is a text without empty lines at its end.
func ended(t chat.Text) chat.Text {
	for n := len(t) - 1; n >= 0 && t[n].Kind == chat.Plain; n-- {
		last := t[n]
		if last.Text = strings.TrimRight(last.Text, " \n"); last.Text != "" {
			return append(t[:n:n], last)
		}
		t = t[:n]
	}
	return t
}

// shownOn are the sentences for the fields of a page.
func shownOn(page form.Page, errs map[string]string) map[string]string {
	var out map[string]string
	for _, f := range page.Fields {
		if wrong, ok := errs[f.ID]; ok {
			if out == nil {
				out = map[string]string{}
			}
			out[f.ID] = wrong
		}
	}
	return out
}

// filled takes a page: it shows it again with what is wrong, asks the next
// one, or carries the form out.
func (c *call) filled(in chat.Filled) (chat.Reply, error) {
	t, _, err := c.address(in.Form)
	if err != nil {
		return nil, err
	}
	if done := c.repeated(); done != nil {
		return done, nil
	}
	d := c.load(in.Form)
	d.Page = max(in.Page, 1)
	if s, ok := c.sentBefore(); ok {
		d.Values = s.Again // the draft is gone, or of another time
	}
	before, err := c.sheet(t, d)
	if err != nil {
		return nil, c.attempted(t, in, err)
	}
	a, ok := c.adapter(c.from.Account)
	if !ok {
		return nil, access.Refuse(access.Unavailable, "tryAgain")
	}
	page, ok := form.Plan(before.form, d.Values, a.Caps(c.from.Account), d.Page)
	if !ok {
		return c.show(t, before, d, nil)
	}
	d.Values = form.Merge(before.form, d.Values, in.Values, page)
	sh, err := c.sheet(t, d) // what is asked may depend on what was just typed
	if err != nil {
		c.save(in.Form, d)
		return c.misfit(t, before, d, err)
	}
	if in.Live {
		return c.show(t, sh, d, nil)
	}
	return c.next(t, sh, d, page, a.Caps(c.from.Account))
}

// next goes on from a page that came back.
func (c *call) next(t chat.Token, sh *sheet, d *draft, page form.Page, caps form.Caps) (chat.Reply, error) {
	wrong := c.problems(sh, d.Values)
	here := map[string]string{}
	for _, f := range page.Fields {
		if s, ok := wrong[f.ID]; ok {
			here[f.ID] = s
		}
	}
	if len(here) > 0 {
		return c.show(t, sh, d, here)
	}
	if _, ok := form.Plan(sh.form, d.Values, caps, d.Page+1); ok {
		d.Page++
		return c.show(t, sh, d, nil)
	}
	if len(wrong) > 0 {
		return c.back(t, sh, d, wrong, caps)
	}
	if reply, err := c.echo(t, sh, d, caps); reply != nil || err != nil {
		return reply, err
	}
	return c.carryOut(t, sh, d)
}

// carryOut does what a form asks for.
func (c *call) carryOut(t chat.Token, sh *sheet, d *draft) (chat.Reply, error) {
	reply, err := sh.submit(form.Clean(sh.form, d.Values))
	if err != nil {
		c.save(sh.form.ID, d)
		return c.misfit(t, sh, d, err)
	}
	if sh.keeps {
		c.save(sh.form.ID, d)
	} else if d.Echo != "" {
		c.finishFor(draftTTL, reply, "", c.draftName(sh.form.ID))
	} else if len(d.stored) > 0 {
		c.drop(sh.form.ID)
	}
	if tell, ok := reply.(chat.Tell); ok && len(tell.Files) > 0 {
		c.keepSent(sent{Again: d.Values}) // files are made again: they only say something, and may be large
	} else {
		c.remember(reply)
	}
	return reply, nil
}

// sent is what is kept of a form that was carried out: its answer, or what was
// typed where it can be carried out again.
type sent struct {
	Card  chat.Card   `json:"card"`
	Again form.Values `json:"again,omitempty"`
}

// remember keeps the answer to a form that was carried out, for a platform
// that delivers the same intent again: by then the draft is gone.
func (c *call) remember(r chat.Reply) {
	if tell, ok := r.(chat.Tell); ok {
		c.keepSent(sent{Card: tell.Card})
	}
}

func (c *call) keepSent(s sent) {
	data, err := json.Marshal(s)
	if err == nil {
		err = c.scratch.Put(c.ctx, "sent/"+string(c.from.Tenant)+"/"+string(c.id), data, c.now, draftTTL)
	}
	if err != nil {
		c.log.Warn().Err(err).Msg("an answer cannot be kept")
	}
}

// repeated is the answer to a form that was carried out before, or nil.
func (c *call) repeated() chat.Reply {
	s, ok := c.sentBefore()
	if !ok || len(s.Again) > 0 {
		return nil
	}
	return chat.Tell{Card: s.Card}
}

func (c *call) sentBefore() (sent, bool) {
	var s sent
	data, err := c.scratch.Get(c.ctx, "sent/"+string(c.from.Tenant)+"/"+string(c.id), c.now)
	return s, err == nil && len(data) > 0 && json.Unmarshal(data, &s) == nil
}

// back goes to the first page on which something is wrong.
func (c *call) back(t chat.Token, sh *sheet, d *draft, wrong map[string]string, caps form.Caps) (chat.Reply, error) {
	first := 0
	for field := range wrong {
		if n := form.PageOf(sh.form, d.Values, caps, field); n > 0 && (first == 0 || n < first) {
			first = n
		}
	}
	d.Page = max(first, 1)
	page, _ := form.Plan(sh.form, d.Values, caps, d.Page)
	here := map[string]string{}
	for _, f := range page.Fields {
		if s, ok := wrong[f.ID]; ok {
			here[f.ID] = s
		}
	}
	return c.show(t, sh, d, here)
}

// misfit shows a refusal at its field, if the form asks that field.
func (c *call) misfit(t chat.Token, sh *sheet, d *draft, err error) (chat.Reply, error) {
	e, ok := access.AsError(err)
	if !ok || e.Field == "" {
		return nil, err
	}
	field := e.Field
	if sh.alias != nil {
		field = sh.alias(field)
	}
	asked := slices.ContainsFunc(form.Visible(sh.form, d.Values), func(f form.Field) bool { return f.ID == field })
	a, ok := c.adapter(c.from.Account)
	if !asked || !ok {
		return nil, err
	}
	return c.back(t, sh, d, map[string]string{field: c.flat(c.explain(e))}, a.Caps(c.from.Account))
}

// problems are the sentences for all that is wrong, by field.
func (c *call) problems(sh *sheet, values form.Values) map[string]string {
	out := map[string]string{}
	if sh.check != nil {
		for field, e := range sh.check(form.Clean(sh.form, values)) {
			out[field] = c.flat(c.explain(e))
		}
	}
	for field, p := range form.Check(sh.form, values) {
		f, _ := sh.form.Field(field)
		out[field] = c.plain("problem."+string(p), "max", f.Max, "value", one(values, field))
	}
	return out
}
