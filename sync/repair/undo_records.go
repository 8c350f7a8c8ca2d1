package repair

import (
	"cmp"
	"context"
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

// get reads what a record of the target is called; found is false if it is not there.
func (b *back) get(ctx context.Context, of model.SubjectType, id string) (name string, found bool, err error) {
	t, found, err := b.r.opts.Target.Record(ctx, of, id, false)
	return cmp.Or(t.User.UserName, t.Group.Name), found, err
}

// uncreate deletes what the run created, if it is as the run made it and nobody but the run put anybody into it, or it
// into anything.
func (b *back) uncreate(ctx context.Context, step *model.Step, rec *model.StepRecord, left []model.Condition) error {
	id, group := rec.CreatedID, step.Repair == model.CreateGroup
	name, repair := step.Subject.Name, model.DeleteUser
	in := item{own: surely(rec), Intent: model.Intent{
		Subject: step.Subject, Before: left, Afterwards: []model.Condition{model.UserAbsent.On(id, "")},
	}}
	in.Subject.TargetID = id
	var links []model.GroupRef // the members of the group, or the groups of the user
	var unknown string
	var err error
	if group {
		if is, ok := was(left, model.GroupIs, ""); ok {
			name = is.Name
		}
		repair, in.Subject.Name, in.Group = model.DeleteGroup, name, model.GroupRef{ID: id, Name: name}
		in.Before = append(slices.Clone(left), model.MembersAre.On(id, ""))
		in.Afterwards = []model.Condition{model.GroupAbsent.On(id, "")}
		var t model.TargetRecord
		t, _, err = b.r.opts.Target.Record(ctx, model.SubjectGroup, id, true)
		for _, member := range t.Members.IDs {
			links = append(links, model.GroupRef{ID: member})
		}
		if unknown = t.Members.Unknown; unknown != "" {
			b.leave(step, "who is in %s cannot be told (%s); delete it by hand", nameAlone(name), unknown)
			return err
		}
	} else {
		links, unknown, err = b.r.opts.Target.GroupsOf(ctx, id)
		in.Groups = links
	}
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for i := range b.run.Plan.Steps {
		s := &b.run.Plan.Steps[i]
		_, into := recordOf(s, b.created)
		for _, m := range s.Members {
			switch who := b.memberID(m); {
			case s.Repair != model.AddMembers || s.Group == nil || id != into && id != who:
				continue
			case !changed(&b.run.Steps[i]): // whoever is in there now was put there by somebody else
				continue
			case group:
				mine[who] = true
			default:
				mine[into] = true
			}
			if slices.ContainsFunc(b.items, func(in item) bool { return in.Key == key(s) }) {
				in.Wait(key(s))
			}
		}
	}
	for _, link := range links {
		if !mine[link.ID] {
			b.leave(step, "somebody put %s into %s since, so somebody relies on it; delete it by a plan of its own",
				nameAlone(cmp.Or(link.Name, "another user")), nameAlone(name))
			return nil
		}
	}
	if unknown != "" {
		in.own = false
		b.warned.Add(name, "which groups hold this account cannot be told ("+unknown+"), so that its deletion counts "+
			"for the guard.")
	}
	b.add(step, repair, in)
	return nil
}

func (b *back) memberID(m model.Member) string {
	if m.Ref != "" {
		return b.created[m.Ref]
	}
	return m.ID
}

// remake makes a record again from its backup, with the memberships and account assignments that it had, as far as
// OneLogin still lets those in whom it is about. One that an earlier undo made again is filled with what it lacks.
func (b *back) remake(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	of := model.SubjectGroup
	if step.Repair == model.DeleteUser {
		of = model.SubjectUser
	}
	kept := backupOf(rec, of)
	if kept == nil {
		b.leave(step, "its journal holds no backup; make it by hand")
		return nil
	}
	name, user := kept.Name, model.User{}
	if of == model.SubjectUser {
		var err error
		if user, err = personOf(kept); err != nil {
			b.leave(step, "%s", err)
			return nil
		}
		name = user.UserName
	}
	id, now, err := b.heir(ctx, of, kept.ID)
	switch {
	case err != nil:
		return err
	case id != "" && now != name:
		then, called := asThenAndNow(name, now)
		b.leave(step, "an earlier undo made %s again, and it is called %s by now; rename it, then undo again", then,
			called)
		return nil
	case id != "":
		b.again[kept.ID] = place{id: id}
	default:
		other, taken, err := b.r.find(ctx, of, name, user.ExternalID)
		if err != nil {
			return err
		}
		if taken {
			_, called := asThenAndNow(name, other.Name)
			b.leave(step, "%s is at the target again (%s), and no undo of this run made it, so it stays as it is",
				called, model.Visible(other.TargetID))
			return nil
		}
		if !b.create(step, kept, name, user) {
			return nil
		}
	}
	planned, at := b.planned(), b.again[kept.ID]
	b.assign(ctx, step, kept.Assignments, of, name, at)
	if of == model.SubjectGroup {
		err = b.rejoin(ctx, step, key(step)+" members", model.GroupRef{ID: kept.ID, Name: name}, kept.Members, false)
	}
	self := []model.Member{{ID: kept.ID, UserName: name}}
	for n := 0; n < len(kept.Groups) && err == nil; n++ {
		err = b.rejoin(ctx, step, key(step)+" group "+strconv.Itoa(n+1), kept.Groups[n], self, true)
	}
	if err == nil && at.id != "" {
		b.doneIfNothing(step, planned)
	}
	return err
}

// create plans the record that is made again; false where it is left out.
func (b *back) create(step *model.Step, kept *model.Backup, name string, user model.User) bool {
	in := item{again: kept.Raw, Intent: model.Intent{Subject: model.Subject{Type: kept.Type, Name: name}}}
	repair, lacks := model.CreateGroup, "members"
	if kept.Type == model.SubjectGroup {
		in.Group = model.GroupRef{Name: name}
		in.Before = []model.Condition{model.GroupAbsent.On("", name)}
		in.Afterwards = []model.Condition{model.GroupIs.On("", name).Made(key(step))}
	} else {
		sourceID, why := b.meant(&user)
		if why != "" {
			b.leave(step, "%s is not let in again: %s; assign the app in OneLogin and undo again, or make the user by "+
				"hand from the backup in the journal", nameAlone(name), why)
			return false
		}
		repair, lacks = model.CreateUser, "groups"
		in.User, in.Subject.SourceID = &user, sourceID
		in.Before = []model.Condition{
			model.UserAbsent.On("", name),
			model.Entitled.On("", "").With(model.Member{UserName: name, SourceID: sourceID}),
		}
		if user.ExternalID != "" {
			in.Before = append(in.Before, model.UserAbsent.On("", "").Being(fieldExternalID, user.ExternalID))
		}
		in.Afterwards = []model.Condition{
			model.UserIs.On("", name).Made(key(step)),
			model.FieldIs.On("", "").Made(key(step)).Being(fieldActive, strconv.FormatBool(user.Active)),
		}
	}
	b.again[kept.ID] = place{ref: key(step)}
	b.add(step, repair, in)
	if b.r.opts.Lens != nil && kept.AssignmentsUnknown == "" {
		b.warned.Add(name, "made again under a new id; what was granted to the old one at the target, beyond account "+
			"assignments, does not come back with it.")
	} else {
		b.warned.Add(name, "made again under a new id; what was granted to the old one at the target, such as account "+
			"assignments, does not come back with it. Make them again by hand if there were any.")
	}
	if kept.Incomplete != "" {
		b.warned.Add(name, "the backup may lack "+lacks+": "+kept.Incomplete+".")
	}
	return true
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

// reverse gives a record the values back that a step changed: its name, if nobody has that by now, and attributes.
func (b *back) reverse(ctx context.Context, step *model.Step) error {
	in := item{}
	repair := step.Repair
	switch repair { //nolint:exhaustive // the others are taken back by the same repair
	case model.ActivateUser:
		repair = model.DeactivateUser
	case model.DeactivateUser:
		repair = model.ActivateUser
		m, why := b.admitted(step.Subject.Name, place{id: step.Subject.TargetID})
		if why != "" {
			b.leave(step, "%s is not activated again: %s", nameAlone(step.Subject.Name), why)
			return nil
		}
		in.Before = []model.Condition{model.Entitled.On("", "").With(m)}
	}
	if is, ok := was(step.Precondition, model.UserIs, ""); ok && !slices.ContainsFunc(step.Afterwards,
		func(s model.Condition) bool { return s.Fact == model.UserIs }) {
		in.Before = append(in.Before, is)
	}
	for _, now := range atTarget(step.Afterwards) {
		then, known := was(step.Precondition, now.Fact, now.Field)
		change := model.FieldDiff{Name: now.Field, Source: then.Value, Target: now.Value}
		absent := model.UserAbsent
		switch now.Fact {
		case model.UserIs:
			change = model.FieldDiff{Name: fieldUserName, Source: then.Name, Target: now.Name}
		case model.GroupIs:
			change = model.FieldDiff{Name: model.FieldDisplayName.String(), Source: then.Name, Target: now.Name}
			in.Group = model.GroupRef{ID: now.ID, Name: now.Name}
			in.Subject, absent = groupSubject(step, in.Group), model.GroupAbsent
		case model.FieldIs:
		default:
			continue
		}
		in.Before = append(in.Before, now)
		if !known || change.Source == change.Target {
			in.Afterwards = append(in.Afterwards, now)
			continue
		}
		in.Changes, in.Afterwards = append(in.Changes, change), append(in.Afterwards, then)
		if now.Fact != model.FieldIs {
			free := absent.On("", then.Name)
			in.Before = append(in.Before, free)
			if other, taken, err := b.r.find(ctx, step.Subject.Type, then.Name, ""); err != nil {
				return err
			} else if taken && other.TargetID != now.ID {
				_, called := asThenAndNow(then.Name, other.Name)
				b.leave(step, "another %s is called %s by now", other.Type, called)
				return nil
			}
		}
	}
	if len(in.Changes) == 0 {
		b.leave(step, "its journal does not tell what was there before; look at the backup in it")
		return nil
	}
	b.add(step, repair, in)
	return nil
}

func groupSubject(step *model.Step, g model.GroupRef) model.Subject {
	return model.Subject{Type: model.SubjectGroup, Name: g.Name, SourceID: step.Subject.SourceID, TargetID: g.ID}
}
