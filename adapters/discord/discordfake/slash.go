package discordfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Opt is an option of a command with what the person types or picks: text, a
// number, a bool; people, channels and roles by name or id; choices by what is
// shown.
type Opt struct {
	Name  string
	Value any
}

// Slash uses a slash command: "access request", with options. The client checks
// them first, as here: required ones are there, choices are picked from the
// list.
func (p *Person) Slash(command string, opts ...Opt) error {
	i, payload, err := p.begin(typeCommand, UseCommands, func(i *interaction, c *channel) (object, error) {
		return p.commandData(i, c, command, opts, "")
	})
	if err != nil {
		return err
	}
	if err := p.f.send(i, payload); err != nil {
		return p.failed(err, shownFailed)
	}
	return nil
}

// Autocomplete types into an option of a command and returns what is offered.
func (p *Person) Autocomplete(command, option, typed string, opts ...Opt) ([]Choice, error) {
	i, payload, err := p.begin(typeAutocomplete, UseCommands, func(i *interaction, c *channel) (object, error) {
		return p.commandData(i, c, command, append(opts, Opt{option, typed}), option)
	})
	if err != nil {
		return nil, err
	}
	if err := p.f.send(i, payload); err != nil {
		return nil, p.failed(err, "Loading options failed")
	}
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return slices.Clone(i.choices), nil
}

// commandData is the data of a command interaction. f.mu is held.
func (p *Person) commandData(i *interaction, c *channel, command string, opts []Opt, focused string) (object, error) {
	words := strings.Fields(strings.TrimPrefix(command, "/"))
	if len(words) == 0 {
		return nil, noSuch("command", command)
	}
	def := p.available(c, words[0], chatInput)
	if def == nil {
		return nil, noSuch("command", command)
	}
	i.name, i.command = strings.Join(words, " "), chatInput
	resolved := object{}
	options, err := p.optionsOf(def, words[1:], &typedOptions{i: i, c: c, opts: opts, focused: focused, resolved: resolved})
	if err != nil {
		return nil, err
	}
	data := object{"id": def["id"], "name": def["name"], "type": chatInput}
	if len(options) > 0 {
		data["options"] = options
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	if def["guild_id"] != nil {
		data["guild_id"] = def["guild_id"]
	}
	return data, nil
}

// available finds a command that the person can use in a channel: those of the
// server, then the global ones; contexts and default_member_permissions are
// looked at (Application Commands, "Contexts" and "Permissions"). f.mu is held.
func (p *Person) available(c *channel, name string, kind int) object {
	f := p.f
	for _, scope := range []string{c.Guild, ""} {
		for _, def := range f.commands[scope] {
			if text(def["name"]) == name && intOf(def["type"], 0) == kind && p.may(def, c) {
				return def
			}
		}
		if c.Guild == "" {
			break
		}
	}
	return nil
}

func (p *Person) may(def object, c *channel) bool {
	context := 0
	if c.Kind == Direct {
		context = 1
	}
	if list, ok := def["contexts"].([]any); ok && !slices.ContainsFunc(list, func(v any) bool { return intOf(v, -1) == context }) {
		return false
	}
	if context == 1 {
		return def["guild_id"] == nil && def["dm_permission"] != false
	}
	need, given := def["default_member_permissions"].(string)
	has := p.f.permissions(c, p.id)
	permissions, _ := parsePermissions(need)
	return !given || has.Has(Administrator) || permissions != 0 && has.Has(permissions)
}

// typedOptions is what a person typed for a command.
type typedOptions struct {
	i        *interaction
	c        *channel
	opts     []Opt
	focused  string
	resolved object
	used     int
}

// optionsOf walks down the subcommands and then reads the options.
func (p *Person) optionsOf(def object, path []string, typed *typedOptions) ([]any, error) {
	defs := items(def["options"])
	deeper := len(defs) > 0 && (kindOf(defs[0]) == subCommand || kindOf(defs[0]) == subCommandGroup)
	if !deeper {
		if len(path) > 0 {
			return nil, noSuch("subcommand", strings.Join(path, " "))
		}
		return p.values(defs, typed)
	}
	if len(path) == 0 {
		return nil, noSuch("command without a subcommand", text(def["name"]))
	}
	for _, v := range defs {
		sub := nested(v)
		if text(sub["name"]) != path[0] {
			continue
		}
		inner, err := p.optionsOf(sub, path[1:], typed)
		return []any{object{"name": path[0], "type": kindOf(sub), "options": append([]any{}, inner...)}}, err
	}
	return nil, noSuch("subcommand", path[0])
}

// values are the options in the order of the definition.
func (p *Person) values(defs []any, typed *typedOptions) ([]any, error) {
	var out []any
	for _, v := range defs {
		def := nested(v)
		at := slices.IndexFunc(typed.opts, func(o Opt) bool { return o.Name == text(def["name"]) })
		if at < 0 {
			if def["required"] == true && typed.focused == "" {
				return nil, noSuch("answer to the required option", text(def["name"]))
			}
			continue
		}
		typed.used++
		o, err := p.value(def, typed.opts[at].Value, typed)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	if typed.used != len(typed.opts) {
		return nil, noSuch("option among", fmt.Sprint(typed.opts))
	}
	return out, nil
}

func (p *Person) value(def object, want any, typed *typedOptions) (object, error) {
	kind, name := kindOf(def), text(def["name"])
	o := object{"name": name, "type": kind, "value": want}
	if typed.focused == name {
		if def["autocomplete"] != true {
			return nil, noSuch("autocomplete of option", name)
		}
		o["focused"] = true
		return o, nil
	}
	switch kind {
	case userOption, channelOption, roleOption, mentionOption:
		id, err := p.pick(kind, fmt.Sprint(want), typed.c, def, typed.resolved)
		o["value"] = id
		return o, err
	case stringOption:
		s := fmt.Sprint(want)
		if n := length(s); n < intOf(def["min_length"], 0) || n > intOf(def["max_length"], 6000) {
			return nil, noSuch("text of that length for", name)
		}
	}
	if choices := items(def["choices"]); len(choices) > 0 {
		for _, v := range choices {
			if text(nested(v)["name"]) == fmt.Sprint(want) || fmt.Sprint(nested(v)["value"]) == fmt.Sprint(want) {
				o["value"] = nested(v)["value"]
				return o, nil
			}
		}
		return nil, noSuch("choice", fmt.Sprint(want))
	}
	return o, nil
}

// pick finds a user, a channel or a role and adds it to the resolved data
// (Interactions: Receiving and Responding, "Resolved Data Structure").
func (p *Person) pick(kind int, want string, c *channel, def, resolved object) (string, error) {
	want = strings.TrimLeft(want, "@#")
	if kind == userOption || kind == mentionOption {
		if id := p.f.userNamed(want, c); id != "" {
			p.f.resolveUser(id, c, resolved)
			return id, nil
		}
	}
	g := p.f.guilds[c.Guild]
	if g != nil && (kind == roleOption || kind == mentionOption) {
		for id, r := range g.roles {
			if id == want || r.Name == want {
				into(resolved, "roles")[id] = p.f.roleJSON(r)
				return id, nil
			}
		}
	}
	if kind == channelOption {
		if id, ok := p.pickChannel(want, c, def, resolved); ok {
			return id, nil
		}
	}
	return "", noSuch("one to pick", want)
}

func (p *Person) pickChannel(want string, c *channel, def, resolved object) (string, bool) {
	kinds := items(def["channel_types"])
	for id, ch := range p.f.channels {
		if ch.Guild != c.Guild || id != want && ch.Name != want || !p.f.canSee(ch, p.id) ||
			len(kinds) > 0 && !slices.ContainsFunc(kinds, func(v any) bool { return intOf(v, -1) == int(ch.Kind) }) {
			continue
		}
		o := p.f.channelJSON(ch)
		delete(o, "permission_overwrites")
		o["permissions"] = p.f.permissions(ch, p.id).String()
		into(resolved, "channels")[id] = o
		return id, true
	}
	return "", false
}

func into(o object, name string) object {
	if o[name] == nil {
		o[name] = object{}
	}
	return nested(o[name])
}

// userNamed finds who a person can pick: members of the server, or in direct
// messages the two of them.
func (f *Fake) userNamed(want string, c *channel) string {
	for id, u := range f.users {
		g := f.guilds[c.Guild]
		if g == nil && id != c.with && id != f.opt.AppID {
			continue
		}
		nick := ""
		if g != nil && g.members[id] != nil {
			nick = g.members[id].Nick
		}
		if (g == nil || g.members[id] != nil) && (id == want || slices.Contains([]string{u.Name, u.GlobalName, nick}, want) && want != "") {
			return id
		}
	}
	return ""
}

func (f *Fake) resolveUser(id string, c *channel, resolved object) {
	into(resolved, "users")[id] = f.userJSON(id)
	g := f.guilds[c.Guild]
	if g == nil || g.members[id] == nil {
		return
	}
	member := partialMember(f.memberJSON(g, id))
	delete(member, "deaf")
	delete(member, "mute")
	member["permissions"] = f.permissions(c, id).String()
	into(resolved, "members")[id] = member
}

// UserMenu uses a command in the context menu of a user, who is named or given
// by id.
func (p *Person) UserMenu(command, target string) error {
	return p.menu(command, userMenu, func(i *interaction, c *channel) (object, error) {
		resolved := object{}
		id, err := p.pick(userOption, target, c, nil, resolved)
		i.target = id
		return resolved, err
	})
}

// MessageMenu uses a command in the context menu of a message.
func (p *Person) MessageMenu(command string, m Message) error {
	return p.In(m.Channel).menu(command, messageMenu, func(i *interaction, _ *channel) (object, error) {
		source := p.f.find(m.Channel, m.ID)
		if source == nil {
			return nil, noSuch("message", m.Text)
		}
		i.target = m.ID
		return object{"messages": object{m.ID: p.f.messageJSON(source)}}, nil
	})
}

func (p *Person) menu(command string, kind int, target func(*interaction, *channel) (object, error)) error {
	i, payload, err := p.begin(typeCommand, UseCommands, func(i *interaction, c *channel) (object, error) {
		def := p.available(c, command, kind)
		if def == nil {
			return nil, noSuch("command in the menu", command)
		}
		resolved, err := target(i, c)
		i.name, i.command = command, kind
		data := object{"id": def["id"], "name": def["name"], "type": kind, "target_id": i.target, "resolved": resolved}
		if def["guild_id"] != nil {
			data["guild_id"] = def["guild_id"]
		}
		return data, err
	})
	if err != nil {
		return err
	}
	if err := p.f.send(i, payload); err != nil {
		return p.failed(err, shownFailed)
	}
	return nil
}

// jsonText is a value as indented JSON.
func jsonText(v any) string {
	b, _ := json.MarshalIndent(v, "", "  ")
	return string(b)
}
