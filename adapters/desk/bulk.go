package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// bulk is a list of people to assign a package to, from when it was pasted
// until a day after.
type bulk struct {
	Face    int              `json:"face"` // its number in its address
	Package access.PackageID `json:"package"`
	Until   string           `json:"until,omitempty"` // for lines without one
	Reason  string           `json:"reason,omitempty"`
	List    string           `json:"list"` // as it was pasted
	Lines   []bulkLine       `json:"lines"`
	Read    int              `json:"read"` // how many lines are understood
	Begun   bool             `json:"begun,omitempty"`
	At      int              `json:"at,omitempty"`  // how many lines are done with
	Ref     string           `json:"ref,omitempty"` // the message that shows progress
}

// cmdBulk asks for a list of people to assign a package to.
func (c *call) cmdBulk(in words) (chat.Reply, error) {
	if err := c.acts(access.AssignmentManager); err != nil {
		return nil, err
	}
	preset, err := c.adminPreset(words{pkg: in.pkg}, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	return c.open(c.token(verbBulk, ""), preset)
}

func (c *call) bulkForm(t chat.Token, d *draft) (*sheet, error) {
	pkg, err := c.actField(t, d, access.AssignmentManager)
	if err != nil {
		return nil, err
	}
	list, rest := c.listFields()
	return &sheet{
		form: form.Form{Title: c.plain("bulk.title"), Submit: c.plain("bulk.look"), Fields: []form.Field{
			pkg, list, rest,
			{ID: "end", Kind: form.Moment, Label: c.plain("field.end"), Hint: c.plain("bulk.endHint"), Max: 60},
			c.reason(false, "bulk.reasonHint"),
		}},
		check:  c.checkBulk,
		times:  c.understood,
		search: c.actSearch(access.AssignmentManager),
		submit: c.takeList,
	}, nil
}

// lineSize is about how many characters a line with an e-mail address has.
const lineSize = 30

// areaMax is how many characters a field of the chat takes; 0: any number.
func (c *call) areaMax() int {
	a, ok := c.adapter(c.from.Account)
	if !ok {
		return 0
	}
	return a.Caps(c.from.Account).AreaMax
}

// listFields ask for the list, and for what does not fit into one field.
func (c *call) listFields() (list, rest form.Field) {
	most := c.areaMax()
	list = form.Field{ID: "list", Kind: form.Area, Label: c.plain("bulk.list"), Hint: c.plain("bulk.listHint", "max", bulkMost), Placeholder: c.plain("bulk.example"), Required: true, Max: most}
	if most > 0 {
		list.Hint = c.plain("bulk.listFits", "chars", most, "lines", most/lineSize/10*10)
	}
	return list, form.Field{ID: "more", Kind: form.Area, Label: c.plain("bulk.listMore"), Hint: c.plain("bulk.listMoreHint", "max", bulkMost), Max: most}
}

// parted is a list in two fields: as many whole lines in the first as it takes.
func parted(list string, most int) (first, rest string) {
	if most == 0 || utf8.RuneCountInString(list) <= most {
		return list, ""
	}
	head := string([]rune(list)[:most+1])
	if n := strings.LastIndexByte(head, '\n'); n > 0 {
		return list[:n], list[n+1:]
	}
	return list, ""
}

func (c *call) checkBulk(v form.Values) map[string]*access.Error {
	out := map[string]*access.Error{}
	_, _, errs := c.times(form.Values{"end": v["end"]})
	for _, e := range errs {
		out[e.Field] = e
	}
	if _, err := c.readList(pasted(v)); err != nil && one(v, "list") != "" {
		out["list"] = at(err, "list")
	}
	return out
}

// pasted is the whole list, of both fields.
func pasted(v form.Values) string {
	return strings.Trim(one(v, "list")+"\n"+one(v, "more"), "\n")
}

// takeList keeps a list and shows how it is understood. Nothing is done yet.
func (c *call) takeList(v form.Values) (chat.Reply, error) {
	b := &bulk{Package: access.PackageID(one(v, "package")), Until: one(v, "end"), Reason: one(v, "reason"), List: pasted(v)}
	if err := c.mayBulk(b.Package); err != nil {
		return nil, err
	}
	var err error
	if b.Lines, err = c.readList(b.List); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(string(c.id) + "\x00" + string(b.Package) + "\x00" + b.List))
	b.Face = max(int(binary.BigEndian.Uint32(sum[:])>>1), 1)
	return c.previewBulk(b)
}

// mayBulk refuses those who may not assign the package.
func (c *call) mayBulk(id access.PackageID) error {
	w, p, err := c.lookedAfter(id)
	if err == nil && !engine.HasRole(w, p.Catalog, c.actor, access.AssignmentManager) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	return err
}

func (c *call) previewBulk(b *bulk) (chat.Reply, error) {
	if err := c.keepBulk(b); err != nil {
		return nil, err
	}
	if err := c.understand(b); err != nil {
		return nil, err
	}
	return chat.Tell{Card: fit(c.bulkPreview(b))}, nil
}

func (c *call) bulkName(face int) string {
	return "bulk/" + string(c.from.Tenant) + "/" + string(c.from.Account) + "/" + strconv.Itoa(face)
}

func (c *call) keepBulk(b *bulk) error {
	data, err := json.Marshal(b)
	if err == nil {
		err = c.scratch.Put(c.ctx, c.bulkName(b.Face), data, c.now, proposalTTL)
	}
	return err
}

// bulkOf reads the list that a button names, for whoever pasted it.
func (c *call) bulkOf(t chat.Token) (*bulk, error) {
	b := &bulk{}
	data, err := c.scratch.Get(c.ctx, c.bulkName(t.Face), c.now)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 || json.Unmarshal(data, b) != nil {
		return nil, access.Refuse(access.TooLate, "bulkOver")
	}
	return b, c.mayBulk(b.Package)
}

// goOnBulk goes on with understanding a list, or with carrying it out.
func (c *call) goOnBulk(t chat.Token) (chat.Reply, error) {
	b, err := c.bulkOf(t)
	switch {
	case err != nil:
		return nil, err
	case !b.Begun && b.Read < len(b.Lines):
		return c.previewBulk(b)
	}
	b.Begun = true
	if err := c.keepBulk(b); err != nil {
		return nil, err
	}
	if err := c.carryLines(b); err != nil {
		return nil, err
	}
	return chat.Tell{Card: fit(c.bulkResult(b))}, nil
}

// changeBulk opens the form again with what was pasted.
func (c *call) changeBulk(t chat.Token) (chat.Reply, error) {
	b, err := c.bulkOf(t)
	if err != nil {
		return nil, err
	}
	list, rest := parted(b.List, c.areaMax())
	preset := form.Values{"package": {string(b.Package)}, "list": {list}}
	for field, typed := range map[string]string{"more": rest, "end": b.Until, "reason": b.Reason} {
		if typed != "" {
			preset[field] = []string{typed}
		}
	}
	return c.open(c.token(verbBulk, ""), preset)
}

// bulkFile gives the list with what became of each line as a table.
func (c *call) bulkFile(t chat.Token) (chat.Reply, error) {
	b, err := c.bulkOf(t)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	head := []string{c.plain("bulk.csvLine"), c.plain("bulk.csvTyped"), c.plain("bulk.csvPerson"), c.plain("bulk.csvId"), c.plain("bulk.csvResult")}
	rows := [][]string{head}
	for _, l := range b.Lines {
		rows = append(rows, []string{strconv.Itoa(l.N), harmless(l.Who), harmless(l.Name), string(l.Person), harmless(c.lineResult(b, l))})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write a table: %w", err)
	}
	card := chat.Card{Summary: c.plain("bulk.fileReady"), Tone: chat.ToneGood, Blocks: []chat.Block{{Text: c.text("bulk.fileReady")}}}
	return chat.Tell{Card: card, Files: []chat.File{{Name: "usher-" + string(b.Package) + ".csv", Type: "text/csv", Data: out.Bytes()}}}, nil
}

// harmless keeps a spreadsheet from taking what somebody typed for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
