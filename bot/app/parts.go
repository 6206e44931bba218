package app

import (
	"maps"
	"slices"

	"github.com/usher-dev/usher/adapters/connect/manual"
	"github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/adapters/connect/slackchannel"
	"github.com/usher-dev/usher/adapters/connect/slackgroup"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// This file is where connectors are registered, by the name that resources
// give for theirs. Nothing else registers anything.

// serveConnectors are those of usher serve: for each chat in Slack one for its
// channels and one for its user groups, unless they are switched off.
func serveConnectors(chats []slackChat, leases runtime.Leases, clock runtime.Clock) map[string]runtime.Connector {
	all := map[string]runtime.Connector{
		"manual": manual.New(),
	}
	for _, c := range chats {
		if c.gives.Gives(config.SlackChannels) {
			all[channelConnector(c.Name)] = slackchannel.New(c.Name, c.web, clock)
		}
		if c.gives.Gives(config.SlackGroups) {
			all[groupConnector(c.Name)] = slackgroup.New(c.Name, c.web, leases, clock)
		}
	}
	return all
}

// connectorNames are the names of the connectors that a store's bot has.
func connectorNames(c config.Config, mode storage.Mode) []string {
	if mode == storage.Demo {
		return slices.Sorted(maps.Keys(demoConnectors(nil)))
	}
	var chats []slackChat
	for _, chat := range c.Chats {
		if chat.Kind == slackKind {
			chats = append(chats, slackChat{Chat: chat, gives: c.Slack})
		}
	}
	return slices.Sorted(maps.Keys(serveConnectors(chats, nil, nil)))
}

// demoConnectors are those of usher demo.
func demoConnectors(r *rooms.Rooms) map[string]runtime.Connector {
	all := serveConnectors(nil, nil, nil)
	all["playground"] = r
	return all
}
