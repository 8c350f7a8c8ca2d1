package plan

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

func sortMembers(members []model.Member) {
	slices.SortFunc(members, func(a, b model.Member) int {
		return cmp.Or(model.ByFolded(a.UserName, b.UserName), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.SourceID, b.SourceID))
	})
}

// groupToJoin is the target group for a source group, if members can be added: one whose members both sides tell, or
// that this plan creates. Where the target shows none, that is one for whom this plan creates.
func (d *drafter) groupToJoin(g int32, created bool) (ref model.GroupRef, after string, ok bool) {
	src := &d.Source.Groups[g]
	if src.MembersUnknown != "" || d.Source.Coverage[model.PartMemberships].State == model.Unknown {
		return model.GroupRef{}, "", false
	}
	t := d.Groups.ToTarget[g]
	if t == model.None {
		key, made := d.createdGroups[g]
		return model.GroupRef{Name: src.Name, Ref: key}, key, made
	}
	unknown := d.Target.Groups[t].MembersUnknown != "" ||
		d.Target.Coverage[model.PartMemberships].State == model.Unknown
	if d.Groups.Contests[g] != nil || d.Groups.IsLookAlike(g) ||
		unknown && (!created || !d.Target.Groups[t].MembersHidden) ||
		d.Groups.Basis[g] != drift.BasisName && d.NotAllGroups() != "" {
		return model.GroupRef{}, "", false
	}
	ref, after = d.groupRef(t)
	return ref, after, true
}

// joinGroups adds a user whom this plan creates or activates to their groups: they would be the next finding.
func (d *drafter) joinGroups(p choice, self model.Member, after ...string) {
	s, t := p.finding.Source, p.finding.Target
	for g := range int32(len(d.Source.Groups)) {
		if !d.Source.Members.Has(g, s) {
			continue
		}
		ref, made, ok := d.groupToJoin(g, self.Ref != "")
		if !ok {
			continue
		}
		if at := d.Groups.ToTarget[g]; t != model.None && at != model.None && d.Target.Members.Has(at, t) {
			continue
		}
		d.addMembersIntent(p, g, ref, "", []model.Member{self}, append(slices.Clone(after), made)...)
	}
}

// addExistingUsers adds users who are at the target. One whom this plan renames gets a request apart: the others need
// not wait.
func (d *drafter) addExistingUsers(p choice, g int32, ref model.GroupRef, users []int32, after ...string) {
	var plain []model.Member
	for _, s := range users {
		m, renamed := d.memberAfterRename(d.Users.ToTarget[s])
		if renamed == "" {
			plain = append(plain, m)
		} else {
			d.addMembersIntent(p, g, ref, m.ID, []model.Member{m}, append(slices.Clone(after), renamed)...)
		}
	}
	d.addMembersIntent(p, g, ref, "", plain, after...)
}

// addMembersIntent makes an intent that adds members, less those that another adds; only tells it from others of the
// finding.
func (d *drafter) addMembersIntent(
	p choice, g int32, ref model.GroupRef, only string, members []model.Member, after ...string,
) {
	to := cmp.Or(ref.ID, ref.Ref)
	members = slices.DeleteFunc(members, func(m model.Member) bool {
		at := Placement{cmp.Or(m.ID, m.Ref), to}
		again := d.addedMemberships[at]
		d.addedMemberships[at] = true
		return again
	})
	if len(members) == 0 {
		return
	}
	sortMembers(members)
	in := newIntent(p)
	in.Option = model.Option{Repair: model.AddMembers, Channel: model.Direct}
	in.Key = "add-members " + p.finding.ID + " " + to
	if only != "" {
		in.Key += " " + only
	}
	in.Group, in.Members = ref, members
	in.Confidence = min(in.Confidence, d.groupConfidence(g))
	in.WaitFor(after...)
	in.Before = []model.Condition{
		model.GroupIs.On(ref.ID, ref.Name).Made(ref.Ref), model.UsersAre.On("", "").PerRequest(members),
	}
	if ref.ID != "" && members[0].Ref == "" { // who or what is new has no memberships
		in.Before = append(in.Before, model.MembersExclude.On(ref.ID, "").PerRequest(members))
	}
	in.Before = append(in.Before, model.Entitled.On("", "").PerRequest(members),
		model.Belongs.On(ref.ID, d.Source.Groups[g].Name).PerRequest(members))
	in.Afterwards = []model.Condition{model.MembersInclude.On(ref.ID, "").Made(ref.Ref).PerRequest(members)}
	d.addIntent(in)
}

// groupConfidence is how far it can be relied on who belongs in a source group, as findings about its members say it.
func (d *drafter) groupConfidence(g int32) model.Confidence {
	sure := d.MembershipConfidence(g)
	book := d.Source.Book
	if d.Source.Origin == rules.FromRolesInstead || d.Source.Origin == rules.FromRules &&
		!d.SourceRead(model.PartRules) {
		sure = model.Likely
	}
	if d.Source.Origin != rules.FromRules || book == nil {
		return sure
	}
	doubted := d.unprovenRules()
	if slices.ContainsFunc(book.Ways[g], func(r int32) bool { return r != rules.ByDefault && doubted[r] }) {
		sure = model.Likely
	}
	return sure
}

// whySameName says that two users of a finding cannot be told apart by whoever confirms it.
func whySameName(f *model.Finding) string {
	for i, name := range f.Members { // in the order of the names
		if i > 0 && f.Members[i-1] == name {
			return "two of them are called " + model.Visible(name) + "; do it by hand"
		}
	}
	return ""
}

func (d *drafter) addMembers(p choice) {
	f := p.finding
	ref, after := d.groupRef(f.Target)
	d.addExistingUsers(p, f.Source, ref, f.People, after)
}

func (d *drafter) removeMembers(p choice) {
	f := p.finding
	in := newIntent(p)
	ref, after := d.groupRef(f.Target)
	in.Group = ref
	in.WaitFor(after)
	for _, s := range f.People {
		in.Members = append(in.Members, d.currentMember(d.Users.ToTarget[s])) // nobody waits for a renaming
	}
	sortMembers(in.Members)
	in.Before = []model.Condition{
		model.GroupIs.On(ref.ID, ref.Name),
		model.MembersInclude.On(ref.ID, "").PerRequest(in.Members),
		model.BelongsNot.On(ref.ID, d.Source.Groups[f.Source].Name).PerRequest(in.Members),
	}
	in.Afterwards = []model.Condition{model.MembersExclude.On(ref.ID, "").PerRequest(in.Members)}
	d.addIntent(in)
}
