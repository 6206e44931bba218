package playground_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
)

// sentForm answers a form that is sent in private, and everything else with a
// form.
func sentForm(in chat.Intent) chat.Reply {
	if f, ok := in.(chat.Filled); ok && !f.Live {
		return chat.Tell{Card: hello("sent " + f.Values["why"][0])}
	}
	return chat.Show{Page: pages(1)}
}

func TestARepeatedFormIsAnsweredAsBefore(t *testing.T) {
	t.Parallel()
	o := options(newMemory())
	w := open(t, o, sentForm)
	w.post(200, "carla/command", `{"text":"/access request"}`)
	const send = `{"form":"f~1","id":"one","answers":{"why":"x"}}`
	first := w.post(200, "carla/submit", send)
	if first.Private == nil || first.Private.Card.Summary != "sent x" || first.Form != nil {
		t.Fatalf("%+v", first)
	}
	asked := w.s.count()
	again := w.post(200, "carla/submit", send)
	if again.Private == nil || again.Private.ID != first.Private.ID || len(again.Messages) != len(first.Messages) {
		t.Errorf("the repeat is answered with %+v", again.Private)
	}
	w.post(200, "carla/command", `{"text":"/access mine"}`) // answered in another way
	w.close()
	w = open(t, o, sentForm) // the bot was started again
	later := w.post(200, "carla/submit", send)
	if later.Private == nil || later.Private.ID != first.Private.ID {
		t.Errorf("after a start the repeat is answered with %+v", later.Private)
	}
	if asked != 2 || w.s.count() != 0 {
		t.Errorf("the handler was asked %d and %d times", asked, w.s.count())
	}
	if e := w.post(409, "mina/submit", send).Error; e.Code != "unknownForm" {
		t.Errorf("somebody else's form: %+v", e)
	}
}

func TestARepeatedPageIsNotTakenForTheNext(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), formScript)
	w.post(200, "carla/command", `{"text":"/access request"}`)
	const send = `{"form":"f~1","id":"one","answers":{"why":"x"}}`
	for range 2 {
		if got := w.post(200, "carla/submit", send); got.Form == nil || got.Form.Page != 2 {
			t.Fatalf("%+v", got.Form)
		}
	}
}

func TestAnswersToFieldsThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), sentForm)
	w.post(200, "carla/command", `{"text":"/access request"}`)
	before := w.s.count()
	if e := w.post(400, "carla/submit", `{"form":"f~1","answers":{"why":"x","made-up":"y"}}`).Error; e.Code != "unknownField" || e.Field != "made-up" {
		t.Errorf("%+v", e)
	}
	if w.s.count() != before {
		t.Error("it reached the handler")
	}
	w.post(200, "carla/submit", `{"form":"f~1","live":true,"answers":{"made-up":"y"}}`)
	if v := w.s.last().(chat.Filled).Values; len(v) != 0 {
		t.Errorf("a field that is gone: %v", v)
	}
}

func TestErrorsAreInWords(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	for _, c := range []struct{ method, path, body, text string }{
		{"POST", "/api/people/olga/command", `{"text":7}`, "“text” has to be a string."},
		{"POST", "/api/people/carla/command", `{"text":7}`, "„text“ muss eine Zeichenkette sein."},
		{"POST", "/api/people/olga/submit", `{"page":"one"}`, "“page” has to be a whole number."},
		{"POST", "/api/people/olga/submit", `{"answers":[]}`, "“answers” has to be an object."},
		{"POST", "/api/people/olga/submit", `{"live":"yes"}`, "“live” has to be true or false."},
		{"POST", "/api/people", `{"groups":"security"}`, "“groups” has to be a list."},
		{"POST", "/api/people", `{"name":"X","manager":"nobody"}`, "There is nobody with the id nobody who could be the manager."},
		{"POST", "/api/people/olga/profile", `{"manager":"nobody"}`, "“manager” is not known here. API.md says which names there are."},
		{"POST", "/api/people/olga/command", `[]`, "What was sent is not one complete JSON object."},
		{"POST", "/api/people/olga/command", `{"text"`, "What was sent is not one complete JSON object."},
		{"POST", "/api/people/olga/command", `{"text":x}`, "What was sent is not one complete JSON object."},
		{"GET", "/api/people/olga/messages?after=abc", "", "“after” has to be a whole number up to 9223372036854775807."},
		{"GET", "/api/people/olga/messages?after=1&wait=long", "", "“wait” has to be a time such as 5s, at most 25s."},
	} {
		if got := w.do(400, c.method, c.path, c.body).Error.Text; got != c.text {
			t.Errorf("%s %s: %q, want %q", c.path, c.body, got, c.text)
		}
	}
}

func TestNoTextTurnsWhatStandsBesideIt(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), func(chat.Intent) chat.Reply { return chat.Tell{Card: hello("a\u202eb\u2066c")} })
	w.do(200, "POST", "/api/people", `{"name":"Eve \u202e\u2067Adams","id":"eve"}`)
	w.post(200, "eve/command", `{"text":"/access \u202b"}`)
	for _, path := range []string{"/", "/column/eve", "/api/people", "/api/people/eve/messages"} {
		_, data := w.send("GET", path, "")
		if strings.ContainsAny(string(data), "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			t.Errorf("%s turns text", path)
		}
		if !strings.Contains(string(data), "Eve Adams") {
			t.Errorf("%s does not show the name", path)
		}
	}
}

func TestTheYearIsShownWhenItIsAnother(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	w.put("one", "playground/carla", hello("x"))
	w.put("two", "playground/olga", hello("x"))
	if got := w.look("olga").Messages[0].When; strings.Contains(got, "2026") {
		t.Errorf("this year: %q", got)
	}
	if err := w.a.Advance(t.Context(), 400*24*time.Hour+12*time.Hour); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[string]string{"olga": " Aug 2026, ", "carla": ". Aug 2026, "} {
		if got := w.look(person).Messages[0].When; !strings.Contains(got, want) {
			t.Errorf("%s: %q", person, got)
		}
	}
	if _, page := w.send("GET", "/", ""); !strings.Contains(string(page), `class="ahead">&#43;400 days 12 hours<`) {
		t.Error("the page does not say how far the clock was put forward")
	}
}

func TestColumnsSayWhoIsWho(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	for person, words := range map[string][]string{
		"ada": {"approver", "security", "engineering"}, "olga": {"admin"}, "carla": {"freie Mitarbeit"}, "mina": {"colleague", "engineering"},
	} {
		_, column := w.send("GET", "/column/"+person, "")
		for _, word := range words {
			if !strings.Contains(string(column), ">"+word+"</span>") {
				t.Errorf("the column of %s does not say %s", person, word)
			}
		}
	}
}
