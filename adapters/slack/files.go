package slack

import (
	"bytes"
	"context"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// filesWithin is how long the files of an answer may take: what is large goes
// over a slow line, and people were told by then that it takes longer.
const filesWithin = 40 * time.Second

// withFiles sends the files of an answer, if it has any, and says on its card
// where they are. Neither an ephemeral message nor a modal takes files, so they
// go into the direct message with the bot, all in one message. What cannot be
// sent is named; the card comes in any case.
func (c *call) withFiles(ctx context.Context, reply chat.Reply) chat.Reply {
	tell, ok := reply.(chat.Tell)
	if !ok || len(tell.Files) == 0 {
		return reply
	}
	ctx, cancel := context.WithTimeout(ctx, filesWithin)
	defer cancel()
	sent, err := c.sendFiles(ctx, tell)
	say := func(key string, names []string) {
		if len(names) > 0 {
			text := strings.ReplaceAll(c.painter(c.User).words[key], "{files}", strings.Join(names, ", "))
			tell.Card.Blocks = append(tell.Card.Blocks[:len(tell.Card.Blocks):len(tell.Card.Blocks)], chat.Block{Text: chat.Say(text), Small: true})
		}
	}
	var lost []string
	for _, f := range tell.Files[len(sent):] {
		lost = append(lost, f.Name)
	}
	say("files.sent", sent)
	key := "files.lost"
	if slackCode(err) == "missing_scope" {
		key = "files.scope"
	}
	say(key, lost)
	if err != nil {
		c.o.Log.Warn().Str("why", c.scrub(err)).Msg("slack: files of an answer did not arrive")
	}
	return chat.Tell{Card: tell.Card}
}

// sendFiles puts files into the person's direct message: those before the first
// that cannot be sent. It returns their names.
func (c *call) sendFiles(ctx context.Context, tell chat.Tell) ([]string, error) {
	channel, err := c.place(ctx, chat.Address{Account: access.Account(c.o.Name + "/" + c.User)})
	if err != nil {
		return nil, err
	}
	var files []api.FileSummary
	var names []string
	for _, f := range tell.Files {
		id, lost := c.upload(ctx, f)
		if err = lost; err != nil {
			break
		}
		files, names = append(files, api.FileSummary{ID: id, Title: f.Name}), append(names, f.Name)
	}
	if len(files) == 0 {
		return nil, err
	}
	said := c.patiently(ctx, func() error {
		return c.call(ctx, "files.completeUploadExternal", "", func(ctx context.Context) error {
			_, err := c.web.CompleteUploadExternalContext(ctx, api.CompleteUploadExternalParameters{
				Files: files, Channel: channel, InitialComment: chat.Cut(escape(chat.Straight(tell.Card.Summary)), maxText),
			})
			return err
		})
	})
	if said != nil {
		return nil, said
	}
	return names, err
}

// upload brings the bytes of a file to Slack: an address is asked for, which
// takes them ("files.getUploadURLExternal"). The library sends the token to
// addresses of Slack, and of the configured API, only.
func (c *call) upload(ctx context.Context, f chat.File) (id string, err error) {
	if len(f.Data) > chat.MaxFile || len(f.Data) == 0 {
		return "", &access.Fault{Failure: access.FailNever, Code: "badFile"}
	}
	var to *api.GetUploadURLExternalResponse
	err = c.patiently(ctx, func() error {
		return c.call(ctx, "files.getUploadURLExternal", "", func(ctx context.Context) (err error) {
			to, err = c.web.GetUploadURLExternalContext(ctx, api.GetUploadURLExternalParameters{FileName: f.Name, FileSize: len(f.Data)})
			return err
		})
	})
	if err != nil {
		return "", err
	}
	err = c.call(ctx, "upload", "", func(ctx context.Context) error {
		return c.web.UploadToURL(ctx, api.UploadToURLParameters{UploadURL: to.UploadURL, Filename: f.Name, Reader: bytes.NewReader(f.Data)})
	})
	return to.FileID, err
}
