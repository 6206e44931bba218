package playground

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// What a process keeps of the files of answers: the store knows only that there
// were some. Whoever comes later than that asks again.
const (
	keptFiles     = 24       // answers
	keptFileBytes = 96 << 20 // of all of them
)

// FileNote is what the store keeps of a file of a private message.
type FileNote struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

// shelf holds the files of the latest answers, oldest first.
type shelf struct {
	mu   sync.Mutex
	sets []fileSet
}

type fileSet struct {
	key   string // "<person>/<private message>"
	files []chat.File
}

func (s fileSet) size() int {
	n := 0
	for _, f := range s.files {
		n += len(f.Data)
	}
	return n
}

// put keeps the files of an answer, and lets go of the oldest.
func (s *shelf) put(key string, files []chat.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sets = slices.DeleteFunc(s.sets, func(x fileSet) bool { return x.key == key })
	s.sets = append(s.sets, fileSet{key, files})
	total := 0
	for i := len(s.sets) - 1; i >= 0; i-- {
		total += s.sets[i].size()
		if total > keptFileBytes || len(s.sets)-i > keptFiles {
			s.sets = slices.Delete(s.sets, 0, i+1)
			return
		}
	}
}

func (s *shelf) get(key, name string) (chat.File, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, set := range s.sets {
		for _, f := range set.files {
			if set.key == key && f.Name == name {
				return f, true
			}
		}
	}
	return chat.File{}, false
}

// shelve keeps the files of an answer and names those that are too large on its
// card.
func (a *Adapter) shelve(do act, reply chat.Tell) (chat.Card, []FileNote) {
	card := reply.Card
	var kept []chat.File
	var notes []FileNote
	var lost []string
	for _, f := range reply.Files {
		if len(f.Data) > chat.MaxFile {
			lost = append(lost, f.Name)
			continue
		}
		kept, notes = append(kept, f), append(notes, FileNote{f.Name, f.Type, len(f.Data)})
	}
	if len(kept) > 0 {
		a.shelf.put(do.person.ID+"/"+privateID(do), kept)
	}
	if len(lost) > 0 {
		said := a.readerFor(do.person).say("files.lost", "files", strings.Join(lost, ", "))
		card.Blocks = append(slices.Clone(card.Blocks), chat.Block{Text: chat.Say(said), Small: true})
	}
	return card, notes
}

// fileView is a file of a private message, with where it can be had.
type fileView struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
	URL  string `json:"url"`
}

// Picture reports whether the page shows it.
func (v fileView) Picture() bool { return v.Type == "image/png" }

func fileViews(person string, m Private) []fileView {
	var out []fileView
	for _, f := range m.Files {
		address := "/api/people/" + url.PathEscape(person) + "/files/" + url.PathEscape(m.ID) + "/" + url.PathEscape(f.Name)
		out = append(out, fileView{f.Name, f.Type, f.Size, address})
	}
	return out
}

// getFile gives a file of a private message to the person whom it is for.
func (a *Adapter) getFile(w http.ResponseWriter, r *http.Request) {
	person, message, name := r.PathValue("id"), r.PathValue("message"), r.PathValue("name")
	p, ok, err := a.vault.Person(r.Context(), person)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	there := ok && slices.ContainsFunc(p.Private, func(m Private) bool { return m.ID == message })
	f, found := a.shelf.get(person+"/"+message, name)
	if !there || !found {
		a.fail(w, r, access.Refuse(access.NotFound, "fileGone"))
		return
	}
	kind, how := "application/octet-stream", "attachment"
	switch f.Type {
	case "image/png":
		kind, how = f.Type, "inline"
	case "text/csv":
		kind = "text/csv; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.Data))
}
