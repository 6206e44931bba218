package slackfake

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeOf is the moment of a message timestamp.
func timeOf(ts string) time.Time {
	sec, micro, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(sec, 10, 64)
	m, _ := strconv.ParseInt(micro, 10, 64)
	return time.Unix(s, m*1000)
}

// readable finds a conversation whose messages the bot may read.
func (f *Fake) readable(id string) (*channel, error) {
	c, err := f.visible(id)
	if err != nil {
		return nil, err
	}
	if err := f.need(c.historyScope()); err != nil {
		return nil, err
	}
	if !c.members[BotUser] {
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// history lists the messages of a conversation, the newest first, without
// the replies in threads.
func (f *Fake) history(a args) (object, error) {
	c, err := f.readable(a.text("channel"))
	if err != nil {
		return nil, err
	}
	var list []*message
	for _, m := range f.messages[c.ID] {
		if m.thread == "" {
			list = append(list, m)
		}
	}
	slices.Reverse(list)
	return f.listMessages(list, a)
}

// replies lists a thread, its first message at the front.
func (f *Fake) replies(a args) (object, error) {
	c, err := f.readable(a.text("channel"))
	if err != nil {
		return nil, err
	}
	root := f.find(c.ID, a.text("ts"))
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	return f.listMessages(append([]*message{root}, f.repliesTo(root)...), a)
}

func (f *Fake) listMessages(list []*message, a args) (object, error) {
	byTS := map[string]*message{}
	var ids []string
	for _, m := range list {
		if within(m.ts, a) {
			byTS[m.ts] = m
			ids = append(ids, m.ts)
		}
	}
	ids, next, err := f.page(ids, a, 100)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, id := range ids {
		out = append(out, f.messageJSON(byTS[id], a.flag("include_all_metadata")))
	}
	return object{"messages": out, "has_more": next != "", "response_metadata": object{"next_cursor": next}}, nil
}

// within applies oldest, latest and inclusive.
func within(ts string, a args) bool {
	at := timeOf(ts)
	after, before := true, true
	if v := a.text("oldest"); v != "" && v != "0" {
		after = at.After(timeOf(v)) || (a.flag("inclusive") && at.Equal(timeOf(v)))
	}
	if v := a.text("latest"); v != "" {
		before = at.Before(timeOf(v)) || (a.flag("inclusive") && at.Equal(timeOf(v)))
	}
	return after && before
}
