package load

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/core/access"
)

const (
	application = "290926798626357901"
	guild       = "290926798626357902"
	botRole     = "290926798626357903"
	lobby       = "290926798626357904"
	admin       = "290926798626357905"
)

func discordKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("an application of Discord, 32 b."))
}

func roleOf(room int) string { return fmt.Sprintf("2909267986263571%02d", room) }

func discordApprover(room int) string { return fmt.Sprintf("2909267986263572%02d", room%rooms) }

// discordPerson is somebody's id, which has to be a number.
func discordPerson(kind string, n int) string {
	i := slices.Index([]string{"HOLDER", "EARLY", "WAITS", "ASKS", "ERRS", "OTHER", "LOOKS", "FORM"}, kind)
	return fmt.Sprintf("30%d%015d", i+1, n)
}

// inDiscord is a server full of people.
//
// Usher makes no more than fifty calls a second to Discord's API, so cards and
// roles of such a crowd take minutes, as they would in Discord: they are not
// waited for, and come while the interactions do.
type inDiscord struct {
	*restAPI
	*crowd
	key    ed25519.PrivateKey
	serial atomic.Int64
	forms  []string // the custom_id of the form of each package
}

func newDiscord(b *testing.B) kind {
	d := &inDiscord{restAPI: newRESTAPI(b), key: discordKey(), forms: make([]string, rooms)}
	d.crowd = &crowd{hands: d, chat: "discord", person: discordPerson, approver: discordApprover}
	return d
}

func (d *inDiscord) environment() []string {
	return []string{
		"USHER_TENANT=" + tenant, "USHER_ADMINS=discord:" + admin, "DISCORD_BOT_TOKEN=load", "USHER_DISCORD_SERVERS=" + guild,
		"DISCORD_PUBLIC_KEY=" + hex.EncodeToString(d.key.Public().(ed25519.PublicKey)), "USHER_DISCORD_API_URL=" + d.url,
	}
}

func (d *inDiscord) definitions() string {
	return definitions("discord-role", "discord/"+admin, roleOf, discordApprover)
}

// bareDiscord is what no handler can do without.
func bareDiscord() http.Handler {
	key := discordKey().Public().(ed25519.PublicKey)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		signature, unread := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		payload := object{}
		if err != nil || unread != nil || !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) ||
			json.Unmarshal(body, &payload) != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}

// prepare opens the form of each room, and lets people ask.
func (d *inDiscord) prepare(b *testing.B, base string, jobs int) {
	b.Helper()
	for i := range d.forms {
		open := d.command("FORM", i)
		check := open.right
		open.right = func(status int, body []byte) error {
			var modal struct {
				Data struct {
					ID string `json:"custom_id"`
				}
			}
			_ = json.Unmarshal(body, &modal)
			d.forms[i] = modal.Data.ID
			return check(status, body)
		}
		run(b, base, []job{open})
	}
	d.ask(b, base, jobs)
	d.begin(b, base, jobs)
}

// settled is never: see inDiscord.
func (d *inDiscord) settled() time.Time { return time.Time{} }

func (d *inDiscord) prove(b *testing.B, store books) {
	b.Helper()
	d.crowd.prove(b, store, access.Delivering, access.Delivered)
	calls, late := d.called()
	fmt.Printf("Discord's API was called %d times so far, %d times with an answer that came too late to be the first\n", calls, late)
	if len(d.unknown) > 0 {
		b.Errorf("the stand-in for Discord does not know %v", slices.Sorted(maps.Keys(d.unknown)))
	}
}

// interaction is a delivery of Discord's, of somebody in the server.
func (d *inDiscord) interaction(kind int, user string, data object, more object) func(string) (*http.Request, error) {
	m := member(user)
	m["permissions"] = "1024"
	p := object{
		"id": fmt.Sprint(310000000000000000 + d.serial.Add(1)), "application_id": application, "type": kind, "token": "aW50ZXJhY3Rpb246" + user, "version": 1,
		"guild_id": guild, "channel_id": lobby, "locale": "en-US", "guild_locale": "en-US", "context": 0, "member": m, "data": data,
	}
	maps.Copy(p, more)
	body, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return func(base string) (*http.Request, error) {
		req, err := http.NewRequest(http.MethodPost, base+discord.Interactions, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		at := strconv.FormatInt(time.Now().Unix(), 10)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Signature-Timestamp", at)
		req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(d.key, append([]byte(at), body...))))
		return req, nil
	}
}

// says checks that an answer says all of it.
func says(who string, wants ...string) func(int, []byte) error {
	return func(_ int, body []byte) error {
		for _, want := range wants {
			if !bytes.Contains(body, []byte(want)) {
				return fmt.Errorf("%s was answered %q without %q", who, body, want)
			}
		}
		return nil
	}
}

// press presses Approve on the card of somebody's request. The card is made
// here, since the real one may not have been posted yet; so usher says in words
// what became of the press, and not by the card alone. Who may not read the
// request and did not press on its card is told of none.
func (d *inDiscord) press(b *testing.B, what, holder string, n int, presser, _ string, _ int) job {
	b.Helper()
	token, err := chat.Token{Verb: "approve", Tenant: tenant, Person: d.known(d.person(holder, n)), Request: 1, Face: 3}.Encode()
	if err != nil {
		b.Fatal(err)
	}
	button := func(label, token string, style int) object {
		return object{"type": 2, "id": style + 4, "custom_id": token, "style": style, "label": label}
	}
	content := strings.Repeat("**Why:** I help out in this room until the end of the month.\n", 8)
	card := []any{object{"type": 17, "id": 1, "components": []any{
		object{"type": 10, "id": 2, "content": content},
		object{"type": 1, "id": 3, "components": []any{button("Approve", token, 1), button("Deny", strings.Replace(token, "approve", "deny", 1), 4)}},
	}}}
	message := object{"id": fmt.Sprint(320000000000000000 + n), "channel_id": lobby, "flags": 1 << 15, "type": 0, "content": "", "components": card}
	right := map[string]func(int, []byte) error{
		approve: says(presser, "You approved the request"), late: says(presser, "You have decided already"), stranger: says(presser, "There is no such request"),
	}[what]
	return job{what, d.interaction(3, presser, object{"component_type": 2, "custom_id": token, "id": 5}, object{"message": message}), right}
}

// command types /access request.
func (d *inDiscord) command(who string, n int) job {
	user := d.person(who, n)
	option := object{"name": "package", "type": 3, "value": fmt.Sprint("room-", n%rooms)}
	data := object{"id": "330000000000000001", "name": "access", "type": 1, "options": []any{object{"name": "request", "type": 1, "options": []any{option}}}}
	return job{command, d.interaction(2, user, data, nil), says(user, `"type":9`, `"answer.ticket"`)}
}

func (d *inDiscord) submit(who string, n int) job {
	return d.fill(submit, who, n, fmt.Sprintf("OPS-%d", n), "is on its way")
}

func (d *inDiscord) mistake(n int) job {
	return d.fill(mistake, "ERRS", n, "none", "not have the expected form")
}

// fill sends the form for a room.
func (d *inDiscord) fill(what, who string, n int, ticket string, wants ...string) job {
	user := d.person(who, n)
	field := func(i int, id, value string) object {
		return object{"type": 18, "id": i, "component": object{"type": 4, "id": i + 1, "custom_id": id, "value": value}}
	}
	data := object{"custom_id": d.forms[n%rooms], "components": []any{
		field(1, "justification", "I help out in this room until the end of the month."), field(3, "answer.ticket", ticket),
	}}
	return job{what, d.interaction(5, user, data, nil), says(user, wants...)}
}
