package slackfake

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxUpload is how large a file may be ("Add files to Slack", 1 GB); a fake
// that takes as much would be no help.
const maxUpload = 64 << 20

// File is a file that was shared in a message.
type File struct {
	ID, Name, Title string
	Data            []byte
}

// upload is a file on its way.
type upload struct {
	File
	ticket string // of the address that takes it
	length int
	there  bool
	shared bool
}

// uploadURL follows docs.slack.dev/reference/methods/files.getUploadURLExternal.
func (f *Fake) uploadURL(a args) (object, error) {
	n, err := strconv.Atoi(a.text("length"))
	switch {
	case err != nil || n < 0:
		return nil, refuse("invalid_arguments", "[ERROR] must be an integer: length")
	case n == 0:
		return nil, refuse("missing_argument")
	case n > maxUpload:
		return nil, refuse("file_upload_size_restricted")
	case length(a.text("alt_txt")) > 1000:
		return nil, refuse("alt_txt_too_large")
	}
	u := &upload{File: File{ID: f.id("F0"), Name: a.text("filename")}, ticket: secret(), length: n}
	f.uploads[u.ID] = u
	address := strings.TrimSuffix(f.URL, "api/") + "upload/v1/" + u.ticket
	return object{"upload_url": address, "file_id": u.ID}, nil
}

// serveUpload takes the bytes, raw or as a form: 200 when they are there. An
// address that nobody was given is 404, and a body of another length than was
// said is refused, so that an app that counts wrongly is found out.
func (f *Fake) serveUpload(w http.ResponseWriter, r *http.Request) {
	const name = "upload"
	a := args{values: object{"ticket": r.PathValue("ticket")}}
	fault := f.takeFault(name, a)
	if f.hold(r.Context(), fault) != nil {
		panic(http.ErrAbortHandler)
	}
	if fault.before() {
		f.fail(w, name, a, fault)
		return
	}
	data, err := uploaded(r)
	status, code := http.StatusBadRequest, "unreadable"
	if err == nil {
		status, code = f.takeUpload(r.PathValue("ticket"), data)
	}
	if fault != nil && fault.After {
		f.fail(w, name, a, fault)
		return
	}
	f.note(name, a, status, code)
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "OK - %d", len(data))
}

// uploaded reads what was sent: the only file of a form, or the body.
func uploaded(r *http.Request) ([]byte, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return io.ReadAll(io.LimitReader(r.Body, maxUpload+1))
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(io.LimitReader(part, maxUpload+1))
		}
	}
}

func (f *Fake) takeUpload(ticket string, data []byte) (status int, code string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, u := range f.uploads {
		if u.ticket != ticket || u.there {
			continue
		}
		if len(data) != u.length {
			return http.StatusBadRequest, "length"
		}
		u.Data, u.there = data, true
		return http.StatusOK, ""
	}
	return http.StatusNotFound, "unknown"
}

// completeUpload follows docs.slack.dev/reference/methods/files.completeUploadExternal.
// Without a channel the files stay with the bot.
func (f *Fake) completeUpload(a args) (object, error) {
	var list []struct{ ID, Title string }
	if a.decode("files", &list) != nil || len(list) == 0 {
		return nil, refuse("invalid_arguments", "[ERROR] must provide a list: files")
	}
	var shared []File
	var answer []any
	for _, one := range list {
		u := f.uploads[one.ID]
		if u == nil || !u.there || u.shared {
			return nil, refuse("file_not_found")
		}
		file := u.File
		file.Title = one.Title
		shared, answer = append(shared, file), append(answer, object{"id": one.ID, "title": one.Title})
	}
	if id := a.text("channel_id"); id != "" {
		c, err := f.postable(id)
		if err != nil {
			return nil, err
		}
		m := &message{channel: c.ID, user: BotUser, text: a.text("initial_comment"), ts: f.ts(), files: shared}
		f.messages[c.ID] = append(f.messages[c.ID], m)
		f.echoMessage(m, c, "")
	}
	for _, one := range list {
		f.uploads[one.ID].shared = true
	}
	return object{"files": answer}, nil
}
