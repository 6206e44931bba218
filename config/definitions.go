package config

import (
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
// Versions, creators and revisions are left zero: applying gives them. Errors
// are a Report.
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

// Explain adds the places in the file to problems that were found when its
// definitions were applied; other errors stay as they are.
func (f *File) Explain(err error) error {
	problems, ok := access.AsProblems(err)
	if !ok {
		return err
	}
	return f.source.report(problems)
}

// The following are the shapes of the file. doc.go describes them.

type document struct {
	Settings  *settingsDoc  `yaml:"settings"`
	Catalogs  []catalogDoc  `yaml:"catalogs"`
	Resources []resourceDoc `yaml:"resources"`
	Packages  []packageDoc  `yaml:"packages"`
}

type settingsDoc struct {
	Name       string  `yaml:"name"`
	Admins     []entry `yaml:"admins"`
	Auditors   []entry `yaml:"auditors"`
	Locale     string  `yaml:"locale"`
	Zone       string  `yaml:"zone"`
	StageLimit int     `yaml:"stageLimit"`
	TakeFound  bool    `yaml:"takeFound"`
	Restore    bool    `yaml:"restore"`
	Cards      *cards  `yaml:"cards"`
}

// cards says where the approvers' cards go.
type cards struct {
	Channels []string `yaml:"channels"`
	Only     bool     `yaml:"only"`
}

type catalogDoc struct {
	ID                 string  `yaml:"id"`
	Name               string  `yaml:"name"`
	Description        string  `yaml:"description"`
	Owners             []entry `yaml:"owners"`
	Readers            []entry `yaml:"readers"`
	PackageManagers    []entry `yaml:"packageManagers"`
	AssignmentManagers []entry `yaml:"assignmentManagers"`
	Cards              *cards  `yaml:"cards"`
}

type resourceDoc struct {
	ID          string    `yaml:"id"`
	Catalog     string    `yaml:"catalog"`
	Name        string    `yaml:"name"`
	Description string    `yaml:"description"`
	Connector   string    `yaml:"connector"`
	Target      string    `yaml:"target"`
	Roles       []roleDoc `yaml:"roles"`
	Hands       []entry   `yaml:"hands"`
}

type roleDoc struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	Can  texts  `yaml:"can"`
}

type packageDoc struct {
	ID           string      `yaml:"id"`
	Catalog      string      `yaml:"catalog"`
	Name         string      `yaml:"name"`
	Description  string      `yaml:"description"`
	Roles        []string    `yaml:"roles"`
	Hidden       bool        `yaml:"hidden"`
	Incompatible []string    `yaml:"incompatible"`
	Terms        *texts      `yaml:"terms"`
	Cards        *cards      `yaml:"cards"`
	Policies     []policyDoc `yaml:"policies"`
}

type policyDoc struct {
	ID            string        `yaml:"id"`
	Name          string        `yaml:"name"`
	Description   string        `yaml:"description"`
	Requestors    []entry       `yaml:"requestors"`
	Closed        bool          `yaml:"closed"`
	OnBehalf      []entry       `yaml:"onBehalf"`
	Choosable     bool          `yaml:"choosable"`
	Justification bool          `yaml:"justification"`
	Questions     []questionDoc `yaml:"questions"`
	Stages        []stageDoc    `yaml:"stages"`
	Ends          string        `yaml:"ends"`
	OwnTimes      bool          `yaml:"ownTimes"`
	Extend        string        `yaml:"extend"`
}

type questionDoc struct {
	ID       string      `yaml:"id"`
	Kind     string      `yaml:"kind"`
	Label    texts       `yaml:"label"`
	Required bool        `yaml:"required"`
	Pattern  string      `yaml:"pattern"`
	Options  []optionDoc `yaml:"options"`
	Editable bool        `yaml:"editable"`
}

type optionDoc struct {
	Value string `yaml:"value"`
	Label texts  `yaml:"label"`
}

type stageDoc struct {
	Approvers       []entry `yaml:"approvers"`
	Quorum          int     `yaml:"quorum"`
	Within          string  `yaml:"within"`
	ReasonRequired  bool    `yaml:"reasonRequired"`
	Alternates      []entry `yaml:"alternates"`
	AlternatesAfter string  `yaml:"alternatesAfter"`
	Fallbacks       []entry `yaml:"fallbacks"`
}
