package discordfake

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"regexp"
	"slices"
	"strings"
)

// maxFile is how large one file of a bot may be in a server without boosts (API
// Reference, "Uploading Files").
const maxFile = 10 << 20

// File is a file of a message.
type File struct {
	Name, Type string
	Data       []byte
}

var (
	filePart = regexp.MustCompile(`^files\[(\d+)\]$`)
	// fileName is what attachment:// can name (API Reference, "Uploading Files").
	fileName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
)

// multipartReader takes a form apart (API Reference, "Uploading Files").
func multipartReader(raw []byte, boundary string) ([]byte, map[string]File, error) {
	reader := multipart.NewReader(bytes.NewReader(raw), boundary)
	payload, files := []byte("{}"), map[string]File{}
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return payload, files, nil
		}
		if err != nil {
			return nil, nil, badField("", "CONTENT_TYPE_INVALID", "The form cannot be read")
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, badField("", "CONTENT_TYPE_INVALID", "The form cannot be read")
		}
		number := filePart.FindStringSubmatch(part.FormName())
		switch {
		case part.FormName() == "payload_json" && json.Valid(data):
			payload = data
		case part.FormName() == "payload_json":
			return nil, nil, refuse(invalidJSON)
		case number == nil || part.FileName() == "":
			return nil, nil, badField(part.FormName(), "UNKNOWN_FIELD", "There is no such field")
		case len(data) > maxFile:
			return nil, nil, refuse(tooLarge)
		default:
			files[number[1]] = File{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Data: data}
		}
	}
}

func attachmentShape() shape {
	return shape{must: []string{"id"}, fields: map[string]check{
		"id": ignored, "filename": words(1, 1024), "description": atMost(1024), "title": atMost(1024),
	}}
}

// attach takes the files of a body: those that it describes, or all when it
// describes none. An edit keeps only what it names (API Reference, "Editing
// Message Attachments"); a file that it names and that nobody sent is refused.
func (m *message) attach(c *checker, body object, d door) error {
	described, given := body["attachments"]
	if !given && len(d.files) == 0 {
		return nil
	}
	kept := m.files
	m.files = nil
	taken := map[string]bool{}
	for _, v := range items(described) {
		o := nested(v)
		id := numberText(o["id"])
		file, sent := d.files[id]
		old := slices.IndexFunc(kept, func(f File) bool { return d.edit && f.Name == text(o["filename"]) })
		switch {
		case sent:
			if name := text(o["filename"]); name != "" {
				file.Name = name
			}
			taken[id] = true
			m.files = append(m.files, file)
		case old >= 0:
			m.files = append(m.files, kept[old])
		default:
			c.wrong(d.prefix+"/attachments", "ATTACHMENT_NOT_FOUND", "Attachment data for attachment id %s not found", id)
		}
	}
	for id, file := range d.files {
		if !taken[id] {
			m.files = append(m.files, file)
		}
	}
	return nil
}

func numberText(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return text(v)
}

// mediaOf are the addresses that a component shows.
func mediaOf(o object) []string {
	switch kindOf(o) {
	case file:
		return []string{text(nested(o["file"])["url"])}
	case thumbnail:
		return []string{text(nested(o["media"])["url"])}
	case mediaGallery:
		var out []string
		for _, item := range items(o["items"]) {
			out = append(out, text(nested(nested(item)["media"])["url"]))
		}
		return out
	}
	return nil
}

// findAttached: what a component names as attachment://… must be there, and a
// File component shows nothing else (Component Reference, "File").
func (m *message) findAttached(c *checker, prefix string) {
	eachComponent(m.components, func(o object) {
		for _, address := range mediaOf(o) {
			name, attached := strings.CutPrefix(address, "attachment://")
			switch {
			case !attached && kindOf(o) == file:
				c.wrong(prefix+"/components", "UNFURLED_MEDIA_ITEM_ATTACHMENT_REQUIRED", "Only attachment:// can be used here")
			case !attached:
			case !fileName.MatchString(name) || !slices.ContainsFunc(m.files, func(f File) bool { return f.Name == name }):
				c.wrong(prefix+"/components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found")
			}
		}
	})
}

// shown are the files that people see: in a message of components only those
// that a component shows.
func (m *message) shown() []File {
	if m.flags&flagV2 == 0 {
		return slices.Clone(m.files)
	}
	var out []File
	eachComponent(m.components, func(o object) {
		for _, address := range mediaOf(o) {
			for _, f := range m.files {
				if address == "attachment://"+f.Name {
					out = append(out, f)
				}
			}
		}
	})
	return out
}
