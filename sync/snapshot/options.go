package snapshot

import (
	"fmt"
	"regexp"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// options are what a comparison was made with.
type options struct {
	Groups groupsConfig `json:"groups"`
	Fields []string     `json:"fields"`
	Nudge  bool         `json:"nudge"`
	Facts  facts        `json:"facts"`
}

type groupsConfig struct {
	From   string   `json:"from"`
	Roles  *string  `json:"roles"`
	Name   string   `json:"name"`
	Ignore []string `json:"ignore"`
}

type facts struct {
	TargetURL    string       `json:"target_url"`
	SharedWith   []string     `json:"shared_with,omitempty"`
	Source       service      `json:"source"`
	Target       service      `json:"target"`
	Probed       bool         `json:"probed"`
	Capabilities capabilities `json:"capabilities"`
	Login        loginState   `json:"login"`
	Assignments  dangling     `json:"assignments"`
}

// dangling are the account assignments whose user or group was found to be gone.
type dangling struct {
	Asked    bool               `json:"asked"`
	Dangling []model.Assignment `json:"dangling,omitempty"`
	Rest     string             `json:"rest,omitempty"`
	Trouble  string             `json:"trouble,omitempty"`
}

type service struct {
	Answered  bool          `json:"answered"`
	Skew      time.Duration `json:"skew_ns"`
	SkewKnown bool          `json:"skew_known"`
	Budget    budget        `json:"budget"`
	Refusals  []refusal     `json:"refusals,omitempty"`
}

// budget, refusal and loginState have the fields of their namesakes in model.
type budget struct {
	Known     bool      `json:"known"`
	Limit     int       `json:"limit"`
	Remaining int       `json:"remaining"`
	Reset     time.Time `json:"reset"`
}

type refusal struct {
	What   string `json:"what"`
	Scope  string `json:"scope,omitempty"`
	Status int    `json:"status"`
}

type loginState struct {
	UserName string `json:"user_name"`
	Status   string `json:"status"`
	State    string `json:"state"`
	Trouble  string `json:"trouble,omitempty"`
}

type capabilities struct {
	Cursor       *bool  `json:"cursor"`
	Filter       *bool  `json:"filter"`
	MemberFilter *bool  `json:"member_filter"`
	PageSize     int    `json:"page_size"`
	Elsewhere    string `json:"elsewhere,omitempty"`
	Ignored      string `json:"ignored,omitempty"`
	Trouble      string `json:"trouble,omitempty"`
}

func optionsOut(o *model.Options) options {
	f := &o.Facts
	out := options{
		Groups: groupsConfig{From: o.Groups.From, Name: o.Groups.Name, Ignore: o.Groups.Ignore},
		Fields: fieldsOut(o.Fields), Nudge: o.Nudge,
		Facts: facts{
			TargetURL: f.TargetURL, SharedWith: f.SharedWith, Source: serviceOut(&f.Source), Target: serviceOut(&f.Target), Probed: f.Probed,
			Capabilities: capabilities{
				triOut(f.Capabilities.Cursor), triOut(f.Capabilities.Filter), triOut(f.Capabilities.MemberFilter),
				f.Capabilities.PageSize, f.Capabilities.Elsewhere, f.Capabilities.Ignored, f.Capabilities.Trouble,
			},
			Login: loginState(f.Login), Assignments: dangling(f.Assignments),
		},
	}
	if o.Groups.Roles != nil {
		pattern := o.Groups.Roles.String()
		out.Groups.Roles = &pattern
	}
	return out
}

func (o *options) in() (model.Options, error) {
	f := &o.Facts
	out := model.Options{
		Groups: model.GroupsConfig{From: o.Groups.From, Name: o.Groups.Name, Ignore: o.Groups.Ignore},
		Nudge:  o.Nudge,
		Facts: model.Facts{
			TargetURL: f.TargetURL, SharedWith: f.SharedWith, Source: f.Source.in(), Target: f.Target.in(), Probed: f.Probed,
			Capabilities: model.Capabilities{
				Cursor: triIn(f.Capabilities.Cursor), Filter: triIn(f.Capabilities.Filter), MemberFilter: triIn(f.Capabilities.MemberFilter),
				PageSize: f.Capabilities.PageSize, Elsewhere: f.Capabilities.Elsewhere, Ignored: f.Capabilities.Ignored,
				Trouble: f.Capabilities.Trouble,
			},
			Login: model.LoginState(f.Login), Assignments: model.AssignmentFacts(f.Assignments),
		},
	}
	var err error
	if out.Fields, err = fieldsIn(o.Fields); err != nil {
		return out, err
	}
	if o.Groups.Roles != nil {
		if out.Groups.Roles, err = regexp.Compile(*o.Groups.Roles); err != nil {
			return out, fmt.Errorf("the pattern of roles: %w", err)
		}
	}
	return out, nil
}

func serviceOut(s *model.Service) service {
	out := service{Answered: s.Answered, Skew: s.Skew, SkewKnown: s.SkewKnown, Budget: budget(s.Budget)}
	out.Budget.Reset = s.Budget.Reset.UTC()
	for _, r := range s.Refusals {
		out.Refusals = append(out.Refusals, refusal(r))
	}
	return out
}

func (s *service) in() model.Service {
	out := model.Service{Answered: s.Answered, Skew: s.Skew, SkewKnown: s.SkewKnown, Budget: model.Budget(s.Budget)}
	for _, r := range s.Refusals {
		out.Refusals = append(out.Refusals, model.Refusal(r))
	}
	return out
}

func fieldsOut(set model.FieldSet) []string {
	names := []string{}
	for _, f := range model.Fields() {
		if set.Has(f) {
			names = append(names, f.String())
		}
	}
	return names
}

func fieldsIn(names []string) (set model.FieldSet, err error) {
	for _, name := range names {
		found := false
		for _, f := range model.Fields() {
			if f.String() == name {
				set |= model.FieldSetOf(f)
				found = true
			}
		}
		if !found {
			return 0, fmt.Errorf("there is no field %q to compare", name)
		}
	}
	return set, nil
}
