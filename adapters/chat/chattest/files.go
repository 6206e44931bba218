package chattest

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

func fileTests() map[string]func(*testing.T, *stage) {
	return map[string]func(*testing.T, *stage){
		"files come in private":                                files,
		"files of a form's answer come":                        formFiles,
		"a file that is too large does not keep the card away": largeFile,
	}
}

// pixel is a picture of one pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// twoFiles are a table and a picture, whose bytes must arrive as they are.
func twoFiles(t *testing.T) []chat.File {
	t.Helper()
	picture, err := base64.StdEncoding.DecodeString(pixel)
	if err != nil {
		t.Fatal(err)
	}
	return []chat.File{
		{Name: "who-has-what.csv", Type: "text/csv", Data: []byte("person,\"what, exactly\"\r\nMära,\"\x00\"\"\"\r\n")},
		{Name: "who-has-what.png", Type: "image/png", Data: picture},
	}
}

func wantFiles(t *testing.T, got, want []chat.File) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d files arrived, want %d", len(got), len(want))
	}
	for i, f := range got {
		if f.Name != want[i].Name || !bytes.Equal(f.Data, want[i].Data) {
			t.Errorf("file %d arrived as %q with %d bytes, want %q with %d", i, f.Name, len(f.Data), want[i].Name, len(want[i].Data))
		}
	}
}

func files(t *testing.T, s *stage) {
	want := twoFiles(t)
	s.reply(chat.Tell{Card: card("A report"), Files: want})
	seen := s.Do(t, chat.Invoked{Who: s.Who(0), ID: "1", Command: "access-admin", Text: "pending"})
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("A report"))
	wantFiles(t, s.Files(t, s.Who(0), 2), want)
	wantFiles(t, s.Files(t, s.Who(1), 0), nil)
	if to := s.Channel(); to != "" {
		if n := len(s.Messages(t, chat.Address{Channel: to})); n > 0 {
			t.Errorf("%d messages are in the channel", n)
		}
	}
}

func formFiles(t *testing.T, s *stage) {
	page := s.open(t, nil, 1)
	want := twoFiles(t)
	s.reply(chat.Tell{Card: card("Thanks"), Files: want})
	seen := s.Do(t, chat.Filled{Who: s.Who(0), ID: "f", Form: page.Form, Page: 1, Values: of(page, answers(s.Who(1)))})
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("Thanks"))
	wantFiles(t, s.Files(t, s.Who(0), 2), want)
}

// largeFile: the card comes, with what could be sent and a sentence that names
// what could not.
func largeFile(t *testing.T, s *stage) {
	want := twoFiles(t)[:1]
	large := chat.File{Name: "everything.csv", Type: "text/csv", Data: make([]byte, chat.MaxFile+1)}
	s.reply(chat.Tell{Card: card("A report"), Files: append(want, large)})
	seen := s.Do(t, chat.Invoked{Who: s.Who(0), ID: "1", Command: "access-admin", Text: "pending"})
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("A report"))
	if !strings.Contains(seen.Message.Text, large.Name) {
		t.Errorf("nobody says that %s could not be sent: %q", large.Name, seen.Message.Text)
	}
	wantFiles(t, s.Files(t, s.Who(0), 1), want)
}
