package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// The two slash commands.
const (
	Access      = "access"
	AccessAdmin = "access-admin"
)

// ArgKind is what an argument of a command names.
type ArgKind string

const (
	ArgPackage  ArgKind = "package"
	ArgCatalog  ArgKind = "catalog"
	ArgResource ArgKind = "resource"
	ArgPolicy   ArgKind = "policy" // of the package before it
	ArgPerson   ArgKind = "person" // "@account", after "for" where that reads well
	ArgUntil    ArgKind = "until"  // a date or a duration, after "until"
	ArgPlace    ArgKind = "place"  // "#channel" or "@person"
	ArgName     ArgKind = "name"   // of what is to be new
	ArgReport   ArgKind = "report" // one of the reports
	ArgCode     ArgKind = "code"   // from "/access link" in another chat
)

// Arg is an argument; none is ever required, since what is missing is asked
// for.
type Arg struct {
	Name string
	Kind ArgKind
}

// Command is one line of the table that commands are parsed, completed, listed
// and registered from. Its help is the text "command.<root>.<name>", with
// spaces as dots.
type Command struct {
	Root string // Access or AccessAdmin
	Name string // one or two words
	Args []Arg
	run  func(*call, words) (chat.Reply, error)
}

// Help is the key of the command's one-line description.
func (c Command) Help() string {
	return "command." + c.Root + "." + strings.ReplaceAll(c.Name, " ", ".")
}

// Commands is the table of all commands.
func Commands() []Command {
	pkg, person := Arg{"package", ArgPackage}, Arg{"person", ArgPerson}
	return []Command{
		{Access, "home", nil, (*call).home},
		{Access, "request", []Arg{pkg, {"for", ArgPerson}}, (*call).cmdRequest},
		{Access, "mine", nil, (*call).mineCard},
		{Access, "status", []Arg{pkg}, (*call).statusCard},
		{Access, "approvals", nil, (*call).approvals},
		{Access, "show", []Arg{pkg}, (*call).cmdShow},
		{Access, "withdraw", []Arg{pkg}, (*call).cmdWithdraw},
		{Access, "extend", []Arg{pkg}, (*call).cmdExtend},
		{Access, "release", []Arg{pkg}, (*call).cmdRelease},
		{Access, "link", []Arg{{"code", ArgCode}}, (*call).link},
		{Access, "help", nil, (*call).help},
		{AccessAdmin, "assign", []Arg{person, pkg, {"until", ArgUntil}}, (*call).cmdAssign},
		{AccessAdmin, "remove", []Arg{person, pkg}, (*call).cmdRemove},
		{AccessAdmin, "bulk", []Arg{pkg}, (*call).cmdBulk},
		{AccessAdmin, "pending", []Arg{person, pkg}, (*call).cmdPending},
		{AccessAdmin, "cancel", []Arg{person, pkg}, (*call).adminCancel},
		{AccessAdmin, "retry", []Arg{person, pkg}, (*call).adminFailed},
		{AccessAdmin, "audit", []Arg{person, pkg}, (*call).adminAudit},
		{AccessAdmin, "report", []Arg{{"report", ArgReport}}, (*call).cmdReport},
		{AccessAdmin, "why", []Arg{person, {"resource", ArgResource}}, (*call).cmdWhy},
		{AccessAdmin, "unlink", []Arg{person}, (*call).cmdUnlink},
		{AccessAdmin, "confirm", []Arg{person}, (*call).cmdVouch},
		{AccessAdmin, "package list", nil, (*call).packageList},
		{AccessAdmin, "package show", []Arg{pkg}, (*call).cmdPage},
		{AccessAdmin, "package simulate", []Arg{person, pkg}, (*call).cmdSimulate},
		{AccessAdmin, "package create", []Arg{{"name", ArgName}}, (*call).packageCreate},
		{AccessAdmin, "package edit", []Arg{pkg}, (*call).cmdPackageEdit},
		{AccessAdmin, "package copy", []Arg{pkg}, (*call).cmdPackageCopy},
		{AccessAdmin, "package hide", []Arg{pkg}, (*call).cmdPackageHide},
		{AccessAdmin, "package unhide", []Arg{pkg}, (*call).cmdPackageUnhide},
		{AccessAdmin, "package delete", []Arg{pkg}, (*call).cmdPackageDelete},
		{AccessAdmin, "package post", []Arg{pkg, {"place", ArgPlace}}, (*call).cmdPost},
		{AccessAdmin, "policy list", []Arg{pkg}, (*call).cmdPolicyList},
		{AccessAdmin, "policy add", []Arg{pkg}, (*call).cmdPolicyAdd},
		{AccessAdmin, "policy edit", []Arg{pkg, {"policy", ArgPolicy}}, (*call).cmdPolicyEdit},
		{AccessAdmin, "policy move", []Arg{pkg, {"policy", ArgPolicy}}, (*call).cmdPolicyMove},
		{AccessAdmin, "policy delete", []Arg{pkg, {"policy", ArgPolicy}}, (*call).cmdPolicyDelete},
		{AccessAdmin, "policy questions", []Arg{pkg, {"policy", ArgPolicy}}, (*call).cmdPolicyQuestions},
		{AccessAdmin, "settings", nil, (*call).cmdSettings},
		{AccessAdmin, "export", nil, (*call).cmdExport},
		{AccessAdmin, "catalog list", nil, (*call).cmdCatalogList},
		{AccessAdmin, "catalog show", []Arg{{"catalog", ArgCatalog}}, (*call).cmdCatalogShow},
		{AccessAdmin, "catalog create", []Arg{{"name", ArgName}}, (*call).cmdCatalogCreate},
		{AccessAdmin, "catalog edit", []Arg{{"catalog", ArgCatalog}}, (*call).cmdCatalogEdit},
		{AccessAdmin, "catalog delete", []Arg{{"catalog", ArgCatalog}}, (*call).cmdCatalogDelete},
		{AccessAdmin, "resource list", nil, (*call).cmdResourceList},
		{AccessAdmin, "resource show", []Arg{{"resource", ArgResource}}, (*call).cmdResourceShow},
		{AccessAdmin, "resource create", []Arg{{"catalog", ArgCatalog}}, (*call).cmdResourceCreate},
		{AccessAdmin, "resource edit", []Arg{{"resource", ArgResource}}, (*call).cmdResourceEdit},
		{AccessAdmin, "resource delete", []Arg{{"resource", ArgResource}}, (*call).cmdResourceDelete},
		{AccessAdmin, "help", nil, (*call).adminHelp},
	}
}

// words are the arguments that were typed.
type words struct {
	pkg    string // what may be an id or a name, or a code
	person string // an account
	place  string // "#channel", as typed
	until  string // a date or a duration, as typed
	typed  string // all of it, for commands with a way of their own
}

// parse takes the arguments apart. "for" may introduce a person, "until" (or
// "for", before a number) an end; in other languages than English,
// where names have these words, only before a number or "@". Quotes around a name are left out.
func (c *call) parse(text string, args []Arg) words {
	out := words{typed: text}
	var rest, until []string
	ends := false
	fields := strings.Fields(text)
	place := placeAmong(fields, args)
	for i, w := range fields {
		number := i+1 < len(fields) && fields[i+1][0] >= '0' && fields[i+1][0] <= '9'
		switch {
		case strings.HasPrefix(w, "@") && len(w) > 1:
			out.person = c.accountOf(w)
		case i == place:
			out.place = w
		case takes(args, ArgUntil) && !ends && (strings.EqualFold(w, "until") || number && (c.word("until", w) || c.word("for", w))):
			ends = true
		case takes(args, ArgPerson) && i+1 < len(fields) && (strings.EqualFold(w, "for") || c.word("for", w) && strings.HasPrefix(fields[i+1], "@")):
			if !strings.HasPrefix(fields[i+1], "@") {
				fields[i+1] = "@" + fields[i+1]
			}
		case ends:
			until = append(until, w)
		default:
			rest = append(rest, strings.Trim(w, "\"'“”„‟«»‹›‘’‚"))
		}
	}
	out.pkg, out.until = strings.Join(rest, " "), strings.Join(until, " ")
	return out
}

// word reports whether a word of a command is one of its little words, in any
// language that Usher speaks: people write a command's arguments in theirs.
func (c *call) word(key, typed string) bool {
	for _, w := range c.texts.Everywhere("word." + key) {
		if strings.EqualFold(typed, w) {
			return true
		}
	}
	return false
}

// placeAmong is which of the words is a place: the last one with a "#", in a
// command that asks for one; -1 for none. Names begin with a "#" as well.
func placeAmong(fields []string, args []Arg) int {
	if !takes(args, ArgPlace) {
		return -1
	}
	for i := len(fields) - 1; i >= 0; i-- {
		if strings.HasPrefix(fields[i], "#") && len(fields[i]) > 1 {
			return i
		}
	}
	return -1
}

func takes(args []Arg, kind ArgKind) bool {
	return slices.ContainsFunc(args, func(a Arg) bool { return a.Kind == kind })
}

// accountOf reads "@chat/user", or "@user" of the chat that it was typed in.
func (c *call) accountOf(mention string) string {
	account := strings.TrimPrefix(mention, "@")
	if !strings.Contains(account, "/") {
		return chatOf(c.from.Account) + "/" + account
	}
	return account
}

// invoked carries out a slash command.
func (c *call) invoked(in chat.Invoked) (chat.Reply, error) {
	root, text := strings.TrimPrefix(in.Command, "/"), strings.TrimSpace(in.Text)
	c.admin = root == AccessAdmin
	if text == "" && root == Access {
		return c.home(words{})
	}
	if text == "" && root == AccessAdmin {
		return c.adminHelp(words{})
	}
	for _, cmd := range Commands() {
		if rest, ok := named(text, cmd.Name); ok && cmd.Root == root {
			if err := c.mayUse(cmd); err != nil {
				return nil, err
			}
			reply, err := cmd.run(c, c.parse(rest, cmd.Args))
			if err != nil {
				return c.orWhich(root, text, err)
			}
			return reply, nil
		}
	}
	if cmd, ok := listOf(root, text); ok {
		if err := c.mayUse(cmd); err != nil {
			return nil, err
		}
		return cmd.run(c, words{})
	}
	return nil, c.unknownCommand(root, text)
}

// mayUse refuses the commands of admins to everybody else, before anything is
// said about what was typed.
func (c *call) mayUse(cmd Command) error {
	if cmd.Root != AccessAdmin || cmd.Name == "help" {
		return nil
	}
	_, _, err := c.looked()
	return err
}

// named cuts a command's name off a text, in either case.
func named(text, name string) (string, bool) {
	fields := strings.Fields(text)
	n := len(strings.Fields(name))
	if len(fields) < n || !strings.EqualFold(strings.Join(fields[:n], " "), name) {
		return "", false
	}
	return strings.Join(fields[n:], " "), true
}

// fileWords are what is done with files alone, by whoever runs Usher.
func fileWords(root, text string) bool {
	first := strings.ToLower(strings.Fields(text)[0])
	return root == AccessAdmin && slices.Contains([]string{"import", "apply"}, first)
}

// listOf is the command that lists what a command's first word names, typed
// alone: "catalog" is "catalog list".
func listOf(root, text string) (Command, bool) {
	for _, cmd := range Commands() {
		if cmd.Root == root && strings.EqualFold(cmd.Name, text+" list") {
			return cmd, true
		}
	}
	return Command{}, false
}

// comingWords are commands that there will be one day.
func comingWords(text string) bool {
	first := strings.ToLower(strings.Fields(text)[0])
	return slices.Contains([]string{"delegate", "delegation", "delegations", "review", "reviews", "subscribe"}, first)
}

// destroys reports whether a command takes something away: nobody is led to
// one by a slip of the pen.
func destroys(name string) bool {
	return strings.HasSuffix(name, " delete") || slices.Contains([]string{"release", "remove", "cancel", "withdraw", "unlink"}, name)
}

// unknownCommand says so and names what was probably meant.
func (c *call) unknownCommand(root, text string) error {
	if fileWords(root, text) {
		return access.Refuse(access.Invalid, "definedInFiles")
	}
	help := code("/" + root + " help")
	if comingWords(text) {
		return access.Refuse(access.Invalid, "notYet", "typed", chat.Text{code(strings.Fields(text)[0])}, "help", help)
	}
	best, distance := "", 1<<30
	for _, cmd := range Commands() {
		if cmd.Root != root {
			continue
		}
		typed := strings.Join(strings.Fields(text)[:min(len(strings.Fields(text)), len(strings.Fields(cmd.Name)))], " ")
		if d := editDistance(strings.ToLower(typed), cmd.Name); d < distance {
			best, distance = cmd.Name, d
		}
	}
	typed := chat.Text{code(cut(oneLine(text), 60))}
	if distance > 2 || destroys(best) {
		return access.Refuse(access.Invalid, "unknownCommand", "typed", typed, "help", help)
	}
	return access.Refuse(access.Invalid, "unknownCommandMeant", "typed", typed, "meant", code("/"+root+" "+best))
}

// editDistance counts the letters to change, add or drop between two words.
func editDistance(a, b string) int {
	x, y := []rune(cut(a, 40)), []rune(cut(b, 40))
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		last := row[0]
		row[0] = i + 1
		for j := range y {
			keep := last
			if x[i] != y[j] {
				keep++
			}
			last = row[j+1]
			row[j+1] = min(keep, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// packageNamed finds the package that is meant by an id or a name, among those
// that the person may see.
func (c *call) packageNamed(typed string) (engine.World, access.Package, error) {
	for name := range c.spellings(typed) {
		w, all, err := c.packagesCalled(name, false)
		if err != nil {
			return w, access.Package{}, err
		}
		id, ok, err := c.pick(runtime.KindPackage, name, all)
		if ok || err != nil {
			return w, w.Packages[access.PackageID(id)], err
		}
		typed = name
	}
	return engine.World{}, access.Package{}, c.unknownPackage(typed)
}

// chosenPackage is the package of a field: what was chosen there is an id,
// what was typed may be a name.
func (c *call) chosenPackage(value string) (engine.World, access.Package, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant, access.PackageID(value))
	if p, ok := w.Packages[access.PackageID(value)]; err == nil && ok && engine.MaySee(p, w, c.actor) {
		return w, p, nil
	}
	return c.packageNamed(value)
}

// meantPackage is the package that was typed, one of those given (which the
// person may not see any more) or one that they may see; "" when none was
// typed.
func (c *call) meantPackage(in words, w engine.World, own ...access.PackageID) (access.PackageID, error) {
	if in.pkg == "" {
		return "", nil
	}
	var mine []meaning
	for _, id := range slices.Compact(slices.Sorted(slices.Values(own))) {
		mine = append(mine, packageMeaning(w, id))
	}
	if len(alike(strings.TrimPrefix(in.pkg, exactly), mine)) > 0 {
		if id, ok, err := c.pick(runtime.KindPackage, in.pkg, mine); err != nil || ok {
			return access.PackageID(id), err
		}
	}
	_, p, err := c.packageNamed(in.pkg)
	return p.ID, err
}

// unknownPackage says so and names the one that was probably meant.
func (c *call) unknownPackage(typed string) error {
	typed = strings.TrimPrefix(typed, exactly)
	e := access.Refuse(access.NotFound, "unknownPackage", "name", cut(typed, 60)).At("package")
	w, ids, err := c.listed("", maxListed, c.admin)
	if err != nil {
		return e
	}
	best, distance := "", 4
	for _, id := range ids {
		for _, name := range []string{string(id), w.Packages[id].Name} {
			if d := editDistance(strings.ToLower(typed), strings.ToLower(name)); d < distance {
				best, distance = w.Packages[id].Name, d
			}
		}
	}
	if best != "" {
		e.Data["meant"] = chat.Text{strong(best)}
	}
	return e
}

// cmdRequest opens the request form.
func (c *call) cmdRequest(in words) (chat.Reply, error) {
	preset := form.Values{}
	if in.person != "" {
		if _, _, err := c.person(in.person); err != nil {
			return nil, err
		}
		preset["person"] = []string{in.person}
	}
	if in.pkg == "" {
		return c.open(c.token(verbRequest, ""), preset)
	}
	_, p, err := c.packageNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	if in.person != "" { // what is wrong with them is said at once, not at their field
		q, err := c.wish(p.ID, &draft{Values: preset})
		if err != nil {
			return nil, err
		}
		if q.blame != nil {
			return nil, q.blame
		}
	}
	return c.open(c.token(verbRequest, string(p.ID)), preset)
}
