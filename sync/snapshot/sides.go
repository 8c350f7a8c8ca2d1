package snapshot

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// side is what both directories have. Their groups differ: those of the source are worked out again.
type side struct {
	Kind     string            `json:"kind"`
	Name     string            `json:"name"`
	ReadAt   time.Time         `json:"read_at"`
	Requests int               `json:"requests"`
	Coverage map[string]string `json:"coverage"`
	Users    []user            `json:"users"`
}

type source struct {
	side

	App          app              `json:"app"`
	Roles        []role           `json:"roles"`
	Rules        []rule           `json:"rules"`
	Events       []event          `json:"events"`
	Logins       map[string]login `json:"logins"`
	Entitlements []string         `json:"entitlements"`
}

type target struct {
	side

	Groups     []group  `json:"groups"`
	Ignored    int      `json:"ignored,omitempty"`
	Unreadable []string `json:"unreadable,omitempty"`
	// Assignments are the account assignments that were asked for, by the id of their user or group; null without the AWS lens.
	Assignments map[string]assigned `json:"assignments,omitempty"`
}

type assigned struct {
	List    []model.Assignment `json:"list"`
	Unknown string             `json:"unknown,omitempty"`
}

type group struct {
	ID             string   `json:"id"`
	ExternalID     string   `json:"external_id,omitempty"`
	Name           string   `json:"name"`
	Members        []string `json:"members"`
	MembersUnknown string   `json:"members_unknown,omitempty"`
	MembersHidden  bool     `json:"members_hidden,omitempty"`
	CreatedBy      string   `json:"created_by,omitempty"`
}

func groupOut(g *model.Group, members []string) group {
	return group{g.ID, g.ExternalID, g.Name, members, g.MembersUnknown, g.MembersHidden, g.CreatedBy}
}

// in gives the group without what is known of its members.
func (g *group) in() model.Group {
	return model.Group{ID: g.ID, ExternalID: g.ExternalID, Name: g.Name, CreatedBy: g.CreatedBy}
}

func sideOut(d *model.Directory, parts []model.Part) side {
	s := side{
		Kind: d.Kind, Name: d.Name, ReadAt: d.ReadAt.UTC(), Requests: d.Requests,
		Coverage: make(map[string]string, len(parts)), Users: make([]user, 0, len(d.Users)),
	}
	for _, p := range parts {
		s.Coverage[p.String()] = d.Coverage[p].String()
	}
	for i := range d.Users {
		s.Users = append(s.Users, userOut(&d.Users[i]))
	}
	return s
}

func (s *side) in(parts []model.Part) (model.Directory, error) {
	d := model.Directory{Kind: s.Kind, Name: s.Name, ReadAt: s.ReadAt, Requests: s.Requests, Users: make([]model.User, 0, len(s.Users))}
	if len(s.Coverage) != len(parts) {
		return d, fmt.Errorf("it has the coverage of %d parts instead of %d", len(s.Coverage), len(parts))
	}
	for _, p := range parts {
		text, ok := s.Coverage[p.String()]
		if !ok {
			return d, fmt.Errorf("it does not say how much of the %s was read", p)
		}
		var err error
		if d.Coverage[p], err = coverageIn(text); err != nil {
			return d, err
		}
	}
	names := shared{}
	for i := range s.Users {
		d.Users = append(d.Users, s.Users[i].in(names))
	}
	return d, nil
}

func coverageIn(text string) (model.Coverage, error) {
	word, reason, _ := strings.Cut(text, ": ")
	for _, state := range []model.CoverageState{model.Unknown, model.Partial, model.Complete, model.Skipped} {
		if word == state.String() {
			return model.Coverage{State: state, Reason: reason}, nil
		}
	}
	return model.Coverage{}, fmt.Errorf("%q is no coverage", text)
}

func sourceOut(s *model.Source) source {
	out := source{
		side: sideOut(&s.Directory, model.SourceParts()), App: appOut(&s.App), Entitlements: s.Entitlements,
		Roles: each(s.Roles, roleOut), Rules: each(s.Rules, ruleOut),
	}
	for _, e := range s.Events {
		e.At = e.At.UTC()
		out.Events = append(out.Events, event(e))
	}
	if s.Logins != nil {
		out.Logins = make(map[string]login, len(s.Logins))
		for id, l := range s.Logins {
			out.Logins[id] = login{l.ID, l.Status, l.State, triOut(l.Enabled)}
		}
	}
	return out
}

func (s *source) in() (model.Source, error) {
	d, err := s.side.in(model.SourceParts())
	if err != nil {
		return model.Source{}, err
	}
	out := model.Source{
		Directory: d, App: s.App.in(), Entitlements: s.Entitlements,
		Roles: each(s.Roles, (*role).in), Rules: each(s.Rules, (*rule).in),
	}
	for _, e := range s.Events {
		out.Events = append(out.Events, model.Event(e))
	}
	if s.Logins != nil {
		out.Logins = make(map[string]model.Login, len(s.Logins))
		for id, l := range s.Logins {
			out.Logins[id] = model.Login{ID: l.ID, Status: l.Status, State: l.State, Enabled: triIn(l.Enabled)}
		}
	}
	return out, nil
}

func targetOut(d *model.Directory) target {
	out := target{
		side: sideOut(d, model.TargetParts()), Groups: make([]group, 0, len(d.Groups)), Ignored: d.Ignored,
		Unreadable: fieldsOut(d.Unreadable),
	}
	if d.Assignments != nil {
		out.Assignments = make(map[string]assigned, len(d.Assignments))
		for id, a := range d.Assignments {
			out.Assignments[id] = assigned(a)
		}
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		of := d.Members.Of(i)
		members := make([]string, 0, len(of))
		for _, u := range of {
			members = append(members, d.Users[u].ID)
		}
		out.Groups = append(out.Groups, groupOut(g, members))
	}
	return out
}

func (t *target) in() (model.Directory, error) {
	d, err := t.side.in(model.TargetParts())
	if err != nil {
		return d, err
	}
	d.Ignored = t.Ignored
	if d.Unreadable, err = fieldsIn(t.Unreadable); err != nil {
		return d, err
	}
	if t.Assignments != nil {
		d.Assignments = make(map[string]model.Assigned, len(t.Assignments))
		for id, a := range t.Assignments {
			d.Assignments[id] = model.Assigned(a)
		}
	}
	known := make(map[string]bool, len(d.Users))
	for i := range d.Users {
		known[d.Users[i].ID] = true
	}
	lists := make([]model.MemberList, 0, len(t.Groups))
	for _, g := range t.Groups {
		for _, id := range g.Members {
			if !known[id] {
				return d, fmt.Errorf("the group %q has a member %q who is none of its users", g.Name, id)
			}
		}
		d.Groups = append(d.Groups, g.in())
		lists = append(lists, model.MemberList{IDs: g.Members, Unknown: g.MembersUnknown, Hidden: g.MembersHidden})
	}
	d.SetMembers(lists)
	return d, nil
}
