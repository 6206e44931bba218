package discordfake

import "slices"

// Application flags (Application, "Application Flags"): a privileged intent that
// is on, for an app in fewer than a hundred servers.
const (
	appPresences = 1 << 13
	appMembers   = 1 << 15
	appContent   = 1 << 19
)

// appFlags say which privileged intents are on.
func (f *Fake) appFlags() int {
	flags := 0
	for intent, flag := range map[int]int{IntentPresences: appPresences, IntentMembers: appMembers, IntentContent: appContent} {
		if f.opt.Intents&intent != 0 {
			flags |= flag
		}
	}
	return flags
}

// getApp is "Get Current Application".
func (f *Fake) getApp(*call) (any, error) {
	return object{
		"id": f.opt.AppID, "name": "Usher", "icon": nil, "description": "", "bot_public": true, "bot_require_code_grant": false, "summary": "",
		"verify_key": f.PublicKey(), "flags": f.appFlags(), "bot": f.userJSON(f.opt.AppID), "interactions_endpoint_url": orNull(f.out.endpoint),
		"approximate_guild_count": len(f.botGuilds()), "install_params": nil, "tags": []any{},
	}, nil
}

func (f *Fake) getMe(*call) (any, error) {
	o := f.userJSON(f.opt.AppID)
	o["mfa_enabled"], o["locale"], o["verified"], o["email"] = f.opt.OwnerTwoFactor, "en-US", true, nil
	return o, nil
}

func (f *Fake) getUser(c *call) (any, error) {
	if f.users[c.id("user")] == nil {
		return nil, refuse(unknownUser)
	}
	return f.userJSON(c.id("user")), nil
}

// myGuilds is "Get Current User Guilds" (User).
func (f *Fake) myGuilds(c *call) (any, error) {
	limit, err := c.limit(200, 200)
	if err != nil {
		return nil, err
	}
	out := []any{}
	ids := f.botGuilds()
	slices.SortFunc(ids, bySnowflake)
	for _, id := range ids {
		g := f.guilds[id]
		if after := c.query.Get("after"); len(out) == limit || snowflake(id) <= snowflake(after) {
			continue
		}
		out = append(out, object{
			"id": id, "name": g.Name, "icon": nil, "banner": nil, "owner": g.Owner == f.opt.AppID,
			"permissions": f.basePermissions(g, f.opt.AppID).String(), "features": []any{},
		})
	}
	return out, nil
}

// leaveGuild is "Leave Guild" (User).
func (f *Fake) leaveGuild(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	delete(g.members, f.opt.AppID)
	f.tell(g.ID, "GUILD_DELETE", object{"id": g.ID})
	return nil, nil
}
