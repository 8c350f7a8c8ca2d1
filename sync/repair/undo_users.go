package repair

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// The attributes that are written under their SCIM names (RFC 7643, section 4.1).
const (
	fieldActive     = "active"
	fieldUserName   = "userName"
	fieldExternalID = "externalId"
)

// createdUser deletes a user whom the run created, if they are as it made them and in no group but those that it put
// them in.
func (b *back) createdUser(ctx context.Context, step *model.Step, rec *model.StepRecord, left []model.Condition) error {
	id := rec.CreatedID
	groups, incomplete, err := b.r.opts.Target.GroupsOf(ctx, id)
	if err != nil {
		return err
	}
	added, after := b.added(func(s *model.Step, _ string) bool {
		return slices.ContainsFunc(s.Members, func(m model.Member) bool { return m.ID == id || m.Ref == step.ID })
	})
	mine := map[string]bool{}
	for _, s := range added {
		_, into := recordOf(s, b.created)
		mine[into] = true
	}
	for _, g := range groups {
		if !mine[g.ID] {
			b.leave(step, "%s was put into %s since, so somebody relies on it; delete it by a plan of "+
				"its own", nameAlone(step.Subject.Name), nameAlone(g.Name))
			return nil
		}
	}
	if incomplete != "" {
		b.warn(step.Subject.Name, "which groups hold this account cannot be told ("+incomplete+"), so that its "+
			"deletion counts for the guard.")
	}
	b.add(step, item{own: incomplete == "" && surely(rec), Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.DeleteUser}, Groups: groups, After: after, Before: left,
		Subject: model.Subject{
			Type: model.SubjectUser, Name: step.Subject.Name, SourceID: step.Subject.SourceID, TargetID: id,
		},
		Afterwards: []model.Condition{target(model.UserAbsent, model.Condition{ID: id})},
	}})
	return nil
}

// deletedUser makes a user again from the backup, with the memberships that they had, if OneLogin assigns them the
// app by now. One whom an earlier undo made again gets what they lack.
func (b *back) deletedUser(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	kept := backupOf(rec, model.SubjectUser)
	if kept == nil {
		b.leave(step, "its journal holds no backup; make the user by hand")
		return nil
	}
	user, err := personOf(kept)
	if err != nil {
		b.leave(step, "%s", err)
		return nil
	}
	now, found, err := heir(ctx, b, kept.ID, b.r.opts.Target.GetUser)
	switch {
	case err != nil:
		return err
	case found && now.UserName != user.UserName:
		then, called := asThenAndNow(user.UserName, now.UserName)
		b.leave(step, "an earlier undo made %s again, and they are called %s by now; rename them, then "+
			"undo again", then, called)
		return nil
	case found:
		b.again[kept.ID] = place{id: now.ID}
	default:
		if made, err := b.remakeUser(ctx, step, kept, &user); err != nil || !made {
			return err
		}
	}
	planned := b.planned()
	at := b.again[kept.ID]
	b.assign(ctx, step, kept.Assignments, model.SubjectUser, user.UserName, at)
	for n, g := range kept.Groups {
		if err := b.reenter(ctx, step, n+1, g, user.UserName, at); err != nil {
			return err
		}
	}
	if found && b.planned() == planned {
		b.done(step)
	}
	return nil
}

// remakeUser makes a user again who is not there; made is false where that is left out.
func (b *back) remakeUser(ctx context.Context, step *model.Step, kept *model.Backup,
	user *model.User,
) (made bool, err error) {
	other, found, err := b.r.opts.Target.FindUser(ctx, user.UserName, user.ExternalID)
	if err != nil {
		return false, err
	}
	if found {
		_, called := asThenAndNow(user.UserName, other.UserName)
		b.leave(step, "%s is at the target again, with another id that no undo of this run gave them", called)
		return false, nil
	}
	sourceID, why := b.meant(user)
	if why != "" {
		b.leave(step, "%s is not let in again: %s; assign the app in OneLogin and undo again, or make "+
			"the user by hand from the backup in the journal", nameAlone(user.UserName), why)
		return false, nil
	}
	before := []model.Condition{
		target(model.UserAbsent, model.Condition{Name: user.UserName}),
		entitled(model.Condition{Users: []model.Member{{UserName: user.UserName, SourceID: sourceID}}}),
	}
	if user.ExternalID != "" {
		before = append(before, target(model.UserAbsent,
			model.Condition{Field: fieldExternalID, Value: user.ExternalID}))
	}
	b.again[kept.ID] = place{ref: key(step)}
	b.add(step, item{again: kept.Raw, Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.CreateUser}, User: user, Before: before,
		Subject: model.Subject{Type: model.SubjectUser, Name: user.UserName, SourceID: sourceID},
		Afterwards: []model.Condition{
			target(model.UserIs, model.Condition{Ref: key(step), Name: user.UserName}),
			target(model.FieldIs, model.Condition{
				Ref: key(step), Field: fieldActive,
				Value: strconv.FormatBool(user.Active),
			}),
		},
	}})
	if b.r.opts.Lens != nil && kept.AssignmentsUnknown == "" {
		b.warn(user.UserName, "made again under a new id; what was granted to the old one at the target, beyond "+
			"account assignments, does not come back with it.")
	} else {
		b.warn(user.UserName, "made again under a new id; what was granted to the old one at the target, such as "+
			"account assignments, does not come back with it.")
	}
	if kept.Incomplete != "" {
		b.warn(user.UserName, "the backup may lack groups: "+kept.Incomplete+".")
	}
	return true, nil
}

// reenter puts a user who is made again back into one of their groups. Who was not active when they were deleted is
// not active when they are made again, and had their memberships all the same.
func (b *back) reenter(ctx context.Context, step *model.Step, n int, into model.GroupRef, name string, at place) error {
	group := into
	switch where, again := b.again[into.ID]; {
	case again && where.ref != "":
		group = model.GroupRef{Name: into.Name, Ref: where.ref}
	default:
		if again {
			group.ID = where.id
		}
		now, found, err := b.r.opts.Target.GetGroup(ctx, group.ID)
		if err != nil {
			return err
		}
		if group.Name = b.nameThen(group.ID, now.Name); found && now.Name != into.Name &&
			!b.renamed(group.ID, now.Name, into.Name) {
			found = false
		}
		if !found {
			then, why := nameAlone(into.Name), "the group is gone"
			if now.Name != "" {
				then, why = asThenAndNow(into.Name, now.Name)
				why = "the group of that id is called " + why + " by now"
			}
			b.leave(step, "%s is not put back into %s: %s", nameAlone(name), then, why)
			return nil
		}
	}
	if at.id != "" {
		if group.ID != "" {
			list, err := b.r.opts.Target.MembersOf(ctx, group.ID)
			switch {
			case err != nil:
				return err
			case slices.Contains(list.IDs, at.id):
				return nil
			case list.Unknown != "":
				b.leave(step, "whether %s is in %s cannot be told: %s", nameAlone(name),
					nameAlone(into.Name), list.Unknown)
				return nil
			}
		}
	}
	self, why := b.admittedAt(name, at)
	if why != "" {
		b.leave(step, "%s is not put back into %s: %s", nameAlone(name), nameAlone(into.Name), why)
		return nil
	}
	there := target(model.UserIs, model.Condition{ID: at.id, Ref: at.ref, Name: name})
	b.enter(step, fmt.Sprintf("%s group %d", key(step), n), group, []model.Member{self}, there)
	return nil
}

// meant gives the assigned, active and unpaired source user whom a deleted user would pair with, or why there is
// none. It is asked of the one pairing that there is.
func (b *back) meant(user *model.User) (sourceID, why string) {
	pairs := drift.PairUsers(b.c.Source.Users, []model.User{*user})
	s := pairs.ToSource[0]
	switch {
	case !b.c.Source.Coverage[model.PartUsers].Complete():
		return "", "OneLogin's users were not read in full"
	case s == model.None || !b.c.Source.Users[s].Assigned:
		return "", "OneLogin does not assign the app to them"
	case pairs.Contests[s] != nil || b.c.Users.ToTarget[s] != model.None:
		return "", "more than one record claims to be them"
	case pairs.Basis[s] == drift.BasisLookAlike:
		return "", "only somebody whose name looks like theirs is assigned in OneLogin"
	case b.c.Source.Users[s].RollOnly || !b.c.Source.Users[s].Active:
		return "", "they are not active in OneLogin"
	}
	return b.c.Source.Users[s].ID, ""
}

func (b *back) deactivated(step *model.Step) {
	m, why := b.admitted(step.Subject.TargetID)
	if why != "" {
		b.leave(step, "%s is not activated again: %s", nameAlone(step.Subject.Name), why)
		return
	}
	b.turn(step, model.ActivateUser, "true", "false", entitled(model.Condition{Users: []model.Member{m}}))
}

func (b *back) activated(step *model.Step) { b.turn(step, model.DeactivateUser, "false", "true") }

func (b *back) turn(step *model.Step, repair model.RepairName, to, from string, also ...model.Condition) {
	id := step.Subject.TargetID
	is := target(model.UserIs, model.Condition{ID: id, Name: nameIn(step, id, step.Subject.Name)})
	active := func(value string) model.Condition {
		return target(model.FieldIs, model.Condition{ID: id, Field: fieldActive, Value: value})
	}
	b.add(step, item{Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: repair},
		Changes: []model.FieldDiff{{Name: fieldActive, Source: to, Target: from}},
		Before:  append([]model.Condition{is, active(from)}, also...), Afterwards: []model.Condition{is, active(to)},
	}})
}

func (b *back) updated(step *model.Step) {
	id := step.Subject.TargetID
	in := model.Intent{Key: key(step), Option: model.Option{Repair: model.UpdateUser}}
	for _, now := range step.Afterwards {
		if now.Side != model.AtTarget || now.ID != id {
			continue
		}
		name, value := now.Field, now.Value
		if now.Fact == model.UserIs {
			name, value = fieldUserName, now.Name
		}
		then, ok := was(step.Precondition, now.Fact, now.Field)
		old := then.Value
		if now.Fact == model.UserIs {
			old = then.Name
		}
		if !ok || old == value {
			if now.Fact == model.UserIs || now.Fact == model.FieldIs {
				in.Before, in.Afterwards = append(in.Before, now), append(in.Afterwards, now)
			}
			continue
		}
		in.Changes = append(in.Changes, model.FieldDiff{Name: name, Source: old, Target: value})
		in.Before, in.Afterwards = append(in.Before, now), append(in.Afterwards, then)
	}
	if len(in.Changes) == 0 {
		b.leave(step, "its journal does not tell what was there before; look at the backup in it")
		return
	}
	if is, ok := was(step.Precondition, model.UserIs, ""); ok &&
		!slices.ContainsFunc(in.Before, func(s model.Condition) bool { return s.Fact == model.UserIs }) {
		in.Before = append([]model.Condition{is}, in.Before...)
	}
	for _, c := range in.Changes {
		if c.Name == fieldUserName {
			in.Before = append(in.Before, target(model.UserAbsent, model.Condition{Name: c.Source}))
		}
	}
	b.add(step, item{Intent: in})
}
