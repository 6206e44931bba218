package playground

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// NewPerson is somebody to be added. ID is a slug; an empty one is made from
// the name. Manager is an id, Groups are names without the chat.
type NewPerson struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Standing access.Standing `json:"standing"`
	Locale   string          `json:"locale"`
	Zone     string          `json:"zone"`
	Email    string          `json:"email"`
	Manager  string          `json:"manager"`
	Groups   []string        `json:"groups"`
	// Part says what somebody who is there at first is for: the text "part.…".
	Part string `json:"-"`
}

// Cast is who is on the page at first.
func Cast() []NewPerson {
	return []NewPerson{
		{ID: "carla", Name: "Carla Contreras", Standing: access.External, Locale: "de", Zone: "Europe/Berlin", Email: "carla@contreras.example", Part: "contractor"},
		{ID: "mina", Name: "Mina Okafor", Standing: access.Member, Locale: "en-GB", Zone: "Europe/London", Email: "mina@example.org", Manager: "ada", Groups: []string{"engineering"}, Part: "colleague"},
		{ID: "ada", Name: "Ada Lindqvist", Standing: access.Member, Locale: "en", Zone: "America/New_York", Email: "ada@example.org", Groups: []string{"security", "engineering"}, Part: "approver"},
		{ID: "ben", Name: "Ben Tanaka", Standing: access.Member, Locale: "en", Zone: "Asia/Tokyo", Email: "ben@example.org", Groups: []string{"security"}, Part: "approver"},
		{ID: "olga", Name: "Olga Petrov", Standing: access.Member, Locale: "en", Zone: "UTC", Email: "olga@example.org", Part: "admin"},
	}
}

var (
	slug     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$`)
	notSlug  = regexp.MustCompile(`[^a-z0-9]+`)
	standing = []access.Standing{access.Member, access.Guest, access.External, access.Bot, access.Gone}
)

func (a *Adapter) seed(ctx context.Context) error {
	if a.hub.pulse().Seq > 0 {
		return nil
	}
	for _, p := range a.People {
		if _, err := a.add(ctx, p); err != nil && !access.IsCode(err, "personExists") {
			return err
		}
	}
	return nil
}

// AddPerson puts somebody new on the page. Their manager must be there.
func (a *Adapter) AddPerson(ctx context.Context, n NewPerson) (Person, error) {
	if slug.MatchString(n.Manager) {
		if _, ok, err := a.vault.Person(ctx, n.Manager); err != nil {
			return Person{}, err
		} else if !ok {
			return Person{}, access.Refuse(access.Invalid, "unknownManager", "id", n.Manager).At("manager")
		}
	}
	return a.add(ctx, n)
}

// add is AddPerson for those who come together and name each other.
func (a *Adapter) add(ctx context.Context, n NewPerson) (Person, error) {
	p, err := n.person()
	if err != nil {
		return Person{}, err
	}
	all, err := a.vault.People(ctx)
	if err != nil {
		return Person{}, err
	}
	if len(all) >= maxPeople {
		return Person{}, access.Refuse(access.Refused, "tooManyPeople", "max", maxPeople)
	}
	err = a.change(ctx, p.ID, "", func(d *Draft) error {
		if d.Person != nil {
			return access.Refuse(access.Invalid, "personExists", "id", p.ID).At("id")
		}
		p.Seq = d.Seq
		d.Person, d.About = &p, "people"
		return nil
	})
	return p, err
}

// person checks what was given and fills in what was not.
func (n NewPerson) person() (Person, error) {
	n.Name = strings.TrimSpace(n.Name)
	if n.ID == "" {
		n.ID = strings.Trim(notSlug.ReplaceAllString(strings.ToLower(n.Name), "-"), "-")
		n.ID = strings.TrimRight(n.ID[:min(len(n.ID), 24)], "-")
	}
	p := Person{ID: n.ID, Name: n.Name, Email: n.Email, Manager: n.Manager, Groups: n.Groups, Forms: FormsLive}
	if n.Name == "" || len(n.Name) > 80 {
		return p, access.Refuse(access.Invalid, "personName").At("name")
	}
	if !slug.MatchString(n.ID) {
		return p, access.Refuse(access.Invalid, "personID", "id", n.ID).At("id")
	}
	if n.Manager != "" && !slug.MatchString(n.Manager) {
		return p, access.Refuse(access.Invalid, "personID", "id", n.Manager).At("manager")
	}
	for _, g := range n.Groups {
		if !slug.MatchString(g) {
			return p, access.Refuse(access.Invalid, "groupName", "group", g).At("groups")
		}
	}
	c := ProfileChange{Standing: n.Standing, Locale: n.Locale, Zone: n.Zone}
	if c.Standing == "" {
		c.Standing = access.Member
	}
	if c.Locale == "" {
		c.Locale = "en"
	}
	if c.Zone == "" {
		c.Zone = "UTC"
	}
	return p, c.apply(&p)
}

// ProfileChange changes how a person is known to the chat; what is empty stays
// as it is.
type ProfileChange struct {
	Standing access.Standing `json:"standing"`
	Locale   string          `json:"locale"` // BCP 47
	Zone     string          `json:"zone"`   // IANA
	// Leave makes the person leave the chat, as if the account were closed.
	// A standing brings them back.
	Leave bool `json:"leave"`
}

func (c ProfileChange) apply(p *Person) error {
	if c.Standing != "" {
		if !slices.Contains(standing, c.Standing) {
			return access.Refuse(access.Invalid, "personStanding", "standing", string(c.Standing)).At("standing")
		}
		p.Standing = c.Standing
	}
	if c.Leave {
		p.Standing = access.Gone
	}
	if c.Locale != "" {
		if _, err := language.Parse(c.Locale); err != nil {
			return access.Refuse(access.Invalid, "personLocale", "locale", c.Locale).At("locale")
		}
		p.Locale = c.Locale
	}
	if c.Zone != "" {
		if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
			return access.Refuse(access.Invalid, "personZone", "zone", c.Zone).At("zone")
		}
		p.Zone = c.Zone
	}
	return nil
}

// ChangeProfile changes how a person is known to the chat.
func (a *Adapter) ChangeProfile(ctx context.Context, id string, c ProfileChange) error {
	err := a.changePerson(ctx, id, func(d *Draft) error {
		d.About = "people"
		return c.apply(d.Person)
	})
	if err != nil {
		return err
	}
	if left := a.ports.Load().OnLeft; left != nil && (c.Leave || c.Standing == access.Gone) {
		left(context.WithoutCancel(ctx), access.PersonID(a.account(id)))
	}
	return nil
}

// changePerson changes somebody who exists.
func (a *Adapter) changePerson(ctx context.Context, id string, edit func(*Draft) error) error {
	return a.change(ctx, id, "", func(d *Draft) error {
		if d.Person == nil {
			return unknownPerson(id)
		}
		d.About = "person/" + id
		return edit(d)
	})
}

// part says in the reader's words what somebody who was there at first is for.
func (a *Adapter) part(id string, r reader) string {
	for _, p := range a.People {
		if p.ID == id && p.Part != "" {
			return r.say("part." + p.Part)
		}
	}
	return ""
}

func unknownPerson(id string) error {
	return access.Refuse(access.NotFound, "unknownPerson", "person", id)
}

// Names of the profiles of form abilities.
const (
	FormsLive  = "live"  // one page that changes while it is filled in
	FormsPages = "pages" // pages of five, with a Continue button between
)

// profiles is what the forms of each profile can do.
func profiles() map[string]form.Caps {
	every := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	return map[string]form.Caps{
		FormsLive: {Live: true, Kinds: every, MaxOptions: 100, Search: true},
		FormsPages: {
			PageFields: 5, Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Person},
			MaxOptions: 25, TitleMax: 45, LabelMax: 45, HintMax: 100,
		},
	}
}

// ChangeForms chooses a profile of form abilities. A form that is open goes on
// as it is.
func (a *Adapter) ChangeForms(ctx context.Context, id, profile string) error {
	if _, ok := profiles()[profile]; !ok {
		return access.Refuse(access.Invalid, "formsProfile", "profile", profile).At("forms")
	}
	return a.changePerson(ctx, id, func(d *Draft) error {
		d.Person.Forms, d.About = profile, "people"
		return nil
	})
}
