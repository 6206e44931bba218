package app

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// chatKind is a kind of chats, as far as it differs from the others.
type chatKind struct {
	name   string // for people
	secret string // the one of a chat that is called over HTTP
	path   string // where such a chat is called
	// way is how such a chat reaches Usher without that, for people.
	way string
	// open makes the chat and what its connectors work with. It calls nobody.
	open func(setting, config.Chat) (chatAdapter, tools, error)
	// diagnose looks at the chat as it is in the world.
	diagnose func(context.Context, config.Config, chatAdapter) []finding
	// connectors are those of the chat that are on. With tools of which there
	// is nothing yet they can be named, and not be used.
	connectors func(config.Config, config.Chat, tools) map[string]runtime.Connector
}

// chatAdapter is what every chat that Usher speaks in has.
type chatAdapter interface {
	chat.Adapter
	runtime.Directory
	readier
	Counts() map[string]int64
	Handler() http.Handler
}

// setting is what chats are made in.
type setting struct {
	Common
	config config.Config
	clock  runtime.Clock
	log    zerolog.Logger
	behind *behind
	seen   seen
}

// behind is what a chat needs of the runtime, which is made after the chats.
type behind struct {
	runtime *runtime.Runtime
	leases  runtime.Leases
	holder  string // what this process is called where one of several is elected
}

// seen is what definitions speak of, for doctor: the channels that cards are
// posted to, and the resources.
type seen struct {
	channels  []access.Channel
	resources []access.Resource
}

// finding is one thing that doctor looked at in a chat.
type finding struct {
	ok        bool
	what, fix string
}

// openChat is a chat that was made.
type openChat struct {
	config.Chat
	kind    chatKind
	adapter chatAdapter
	tools   tools
}

// openChats makes the chats of a configuration. It calls nobody.
func openChats(s setting) ([]openChat, error) {
	var all []openChat
	for _, c := range s.config.Chats {
		kind := chatKinds()[c.Kind]
		one := s
		one.log = s.log.With().Str("chat", c.Name).Logger()
		one.seen.channels = within(s.seen.channels, c.Name)
		adapter, tools, err := kind.open(one, c)
		if err != nil {
			return nil, trouble(err, "The %s chat %q cannot be opened: %s.", kind.name, c.Name, plain(err))
		}
		all = append(all, openChat{c, kind, adapter, tools})
	}
	return all, nil
}

// overHTTP reports whether a chat calls Usher.
func (c openChat) overHTTP() bool { return c.Secrets[c.kind.secret] != "" }

// wayIn is how a chat reaches Usher, for people.
func (k chatKind) wayIn(c config.Chat) string {
	if c.Secrets[k.secret] != "" && c.Secrets["app"] == "" {
		return "HTTP"
	}
	return k.way
}

// deliveries takes what chats send over HTTP. The paths of a chat begin at
// /chats/<name>, since nothing before the signature says which of them a
// delivery is for; those of the only one of its kind begin at the root as well.
func deliveries(chats []openChat) http.Handler {
	mux := http.NewServeMux()
	only := map[string][]openChat{}
	for _, c := range chats {
		if c.overHTTP() {
			only[c.Kind] = append(only[c.Kind], c)
			mux.Handle("/chats/"+c.Name+"/", http.StripPrefix("/chats/"+c.Name, c.adapter.Handler()))
		}
	}
	for _, list := range only {
		if len(list) == 1 {
			mux.Handle(list[0].kind.path, list[0].adapter.Handler())
		}
	}
	return mux
}

// chatsInWords says which chats there are.
func chatsInWords(c config.Config) string {
	if len(c.Chats) == 0 {
		return "No chat is configured: nobody can ask for anything here yet. What was granted still ends on time."
	}
	var names []string
	for _, chat := range c.Chats {
		kind := chatKinds()[chat.Kind]
		names = append(names, chat.Name+" ("+kind.name+", "+kind.wayIn(chat)+")")
	}
	return "People speak to it in " + strings.Join(names, ", ") + "."
}

// tenants are those of the chats; without any, the one that is configured.
func tenants(c config.Config) []access.TenantID {
	var all []access.TenantID
	for _, chat := range c.Chats {
		if !slices.Contains(all, chat.Tenant) {
			all = append(all, chat.Tenant)
		}
	}
	if len(all) == 0 {
		return []access.TenantID{c.Tenant}
	}
	return all
}

// adminsIn are the people of a chat who are tenant admins at this moment.
func adminsIn(ctx context.Context, r *runtime.Runtime, chat config.Chat) ([]access.PersonID, error) {
	world, err := r.World(ctx, chat.Tenant)
	if err != nil {
		return nil, err
	}
	var all []access.PersonID
	for _, s := range world.Settings.Admins {
		people := []access.PersonID{s.Person}
		if s.Kind == access.SubjectGroup {
			if people, err = r.Directory.Members(ctx, chat.Tenant, s.Group); err != nil {
				return nil, err
			}
		}
		all = append(all, people...)
	}
	slices.Sort(all)
	return slices.Compact(within(all, chat.Name)), nil
}
