package repair

import (
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// groupID is the id of the group that a step of the run was about, created by the run or not.
func (b *back) groupID(step *model.Step) string {
	if step.Group == nil {
		return ""
	}
	if step.Group.Ref != "" {
		return b.created[step.Group.Ref]
	}
	return step.Group.ID
}

// createdGroup deletes a group that the run created, if nobody is in it but those whom it put there.
func (b *back) createdGroup(ctx context.Context, step *model.Step, rec *model.StepRecord, left []model.Statement) error {
	id := rec.CreatedID
	list, err := b.r.opts.Target.MembersOf(ctx, id)
	if err != nil {
		return err
	}
	if list.Unknown != "" {
		b.leave(step, fmt.Sprintf("who is in %s cannot be told (%s); delete it by hand", model.Visible(step.Subject.Name), list.Unknown))
		return nil
	}
	mine := map[string]bool{}
	var after []string
	for i := range b.run.Plan.Steps {
		s := &b.run.Plan.Steps[i]
		if s.Repair != model.AddMembers || b.groupID(s) != id {
			continue
		}
		for _, m := range s.Members {
			mine[b.memberID(m)] = true
		}
		if slices.ContainsFunc(b.items, func(in item) bool { return in.Key == key(s) }) {
			after = append(after, key(s))
		}
	}
	for _, member := range list.IDs {
		if !mine[member] {
			b.leave(step, fmt.Sprintf("somebody else was put into %s since, so somebody relies on it; delete it by a plan of its own", model.Visible(step.Subject.Name)))
			return nil
		}
	}
	group := model.GroupRef{ID: id, Name: step.Subject.Name}
	if is, ok := was(left, model.GroupIs, ""); ok {
		group.Name = is.Name
	}
	b.add(step, item{own: surely(rec), Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.DeleteGroup}, Group: group, After: after,
		Subject:    model.Subject{Type: model.SubjectGroup, Name: group.Name, SourceID: step.Subject.SourceID, TargetID: id},
		Before:     append(slices.Clone(left), target(model.MembersAre, model.Statement{ID: id})),
		Afterwards: []model.Statement{target(model.GroupAbsent, model.Statement{ID: id})},
	}})
	return nil
}

func (b *back) memberID(m model.Member) string {
	if m.Ref != "" {
		return b.created[m.Ref]
	}
	return m.ID
}

// deletedGroup makes a group again from the backup, with those of its members whom OneLogin still assigns.
func (b *back) deletedGroup(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	kept := backupOf(rec, model.SubjectGroup)
	if kept == nil {
		b.leave(step, "its journal holds no backup; make the group by hand")
		return nil
	}
	_, found, err := b.r.opts.Target.FindGroup(ctx, kept.Name, "")
	if err != nil {
		return err
	}
	if found {
		b.leave(step, "a group named "+model.Visible(kept.Name)+" is at the target again")
		return nil
	}
	group := model.GroupRef{Name: kept.Name, Ref: key(step)}
	b.again[kept.ID] = key(step)
	b.add(step, item{again: kept.Raw, Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.CreateGroup}, Group: model.GroupRef{Name: kept.Name},
		Subject:    model.Subject{Type: model.SubjectGroup, Name: kept.Name},
		Before:     []model.Statement{target(model.GroupAbsent, model.Statement{Name: kept.Name})},
		Afterwards: []model.Statement{target(model.GroupIs, model.Statement{Ref: key(step), Name: kept.Name})},
	}})
	if b.r.opts.Lens == nil || kept.AssignmentsUnknown != "" {
		b.warn(fmt.Sprintf("The group %s gets a new id; the account assignments of the old one do not come back with it. Make them again by hand if there were any.", kept.Name))
	}
	if kept.Incomplete != "" {
		b.warn(fmt.Sprintf("The backup of %s may lack members: %s.", kept.Name, kept.Incomplete))
	}
	members, err := b.fit(ctx, step, kept.Members)
	if err != nil {
		return err
	}
	if len(members) > 0 {
		b.join(step, key(step)+" members", group, members)
	}
	if len(kept.Assignments) > 0 {
		b.assign(step, kept.Assignments, model.SubjectGroup, kept.Name, "", key(step))
	}
	return nil
}

// putBack adds those again whom the run removed from a group.
func (b *back) putBack(ctx context.Context, step *model.Step) error {
	group, list, ok, err := b.group(ctx, step)
	if err != nil || !ok {
		return err
	}
	gone := slices.DeleteFunc(slices.Clone(step.Members), func(m model.Member) bool { return slices.Contains(list.IDs, m.ID) })
	members, err := b.fit(ctx, step, gone)
	if err != nil || len(members) == 0 {
		return err
	}
	b.warn(fmt.Sprintf("OneLogin said that those who are put back into %s do not belong there, and it may take them out again.", group.Name))
	b.join(step, key(step), group, members)
	return nil
}

// takeOut removes those from a group whom the run put there and who are still in it.
func (b *back) takeOut(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	group, list, ok, err := b.group(ctx, step)
	if err != nil || !ok {
		return err
	}
	var members []model.Member
	for _, m := range step.Members {
		id := b.memberID(m)
		if slices.Contains(list.IDs, id) {
			members = append(members, model.Member{ID: id, UserName: m.UserName, SourceID: m.SourceID})
		}
	}
	if len(members) == 0 {
		b.leave(step, "nobody whom it put into "+model.Visible(group.Name)+" is in it any more")
		return nil
	}
	include := target(model.MembersInclude, model.Statement{ID: group.ID, Users: members, OfRequest: true})
	b.add(step, item{own: surely(rec), Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.RemoveMembers}, Group: group, Members: members,
		Subject:    model.Subject{Type: model.SubjectGroup, Name: group.Name, SourceID: step.Subject.SourceID, TargetID: group.ID},
		Before:     []model.Statement{target(model.GroupIs, model.Statement{ID: group.ID, Name: group.Name}), include},
		Afterwards: []model.Statement{target(model.MembersExclude, model.Statement{ID: group.ID, Users: members, OfRequest: true})},
	}})
	return nil
}

// group reads the group of a step with its members; ok is false if it is gone or cannot be told, which is then said.
func (b *back) group(ctx context.Context, step *model.Step) (group model.GroupRef, list model.MemberList, ok bool, err error) {
	id := b.groupID(step)
	if id == "" {
		b.leave(step, "the id of its group is not known")
		return group, list, false, nil
	}
	now, found, err := b.r.opts.Target.GetGroup(ctx, id)
	if err != nil {
		return group, list, false, err
	}
	if !found {
		b.leave(step, "the group "+model.Visible(step.Subject.Name)+" is gone")
		return group, list, false, nil
	}
	if list, err = b.r.opts.Target.MembersOf(ctx, id); err != nil {
		return group, list, false, err
	}
	if list.Unknown != "" {
		b.leave(step, fmt.Sprintf("who is in %s cannot be told: %s", model.Visible(now.Name), list.Unknown))
		return group, list, false, nil
	}
	return model.GroupRef{ID: id, Name: now.Name}, list, true, nil
}

// fit gives those of some users who can be put back: still there by id and name and active, and let in by OneLogin. The others
// are left out by name.
func (b *back) fit(ctx context.Context, step *model.Step, members []model.Member) (out []model.Member, err error) {
	for _, m := range members {
		if again, ok := b.again[m.ID]; ok {
			out = append(out, model.Member{UserName: m.UserName, Ref: again, SourceID: b.sourceOf(again)})
			continue
		}
		user, found, err := b.r.opts.Target.GetUser(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		member, why := b.admitted(m.ID)
		switch {
		case !found:
			why = "not at the target any more"
		case m.UserName != "" && user.UserName != m.UserName:
			why = "the user of that id has another name by now, " + model.Visible(user.UserName)
		case !user.Active:
			why = "not active at the target"
		}
		if why != "" {
			b.leave(step, fmt.Sprintf("%s is not put back: %s", model.Visible(m.UserName), why))
			continue
		}
		out = append(out, member)
	}
	return out, nil
}

// sourceOf is the source user of an item that makes a user again.
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
	b.enter(step, name, group, members, target(model.UsersAre, model.Statement{Users: members, OfRequest: true}))
}

// enter adds members to a group if they are there as a statement has it and OneLogin lets them in.
func (b *back) enter(step *model.Step, name string, group model.GroupRef, members []model.Member, there model.Statement) {
	b.add(step, item{Intent: model.Intent{
		Key: name, Option: model.Option{Repair: model.AddMembers}, Group: group, Members: members,
		Subject: model.Subject{Type: model.SubjectGroup, Name: group.Name, TargetID: group.ID},
		Before: []model.Statement{
			target(model.GroupIs, model.Statement{ID: group.ID, Ref: group.Ref, Name: group.Name}),
			target(model.MembersExclude, model.Statement{ID: group.ID, Ref: group.Ref, Users: members, OfRequest: true}),
			there,
			source(model.Entitled, model.Statement{Users: members, OfRequest: true}),
		},
		Afterwards: []model.Statement{
			target(model.MembersInclude, model.Statement{ID: group.ID, Ref: group.Ref, Users: members, OfRequest: true}),
		},
	}})
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
		b.leave(step, "another group is called "+model.Visible(before.Name)+" by now")
		return nil
	}
	b.add(step, item{Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.RenameGroup}, Group: model.GroupRef{ID: after.ID, Name: after.Name},
		Subject:    model.Subject{Type: model.SubjectGroup, Name: after.Name, SourceID: step.Subject.SourceID, TargetID: after.ID},
		Changes:    []model.FieldDiff{{Name: "displayName", Source: before.Name, Target: after.Name}},
		Before:     []model.Statement{after, target(model.GroupAbsent, model.Statement{Name: before.Name})},
		Afterwards: []model.Statement{before},
	}})
	return nil
}
