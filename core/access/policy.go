package access

import "time"

// Defaults and limits of a policy.
const (
	DefaultDecideWithin = 14 * 24 * time.Hour
	TermsWithin         = 14 * 24 * time.Hour // terms not accepted by then time out
	DefaultStageLimit   = 3
	MaxWindow           = 3660 * 24 * time.Hour // the longest duration; Entra's portal has the same
)

// Policy says who may request a package, who approves, what is asked and how
// long the access lasts. A version never changes once written: an edit makes
// the next version, and a request keeps the one that it was made under.
type Policy struct {
	ID          PolicyID `json:"id"`
	Version     int      `json:"version"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`

	Requestors Scope    `json:"requestors"`          // who may get it; empty: only admins assign
	Closed     bool     `json:"closed,omitempty"`    // new requests are off
	OnBehalf   OnBehalf `json:"onBehalf,omitzero"`   // who may ask for another
	Choosable  bool     `json:"choosable,omitempty"` // may be chosen although an earlier policy fits

	Justification bool       `json:"justification,omitempty"` // required
	Questions     []Question `json:"questions,omitempty"`

	Stages            []Stage   `json:"stages,omitempty"` // none: approved by the policy
	ExtensionApproval bool      `json:"extensionApproval,omitempty"`
	Lifecycle         Lifecycle `json:"lifecycle"`
	EditedBy          PersonID  `json:"editedBy,omitempty"` // who wrote this version
	EditedAt          time.Time `json:"editedAt,omitzero"`
}

// Scope says who may get a package through a policy.
type Scope struct {
	Members   bool       `json:"members,omitempty"`
	Outsiders bool       `json:"outsiders,omitempty"` // guests and outside people
	People    []PersonID `json:"people,omitempty"`
	Groups    []GroupID  `json:"groups,omitempty"`
}

// Empty reports whether nobody can ask.
func (s Scope) Empty() bool {
	return !s.Members && !s.Outsiders && len(s.People) == 0 && len(s.Groups) == 0
}

// Fits reports whether a person is in the scope.
func (s Scope) Fits(who Actor) bool {
	switch {
	case !who.Standing.Human():
		return false
	case s.Members && who.Standing == Member, s.Outsiders && who.Standing.Outside():
		return true
	}
	for _, p := range s.People {
		if who.Owns(p) {
			return true
		}
	}
	for _, g := range s.Groups {
		if who.In(g) {
			return true
		}
	}
	return false
}

// OnBehalf says who may ask for somebody else.
type OnBehalf struct {
	Managers bool       `json:"managers,omitempty"` // managers for their reports
	People   []PersonID `json:"people,omitempty"`
	Groups   []GroupID  `json:"groups,omitempty"`
}

// Allows reports whether asker may ask for the ledger's person.
func (o OnBehalf) Allows(asker Actor) bool {
	if o.Managers && asker.ManagerOf {
		return true
	}
	return Scope{People: o.People, Groups: o.Groups}.Fits(asker)
}

// Stage is one round of approval.
type Stage struct {
	Approvers       []Subject     `json:"approvers"`
	Quorum          int           `json:"quorum,omitempty"`          // how many must approve; 0 means 1
	Within          time.Duration `json:"within,omitempty"`          // time to decide; 0 means DefaultDecideWithin
	ReasonRequired  bool          `json:"reasonRequired,omitempty"`  // approver must say why
	Alternates      []Subject     `json:"alternates,omitempty"`      // asked too when nobody acted
	AlternatesAfter time.Duration `json:"alternatesAfter,omitempty"` // 0 means half of Within
	Fallbacks       []Subject     `json:"fallbacks,omitempty"`       // asked when too few approvers can be found
}

// Needs is the number of approvals that the stage needs, at least 1.
func (s Stage) Needs() int { return max(s.Quorum, 1) }

// DecideWithin is the time to decide, with the default filled in.
func (s Stage) DecideWithin() time.Duration {
	if s.Within == 0 {
		return DefaultDecideWithin
	}
	return s.Within
}

// AskAlternatesAfter is when alternates are asked, counted from the opening.
func (s Stage) AskAlternatesAfter() time.Duration {
	if s.AlternatesAfter == 0 {
		return s.DecideWithin() / 2
	}
	return s.AlternatesAfter
}

// Ending says how an assignment ends.
type Ending string

const (
	EndsNever    Ending = "never"
	EndsOnDate   Ending = "date"
	EndsDuration Ending = "duration"
)

// Lifecycle says how long an assignment lasts.
type Lifecycle struct {
	Ends Ending        `json:"ends"`
	On   time.Time     `json:"on,omitzero"`   // EndsOnDate
	For  time.Duration `json:"for,omitempty"` // EndsDuration; whole hours
	// OwnTimes lets the requestor choose a later start and an earlier end.
	OwnTimes bool `json:"ownTimes,omitempty"`
	// Extend lets the holder ask for more before the end.
	Extend bool `json:"extend,omitempty"`
}

// QuestionKind is the kind of answer that a question wants.
type QuestionKind string

const (
	ShortText QuestionKind = "shortText" // one line, at most 300 characters
	LongText  QuestionKind = "longText"  // at most 3000 characters
	Choice    QuestionKind = "choice"    // one of Options
	Choices   QuestionKind = "choices"   // several of Options
	YesNo     QuestionKind = "yesNo"     // "yes" or "no"
	Number    QuestionKind = "number"    // a decimal number with a point
	Date      QuestionKind = "date"      // YYYY-MM-DD
	PersonAsk QuestionKind = "person"    // a PersonID
)

// Question is asked of the requestor and shown, answered, to the approver.
// There is no right answer.
type Question struct {
	ID       string       `json:"id"` // slug, unique in its policy
	Kind     QuestionKind `json:"kind"`
	Label    Words        `json:"label"`
	Required bool         `json:"required,omitempty"`
	Pattern  string       `json:"pattern,omitempty"` // RE2, must match the whole text; text kinds only
	Options  []Option     `json:"options,omitempty"` // choice kinds only, 2 to 100
	// Editable lets the approver correct the answer.
	Editable bool `json:"editable,omitempty"`
}

// Option is one answer to choose.
type Option struct {
	Value string `json:"value"` // stored; at most 75 bytes
	Label Words  `json:"label"`
}

// Answers are canonical values by question id. A question without an answer
// is absent.
type Answers map[string][]string
