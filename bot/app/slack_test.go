package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/storage"
)

// workspaces are two chats in Slack that are called over HTTP, of two tenants.
func workspaces(names ...string) config.Config {
	c := config.Config{Tenant: "main", Admins: []access.Account{"a/U01", "b/U02", "b/U03"}}
	for _, name := range names {
		c.Chats = append(c.Chats, config.Chat{
			Name: name, Kind: "slack", Tenant: access.TenantID("of-" + name), Secrets: map[string]config.Secret{"bot": "xoxb-1", "signing": "hush"},
		})
	}
	return c
}

func TestEachWorkspaceIsCalledOnPathsOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		path  string
		want  int
	}{
		{[]string{"a"}, "/slack/commands", http.StatusUnauthorized}, // there, and unsigned
		{[]string{"a"}, "/chats/a/slack/events", http.StatusUnauthorized},
		{[]string{"a", "b"}, "/chats/b/slack/interactions", http.StatusUnauthorized},
		{[]string{"a", "b"}, "/slack/commands", http.StatusNotFound},
		{[]string{"a"}, "/chats/b/slack/commands", http.StatusNotFound},
		{[]string{"a"}, "/", http.StatusNotFound},
	} {
		chats, err := openChats(setting{config: workspaces(c.names...), clock: realClock{}, log: zerolog.Nop(), behind: &behind{}})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		deliveries(chats).ServeHTTP(w, httptest.NewRequest(http.MethodPost, c.path, strings.NewReader("")))
		if w.Code != c.want {
			t.Errorf("%v %s: got %d, want %d", c.names, c.path, w.Code, c.want)
		}
	}
}

func TestTheAdminsOfEachTenantAreOfItsChats(t *testing.T) {
	t.Parallel()
	c := workspaces("a", "b")
	if got := tenants(c); !slices.Equal(got, []access.TenantID{"of-a", "of-b"}) {
		t.Errorf("the tenants are %q", got)
	}
	if got := adminsOf(c, "of-b"); !slices.Equal(got, []access.Subject{access.SomePerson("b/U02"), access.SomePerson("b/U03")}) {
		t.Errorf("the admins of b are %v", got)
	}
	if got := adminsOf(config.Config{Tenant: "main", Admins: c.Admins[:1]}, "main"); len(got) != 1 {
		t.Errorf("without chats the admins are %v", got)
	}
}

func TestConnectorsAreNamedAfterTheirChat(t *testing.T) {
	t.Parallel()
	if got := connectorNames(workspaces("a", "slack"), storage.Serve); !slices.Equal(got, []string{"a-channel", "a-group", "manual", "slack-channel", "slack-group"}) {
		t.Errorf("there are %q", got)
	}
	if got := connectorNames(workspaces("a"), storage.Demo); !slices.Equal(got, []string{"manual", "playground"}) {
		t.Errorf("in a demo there are %q", got)
	}
}

func TestNamesAreFoundWhereverDefinitionsHoldThem(t *testing.T) {
	t.Parallel()
	world := engine.World{
		Settings: access.Settings{Auditors: []access.Subject{access.SomeGroup("slack/S0AUDIT")}, Routing: access.Routing{Channels: []access.Channel{"slack/C0CARDS"}}},
		Packages: map[access.PackageID]access.Package{"p": {Policies: []access.Policy{{
			Requestors: access.Scope{Groups: []access.GroupID{"slack/S0ALL", "other/S0ALL"}},
			Stages:     []access.Stage{{Approvers: []access.Subject{access.SomeGroup("slack/C0TEAM"), access.SomeGroup("slack/S0ALL")}}},
		}}}},
	}
	if got := within(namesIn[access.GroupID](world), "slack"); !slices.Equal(got, []access.GroupID{"slack/C0TEAM", "slack/S0ALL", "slack/S0AUDIT"}) {
		t.Errorf("the groups are %q", got)
	}
	if got := namesIn[access.Channel](world); !slices.Equal(got, []access.Channel{"slack/C0CARDS"}) {
		t.Errorf("the channels are %q", got)
	}
}
