package repair

import (
	"cmp"
	"context"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// groupNow is a group as a way back finds it: where it is by now, what it is called once the items so far are done, and
// who is in it. why says what keeps memberships of it from being told.
type groupNow struct {
	model.GroupRef

	in   []string
	gone bool
	why  string
	// called is the name that somebody else gave to it since; empty if nobody did.
	called string
}

// groupNow reads a group that a step knew by an id and a name. One that is made again by this plan has nobody in it.
func (b *back) groupNow(ctx context.Context, was model.GroupRef) (g groupNow, err error) {
	at, again := b.again[was.ID]
	switch {
	case at.ref != "":
		return groupNow{GroupRef: model.GroupRef{Name: was.Name, Ref: at.ref}}, nil
	case again:
		was.ID = at.id
	case was.ID == "":
		return groupNow{GroupRef: was, why: "its id is not known"}, nil
	}
	t, found, err := b.r.opts.Target.Record(ctx, model.SubjectGroup, was.ID, true)
	if err != nil || !found {
		return groupNow{GroupRef: was, gone: true, why: "the group is gone"}, err
	}
	name, list := t.Group.Name, t.Members
	g = groupNow{GroupRef: model.GroupRef{ID: was.ID, Name: name}, in: list.IDs}
	for i := range b.items {
		if in := &b.items[i]; in.Repair == model.RenameGroup && in.Group.ID == was.ID {
			g.Name = in.Changes[0].Source
		}
	}
	if list.Unknown != "" {
		g.why = "who is in it cannot be told: " + list.Unknown
	}
	if name != was.Name && !b.renamed(was.ID, name, was.Name) {
		g.called = name
	}
	return g, nil
}

// renamed reports whether both are names of a group before and after the run renamed it.
func (b *back) renamed(id, one, other string) bool {
	return slices.ContainsFunc(b.run.Plan.Steps, func(step model.Step) bool {
		before, _ := was(step.Precondition, model.GroupIs, "")
		after, _ := was(step.Afterwards, model.GroupIs, "")
		return step.Repair == model.RenameGroup && after.ID == id &&
			(before.Name == one && after.Name == other || before.Name == other && after.Name == one)
	})
}

// groupOf is the group of a step, by its id at the target.
func (b *back) groupOf(step *model.Step) model.GroupRef {
	of, id := recordOf(step, b.created)
	if of != model.SubjectGroup {
		return model.GroupRef{Name: step.Subject.Name}
	}
	return model.GroupRef{ID: id, Name: step.Group.Name}
}

// putBack adds those again whom the run removed from a group.
func (b *back) putBack(ctx context.Context, step *model.Step) error {
	planned, items := b.planned(), len(b.items)
	err := b.rejoin(ctx, step, key(step), b.groupOf(step), step.Members, false)
	if len(b.items) > items {
		b.warned.Add(step.Subject.Name, "OneLogin said that those who are put back do not belong there, and it may "+
			"take them out again.")
	}
	b.doneIfNothing(step, planned)
	return err
}

// takeOut removes those from a group whom the run put there and who are still in it.
func (b *back) takeOut(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	group, err := b.groupNow(ctx, b.groupOf(step))
	if err != nil {
		return err
	}
	planned := b.planned()
	var members []model.Member
	for _, m := range step.Members {
		if id := b.memberID(m); slices.Contains(group.in, id) {
			members = append(members, model.Member{ID: id, UserName: m.UserName, SourceID: m.SourceID})
		}
	}
	switch {
	case group.why != "" && !group.gone:
		b.leave(step, "nobody is taken out of %s: %s", nameAlone(step.Subject.Name), group.why)
	case len(members) > 0:
		b.add(step, model.RemoveMembers, item{own: surely(rec), Intent: model.Intent{
			Group: group.GroupRef, Members: members, Subject: groupSubject(step, group.GroupRef),
			Before: []model.Condition{
				model.GroupIs.On(group.ID, group.Name), model.MembersInclude.On(group.ID, "").PerRequest(members),
			},
			Afterwards: []model.Condition{model.MembersExclude.On(group.ID, "").PerRequest(members)},
		}})
	}
	b.doneIfNothing(step, planned)
	return nil
}

// rejoin puts those of some users into a group who were in it, are not now, and can be: still there by id and name and
// active, and let in by OneLogin. The others are left out by name. remade: it is one user whom an undo makes again, who
// had their memberships whether they were active or not.
func (b *back) rejoin(ctx context.Context, step *model.Step, key string, into model.GroupRef, users []model.Member,
	remade bool,
) error {
	group, err := b.groupNow(ctx, into)
	if err != nil {
		return err
	}
	then := nameAlone(into.Name)
	if remade && group.called != "" {
		var called string
		then, called = asThenAndNow(into.Name, group.called)
		group.why = "the group of that id is called " + called + " by now"
	}
	if group.why != "" {
		b.leave(step, "nobody is put back into %s: %s", then, group.why)
		return nil
	}
	var members []model.Member
	for _, m := range users {
		at, again := b.again[m.ID]
		if !again {
			at.id = m.ID
		}
		if at.id != "" && slices.Contains(group.in, at.id) {
			continue
		}
		member, why := b.admitted(m.UserName, at)
		name := nameAlone(cmp.Or(m.UserName, m.ID))
		if t, found := b.index.User(at.id); found {
			switch user := &b.c.Target.Users[t]; {
			case m.UserName != "" && user.UserName != m.UserName:
				then, called := asThenAndNow(m.UserName, user.UserName)
				name, why = then, "the user of that id has another name by now, "+called
			case !user.Active && !remade:
				why = "not active at the target"
			}
		}
		if why != "" {
			b.leave(step, "%s is not put back: %s", name, why)
			continue
		}
		members = append(members, member)
	}
	if len(members) == 0 {
		return nil
	}
	there := model.UsersAre.On("", "").PerRequest(members)
	if remade {
		there = model.UserIs.On(members[0].ID, members[0].UserName).Made(members[0].Ref)
	}
	b.add(step, model.AddMembers, item{Intent: model.Intent{
		Key: key, Group: group.GroupRef, Members: members,
		Subject: model.Subject{Type: model.SubjectGroup, Name: group.Name, TargetID: group.ID},
		Before: []model.Condition{
			model.GroupIs.On(group.ID, group.Name).Made(group.Ref),
			model.MembersExclude.On(group.ID, "").Made(group.Ref).PerRequest(members), there,
			model.Entitled.On("", "").PerRequest(members),
		},
		Afterwards: []model.Condition{model.MembersInclude.On(group.ID, "").Made(group.Ref).PerRequest(members)},
	}})
	return nil
}
