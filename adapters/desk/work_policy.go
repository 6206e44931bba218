package desk

import (
	"encoding/json"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// duplicate shares nothing with what it was made of.
func duplicate[V any](v V) (V, error) {
	var out V
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	return out, err
}

// theirs is the policy that the step is about.
func (s step) theirs() (access.Policy, error) {
	if s.policy < 0 || s.policy >= len(s.w.Package.Policies) {
		return access.Policy{}, access.Refuse(access.TooLate, "policyGone")
	}
	return duplicate(s.w.Package.Policies[s.policy])
}

// policySheet asks a section of a policy.
func (s step) policySheet(fields func(access.Policy) []form.Field, read func(form.Values, *access.Policy) map[string]*access.Error) (*sheet, error) {
	p, err := s.theirs()
	if err != nil {
		return nil, err
	}
	return &sheet{
		form:   form.Form{Fields: fields(p)},
		search: s.searchSubjects,
		check: func(v form.Values) map[string]*access.Error {
			p, err := s.theirs()
			if err != nil {
				return nil // submit says it
			}
			return read(v, &p)
		},
		submit: func(v form.Values) (chat.Reply, error) {
			p, err := s.theirs()
			if err != nil {
				return nil, err
			}
			for _, e := range read(v, &p) {
				return nil, e
			}
			return s.done(s.with(p))
		},
	}, nil
}

// with is the work with another version of the step's policy.
func (s step) with(p access.Policy) work {
	w := s.w
	w.Package.Policies = slices.Clone(w.Package.Policies)
	w.Package.Policies[s.policy] = p
	return w
}
