package desk

import (
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// sure goes before the verb of a form in the token that sends the form after
// what was understood of its times has been read.
const sure = "sure"

// echo shows how the times that were typed into a form are understood, before
// they count, in chats where people type them; nil when none was.
func (c *call) echo(t chat.Token, sh *sheet, d *draft, caps form.Caps) (chat.Reply, error) {
	if !caps.Echo || sh.times == nil {
		return nil, nil
	}
	understood := sh.times(form.Clean(sh.form, d.Values))
	if len(understood) == 0 {
		return nil, nil
	}
	d.Echo = c.id
	c.save(sh.form.ID, d)
	send, err := prefixed(sure, t).Encode()
	if err != nil {
		return nil, err
	}
	change, err := prefixed(more, t).Encode()
	if err != nil {
		return nil, err
	}
	title := c.plain("echo.title")
	return chat.Tell{Card: fit(chat.Card{
		Title: sh.form.Title, Summary: title, Tone: chat.ToneWaiting,
		Blocks: []chat.Block{{Text: chat.Say(title)}, {Fields: understood}},
		Buttons: []chat.Button{
			{Label: sh.form.Submit, Token: send, Style: chat.StylePrimary},
			{Label: c.plain("echo.change"), Token: change},
		},
	})}, nil
}

func prefixed(prefix chat.Verb, t chat.Token) chat.Token {
	t.Verb = prefix + t.Verb
	return t
}

// sent carries a form out whose times have been read. Pressed twice, also at
// once, both are the same command and get the same answer. What is not kept
// was sent, is too old, or is somebody else's.
func (c *call) sent(t chat.Token) (chat.Reply, error) {
	if done := c.repeated(); done != nil {
		return done, nil
	}
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	d := c.load(id)
	if len(d.stored) == 0 || d.Echo == "" {
		if done, ok := c.finished(c.draftName(id)); ok {
			return chat.Tell{Card: done.Card}, nil
		}
		return nil, access.Refuse(access.TooLate, "proposalOver")
	}
	c.id = "sure:" + d.Echo
	sh, err := c.sheet(t, d)
	if err != nil {
		return nil, err
	}
	a, ok := c.adapter(c.from.Account)
	if !ok {
		return nil, access.Refuse(access.Unavailable, "tryAgain")
	}
	if wrong := c.problems(sh, d.Values); len(wrong) > 0 {
		return c.back(t, sh, d, wrong, a.Caps(c.from.Account))
	}
	reply, err := c.carryOut(t, sh, d)
	if err != nil {
		if done, ok := c.finished(c.draftName(id)); ok && len(c.load(id).stored) == 0 {
			return chat.Tell{Card: done.Card}, nil
		}
	}
	return reply, err
}

// understood are the times of a form with a start and an end.
func (c *call) understood(v form.Values) []chat.Fact {
	start, until, _ := c.times(v)
	return append(c.readMoment("field.start", start), c.readUntil("field.end", until)...)
}

func (c *call) readMoment(label string, t time.Time) []chat.Fact {
	if t.IsZero() {
		return nil
	}
	return []chat.Fact{{Label: c.plain(label), Value: chat.Text{c.moment(t, chat.DateTime)}}}
}

func (c *call) readUntil(label string, until access.Window) []chat.Fact {
	if until.For > 0 {
		return []chat.Fact{{Label: c.plain(label), Value: c.ends(until)}}
	}
	return c.readMoment(label, until.End)
}

// likeDate is the data of a text that gives a date as an example, in both ways
// that it can be typed: "iso" and "words".
func (c *call) likeDate(example time.Time, data ...any) []any {
	example = example.In(c.zone)
	return append([]any{"iso", example.Format(time.DateOnly), "words", c.writeMoment(example, chat.DateOnly)}, data...)
}

// likeSoon is likeDate for dates that lie ahead.
func (c *call) likeSoon(data ...any) []any { return c.likeDate(c.now.AddDate(0, 1, 0), data...) }
