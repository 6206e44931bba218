package app

import (
	"maps"
	"slices"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/manual"
	"github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// This file is where kinds of chats are registered, by the name that the
// configuration gives them, and connectors, by the name that resources give for
// theirs. Nothing else registers anything.

// chatKinds are the kinds of chats.
func chatKinds() map[string]chatKind {
	return map[string]chatKind{
		"slack": {
			name: "Slack", way: "Socket Mode", secret: "signing", path: "/slack/",
			open: openSlack, diagnose: diagnoseSlack, connectors: slackConnectors,
		},
		"discord": {
			name: "Discord", way: "the gateway", secret: "publicKey", path: "/discord/",
			open: openDiscord, diagnose: diagnoseDiscord, connectors: discordConnectors,
		},
	}
}

// tools are what connectors of a chat work with: a client of the chat's API, the
// store that replicas share, and the time.
type tools struct {
	slack   *api.Client
	discord discordfault.API
	store   store
	clock   runtime.Clock
}

// serveConnectors are those of usher serve: what people hand out, and those of
// each chat.
func serveConnectors(c config.Config, chats []openChat, st store, clock runtime.Clock) map[string]runtime.Connector {
	all := map[string]runtime.Connector{"manual": manual.New()}
	for _, one := range chats {
		t := one.tools
		t.store, t.clock = st, clock
		maps.Copy(all, one.kind.connectors(c, one.Chat, t))
	}
	return all
}

// connectorNames are the names of the connectors that a store's bot has.
func connectorNames(c config.Config, mode storage.Mode) []string {
	if mode == storage.Demo {
		return slices.Sorted(maps.Keys(demoConnectors(nil)))
	}
	var chats []openChat
	for _, chat := range c.Chats {
		chats = append(chats, openChat{Chat: chat, kind: chatKinds()[chat.Kind]})
	}
	return slices.Sorted(maps.Keys(serveConnectors(c, chats, nil, nil)))
}

// demoConnectors are those of usher demo.
func demoConnectors(r *rooms.Rooms) map[string]runtime.Connector {
	return map[string]runtime.Connector{"manual": manual.New(), "playground": r}
}
