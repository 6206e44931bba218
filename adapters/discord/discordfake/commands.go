package discordfake

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Commands are the definitions of a server, or the global ones (""), as
// registered.
func (f *Fake) Commands(guildID string) []map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []map[string]any
	for _, o := range f.commands[guildID] {
		out = append(out, clone(o))
	}
	return out
}

// scope is the server that a call is about, "" for global commands.
func (f *Fake) scope(c *call) (string, error) {
	if c.id("app") != f.opt.AppID {
		return "", refuse(notTheApp)
	}
	id := c.id("guild")
	if id == "" {
		return "", nil
	}
	if g := f.guilds[id]; g == nil || g.members[f.opt.AppID] == nil {
		return "", refuse(missingAccess)
	}
	return id, nil
}

func (f *Fake) listCommands(c *call) (any, error) {
	guild, err := f.scope(c)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, o := range f.commands[guild] {
		out = append(out, shown(o, c))
	}
	return out, nil
}

// shown is a command without its localizations, unless they are asked for
// (Application Commands, "Retrieving localized commands").
func shown(o object, c *call) object {
	o = clone(o)
	if c.flag("with_localizations") || c.r.Method != "GET" {
		return o
	}
	strip(o)
	return o
}

func strip(o object) {
	delete(o, "name_localizations")
	delete(o, "description_localizations")
	for _, name := range []string{"options", "choices"} {
		for _, each := range items(o[name]) {
			strip(nested(each))
		}
	}
}

func (f *Fake) getCommand(c *call) (any, error) {
	_, o, err := f.command(c)
	if err != nil {
		return nil, err
	}
	return shown(o, c), nil
}

// command finds the command that a call is about.
func (f *Fake) command(c *call) (string, object, error) {
	guild, err := f.scope(c)
	if err != nil {
		return "", nil, err
	}
	for _, o := range f.commands[guild] {
		if o["id"] == c.id("command") {
			return guild, o, nil
		}
	}
	return "", nil, refuse(unknownCommand)
}

func (f *Fake) deleteCommand(c *call) (any, error) {
	guild, gone, err := f.command(c)
	if err != nil {
		return nil, err
	}
	f.commands[guild] = slices.DeleteFunc(f.commands[guild], func(o object) bool { return o["id"] == gone["id"] })
	return nil, nil
}

// createCommand also overwrites a command of that name (Application Commands,
// "Create Global Application Command").
func (f *Fake) createCommand(c *call) (any, error) {
	guild, err := f.scope(c)
	if err != nil {
		return nil, err
	}
	if err := form(commandProblems(c.body, "", guild == "")); err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(slices.Clone(f.commands[guild]), func(o object) bool { return sameCommand(o, c.body) })
	fresh := len(kept) == len(f.commands[guild])
	next := append(kept, c.body)
	if err := f.register(guild, next, c.at); err != nil {
		return nil, err
	}
	made := f.commands[guild][len(next)-1]
	if fresh {
		return created{made}, nil
	}
	return clone(made), nil
}

// editCommand replaces the fields that it has.
func (f *Fake) editCommand(c *call) (any, error) {
	guild, old, err := f.command(c)
	if err != nil {
		return nil, err
	}
	next := clone(old)
	maps.Copy(next, c.body)
	if err := form(commandProblems(next, "", guild == "")); err != nil {
		return nil, err
	}
	maps.Copy(old, next)
	old["version"] = f.id()
	return clone(old), nil
}

// overwriteCommands is "Bulk Overwrite … Application Commands".
func (f *Fake) overwriteCommands(c *call) (any, error) {
	guild, err := f.scope(c)
	if err != nil {
		return nil, err
	}
	if c.list == nil && len(c.raw) > 0 && string(c.raw) != "[]" || len(c.raw) == 0 {
		return nil, badField("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	}
	var problems []problem
	var next []object
	for i, v := range c.list {
		problems = append(problems, commandProblems(v, fmt.Sprint(i), guild == "")...)
		next = append(next, nested(v))
	}
	if err := form(problems); err != nil {
		return nil, err
	}
	if err := f.register(guild, next, c.at); err != nil {
		return nil, err
	}
	out := []any{}
	for _, o := range f.commands[guild] {
		out = append(out, clone(o))
	}
	return out, nil
}

func commandProblems(v any, path string, global bool) []problem {
	look := newChecker()
	o := nested(v)
	commandShape(intOf(o["type"], chatInput), global).check(look, v, path)
	if commandSize(o) > maxCommandSize {
		look.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommandSize)
	}
	return look.problems
}

func sameCommand(a, b object) bool {
	return text(a["name"]) == text(b["name"]) && intOf(a["type"], chatInput) == intOf(b["type"], chatInput)
}

// register puts commands in the place of the old ones; those with the name and
// type of an old one keep its id, new ones count towards 200 a day.
func (f *Fake) register(guild string, next []object, now time.Time) error {
	if err := tooManyOfAKind(next); err != nil {
		return err
	}
	made := []object{}
	recent := since(f.created[guild], now, 24*time.Hour)
	for _, o := range next {
		o = clone(o)
		i := slices.IndexFunc(f.commands[guild], func(old object) bool { return sameCommand(old, o) })
		id := ""
		if i >= 0 {
			id = text(f.commands[guild][i]["id"])
		} else {
			id = f.id()
			recent = append(recent, now)
		}
		made = append(made, f.completed(o, id, guild))
	}
	if len(recent) > createsPerDay {
		return refuse(tooManyCreates)
	}
	f.created[guild], f.commands[guild] = recent, made
	return nil
}

func tooManyOfAKind(commands []object) error {
	count := map[int]int{}
	for i, o := range commands {
		count[intOf(o["type"], chatInput)]++
		if slices.ContainsFunc(commands[:i], func(old object) bool { return sameCommand(old, o) }) {
			return badField(fmt.Sprintf("%d/name", i), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
	}
	if count[chatInput] > maxChatCommands || count[userMenu] > maxMenus || count[messageMenu] > maxMenus {
		return refuse(tooManyCommands)
	}
	return nil
}

// completed adds what Discord adds to a command.
func (f *Fake) completed(o object, id, guild string) object {
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == nil })
	maps.Copy(o, object{"id": id, "application_id": f.opt.AppID, "version": f.id(), "type": intOf(o["type"], chatInput)})
	for name, or := range map[string]any{"description": "", "nsfw": false, "default_member_permissions": nil, "name_localizations": nil, "description_localizations": nil} {
		if _, ok := o[name]; !ok {
			o[name] = or
		}
	}
	if guild != "" {
		o["guild_id"] = guild
		return o
	}
	if o["integration_types"] == nil {
		o["integration_types"] = []any{0}
	}
	if _, ok := o["contexts"]; !ok {
		o["contexts"] = nil
	}
	o["dm_permission"] = o["dm_permission"] != false
	return o
}
