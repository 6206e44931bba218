package discordfake

// routes are the endpoints of the REST API. The gateway's are not among them.
func routes() []route {
	return append(append(guildRoutes(), channelRoutes()...), appRoutes()...)
}

func guildRoutes() []route {
	return []route{
		{pattern: "GET /users/@me", do: (*Fake).getMe},
		{pattern: "GET /users/@me/guilds", do: (*Fake).myGuilds},
		{pattern: "DELETE /users/@me/guilds/{guild}", do: (*Fake).leaveGuild},
		{pattern: "POST /users/@me/channels", do: (*Fake).openDM},
		{pattern: "GET /users/{user}", do: (*Fake).getUser},
		{pattern: "GET /guilds/{guild}", do: (*Fake).getGuild},
		{pattern: "GET /guilds/{guild}/channels", do: (*Fake).listChannels},
		{pattern: "GET /guilds/{guild}/roles", do: (*Fake).listRoles},
		{pattern: "GET /guilds/{guild}/roles/{role}", do: (*Fake).getRole},
		{pattern: "GET /guilds/{guild}/threads/active", do: (*Fake).activeThreads},
		{pattern: "GET /guilds/{guild}/audit-logs", do: (*Fake).auditLog},
		{pattern: "GET /guilds/{guild}/members", do: (*Fake).listMembers},
		{pattern: "GET /guilds/{guild}/members/search", do: (*Fake).searchMembers},
		{pattern: "GET /guilds/{guild}/members/{user}", do: (*Fake).getMember},
		{pattern: "PATCH /guilds/{guild}/members/{user}", do: (*Fake).modifyMember, reasons: true},
		{pattern: "DELETE /guilds/{guild}/members/{user}", do: (*Fake).kickMember, reasons: true},
		{pattern: "PUT /guilds/{guild}/members/{user}/roles/{role}", do: (*Fake).addRole, reasons: true},
		{pattern: "DELETE /guilds/{guild}/members/{user}/roles/{role}", do: (*Fake).removeRole, reasons: true},
	}
}

func channelRoutes() []route {
	return []route{
		{pattern: "GET /channels/{channel}", do: (*Fake).getChannel},
		{pattern: "PATCH /channels/{channel}", do: (*Fake).modifyChannel, reasons: true},
		{pattern: "DELETE /channels/{channel}", do: (*Fake).deleteChannel, reasons: true},
		{pattern: "POST /channels/{channel}/typing", do: (*Fake).typing},
		{pattern: "PUT /channels/{channel}/permissions/{overwrite}", do: (*Fake).putOverwrite, reasons: true},
		{pattern: "DELETE /channels/{channel}/permissions/{overwrite}", do: (*Fake).deleteOverwrite, reasons: true},
		{pattern: "GET /channels/{channel}/messages", do: (*Fake).listMessages},
		{pattern: "POST /channels/{channel}/messages", do: (*Fake).createMessage},
		{pattern: "GET /channels/{channel}/messages/{message}", do: (*Fake).getMessage},
		{pattern: "PATCH /channels/{channel}/messages/{message}", do: (*Fake).editMessage},
		{pattern: "DELETE /channels/{channel}/messages/{message}", do: (*Fake).deleteMessage, reasons: true},
		{pattern: "POST /channels/{channel}/messages/{message}/threads", do: (*Fake).threadFromMessage, reasons: true},
		{pattern: "POST /channels/{channel}/threads", do: (*Fake).startThread, reasons: true},
		{pattern: "GET /channels/{channel}/threads/archived/public", do: archivedThreads(PublicThread, false)},
		{pattern: "GET /channels/{channel}/threads/archived/private", do: archivedThreads(PrivateThread, false)},
		{pattern: "GET /channels/{channel}/users/@me/threads/archived/private", do: archivedThreads(PrivateThread, true)},
		{pattern: "GET /channels/{channel}/thread-members", do: (*Fake).listThread},
		{pattern: "GET /channels/{channel}/thread-members/{user}", do: (*Fake).getThreadMember},
		{pattern: "PUT /channels/{channel}/thread-members/{user}", do: (*Fake).addToThread},
		{pattern: "DELETE /channels/{channel}/thread-members/{user}", do: (*Fake).removeFromThread},
	}
}

func appRoutes() []route {
	all := []route{
		{pattern: "GET /applications/@me", do: (*Fake).getApp},
		{pattern: "GET /oauth2/applications/@me", do: (*Fake).getApp},
		{pattern: "POST /interactions/{interaction}/{token}/callback", do: (*Fake).callback, open: true},
		{pattern: "POST /webhooks/{app}/{token}", do: (*Fake).followUp, open: true},
		{pattern: "GET /webhooks/{app}/{token}/messages/{message}", do: (*Fake).getResponse, open: true},
		{pattern: "PATCH /webhooks/{app}/{token}/messages/{message}", do: (*Fake).editResponse, open: true},
		{pattern: "DELETE /webhooks/{app}/{token}/messages/{message}", do: (*Fake).deleteResponse, open: true},
	}
	for _, at := range []string{"/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"} {
		all = append(all,
			route{pattern: "GET " + at, do: (*Fake).listCommands},
			route{pattern: "PUT " + at, do: (*Fake).overwriteCommands},
			route{pattern: "POST " + at, do: (*Fake).createCommand},
			route{pattern: "GET " + at + "/{command}", do: (*Fake).getCommand},
			route{pattern: "PATCH " + at + "/{command}", do: (*Fake).editCommand},
			route{pattern: "DELETE " + at + "/{command}", do: (*Fake).deleteCommand},
		)
	}
	return all
}
