package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Exporter writes definitions as the file that "usher apply" takes back.
type Exporter func(runtime.Definitions) []byte

// cmdExport gives tenant admins and auditors all that is defined, as a file.
func (c *call) cmdExport(words) (chat.Reply, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	if !engine.TenantAdmin(w, c.actor) && !engine.Auditor(w, c.actor) {
		return nil, access.Refuse(access.Forbidden, "notTenantAdmin")
	}
	all, err := c.core.Definitions(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	data := c.export(all)
	if len(data) > chat.MaxFile {
		return nil, access.Refuse(access.Refused, "exportTooLarge")
	}
	title, says := c.plain("export.title"), c.text("export.says", "packages", len(all.Packages), "resources", len(all.Resources), "catalogs", len(all.Catalogs))
	return chat.Tell{
		Card:  chat.Card{Title: title, Summary: title, Tone: chat.ToneGood, Blocks: []chat.Block{{Text: says}}},
		Files: []chat.File{{Name: "usher.yaml", Type: "application/yaml", Data: data}},
	}, nil
}
