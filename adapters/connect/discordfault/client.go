package discordfault

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/core/runtime"
)

// API is what the connectors need of a *discordgo.Session. Its other methods
// sleep until the library thinks that a limit is over, also when the caller
// has given up.
type API interface {
	RequestWithLockedBucket(method, url, contentType string, body []byte, bucket *discordgo.Bucket, sequence int, options ...discordgo.RequestOption) ([]byte, error)
}

// Client calls Discord for the connectors of one chat. It remembers who the bot
// is and where it is at home, and nothing else. It waits for nothing and
// repeats nothing. Errors are *access.Fault.
type Client struct {
	api     API
	servers []string
	clock   runtime.Clock
	only    atomic.Pointer[string] // the server, when none is configured
	bot     atomic.Pointer[string] // the bot's user id
}

// NewClient makes a client. servers are the ids of the chat's servers; none
// means the only server that the bot is in. The clock says when a rate limit
// is over.
func NewClient(api API, servers []string, clock runtime.Clock) *Client {
	return &Client{api: api, servers: servers, clock: clock}
}

// Call is one call of the REST API.
type Call struct {
	Method string
	URL    string // of discordgo's endpoints
	In     any    // nil: without a body
	Reason string // for the server's audit log
}

// Do calls. out may be nil.
func (c *Client) Do(ctx context.Context, call Call, out any) error {
	data, err := c.send(ctx, call)
	if err == nil && out != nil {
		err = json.Unmarshal(data, out)
	}
	if err != nil {
		return Of(call.Method+" "+pathOf(call.URL), err, c.clock.Now())
	}
	return nil
}

func (c *Client) send(ctx context.Context, call Call) (data []byte, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var body []byte
	if call.In != nil {
		if body, err = json.Marshal(call.In); err != nil {
			return nil, err
		}
	}
	options := []discordgo.RequestOption{
		discordgo.WithContext(ctx), discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0),
	}
	if call.Reason != "" {
		options = append(options, discordgo.WithAuditLogReason(encoded(call.Reason)))
	}
	bucket := discordgo.NewRatelimiter().LockBucket(call.URL) // of its own, so that nothing sleeps
	return c.api.RequestWithLockedBucket(call.Method, call.URL, "application/json", body, bucket, 0, options...)
}

// maxReason is how long a reason may be ("Audit Logs Resource", Audit Reason):
// counted here as it is sent, which is the stricter reading.
const maxReason = 512

// encoded is a reason as the header takes it; one that is too long is cut.
func encoded(reason string) string {
	var out strings.Builder
	for _, r := range reason {
		next := url.PathEscape(string(r))
		if out.Len()+len(next) > maxReason {
			break
		}
		out.WriteString(next)
	}
	return out.String()
}

// pathOf is what is said of an address in the log.
func pathOf(address string) string { return strings.TrimPrefix(address, discordgo.EndpointAPI) }

// home are the ids of the chat's servers. Faults: "discordServers" (human).
func (c *Client) home(ctx context.Context) ([]string, error) {
	if len(c.servers) > 0 {
		return c.servers, nil
	}
	if only := c.only.Load(); only != nil {
		return []string{*only}, nil
	}
	var in []struct{ ID string }
	if err := c.Do(ctx, Call{Method: http.MethodGet, URL: discordgo.EndpointUserGuilds("@me")}, &in); err != nil {
		return nil, err
	}
	if len(in) != 1 {
		return nil, Human("discordServers", fmt.Sprintf("the bot is in %d servers", len(in)))
	}
	c.only.Store(&in[0].ID)
	return []string{in[0].ID}, nil
}

// Guild reads a server with its roles. Faults: "discordNoGuild" (human) when
// it is none of the chat's or the bot is not in it.
func (c *Client) Guild(ctx context.Context, id string) (*discordgo.Guild, error) {
	home, err := c.home(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(home, id) {
		return nil, Human("discordNoGuild", "it is none of the chat's servers")
	}
	return c.guild(ctx, id)
}

func (c *Client) guild(ctx context.Context, id string) (*discordgo.Guild, error) {
	g := &discordgo.Guild{}
	err := c.Do(ctx, Call{Method: http.MethodGet, URL: discordgo.EndpointGuild(id)}, g)
	if Code(err) == accessLacks {
		return nil, Human("discordNoGuild", "the bot is not in the server")
	}
	return g, err
}

// Guilds reads all of the chat's servers; one that cannot be read is a fault.
func (c *Client) Guilds(ctx context.Context) ([]*discordgo.Guild, error) {
	home, err := c.home(ctx)
	if err != nil {
		return nil, err
	}
	var all []*discordgo.Guild
	for _, id := range home {
		g, err := c.guild(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

// Member reads somebody in a server; nil when they are not in it.
func (c *Client) Member(ctx context.Context, guild, user string) (*discordgo.Member, error) {
	m := &discordgo.Member{}
	err := c.Do(ctx, Call{Method: http.MethodGet, URL: discordgo.EndpointGuildMember(guild, user)}, m)
	if code := Code(err); code == UnknownMember || code == unknownUser {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Bot reads the bot in a server.
func (c *Client) Bot(ctx context.Context, guild string) (*discordgo.Member, error) {
	id := c.bot.Load()
	if id == nil {
		var me discordgo.User
		if err := c.Do(ctx, Call{Method: http.MethodGet, URL: discordgo.EndpointUser("@me")}, &me); err != nil {
			return nil, err
		}
		id = &me.ID
		c.bot.Store(id)
	}
	m, err := c.Member(ctx, guild, *id)
	if err == nil && m == nil {
		return nil, Human("discordNoGuild", "the bot is not in the server")
	}
	return m, err
}

// Channel reads a channel or a thread of one of the chat's servers. Faults:
// "discordNoGuild" (human) for one of another server.
func (c *Client) Channel(ctx context.Context, id string) (*discordgo.Channel, error) {
	ch := &discordgo.Channel{}
	if err := c.Do(ctx, Call{Method: http.MethodGet, URL: discordgo.EndpointChannel(id)}, ch); err != nil {
		return nil, err
	}
	home, err := c.home(ctx)
	if err == nil && !slices.Contains(home, ch.GuildID) {
		err = Human("discordNoGuild", "the channel is in none of the chat's servers")
	}
	return ch, err
}
