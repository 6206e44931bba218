package discord

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func reportOf(files ...chat.File) chat.Tell {
	return chat.Tell{Card: chat.Card{Summary: "Report", Title: "Report"}, Files: files}
}

func bytesOf(name string, n int) chat.File {
	return chat.File{Name: name, Type: "text/csv", Data: bytes.Repeat([]byte("x"), n)}
}

// What one message cannot carry comes in another one, as privately.
func TestFilesAreSpreadOverMessages(t *testing.T) {
	t.Parallel()
	loads, lost := packed([]chat.File{
		bytesOf("a b.csv", chat.MaxFile), bytesOf("b.csv", chat.MaxFile), bytesOf("c.csv", chat.MaxFile), bytesOf("d.csv", chat.MaxFile+1), bytesOf("e.csv", 1),
	})
	var got []string
	for _, load := range loads {
		got = append(got, strings.Join(namesOfFiles(load), " "))
	}
	if s := strings.Join(got, "; ") + " without " + strings.Join(lost, " "); s != "a_b.csv b.csv; c.csv e.csv without d.csv" {
		t.Errorf("sent are %s", s)
	}
}

// A refused upload does not keep the card away.
func TestACardComesWithoutItsFiles(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, way, func(o *Options) { o.After = time.After })
			w.reply(reportOf(bytesOf("all.csv", 10)))
			w.fake.Fail(discordfake.Fault{Path: "PATCH /webhooks/", Status: 413, Code: 40005})
			w.must(w.mina().Slash("access mine"))
			m, err := w.mina().Read("all.csv")
			w.must(err)
			if !m.Private || !m.Has("Report") || !m.Has("could not be sent") || len(m.Files) > 0 {
				t.Errorf("said is %q", m.Body)
			}
		})
	}
}
