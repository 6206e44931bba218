package gallery

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/components"
)

// picture is one of a screen of Discord.
type picture struct {
	name, golden string
	posted       time.Time
	typed        map[string]string
}

// discordPictures are the screens of the contractor's story and of what else may
// come, by the file that the adapter's own tests hold them against.
func discordPictures() []picture {
	asked := time.Date(2026, 9, 1, 7, 0, 0, 0, time.UTC)
	decided, over := asked.Add(2*time.Hour), time.Date(2026, 10, 1, 22, 0, 0, 0, time.UTC)
	return []picture{
		{"request", "modal/request-1.en", asked, map[string]string{"justification": "The new website goes live in September.", "answer.where": "de"}},
		{"next-page", "answer/next-page.en", asked, nil},
		{"approver", "card/approver-pending.en", asked, nil},
		{"requestor-received", "card/requestor-pending.en", asked, nil},
		{"home-approver", "answer/home-approver.en", asked, nil},
		{"decided", "card/approver-approved.en", asked, nil},
		{"requestor-terms", "card/requestor-terms.en", asked, nil},
		{"requestor-active", "card/requestor-active.en", asked, nil},
		{"sure", "answer/sure.en", decided, nil},
		{"requestor-over", "card/requestor-over.en", asked, nil},
		{"over", "card/over.en", over, nil},
		{"quorum", "card/approver-quorum.en", asked, nil},
		{"timed-out", "card/approver-timedout.en", asked, nil},
		{"task", "card/task.en", decided, nil},
	}
}

func TestPicturesOfDiscord(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{
		"290926798626357001": "Carla Contreras", "290926798626357002": "Mina Okafor", "290926798626357003": "Ada Lindqvist",
		"290926798626357004": "Ben Tanaka", "290926798626357005": "Olga Petrov", "290926798626357006": "Rita Sousa",
	}
	a := newAlbum()
	for _, p := range discordPictures() {
		payload, err := os.ReadFile(filepath.Join("..", "..", "adapters", "discord", "testdata", p.golden+".json"))
		if err != nil {
			t.Fatal(err)
		}
		page, err := components.Draw(payload, components.Look{Name: func(id string) string { return names[id] }, Zone: london, At: p.posted, Typed: p.typed})
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
		a.add(p.name, page)
	}
	a.photograph(t, "discord")
}
