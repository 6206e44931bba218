package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
)

const (
	// filesWithin is how long the files of an answer may take; "is thinking"
	// stands there meanwhile, for up to 15 minutes.
	filesWithin = 40 * time.Second
	// maxParcel is how much one message carries. Discord takes 10 MiB a file
	// from bots in servers without boosts and 25 MiB a request ("API Reference",
	// Uploading Files).
	maxParcel      = 20 << 20
	maxAttachments = 10
)

// attachable is a name that a component can refer to ("API Reference",
// Uploading Files).
var attachable = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// parcel is a message with its files.
type parcel struct {
	message
	files []chat.File
}

// withFiles answers with a card and files: Discord gets its first answer at
// once, and the card takes its place together with the files. Pictures are
// shown. What cannot be sent is named on the card, which comes in any case.
func (c *call) withFiles(ctx context.Context, tell chat.Tell) {
	c.settle()
	c.give(c.words.later(c.act))
	ctx, cancel := context.WithTimeout(ctx, filesWithin)
	defer cancel()
	loads, lost := packed(tell.Files)
	var first []chat.File
	if len(loads) > 0 {
		first, loads = loads[0], loads[1:]
	}
	err := c.original(ctx, c.words.parcel(tell.Card, first, lost))
	if err != nil && len(first) > 0 {
		c.o.Log.Warn().Str("why", c.scrub(err)).Msg("discord: files of an answer did not arrive")
		err = c.original(ctx, c.words.parcel(tell.Card, nil, append(namesOfFiles(first), lost...)))
	}
	if err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Str("on", string(c.Surface)).Msg("discord: a late answer did not arrive")
		return
	}
	for _, more := range loads {
		c.follow(ctx, more)
	}
}

// original puts a message in the place of the first answer.
func (c *call) original(ctx context.Context, p parcel) error {
	if err := c.wait(ctx); err != nil {
		return err
	}
	if err := checkMessage(p.message); err != nil {
		c.o.Log.Error().Err(err).Msg("discord: an answer breaks Discord's limits")
		p = parcel{message: c.words.note("broken")}
	}
	return c.patiently(ctx, func() error {
		return c.tell(ctx, http.MethodPatch, "webhooks/"+c.App+"/"+c.Token+"/messages/@original", p)
	})
}

// follow sends more files after the answer, or says that they are lost.
func (c *call) follow(ctx context.Context, files []chat.File) {
	send := func(p parcel) error {
		p.message = p.private()
		return c.patiently(ctx, func() error { return c.tell(ctx, http.MethodPost, "webhooks/"+c.App+"/"+c.Token, p) })
	}
	err := send(c.words.parcel(chat.Card{}, files, nil))
	if err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Msg("discord: files of an answer did not arrive")
		err = send(c.words.parcel(chat.Card{}, nil, namesOfFiles(files)))
	}
	if err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Msg("discord: nobody could be told that files are lost")
	}
}

// packed spreads files over messages, and names those that are too large.
func packed(files []chat.File) (loads [][]chat.File, lost []string) {
	size := 0
	for _, f := range files {
		if len(f.Data) > chat.MaxFile {
			lost = append(lost, f.Name)
			continue
		}
		last := len(loads) - 1
		if last < 0 || size+len(f.Data) > maxParcel || len(loads[last]) == maxAttachments {
			loads, size, last = append(loads, nil), 0, last+1
		}
		f.Name = attachable.ReplaceAllString(f.Name, "_")
		loads[last], size = append(loads[last], f), size+len(f.Data)
	}
	return loads, lost
}

func namesOfFiles(files []chat.File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

// parcel draws a card with files below it and a sentence about what is lost.
func (p painter) parcel(card chat.Card, files []chat.File, lost []string) parcel {
	if len(lost) > 0 {
		said := strings.ReplaceAll(p.words["files.lost"], "{files}", strings.Join(lost, ", "))
		card.Blocks = append(slices.Clone(card.Blocks), chat.Block{Text: chat.Say(said), Small: true})
	}
	out := parcel{files: files}
	if card.Title != "" || card.Summary != "" || len(card.Blocks) > 0 {
		out.message = p.answer(card)
	} else {
		out.message = message{Flags: flagComponentsV2, Mentions: allowedMentions{Parse: []string{}}}
	}
	for i, f := range files {
		out.Attachments = append(out.Attachments, attachment{ID: i, Name: f.Name})
		shown := media{URL: "attachment://" + f.Name}
		if f.Type == "image/png" {
			out.Components = append(out.Components, component{Type: kindGallery, Items: []picture{{Media: shown}}})
			continue
		}
		out.Components = append(out.Components, component{Type: kindFile, File: &shown})
	}
	return out
}

// form is the message with its files as they are sent; a message without files
// is plain JSON.
func (p parcel) form() (data []byte, kind string, err error) {
	body, err := json.Marshal(p.message)
	if err != nil || len(p.files) == 0 {
		return body, "application/json", err
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	put := func(name, kind string, data []byte) {
		if err != nil {
			return
		}
		part, failed := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {"form-data; " + name}, "Content-Type": {kind}})
		if err = failed; err == nil {
			_, err = part.Write(data)
		}
	}
	put(`name="payload_json"`, "application/json", body)
	for i, f := range p.files {
		put(fmt.Sprintf(`name="files[%d]"; filename="%s"`, i, f.Name), f.Type, f.Data)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), w.FormDataContentType(), err
}
