package discordfake_test

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func (w wired) resume(id string, seq int) map[string]any {
	return map[string]any{"token": "Bot " + w.BotToken(), "session_id": id, "seq": seq}
}

func TestAResumeBringsWhatWasMissedInOrder(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, id := w.ready(t, guilds)
	w.Gateway().Tell(w.GuildID(), "ONE", nil)
	a.want("ONE")
	w.Gateway().Cut()
	w.Gateway().Tell(w.GuildID(), "TWO", nil)
	w.Gateway().Tell(w.GuildID(), "THREE", nil)
	if s := w.Gateway().Stats(); s.Sessions != 0 || s.Resumable != 1 {
		t.Errorf("while the app is away: %+v", s)
	}
	b := w.dial(t, "/resume"+inJSON)
	b.want("op 10 {\"heartbeat_interval\":45000}")
	b.send(6, w.resume(id, 2)) // the app had written down less than it got
	var seqs []int64
	for _, event := range []string{"ONE", "TWO", "THREE", "RESUMED"} {
		seqs = append(seqs, *b.want(event).S)
	}
	if !slices.Equal(seqs, []int64{3, 4, 5, 6}) {
		t.Errorf("the numbers are %v", seqs)
	}
	w.Gateway().Tell(w.GuildID(), "FOUR", nil)
	b.want("FOUR")
	if s := w.Gateway().Stats(); s.Identifies != 1 || s.Resumes != 1 || s.Resumed != 1 || s.AtResumeURL != 1 {
		t.Errorf("%+v", s)
	}
}

func TestWhatCannotBeResumed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(wired, *rawApp)
		seq   int
	}{
		"the app went with 1000":    {func(_ wired, a *rawApp) { a.hangUp(1000) }, 1},
		"the app went with 1001":    {func(_ wired, a *rawApp) { a.hangUp(1001) }, 1},
		"away for too long":         {func(w wired, _ *rawApp) { w.Gateway().Cut(); w.later(2*time.Minute + 1) }, 1},
		"invalidated":               {func(w wired, a *rawApp) { w.Gateway().Invalidate(false); a.want("op 9 false") }, 1},
		"closed with 4009":          {func(w wired, a *rawApp) { w.Gateway().Close(4009); a.ended() }, 1},
		"more than a thousand lost": {func(w wired, _ *rawApp) { w.missed(1001) }, 1},
		"confirmed by a heartbeat": {func(w wired, a *rawApp) {
			a.send(1, 1)
			a.want("op 11 null")
			w.Gateway().Cut()
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t, discordfake.Options{})
			a, id := w.ready(t, 0)
			c.spoil(w, a)
			b := w.greeted(t)
			b.send(6, w.resume(id, c.seq))
			b.want("op 9 false")
			b.send(2, w.hello(0))
			b.want("READY")
		})
	}
}

// missed cuts the connection and lets so many events happen.
func (w wired) missed(n int) {
	w.Gateway().Cut()
	for range n {
		w.Gateway().Tell(w.GuildID(), "EVENT", nil)
	}
}

func TestWhatCanBeResumed(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(wired, *rawApp){
		"the app went with 4900": func(_ wired, a *rawApp) { a.hangUp(4900) },
		"closed with 4000":       func(w wired, a *rawApp) { w.Gateway().Close(4000); a.ended() },
		"away for two minutes":   func(w wired, _ *rawApp) { w.Gateway().Cut(); w.later(2 * time.Minute) },
		"op 9 with true":         func(w wired, a *rawApp) { w.Gateway().Invalidate(true); a.want("op 9 true") },
		"op 7": func(w wired, a *rawApp) {
			w.Gateway().Reconnect()
			a.want("op 7 null")
			a.hangUp(1012)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t, discordfake.Options{})
			a, id := w.ready(t, 0)
			spoil(w, a)
			b := w.greeted(t)
			b.send(6, w.resume(id, 1))
			b.want("RESUMED")
		})
	}
}

func TestANumberThatWasNeverSentIs4007(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	_, id := w.ready(t, 0)
	w.Gateway().Cut()
	a := w.greeted(t)
	a.send(6, w.resume(id, 2))
	if code := a.ended(); code != 4007 {
		t.Errorf("closed with %d", code)
	}
}

func TestASessionIsTakenOver(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, id := w.ready(t, 0)
	b := w.greeted(t)
	b.send(6, w.resume(id, 1))
	b.want("RESUMED")
	if code := a.ended(); code != 4003 {
		t.Errorf("the first connection was closed with %d", code)
	}
	w.Gateway().Tell(w.GuildID(), "EVENT", nil)
	b.want("EVENT")
	if s := w.Gateway().Stats(); s.Sessions != 1 || s.Most != 1 {
		t.Errorf("%+v", s)
	}
}

func TestAResumeIsAnsweredAsToldTo(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	_, id := w.ready(t, 0)
	w.Gateway().Cut()
	w.Gateway().AnswerResume(discordfake.ResumeReconnect, discordfake.ResumeLater, discordfake.ResumeInvalid)
	for _, answer := range []string{"op 7 null", "op 9 true", "op 9 false"} {
		a := w.greeted(t)
		a.send(6, w.resume(id, 1))
		a.want(answer)
		a.hangUp(4900)
	}
	a := w.greeted(t)
	a.send(6, w.resume(id, 1))
	a.want("op 9 false")
	if s := w.Gateway().Stats(); s.Resumes != 4 || s.Resumed != 0 || s.AtResumeURL != 0 || !slices.Equal(s.HungUp, []int{4900, 4900, 4900}) {
		t.Errorf("%+v", s)
	}
}

func TestAResumeThatWasRefusedOnceGoesOnLater(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	_, id := w.ready(t, 0)
	w.Gateway().Cut()
	w.Gateway().AnswerResume(discordfake.ResumeReconnect)
	a := w.greeted(t)
	a.send(6, w.resume(id, 1))
	a.want("op 7 null")
	a.hangUp(4900)
	b := w.greeted(t)
	b.send(6, w.resume(id, 1))
	b.want("RESUMED")
}
