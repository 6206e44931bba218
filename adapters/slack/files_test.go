package slack

import (
	"bytes"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

func report() chat.Tell {
	return chat.Tell{Card: small("Report"), Files: []chat.File{
		{Name: "a.csv", Type: "text/csv", Data: []byte("a\r\n")}, {Name: "b.png", Type: "image/png", Data: bytes.Repeat([]byte("b"), 5000)},
	}}
}

// read asks for a report and reads what comes.
func (w *town) read(text string) slackfake.Message {
	w.t.Helper()
	w.must(w.mina().Slash("/access-admin", "report"))
	m, err := w.mina().Read(text)
	w.must(err)
	return m
}

// shared are the messages with files, which all are in the direct message.
func (w *town) shared() []slackfake.Message {
	var out []slackfake.Message
	for _, m := range w.fake.Messages("") {
		if len(m.Files) == 0 {
			continue
		}
		if !strings.HasPrefix(m.Channel, "D") {
			w.t.Errorf("a file is in %s", m.Channel)
		}
		out = append(out, m)
	}
	return out
}

// Both files come in one message of the direct message, which says what they
// are.
func TestFilesComeInOneDirectMessage(t *testing.T) {
	t.Parallel()
	w := newTown(t, "socket")
	w.reply(report())
	if m := w.read("a.csv, b.png"); !m.Private || !m.Has("Report") {
		t.Errorf("said is %q", m.Body)
	}
	if got := w.shared(); len(got) != 1 || len(got[0].Files) != 2 || got[0].Text != "Report" || len(got[0].Files[1].Data) != 5000 {
		t.Errorf("%d messages with files", len(got))
	}
}

// Without the scope the card comes with a sentence that names it, and admins
// are told by the usual way.
func TestWithoutTheScopeTheCardComesWithASentence(t *testing.T) {
	t.Parallel()
	w := newTown(t, "socket")
	w.fake.DropScope("files:write")
	w.reply(report())
	if m := w.read("files:write"); !m.Has("Report") || !m.Has("a.csv, b.png") {
		t.Errorf("said is %q", m.Body)
	}
	if n := len(w.shared()); n > 0 {
		t.Errorf("%d messages with files", n)
	}
}

// What goes wrong on the way of the second file is said; the first one comes.
func TestAFileThatIsRefusedIsNamed(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slackfake.Fault{
		"no address": {Method: "files.getUploadURLExternal", Error: "file_upload_size_restricted", Only: func(args map[string]string) bool { return args["filename"] == "b.png" }},
		"not taken":  {Method: "upload", Status: 500, Times: -1},
		"not shared": {Method: "files.completeUploadExternal", Error: "posting_to_channel_denied", Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, "http")
			w.fake.Fail(fault)
			w.reply(report())
			m := w.read("could not be sent")
			came := len(w.shared())
			if want := map[string]int{"no address": 1}[name]; came != want {
				t.Errorf("%d messages with files, want %d", came, want)
			}
			if !m.Has("Report") || !m.Has("could not be sent: ") || m.Has("could not be sent: a.csv") != (came == 0) {
				t.Errorf("said is %q", m.Body)
			}
		})
	}
}

// Slack asks to wait a moment: that is waited for.
func TestAFileWaitsAShortWhile(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.fake.Fail(slackfake.Fault{Method: "files.getUploadURLExternal", Status: 429})
	w.reply(report())
	if m := w.read("a.csv, b.png"); !m.Has("direct messages") {
		t.Errorf("said is %q", m.Body)
	}
	if n := len(w.fake.Calls("files.getUploadURLExternal")); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}
