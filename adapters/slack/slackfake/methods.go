package slackfake

// Rate tiers, in calls a minute: docs.slack.dev/apis/web-api/rate-limits.
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
)

// methods is the table of the Web API: what each one needs and does. Scopes
// that depend on the kind of a conversation are checked where it is known.
func methods() map[string]method {
	return map[string]method{
		"auth.test":             {perMin: 600, do: (*Fake).authTest},
		"apps.connections.open": {app: true, perMin: tier3, do: (*Fake).openConnection},
		"team.info":             {scopes: []string{"team:read"}, perMin: tier3, do: (*Fake).teamInfo},
		"team.profile.get":      {scopes: []string{"users.profile:read"}, perMin: tier3, noJSON: true, do: (*Fake).teamProfile},

		"users.info":          {scopes: []string{"users:read"}, perMin: tier4, noJSON: true, required: []string{"user"}, do: (*Fake).usersInfo},
		"users.list":          {scopes: []string{"users:read"}, perMin: tier2, noJSON: true, do: (*Fake).usersList},
		"users.lookupByEmail": {scopes: []string{"users:read.email"}, perMin: tier3, noJSON: true, required: []string{"email"}, do: (*Fake).lookupByEmail},
		"users.profile.get":   {scopes: []string{"users.profile:read"}, perMin: tier4, noJSON: true, do: (*Fake).profileGet},
		"users.conversations": {perMin: tier3, noJSON: true, do: (*Fake).userConversations},

		"conversations.open":    {scopes: []string{"im:write"}, perMin: tier3, do: (*Fake).convOpen},
		"conversations.info":    {perMin: tier3, noJSON: true, required: []string{"channel"}, do: (*Fake).convInfo},
		"conversations.list":    {perMin: tier2, noJSON: true, do: (*Fake).convList},
		"conversations.members": {perMin: tier4, noJSON: true, required: []string{"channel"}, do: (*Fake).convMembers},
		"conversations.history": {perMin: tier3, required: []string{"channel"}, do: (*Fake).history},
		"conversations.replies": {perMin: tier3, noJSON: true, required: []string{"channel", "ts"}, do: (*Fake).replies},
		"conversations.invite":  {perMin: tier3, required: []string{"channel", "users"}, do: (*Fake).convInvite},
		"conversations.kick":    {perMin: tier3, required: []string{"channel", "user"}, do: (*Fake).convKick},
		"conversations.join":    {scopes: []string{"channels:join"}, perMin: tier3, required: []string{"channel"}, do: (*Fake).convJoin},

		"chat.postMessage":   {scopes: []string{"chat:write"}, required: []string{"channel"}, do: (*Fake).postMessage},
		"chat.postEphemeral": {scopes: []string{"chat:write"}, perMin: tier4, required: []string{"channel", "user"}, do: (*Fake).postEphemeral},
		"chat.update":        {scopes: []string{"chat:write"}, perMin: tier3, required: []string{"channel", "ts"}, do: (*Fake).updateMessage},
		"chat.delete":        {scopes: []string{"chat:write"}, perMin: tier3, required: []string{"channel", "ts"}, do: (*Fake).deleteMessage},
		"chat.getPermalink":  {perMin: 600, noJSON: true, required: []string{"channel", "message_ts"}, do: (*Fake).permalink},

		"files.getUploadURLExternal":   {scopes: []string{"files:write"}, perMin: tier4, required: []string{"filename", "length"}, do: (*Fake).uploadURL},
		"files.completeUploadExternal": {scopes: []string{"files:write"}, perMin: tier4, required: []string{"files"}, do: (*Fake).completeUpload},

		"views.open":    {perMin: tier4, required: []string{"view"}, do: (*Fake).viewOpen},
		"views.push":    {perMin: tier4, required: []string{"view"}, do: (*Fake).viewPush},
		"views.update":  {perMin: tier4, required: []string{"view"}, do: (*Fake).viewUpdate},
		"views.publish": {perMin: tier4, required: []string{"view", "user_id"}, do: (*Fake).viewPublish},

		"usergroups.list":         {scopes: []string{"usergroups:read"}, perMin: tier2, noJSON: true, do: (*Fake).groupsList},
		"usergroups.users.list":   {scopes: []string{"usergroups:read"}, perMin: tier2, noJSON: true, required: []string{"usergroup"}, do: (*Fake).groupUsers},
		"usergroups.users.update": {scopes: []string{"usergroups:write"}, perMin: tier2, required: []string{"usergroup", "users"}, do: (*Fake).groupUpdate},
		"usergroups.disable":      {scopes: []string{"usergroups:write"}, perMin: tier2, required: []string{"usergroup"}, do: (*Fake).groupDisable},
		"usergroups.enable":       {scopes: []string{"usergroups:write"}, perMin: tier2, required: []string{"usergroup"}, do: (*Fake).groupEnable},
	}
}
