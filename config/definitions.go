package config

import (
	"fmt"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// File is a file of definitions that was read without problems.
type File struct {
	Definitions runtime.Definitions
	source      *source
}

// ParseDefinitions reads a file of definitions, all or nothing. name is what
// errors call it; now is what "+30 days" is counted from; dates are in zone
// unless the file's settings name one. References that lead out of the file
// are taken on trust here and checked when the definitions are applied.
// Versions, creators and revisions are left zero: applying gives them. ManagedBy
// is what the file says, empty where it says nothing. Errors are a Report.
func ParseDefinitions(name string, data []byte, now time.Time, zone *time.Location) (runtime.Definitions, error) {
	file, err := ReadDefinitions(name, data, now, zone)
	if err != nil {
		return runtime.Definitions{}, err
	}
	return file.Definitions, nil
}

// ReadDefinitions is ParseDefinitions for who wants to explain later problems
// by the lines of the file.
func ReadDefinitions(name string, data []byte, now time.Time, zone *time.Location) (*File, error) {
	source, err := parse(name, data, false)
	if err != nil {
		return nil, err
	}
	if err := source.knownKeys(document{}); err != nil {
		return nil, err
	}
	var doc document
	if err := source.decode(&doc); err != nil {
		return nil, err
	}
	r := reading{source: source, now: now, zone: zone, odd: map[string]bool{}}
	definitions := r.definitions(doc)
	if err := source.report(r.all(definitions)); err != nil {
		return nil, err
	}
	return &File{definitions, source}, nil
}

// Place says where a value is in the file, as name:line:column.
func (f *File) Place(field string) string {
	p := f.source.problem(f.source.token(f.source.place(field)), access.Refuse(access.Invalid, ""))
	return fmt.Sprintf("%s:%d:%d", p.Source, p.Line, p.Column)
}

// Explain adds the places in the file to problems that were found when its
// definitions were applied; other errors stay as they are.
func (f *File) Explain(err error) error {
	problems, ok := access.AsProblems(err)
	if !ok {
		return err
	}
	return f.source.report(problems)
}

// The following are the shapes of the file. doc.go describes them. The JSON
// Schema for editors is made of them: comments become its descriptions, the tag
// "jsonschema" says what only it knows.

type document struct {
	// What counts for all catalogs.
	Settings *settingsDoc `yaml:"settings"`
	// Sets of resources and of packages made of them. "general" always exists.
	Catalogs []catalogDoc `yaml:"catalogs"`
	// Things in the outside world that access is given to.
	Resources []resourceDoc `yaml:"resources"`
	// Bundles of resource roles that people can ask for.
	Packages []packageDoc `yaml:"packages"`
}

type settingsDoc struct {
	// The organisation's name, as people read it.
	Name string `yaml:"name" jsonschema:"required"`
	// Who may edit it: file (the default; chat refuses to) or chat.
	ManagedBy string `yaml:"managedBy" jsonschema:"enum=file,enum=chat"`
	// Tenant admins, at least one: people and groups.
	Admins []entry `yaml:"admins" jsonschema:"required,minItems=1"`
	// Who reads everything and changes nothing: people and groups.
	Auditors []entry `yaml:"auditors"`
	// The language for whoever has none of their own. Default: en.
	Locale string `yaml:"locale"`
	// The time zone that dates in this file are read in, such as Europe/Berlin. Default: UTC.
	Zone string `yaml:"zone"`
	// The largest number of stages that a policy may have. Default: 3.
	StageLimit int `yaml:"stageLimit" jsonschema:"minimum=0,maximum=100"`
	// Also take away, at the end, what was there before Usher gave it.
	TakeFound bool `yaml:"takeFound"`
	// Give anew what somebody took away by hand.
	Restore bool `yaml:"restore"`
	// Where the cards of approvers go.
	Cards *cards `yaml:"cards"`
}

// cards says where the approvers' cards go.
type cards struct {
	// Channels, each as chat/channel.
	Channels []string `yaml:"channels"`
	// No direct messages to the approvers.
	Only bool `yaml:"only"`
}

type catalogDoc struct {
	// A short name that never changes: a-z, 0-9 and dashes.
	ID string `yaml:"id" jsonschema:"required"`
	// The name that people read.
	Name string `yaml:"name" jsonschema:"required"`
	// What it is for.
	Description string `yaml:"description"`
	// Who may edit it: file (the default; chat refuses to) or chat.
	ManagedBy string `yaml:"managedBy" jsonschema:"enum=file,enum=chat"`
	// Who may do everything in the catalog: people and groups.
	Owners []entry `yaml:"owners"`
	// Who sees it and changes nothing: people and groups.
	Readers []entry `yaml:"readers"`
	// Who edits packages and policies, but not resources: people and groups.
	PackageManagers []entry `yaml:"packageManagers"`
	// Who assigns, removes, cancels and retries: people and groups.
	AssignmentManagers []entry `yaml:"assignmentManagers"`
	// Where the cards of approvers go.
	Cards *cards `yaml:"cards"`
}

type resourceDoc struct {
	// A short name that never changes: a-z, 0-9 and dashes.
	ID string `yaml:"id" jsonschema:"required"`
	// The catalog that it is in. Default: general.
	Catalog string `yaml:"catalog"`
	// The name that people read.
	Name string `yaml:"name" jsonschema:"required"`
	// What it is.
	Description string `yaml:"description"`
	// Who may edit it: file (the default; chat refuses to) or chat.
	ManagedBy string `yaml:"managedBy" jsonschema:"enum=file,enum=chat"`
	// What gives it: slack-channel, slack-group, discord-role, discord-channel, manual, playground.
	Connector string `yaml:"connector" jsonschema:"required"`
	// The connector's own name for it, such as the id of a channel.
	Target string `yaml:"target" jsonschema:"required"`
	// What there is to give of it.
	Roles []roleDoc `yaml:"roles" jsonschema:"required,minItems=1"`
	// Who hands it out, for the connector manual.
	Hands []entry `yaml:"hands"`
}

type roleDoc struct {
	// A short name that never changes: a-z, 0-9 and dashes.
	ID string `yaml:"id" jsonschema:"required"`
	// The name that people read.
	Name string `yaml:"name" jsonschema:"required"`
	// What its holder will be able to do, in words.
	Can texts `yaml:"can" jsonschema:"required"`
}

type packageDoc struct {
	// A short name that never changes: a-z, 0-9 and dashes.
	ID string `yaml:"id" jsonschema:"required"`
	// The catalog that it is in. Default: general.
	Catalog string `yaml:"catalog"`
	// The name that people read.
	Name string `yaml:"name" jsonschema:"required"`
	// What it is for.
	Description string `yaml:"description"`
	// Who may edit it: file (the default; chat refuses to) or chat.
	ManagedBy string `yaml:"managedBy" jsonschema:"enum=file,enum=chat"`
	// What it gives, each as resource/role.
	Roles []string `yaml:"roles" jsonschema:"required,minItems=1"`
	// Not listed; who knows its name may ask.
	Hidden bool `yaml:"hidden"`
	// Packages that nobody may hold together with this one.
	Incompatible []string `yaml:"incompatible"`
	// What must be accepted before access is given.
	Terms *texts `yaml:"terms"`
	// Where the cards of approvers go.
	Cards *cards `yaml:"cards"`
	// Who may ask and how it is decided; the first that fits counts.
	Policies []policyDoc `yaml:"policies"`
}

type policyDoc struct {
	// A short name that never changes: a-z, 0-9 and dashes.
	ID string `yaml:"id" jsonschema:"required"`
	// The name that people read.
	Name string `yaml:"name" jsonschema:"required"`
	// When it is the one to choose.
	Description string `yaml:"description"`
	// Who may get it: members, outsiders, people and groups. None: only admins assign it.
	Requestors []entry `yaml:"requestors"`
	// New requests are off.
	Closed bool `yaml:"closed"`
	// Who may ask for somebody else: managers, people and groups.
	OnBehalf []entry `yaml:"onBehalf"`
	// May be chosen although an earlier policy fits.
	Choosable bool `yaml:"choosable"`
	// Who asks must say why.
	Justification bool `yaml:"justification"`
	// What is asked of the requestor and shown to the approver.
	Questions []questionDoc `yaml:"questions"`
	// The rounds of approval, in order. None: approved by the policy.
	Stages []stageDoc `yaml:"stages"`
	// How the access ends: never, after 30 days, 2026-12-31, 2026-12-31 18:00 or +30 days.
	Ends string `yaml:"ends" jsonschema:"required"`
	// The requestor may choose a later start and an earlier end.
	OwnTimes bool `yaml:"ownTimes"`
	// Whether the holder may ask for more time. Default: no.
	Extend string `yaml:"extend"`
}

type questionDoc struct {
	// A short name that never changes: a-z, 0-9 and dashes.
	ID string `yaml:"id" jsonschema:"required"`
	// The kind of answer.
	Kind string `yaml:"kind" jsonschema:"required,enum=short text,enum=long text,enum=choice,enum=choices,enum=yes/no,enum=number,enum=date,enum=person"`
	// The question.
	Label texts `yaml:"label" jsonschema:"required"`
	// It must be answered.
	Required bool `yaml:"required"`
	// A regular expression (RE2) that the whole answer has to match; texts only.
	Pattern string `yaml:"pattern"`
	// What to choose from, for choice and choices.
	Options []optionDoc `yaml:"options"`
	// The approver may correct the answer.
	Editable bool `yaml:"editable"`
}

type optionDoc struct {
	// What is stored.
	Value string `yaml:"value" jsonschema:"required"`
	// What people read.
	Label texts `yaml:"label" jsonschema:"required"`
}

type stageDoc struct {
	// Who decides.
	Approvers []entry `yaml:"approvers" jsonschema:"required,minItems=1"`
	// How many must approve. Default: 1.
	Quorum int `yaml:"quorum" jsonschema:"minimum=0"`
	// How long they have, such as 3 days. Default: 14 days.
	Within string `yaml:"within"`
	// Who approves must say why.
	ReasonRequired bool `yaml:"reasonRequired"`
	// Who is asked too when nobody acted.
	Alternates []entry `yaml:"alternates"`
	// When the alternates are asked. Default: half of within.
	AlternatesAfter string `yaml:"alternatesAfter"`
	// Who is asked when too few approvers can be found.
	Fallbacks []entry `yaml:"fallbacks"`
}
