package repair

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// groupNow is a group as a way back finds it: where it is by now, what it is called once the items so far are done, and
// who is in it. why says what keeps memberships of it from being told.
type groupNow struct {
	model.GroupRef

	memberIDs []string
	gone      bool
	why       string
	// newName is the name that somebody else gave to it since; empty if nobody did.
	newName string
}

// currentGroup finds a group that a step knew by an id and a name. One that is made again by this plan has nobody in
// it.
func (b *undoPlan) currentGroup(was model.GroupRef) groupNow {
	at, there := b.currentPlace(model.SubjectGroup, was.ID)
	switch {
	case at.ref != "":
		return groupNow{GroupRef: model.GroupRef{Name: was.Name, Ref: at.ref}}
	case at.id == "":
		return groupNow{GroupRef: was, why: "its id is not known"}
	case !there:
		return groupNow{GroupRef: was, gone: true, why: "the group is gone"}
	}
	name, list := b.observed.Groups[at.id].Name, b.observed.Members[at.id]
	g := groupNow{GroupRef: model.GroupRef{ID: at.id, Name: name}, memberIDs: list.IDs}
	for i := range b.items {
		if in := &b.items[i]; in.Repair == model.RenameGroup && in.Group.ID == at.id {
			g.Name = in.Changes[0].Source
		}
	}
	if list.Unknown != "" {
		g.why = "who is in it cannot be told: " + list.Unknown
	}
	if name != was.Name && !b.knewGroupAs(at.id, name) {
		g.newName = name
	}
	return g
}

func (b *undoPlan) knewGroupAs(id, name string) bool {
	return slices.ContainsFunc(b.run.Plan.Steps, func(step model.Step) bool {
		return slices.ContainsFunc(slices.Concat(step.Precondition, step.Afterwards),
			func(s model.Condition) bool { return s.Fact == model.GroupIs && s.ID == id && s.Name == name })
	})
}

func (b *undoPlan) groupOf(step *model.Step) model.GroupRef {
	_, id := recordOf(step, b.created)
	return model.GroupRef{ID: id, Name: step.GroupName()}
}

func (b *undoPlan) undoAddMembers(step *model.Step, rec *model.StepRecord) {
	group := b.currentGroup(b.groupOf(step))
	if group.why != "" && !group.gone {
		b.leaveOut(step, "nobody is taken out of %s: %s", visibleName(step.Subject.Name), group.why)
		return
	}
	var members []model.Member
	for _, m := range step.Members {
		m.ID, m.Ref = b.memberID(m), ""
		if !slices.Contains(group.memberIDs, m.ID) {
			continue
		}
		m.UserName = cmp.Or(b.nameNow(m.ID), m.UserName)
		if why := b.takenBack(model.MembersExclude.On(group.ID, "").With(m)); why != "" {
			b.leaveOut(step, "%s is not taken out of %s: %s", visibleName(m.UserName), visibleName(group.Name), why)
			continue
		}
		members = append(members, m)
		b.removals[plan.Placement{User: m.ID, Group: group.ID}] = undoKey(step)
	}
	if len(members) > 0 {
		b.addItem(step, model.RemoveMembers, item{removesOwnRecord: doneByRun(rec), Intent: model.Intent{
			Group: group.GroupRef, Members: members, Subject: groupSubject(step, group.GroupRef),
			Before: []model.Condition{
				model.GroupIs.On(group.ID, group.Name), model.MembersInclude.On(group.ID, "").PerRequest(members),
			},
			Afterwards: []model.Condition{model.MembersExclude.On(group.ID, "").PerRequest(members)},
		}})
	}
}

// restoreMembers puts those of some users into a group who were in it, are not now, and can be: still there by id and
// name and active, and let in by OneLogin. The others are left out by name. remade: it is one user whom an undo makes
// again, who had their memberships whether they were active or not.
func (b *undoPlan) restoreMembers(
	step *model.Step, key string, into model.GroupRef, users []model.Member, remade bool,
) {
	group := b.currentGroup(into)
	then := visibleName(into.Name)
	if remade && group.newName != "" {
		var called string
		then, called = distinctNames(into.Name, group.newName)
		group.why = "the group of that id is called " + called + " by now"
	}
	if group.why != "" {
		b.leaveOut(step, "nobody is put back into %s: %s", then, group.why)
		return
	}
	var members []model.Member
	for _, m := range users {
		at, _ := b.currentPlace(model.SubjectUser, m.ID)
		if at.id != "" && slices.Contains(group.memberIDs, at.id) {
			continue
		}
		member, why := b.admittedUser(m.UserName, at)
		name := visibleName(cmp.Or(m.UserName, m.ID))
		if t, found := b.index.User(at.id); found {
			switch user := &b.c.Target.Users[t]; {
			case m.UserName != "" && user.UserName != m.UserName:
				then, called := distinctNames(m.UserName, user.UserName)
				name, why = then, "the user of that id has another name by now, "+called
			case !user.Active && !remade:
				why = "not active at the target"
			}
		}
		if why = cmp.Or(why, b.takenBack(model.MembersInclude.On(group.ID, "").With(member))); why != "" {
			b.leaveOut(step, "%s is not put back: %s", name, why)
			continue
		}
		members = append(members, member)
	}
	if len(members) == 0 {
		return
	}
	if b.isUnwantedMembership(group.ID, members) {
		b.warned.Add(group.Name, "OneLogin does not have all of those in it who are put back, and may take them out "+
			"again.")
	}
	there := model.UsersAre.On("", "").PerRequest(members)
	if remade {
		there = model.UserIs.On(members[0].ID, members[0].UserName).Made(members[0].Ref)
	}
	b.addItem(step, model.AddMembers, item{Intent: model.Intent{
		Key: key, Group: group.GroupRef, Members: members,
		Subject: model.Subject{Type: model.SubjectGroup, Name: group.Name, TargetID: group.ID},
		Before: []model.Condition{
			model.GroupIs.On(group.ID, group.Name).Made(group.Ref),
			model.MembersExclude.On(group.ID, "").Made(group.Ref).PerRequest(members), there,
			model.Entitled.On("", "").PerRequest(members),
		},
		Afterwards: []model.Condition{model.MembersInclude.On(group.ID, "").Made(group.Ref).PerRequest(members)},
	}})
}

// isUnwantedMembership reports whether OneLogin has a group, and somebody of these not in it.
func (b *undoPlan) isUnwantedMembership(group string, members []model.Member) bool {
	t, found := b.index.Group(group)
	if !found || b.c.Groups.ToSource[t] == model.None {
		return false
	}
	people := plan.NewIndex(&b.c.Source.Directory)
	return slices.ContainsFunc(members, func(m model.Member) bool {
		s, known := people.User(m.SourceID)
		return !known || !b.c.Source.Members.Has(b.c.Groups.ToSource[t], s)
	})
}
