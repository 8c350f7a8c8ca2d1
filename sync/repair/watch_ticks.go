package repair

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// awaited is one finding that a watch waits to see gone.
type awaited struct {
	tick   plan.Tick
	kind   model.Kind
	repair model.Option
	step   string
	// names are userNames, where a step reaches these users only: their part of a finding about a group is what it
	// should end. nil is all of it.
	names []string
	// before is what was read in full when the finding was seen: where that is lost, its absence proves nothing.
	before completeness
	// newsAt is when something was logged that may have ended it, looked when it was last read again, and looks how
	// often.
	newsAt, looked time.Time
	looks          int
}

// completeness is what of a comparison could be believed.
type completeness struct {
	source, target model.Coverages
	// members: the members of the subject, a group, were read.
	members bool
}

// expect adds the findings of a step. What is not in the comparison any more, though everything was read, is done.
func (w *watch) expect(step *model.Step) {
	ids := step.Findings
	if len(ids) == 0 && step.Finding != "" {
		ids = []string{step.Finding}
	}
	last := w.o.Reader.Last()
	if last == nil {
		last = &drift.Comparison{}
	}
	for _, id := range ids {
		a := &awaited{
			tick:   plan.Tick{Finding: id},
			repair: model.Option{Repair: step.Repair, Channel: step.Channel}, step: step.ID,
		}
		var called bool
		a.kind, a.tick.Subject, called = known(last, step, id)
		a.tick.Nameless = !called
		for _, p := range model.SourceParts() {
			a.before.source[p] = model.CompleteCoverage()
			a.before.target[p] = model.CompleteCoverage()
		}
		a.before.members = true
		if at := slices.IndexFunc(last.Findings, func(f model.Finding) bool { return f.ID == id }); at >= 0 {
			a.tick.Subject, a.tick.Nameless, a.kind = last.Findings[at].Subject, false, last.Findings[at].Kind
			a.before = completeness{
				last.Source.Coverage, last.Target.Coverage,
				membersUnread(last, a.tick.Subject) == "",
			}
		}
		if step.Channel == model.Nudge || step.Repair == model.ApprovePending {
			a.names = namesOf(last, step.Members)
		}
		a.weigh(last)
		w.awaited = append(w.awaited, a)
	}
}

// known tells the kind and the subject of a finding that is not in the comparison any more, and whether anything
// calls it by its name: a record, or else the step. Its id holds no more than the folded name, which is good for
// comparing and not for showing.
func known(c *drift.Comparison, step *model.Step, id string) (kind model.Kind, s model.Subject, called bool) {
	kind, s = named(id)
	folded := model.Fold(s.Name)
	fits := func(of model.SubjectType, name string) {
		if !called && of == s.Type && name != "" && model.Fold(name) == folded {
			s.Name, called = name, true
		}
	}
	for _, d := range []*model.Directory{&c.Source.Directory, &c.Target} {
		for i := range d.Users {
			fits(model.SubjectUser, d.Users[i].Called())
		}
		for i := range d.Groups {
			fits(model.SubjectGroup, d.Groups[i].Called())
		}
	}
	fits(step.Subject.Type, step.Subject.Name)
	if step.Group != nil {
		fits(model.SubjectGroup, step.Group.Name)
	}
	for _, m := range step.Members {
		fits(model.SubjectUser, m.UserName)
	}
	return kind, s, called
}

// named reads an id, which is made of the kind and the folded name.
func named(id string) (model.Kind, model.Subject) {
	kind, name, _ := strings.Cut(id, "/")
	name, _, _ = strings.Cut(name, "~") // what follows tells records of one name apart
	raw, err := url.PathUnescape(name)
	if err != nil {
		raw = ""
	}
	s := model.Subject{Name: raw}
	switch of, _, _ := strings.Cut(kind, "-"); of {
	case "user":
		s.Type = model.SubjectUser
	case "group", "members":
		s.Type = model.SubjectGroup
	case "rule":
		s.Type = model.SubjectRule
	default:
		s.Type = model.SubjectConnection
	}
	return model.Kind(kind), s
}

// namesOf are what users are called, under which a finding about members may list some users.
func namesOf(c *drift.Comparison, members []model.Member) []string {
	names := []string{}
	for _, m := range members {
		names = append(names, model.Fold(m.UserName))
		for s := range c.Source.Users {
			u := &c.Source.Users[s]
			if m.SourceID == "" || u.ID != m.SourceID {
				continue
			}
			names = append(names, model.Fold(u.Called()))
			if t := c.Users.ToTarget[s]; t != model.None {
				names = append(names, model.Fold(c.Target.Users[t].Called()))
			}
		}
	}
	return names
}

func (w *watch) allDone() bool {
	return !slices.ContainsFunc(w.awaited, func(a *awaited) bool { return !a.tick.Done })
}

func (w *watch) of(step *model.Step) (mine []*awaited) {
	for _, a := range w.awaited {
		if a.step == step.ID {
			mine = append(mine, a)
		}
	}
	return mine
}

// name names the finding where it is said what has not ended.
func (a *awaited) name() string {
	name := string(a.kind)
	if a.tick.Subject.Name != "" {
		name = string(a.kind) + " of " + model.Visible(a.tick.Called())
	}
	if a.tick.Seen != "" {
		name += " (" + a.tick.Seen + ")"
	}
	return name
}

// weigh holds the finding against a comparison in which its subject is fresh.
func (a *awaited) weigh(c *drift.Comparison) {
	done := &a.tick.Done
	*done = false
	for i := range c.Findings {
		f := &c.Findings[i]
		if !a.about(f) {
			continue
		}
		switch f.Kind { //nolint:exhaustive // the others stand beside it
		case model.UserDuplicate, model.GroupDuplicate:
			if f.Kind != a.kind {
				a.tick.Seen = "two records claim to be it, so that nothing can be said of it"
				return
			}
		case model.UserUnsynced, model.GroupMissing:
			if f.Kind != a.kind {
				a.tick.Seen = "it is missing at the target by now"
				return
			}
		}
		if a.remains(f) {
			a.tick.Seen = a.state(c)
			return
		}
	}
	if why := a.unproven(c); why != "" {
		a.tick.Seen = "it cannot be told: " + why
		return
	}
	*done, a.tick.Seen = true, "it is gone"
}

func (a *awaited) about(f *model.Finding) bool {
	s := a.tick.Subject
	return f.ID == a.tick.Finding || f.Subject.Type == s.Type &&
		(s.SourceID != "" && f.Subject.SourceID == s.SourceID || s.TargetID != "" && f.Subject.TargetID == s.TargetID ||
			s.Name != "" && model.SameName(f.Subject.Name, s.Name))
}

// remains reports whether a finding about the subject is still what the step should end. A step that reaches one user
// ends only their part of a finding about a group, and of a group that was missing they are to become a member;
// opening a page of settings ends the cause for which it was offered, and what follows from that cause needs a push of
// its own.
func (a *awaited) remains(f *model.Finding) bool {
	lists := (f.Kind == model.MembersMissing || f.Kind == model.MembersExtra) && f.MembersUnknown == ""
	switch {
	case a.names != nil && lists && (f.Kind == a.kind || a.kind == model.GroupMissing &&
		f.Kind == model.MembersMissing):
		return slices.ContainsFunc(f.Members, func(m string) bool { return slices.Contains(a.names, model.Fold(m)) })
	case f.Kind != a.kind:
		return false
	case a.settings():
		return slices.Contains(f.Repairs, a.repair)
	}
	return true
}

// settings reports whether the step opens a page of settings, which re-reading single records would not show.
func (a *awaited) settings() bool {
	return a.repair.Repair == model.OpenApp || a.repair.Repair == model.OpenRules ||
		a.tick.Subject.Type != model.SubjectUser && a.tick.Subject.Type != model.SubjectGroup
}

// state says how it stands with a finding that is still there.
func (a *awaited) state(c *drift.Comparison) string {
	if a.tick.Subject.Type == model.SubjectUser {
		if login, ok := c.Source.Logins[a.tick.Subject.SourceID]; ok {
			return loginWords(login)
		}
	}
	return "still there"
}

func loginWords(l model.Login) string {
	return "OneLogin says: " + model.Visible(l.String())
}

// unproven says why the absence of the finding does not show that it is gone; "" if it does.
func (a *awaited) unproven(c *drift.Comparison) string {
	for _, p := range model.SourceParts() {
		if now := c.Source.Coverage[p]; p != model.PartEvents && a.before.source[p].Complete() &&
			now.State != model.Complete && now.State != model.Skipped {
			return "OneLogin's " + p.String() + " were not read: " + now.Reason
		}
	}
	for _, p := range model.TargetParts() {
		if now := c.Target.Coverage[p]; a.before.target[p].Complete() && !now.Complete() {
			return "the target's " + p.String() + " were not read: " + now.Reason
		}
	}
	if a.tick.Subject.Type == model.SubjectUser {
		for i := range c.Source.Users {
			if u := &c.Source.Users[i]; u.RollOnly && u.ID == a.tick.Subject.SourceID {
				return "the user's details were not read"
			}
		}
	}
	if a.before.members {
		return membersUnread(c, a.tick.Subject)
	}
	return ""
}

// membersUnread is why the members of a group were not read on one of the sides; "" if they were, or it is no group.
func membersUnread(c *drift.Comparison, s model.Subject) string {
	if s.Type != model.SubjectGroup {
		return ""
	}
	for _, side := range []struct {
		groups []model.Group
		id     string
	}{{c.Source.Groups, s.SourceID}, {c.Target.Groups, s.TargetID}} {
		for i := range side.groups {
			g := &side.groups[i]
			if (side.id == "" || g.ID != side.id) && !model.SameName(g.Name, s.Name) {
				continue
			}
			switch {
			case g.MembersUnknown != "":
				return "its members were not read: " + g.MembersUnknown
			case g.MembersOpen != "":
				return "who belongs in it is open: " + g.MembersOpen
			case g.Expectation == model.Undecided:
				return "whether anybody belongs in it was not read"
			}
		}
	}
	return ""
}
