package slackfake

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func x(n int) string { return strings.Repeat("x", n) }

func text(n int) string   { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, x(n)) }
func markup(n int) string { return fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, x(n)) }

func times(n int, one string) string {
	return strings.TrimSuffix(strings.Repeat(one+",", n), ",")
}

func choice(n int) string { return fmt.Sprintf(`{"text":%s,"value":"v"}`, text(n)) }

func section(element string) string {
	return `{"type":"section","text":` + text(1) + `,"accessory":` + element + `}`
}
func actions(elements string) string { return `{"type":"actions","elements":[` + elements + `]}` }
func input(element string) string {
	return `{"type":"input","label":` + text(1) + `,"element":` + element + `}`
}

// Each limit at its edge and one past it. What is wrong is named with its
// place.
func TestTheLimitsOfBlockKit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fits, over string
		on         surface // message if empty
		want       string
	}{
		"section text":         {fits: `{"type":"section","text":` + markup(3000) + `}`, over: `{"type":"section","text":` + markup(3001) + `}`, want: "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		"empty text":           {fits: `{"type":"section","text":` + markup(1) + `}`, over: `{"type":"section","text":` + markup(0) + `}`, want: "must be more than 0 characters"},
		"section fields":       {fits: `{"type":"section","fields":[` + times(10, text(2000)) + `]}`, over: `{"type":"section","fields":[` + times(11, text(1)) + `]}`, want: "no more than 10 items"},
		"a field":              {over: `{"type":"section","fields":[` + text(2001) + `]}`, want: "less than 2001"},
		"section of nothing":   {over: `{"type":"section"}`, want: "text or fields"},
		"header":               {fits: `{"type":"header","text":` + text(150) + `}`, over: `{"type":"header","text":` + text(151) + `}`, want: "less than 151"},
		"header in mrkdwn":     {over: `{"type":"header","text":` + markup(1) + `}`, want: "must be one of: [plain_text]"},
		"context elements":     {fits: `{"type":"context","elements":[` + times(10, markup(9)) + `]}`, over: `{"type":"context","elements":[` + times(11, markup(9)) + `]}`, want: "no more than 10 items"},
		"actions elements":     {fits: actions(times(25, `{"type":"button","text":`+text(75)+`}`)), over: actions(times(26, `{"type":"button","text":`+text(1)+`}`)), want: "no more than 25 items"},
		"button text":          {over: actions(`{"type":"button","text":` + text(76) + `}`), want: "less than 76"},
		"button value":         {fits: actions(`{"type":"button","text":` + text(1) + `,"value":"` + x(2000) + `"}`), over: actions(`{"type":"button","text":` + text(1) + `,"value":"` + x(2001) + `"}`), want: "less than 2001"},
		"button style":         {over: actions(`{"type":"button","text":` + text(1) + `,"style":"green"}`), want: "must be one of: [primary danger]"},
		"action_id":            {fits: actions(`{"type":"button","text":` + text(1) + `,"action_id":"` + x(255) + `"}`), over: actions(`{"type":"button","text":` + text(1) + `,"action_id":"` + x(256) + `"}`), want: "less than 256"},
		"action_id twice":      {over: actions(times(2, `{"type":"button","text":`+text(1)+`,"action_id":"a"}`)), want: "action_id already exists: a"},
		"block_id":             {fits: `{"type":"divider","block_id":"` + x(255) + `"}`, over: `{"type":"divider","block_id":"` + x(256) + `"}`, want: "less than 256"},
		"block_id twice":       {over: times(2, `{"type":"divider","block_id":"d"}`), want: "block_id already exists: d"},
		"blocks of a message":  {fits: times(50, `{"type":"divider"}`), over: times(51, `{"type":"divider"}`), want: "no more than 50 items"},
		"blocks of a home":     {on: onHome, fits: times(100, `{"type":"divider"}`), over: times(101, `{"type":"divider"}`), want: "no more than 100 items"},
		"confirm title":        {fits: section(`{"type":"button","text":` + text(1) + `,"confirm":{"title":` + text(100) + `,"text":` + text(300) + `,"confirm":` + text(30) + `,"deny":` + text(30) + `}}`), over: section(`{"type":"button","text":` + text(1) + `,"confirm":{"title":` + text(101) + `,"text":` + text(1) + `,"confirm":` + text(1) + `,"deny":` + text(1) + `}}`), want: "less than 101"},
		"confirm text":         {over: section(`{"type":"button","text":` + text(1) + `,"confirm":{"title":` + text(1) + `,"text":` + text(301) + `,"confirm":` + text(1) + `,"deny":` + text(1) + `}}`), want: "less than 301"},
		"select options":       {fits: input(`{"type":"static_select","options":[` + times(100, choice(75)) + `]}`), over: input(`{"type":"static_select","options":[` + times(101, choice(1)) + `]}`), want: "no more than 100 items"},
		"no options":           {over: input(`{"type":"static_select","options":[]}`), want: "no less than 1 items"},
		"option text":          {over: input(`{"type":"static_select","options":[` + choice(76) + `]}`), want: "less than 76"},
		"option value":         {over: input(`{"type":"static_select","options":[{"text":` + text(1) + `,"value":"` + x(151) + `"}]}`), want: "less than 151"},
		"initial option":       {fits: input(`{"type":"static_select","options":[` + choice(1) + `],"initial_option":` + choice(1) + `}`), over: input(`{"type":"static_select","options":[` + choice(1) + `],"initial_option":` + choice(2) + `}`), want: "must match one of the options"},
		"placeholder":          {fits: input(`{"type":"plain_text_input","placeholder":` + text(150) + `}`), over: input(`{"type":"plain_text_input","placeholder":` + text(151) + `}`), want: "less than 151"},
		"radio buttons":        {fits: input(`{"type":"radio_buttons","options":[` + times(10, choice(1)) + `]}`), over: input(`{"type":"radio_buttons","options":[` + times(11, choice(1)) + `]}`), want: "no more than 10 items"},
		"checkboxes":           {over: input(`{"type":"checkboxes","options":[` + times(11, choice(1)) + `]}`), want: "no more than 10 items"},
		"overflow":             {fits: section(`{"type":"overflow","options":[` + times(5, choice(1)) + `]}`), over: section(`{"type":"overflow","options":[` + times(6, choice(1)) + `]}`), want: "no more than 5 items"},
		"text input":           {fits: input(`{"type":"plain_text_input","initial_value":"` + x(3000) + `","max_length":3000}`), over: input(`{"type":"plain_text_input","max_length":3001}`), want: "number from 1 to 3000"},
		"least over most":      {over: input(`{"type":"plain_text_input","min_length":5,"max_length":4}`), want: "min_length must not be greater"},
		"date":                 {fits: input(`{"type":"datepicker","initial_date":"2026-12-23"}`), over: input(`{"type":"datepicker","initial_date":"2026-02-30"}`), want: "a date YYYY-MM-DD"},
		"number in a message":  {over: input(`{"type":"number_input","is_decimal_allowed":false}`), want: "unsupported type: number_input in input of a message"},
		"label":                {over: `{"type":"input","label":` + text(2001) + `,"element":{"type":"plain_text_input"}}`, want: "less than 2001"},
		"input without label":  {over: `{"type":"input","element":{"type":"plain_text_input"}}`, want: "missing required field: label"},
		"button as an input":   {over: input(`{"type":"button","text":` + text(1) + `}`), want: "unsupported type: button in input"},
		"input in actions":     {over: actions(`{"type":"plain_text_input"}`), want: "unsupported type: plain_text_input in actions"},
		"image without alt":    {over: section(`{"type":"image","image_url":"https://example.org/x.png"}`), want: "missing required field: alt_text"},
		"a field nobody knows": {over: `{"type":"divider","colour":"red"}`, want: "additional properties allowed: colour"},
		"a null":               {over: `{"type":"section","text":` + text(1) + `,"accessory":null}`, want: "must not be null"},
		"a block nobody knows": {over: `{"type":"marquee"}`, want: "unsupported type: marquee"},
		"no object":            {over: `"divider"`, want: "unsupported type"},
		"markdown in a home":   {on: onHome, over: `{"type":"markdown","text":"x"}`, want: "unsupported type: markdown"},
		"two with focus":       {over: times(2, input(`{"type":"plain_text_input","focus_on_load":true}`)), want: "only one element"},
		"emoji count twice":    {fits: `{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("🙂", 75) + `"}}`, over: `{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("🙂", 76) + `"}}`, want: "less than 151"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.on == "" {
				test.on = onMessage
			}
			if got := problems(t, test.fits, test.on); len(got) > 0 {
				t.Errorf("what fits is refused: %q", got)
			}
			got := problems(t, test.over, test.on)
			if !strings.Contains(strings.Join(got, "\n"), test.want) {
				t.Errorf("refused with %q, want %q", got, test.want)
			}
		})
	}
}

func problems(t *testing.T, blocks string, on surface) []string {
	t.Helper()
	var list []any
	if err := json.Unmarshal([]byte("["+blocks+"]"), &list); err != nil {
		t.Fatal(err)
	}
	return checkBlocks(list, on, "/blocks")
}

func TestTheLimitsOfViews(t *testing.T) {
	t.Parallel()
	const blocks = `"blocks":[{"type":"divider"}]`
	for name, test := range map[string]struct {
		view string
		on   surface
		want string // "" if it fits
	}{
		"a modal":         {view: `{"type":"modal","title":` + text(24) + `,"close":` + text(24) + `,"submit":` + text(24) + `,"private_metadata":"` + x(3000) + `","callback_id":"` + x(255) + `",` + blocks + `}`},
		"title":           {view: `{"type":"modal","title":` + text(25) + `,` + blocks + `}`, want: "less than 25 characters [json-pointer:/view/title/text]"},
		"no title":        {view: `{"type":"modal",` + blocks + `}`, want: "missing required field: title"},
		"submit":          {view: `{"type":"modal","title":` + text(1) + `,"submit":` + text(25) + `,` + blocks + `}`, want: "less than 25"},
		"close":           {view: `{"type":"modal","title":` + text(1) + `,"close":` + text(25) + `,` + blocks + `}`, want: "less than 25"},
		"metadata":        {view: `{"type":"modal","title":` + text(1) + `,"private_metadata":"` + x(3001) + `",` + blocks + `}`, want: "less than 3001"},
		"callback_id":     {view: `{"type":"modal","title":` + text(1) + `,"callback_id":"` + x(256) + `",` + blocks + `}`, want: "less than 256"},
		"no submit":       {view: `{"type":"modal","title":` + text(1) + `,"blocks":[` + input(`{"type":"plain_text_input"}`) + `]}`, want: "missing required field: submit"},
		"no blocks":       {view: `{"type":"modal","title":` + text(1) + `}`, want: "missing required field: blocks"},
		"101 blocks":      {view: `{"type":"modal","title":` + text(1) + `,"blocks":[` + times(101, `{"type":"divider"}`) + `]}`, want: "no more than 100 items"},
		"a home":          {on: onHome, view: `{"type":"home",` + blocks + `}`},
		"title of a home": {on: onHome, view: `{"type":"home","title":` + text(1) + `,` + blocks + `}`, want: "additional properties allowed: title"},
		"modal as a home": {on: onHome, view: `{"type":"modal",` + blocks + `}`, want: "must be home"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.on == "" {
				test.on = onModal
			}
			var view object
			if err := json.Unmarshal([]byte(test.view), &view); err != nil {
				t.Fatal(err)
			}
			got := checkView(view, test.on)
			if (test.want == "") != (len(got) == 0) || !strings.Contains(strings.Join(got, "\n"), test.want) {
				t.Errorf("refused with %q, want %q", got, test.want)
			}
		})
	}
}
