package repair

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// createdGroup deletes a group that the run created, if nobody is in it but those whom it put there.
func (b *back) createdGroup(ctx context.Context, step *model.Step, rec *model.StepRecord,
	left []model.Condition,
) error {
	id := rec.CreatedID
	list, err := b.r.opts.Target.MembersOf(ctx, id)
	if err != nil {
		return err
	}
	if list.Unknown != "" {
		b.leave(step, "who is in %s cannot be told (%s); delete it by hand",
			nameAlone(step.Subject.Name), list.Unknown)
		return nil
	}
	added, after := b.added(func(_ *model.Step, into string) bool { return into == id })
	mine := map[string]bool{}
	for _, s := range added {
		for _, m := range s.Members {
			mine[b.memberID(m)] = true
		}
	}
	for _, member := range list.IDs {
		if !mine[member] {
			b.leave(step, "somebody else was put into %s since, so somebody relies on it; delete it by "+
				"a plan of its own", nameAlone(step.Subject.Name))
			return nil
		}
	}
	group := model.GroupRef{ID: id, Name: step.Subject.Name}
	if is, ok := was(left, model.GroupIs, ""); ok {
		group.Name = is.Name
	}
	b.add(step, item{own: surely(rec), Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.DeleteGroup}, Group: group, After: after,
		Subject:    groupSubject(step, group),
		Before:     append(slices.Clone(left), target(model.MembersAre, model.Condition{ID: id})),
		Afterwards: []model.Condition{target(model.GroupAbsent, model.Condition{ID: id})},
	}})
	return nil
}

func groupSubject(step *model.Step, g model.GroupRef) model.Subject {
	return model.Subject{
		Type: model.SubjectGroup, Name: g.Name, SourceID: step.Subject.SourceID, TargetID: g.ID,
	}
}

// added are the steps of the run that put somebody into a group, and the items that take them out again.
func (b *back) added(about func(step *model.Step, into string) bool) (steps []*model.Step, keys []string) {
	for i := range b.run.Plan.Steps {
		s := &b.run.Plan.Steps[i]
		if _, into := recordOf(s, b.created); s.Repair != model.AddMembers || s.Group == nil || !about(s, into) {
			continue
		}
		steps = append(steps, s)
		if slices.ContainsFunc(b.items, func(in item) bool { return in.Key == key(s) }) {
			keys = append(keys, key(s))
		}
	}
	return steps, keys
}

func (b *back) memberID(m model.Member) string {
	if m.Ref != "" {
		return b.created[m.Ref]
	}
	return m.ID
}

// deletedGroup makes a group again from the backup, with those of its members whom OneLogin still assigns. One that
// an earlier undo made again is filled with what it lacks.
func (b *back) deletedGroup(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	kept := backupOf(rec, model.SubjectGroup)
	if kept == nil {
		b.leave(step, "its journal holds no backup; make the group by hand")
		return nil
	}
	now, found, err := heir(ctx, b, kept.ID, b.r.opts.Target.GetGroup)
	switch {
	case err != nil:
		return err
	case found && now.Name != kept.Name:
		then, called := asThenAndNow(kept.Name, now.Name)
		b.leave(step, "an earlier undo made %s again, and it is called %s by now; rename it, then "+
			"undo again", then, called)
		return nil
	case found:
		b.again[kept.ID] = place{id: now.ID}
	default:
		other, taken, err := b.r.opts.Target.FindGroup(ctx, kept.Name, "")
		if err != nil {
			return err
		}
		if taken {
			_, called := asThenAndNow(kept.Name, other.Name)
			b.leave(step, "a group named %s is at the target again (%s) that no undo of this run made, "+
				"so it stays as it is", called, model.Visible(other.ID))
			return nil
		}
		b.remakeGroup(step, kept)
	}
	planned := b.planned()
	if err := b.refill(ctx, step, kept); err != nil {
		return err
	}
	if found && b.planned() == planned {
		b.done(step)
	}
	return nil
}

func (b *back) remakeGroup(step *model.Step, kept *model.Backup) {
	b.again[kept.ID] = place{ref: key(step)}
	b.add(step, item{again: kept.Raw, Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.CreateGroup}, Group: model.GroupRef{Name: kept.Name},
		Subject:    model.Subject{Type: model.SubjectGroup, Name: kept.Name},
		Before:     []model.Condition{target(model.GroupAbsent, model.Condition{Name: kept.Name})},
		Afterwards: []model.Condition{target(model.GroupIs, model.Condition{Ref: key(step), Name: kept.Name})},
	}})
	if b.r.opts.Lens == nil || kept.AssignmentsUnknown != "" {
		b.warn(kept.Name, "made again under a new id; the account assignments of the old one do not come back with "+
			"it. Make them again by hand if there were any.")
	}
	if kept.Incomplete != "" {
		b.warn(kept.Name, "the backup may lack members: "+kept.Incomplete+".")
	}
}

// refill gives a group that is made again the members and account assignments that it had and lacks.
func (b *back) refill(ctx context.Context, step *model.Step, kept *model.Backup) error {
	at := b.again[kept.ID]
	var in []string
	if at.id != "" {
		list, err := b.r.opts.Target.MembersOf(ctx, at.id)
		if err != nil {
			return err
		}
		if list.Unknown != "" {
			b.leave(step, "who is in %s cannot be told: %s", nameAlone(kept.Name), list.Unknown)
			return nil
		}
		in = list.IDs
	}
	if members := b.fit(step, kept.Members, in); len(members) > 0 {
		b.join(step, key(step)+" members", model.GroupRef{ID: at.id, Name: kept.Name, Ref: at.ref}, members)
	}
	b.assign(ctx, step, kept.Assignments, model.SubjectGroup, kept.Name, at)
	return nil
}

// putBack adds those again whom the run removed from a group.
func (b *back) putBack(ctx context.Context, step *model.Step) error {
	group, err := b.group(ctx, step)
	switch {
	case err != nil:
		return err
	case group.gone:
		b.leave(step, "the group %s is gone", nameAlone(step.Subject.Name))
		return nil
	case group.unknown != "":
		b.leave(step, "%s", group.unknown)
		return nil
	}
	left := len(b.plan.LeftOut)
	members := b.fit(step, step.Members, group.in)
	if len(members) == 0 {
		if left == len(b.plan.LeftOut) {
			b.done(step)
		}
		return nil
	}
	b.warn(group.Name, "OneLogin said that those who are put back do not belong there, and it may take them out again.")
	b.join(step, key(step), group.GroupRef, members)
	return nil
}

// takeOut removes those from a group whom the run put there and who are still in it.
func (b *back) takeOut(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	group, err := b.group(ctx, step)
	if err != nil {
		return err
	}
	if group.unknown != "" {
		b.leave(step, "%s", group.unknown)
		return nil
	}
	var members []model.Member
	for _, m := range step.Members {
		if id := b.memberID(m); slices.Contains(group.in, id) {
			members = append(members, model.Member{ID: id, UserName: m.UserName, SourceID: m.SourceID})
		}
	}
	if len(members) == 0 {
		b.done(step)
		return nil
	}
	include := target(model.MembersInclude, model.Condition{ID: group.ID, Users: members, OfRequest: true})
	b.add(step, item{own: surely(rec), Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.RemoveMembers}, Group: group.GroupRef, Members: members,
		Subject: groupSubject(step, group.GroupRef),
		Before:  []model.Condition{target(model.GroupIs, model.Condition{ID: group.ID, Name: group.Name}), include},
		Afterwards: []model.Condition{target(model.MembersExclude,
			model.Condition{ID: group.ID, Users: members, OfRequest: true})},
	}})
	return nil
}

type foundGroup struct {
	model.GroupRef

	in []string
	// gone: it is not there any more. unknown is why its members cannot be told.
	gone    bool
	unknown string
}

// group reads the group of a step; one that the run deleted is read where it is by now.
func (b *back) group(ctx context.Context, step *model.Step) (g foundGroup, err error) {
	of, id := recordOf(step, b.created)
	at, again := b.again[id]
	switch {
	case at.ref != "":
		return foundGroup{GroupRef: model.GroupRef{Name: step.Subject.Name, Ref: at.ref}}, nil
	case again:
		id = at.id
	case id == "" || of != model.SubjectGroup:
		return foundGroup{unknown: "the id of the group " + nameAlone(step.Subject.Name) + " is not known"}, nil
	}
	now, found, err := b.r.opts.Target.GetGroup(ctx, id)
	if err != nil || !found {
		return foundGroup{gone: true}, err
	}
	g.GroupRef = model.GroupRef{ID: id, Name: b.nameThen(id, now.Name)}
	list, err := b.r.opts.Target.MembersOf(ctx, id)
	if list.Unknown != "" {
		g.unknown = fmt.Sprintf("who is in %s cannot be told: %s", nameAlone(now.Name), list.Unknown)
	}
	g.in = list.IDs
	return g, err
}

// fit gives those of some users who are not in a group and can be put back: still there by id and name and active,
// and let in by OneLogin. The others are left out by name.
func (b *back) fit(step *model.Step, members []model.Member, in []string) (out []model.Member) {
	for _, m := range members {
		id := m.ID
		if at, ok := b.again[id]; ok && at.ref != "" {
			out = append(out, model.Member{UserName: m.UserName, Ref: at.ref, SourceID: b.sourceOf(at.ref)})
			continue
		} else if ok {
			id = at.id
		}
		if slices.Contains(in, id) {
			continue
		}
		member, why := b.admitted(id)
		name := nameAlone(cmp.Or(m.UserName, m.ID))
		if t, found := b.index.users[id]; found {
			switch user := &b.c.Target.Users[t]; {
			case m.UserName != "" && user.UserName != m.UserName:
				then, called := asThenAndNow(m.UserName, user.UserName)
				name, why = then, "the user of that id has another name by now, "+called
			case !user.Active:
				why = "not active at the target"
			}
		}
		if why != "" {
			b.leave(step, "%s is not put back: %s", name, why)
			continue
		}
		out = append(out, member)
	}
	return out
}

func (b *back) sourceOf(again string) string {
	for i := range b.items {
		if b.items[i].Key == again {
			return b.items[i].Subject.SourceID
		}
	}
	return ""
}

// join adds members to a group, if they are who they are meant to be, active and let in by OneLogin.
func (b *back) join(step *model.Step, name string, group model.GroupRef, members []model.Member) {
	b.enter(step, name, group, members, target(model.UsersAre, model.Condition{Users: members, OfRequest: true}))
}

// enter adds members to a group if they are there as a condition has it and OneLogin lets them in.
func (b *back) enter(step *model.Step, name string, group model.GroupRef, members []model.Member,
	there model.Condition,
) {
	of := model.Condition{ID: group.ID, Ref: group.Ref, Users: members, OfRequest: true}
	b.add(step, item{Intent: model.Intent{
		Key: name, Option: model.Option{Repair: model.AddMembers}, Group: group, Members: members,
		Subject: model.Subject{Type: model.SubjectGroup, Name: group.Name, TargetID: group.ID},
		Before: []model.Condition{
			target(model.GroupIs, model.Condition{ID: group.ID, Ref: group.Ref, Name: group.Name}),
			target(model.MembersExclude, of),
			there,
			entitled(model.Condition{Users: members, OfRequest: true}),
		},
		Afterwards: []model.Condition{target(model.MembersInclude, of)},
	}})
}

// nameThen is what a group is called when the items so far are done.
func (b *back) nameThen(id, now string) string {
	for i := range b.items {
		if in := &b.items[i]; in.Repair == model.RenameGroup && in.Group.ID == id {
			now = in.Changes[0].Source
		}
	}
	return now
}

// renamed reports whether both are names of a group before and after the run renamed it.
func (b *back) renamed(id, one, other string) bool {
	for i := range b.run.Plan.Steps {
		step := &b.run.Plan.Steps[i]
		before, known := was(step.Precondition, model.GroupIs, "")
		after, knows := was(step.Afterwards, model.GroupIs, "")
		if step.Repair == model.RenameGroup && known && knows && after.ID == id &&
			(before.Name == one && after.Name == other || before.Name == other && after.Name == one) {
			return true
		}
	}
	return false
}

// renamedGroup gives a group its old name back, if nobody has it.
func (b *back) renamedGroup(ctx context.Context, step *model.Step) error {
	before, known := was(step.Precondition, model.GroupIs, "")
	after, knows := was(step.Afterwards, model.GroupIs, "")
	if !known || !knows {
		b.leave(step, "its journal does not tell the old name; look at the backup in it")
		return nil
	}
	holder, found, err := b.r.opts.Target.FindGroup(ctx, before.Name, "")
	if err != nil {
		return err
	}
	if found && holder.ID != after.ID {
		_, called := asThenAndNow(before.Name, holder.Name)
		b.leave(step, "another group is called %s by now", called)
		return nil
	}
	b.add(step, item{Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.RenameGroup},
		Group:      model.GroupRef{ID: after.ID, Name: after.Name},
		Subject:    groupSubject(step, model.GroupRef{ID: after.ID, Name: after.Name}),
		Changes:    []model.FieldDiff{{Name: "displayName", Source: before.Name, Target: after.Name}},
		Before:     []model.Condition{after, target(model.GroupAbsent, model.Condition{Name: before.Name})},
		Afterwards: []model.Condition{before},
	}})
	return nil
}
