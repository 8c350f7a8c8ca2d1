package repair

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// The attributes that are written under their SCIM names (RFC 7643, section 4.1).
const (
	fieldActive     = "active"
	fieldUserName   = "userName"
	fieldExternalID = "externalId"
)

// undoCreate deletes what the run created, if it is as it was made and nobody else put anything into it.
func (b *undoPlan) undoCreate(step *model.Step, rec *model.StepRecord) {
	id, ofGroup := b.created[step.ID], step.Repair == model.CreateGroup
	group := b.observed.Groups[id] // which may be another record with the id of a user
	left, known := resolveConditions(step.Afterwards, b.created)
	switch {
	case id == "":
		of, _ := recordOf(step, nil)
		if other, called := b.nameHolder(of, createdName(step)); other != "" {
			b.leaveOut(step,
				"%s is at the target now (%s), and whether this run has made it or somebody else cannot be "+
					"told; look at it by hand", visibleName(called), model.Visible(other))
		}
		return
	case !known || len(left) == 0: // no plan of ours has such a step, and all of nothing holds
		b.leaveOut(step, notTold)
		return
	case ofGroup && group == nil, !ofGroup && b.observed.Users[id] == nil: // whatever else has the name by now
		return
	}
	if step.Repair == model.CreateUser && step.Request != nil { // who gave it another external id since manages it
		wrote, _ := personOf(&model.Backup{Raw: step.Request.Body})
		left = append(left, model.FieldIs.On(id, "").Being(fieldExternalID, wrote.ExternalID))
	}
	if broken := b.observed.Broken(left); broken != "" {
		b.leaveOut(step, notAsLeft, broken)
		return
	}
	name, repair := step.Subject.Name, model.DeleteUser
	in := item{removesOwnRecord: doneByRun(rec) && id == rec.CreatedID, Intent: model.Intent{
		Subject: step.Subject, Before: left, Afterwards: []model.Condition{model.UserAbsent.On(id, "")},
	}}
	in.Subject.TargetID = id
	relied := func(user, group, whom, into string) bool {
		key := b.removals[plan.Placement{User: user, Group: group}]
		if in.WaitFor(key); key == "" {
			b.leaveOut(step, "somebody put %s into %s since, so somebody relies on it; delete it by a plan of its own",
				visibleName(whom), visibleName(into))
		}
		return key == ""
	}
	if ofGroup {
		name, repair = group.Name, model.DeleteGroup
		in.Subject.Name, in.Group = name, model.GroupRef{ID: id, Name: name}
		in.Before = append(slices.Clone(left), model.MembersAre.On(id, ""))
		in.Afterwards = []model.Condition{model.GroupAbsent.On(id, "")}
		list := b.observed.Members[id]
		if list.Unknown != "" {
			b.leaveOut(step, "who is in %s cannot be told (%s); delete it by hand", visibleName(name), list.Unknown)
			return
		}
		for _, member := range list.IDs {
			if relied(member, id, "another user", name) {
				return
			}
		}
	}
	in.Groups = b.memberOf[id].groups
	for _, g := range in.Groups {
		if relied(id, g.ID, name, g.Name) {
			return
		}
	}
	others := slices.DeleteFunc(slices.Clone(b.observed.Assignments[id].List), func(a model.Assignment) bool {
		key := b.keyOfRemoval(id, a)
		in.WaitFor(key)
		return key != ""
	})
	if has := model.AssignmentNames(others); len(has) > 0 {
		b.leaveOut(step, "%s has account assignments by now (%s), which would hang on its id for ever; delete it by a "+
			"plan of its own", visibleName(name), model.Visible(model.Few(has)))
		return
	}
	if unknown := b.memberOf[id].unknown; unknown != "" {
		in.removesOwnRecord = false
		b.warned.Add(name, "which groups hold this account cannot be told ("+unknown+"), so that its deletion counts "+
			"for the guard.")
	}
	b.addItem(step, repair, in)
}

func (b *undoPlan) memberID(m model.Member) string {
	if m.Ref != "" {
		return b.created[m.Ref]
	}
	return m.ID
}

// undoDelete makes a record again from its backup, with the memberships and account assignments that it had, as far as
// OneLogin still lets those in whom it is about. One that an earlier undo made again is filled with what it lacks.
func (b *undoPlan) undoDelete(step *model.Step, rec *model.StepRecord) {
	of, _ := recordOf(step, nil)
	kept := backupOf(rec, of)
	if kept == nil {
		b.leaveOut(step, "its journal holds no backup; make it by hand")
		return
	}
	naming, name, user := nameFactsOf(of), kept.Name, model.User{}
	var as []model.Condition // it was before the run
	if of == model.SubjectUser {
		var err error
		if user, err = personOf(kept); err != nil {
			b.leaveOut(step, "%s", err)
			return
		}
		name = user.UserName
		as = append(as, model.FieldIs.On(kept.ID, "").Being(fieldActive, strconv.FormatBool(user.Active)))
	}
	at, there := b.currentPlace(of, kept.ID)
	switch {
	case there && at.id == kept.ID: // it was never deleted
		as = append(as, naming.is.On(kept.ID, name))
		if broken := b.observed.Broken(as); broken != "" {
			b.leaveOut(step, "it is there still, and not as it was before the run: %s", broken)
		}
		return
	case there:
		if now := b.nameNow(at.id); now != name {
			then, called := distinctNames(name, now)
			b.leaveOut(step, "an earlier undo made %s again, and it is called %s by now; rename it, then undo again",
				then, called)
			return
		}
		b.recreated[model.RecordRef{Type: of, ID: kept.ID}] = at
	default:
		other, called := b.nameHolder(of, name)
		if other == "" && user.ExternalID != "" {
			other = b.observed.ExternalIDs[user.ExternalID]
			called = b.nameNow(other)
		}
		if other == kept.ID {
			b.leaveOut(step,
				"%s is not found by its id, and the target still has it under its name; look there by hand",
				visibleName(name))
			return
		}
		if other != "" {
			_, called = distinctNames(name, called)
			b.leaveOut(step, "%s is at the target again (%s), and no undo of this run made it, so it stays as it is",
				called, model.Visible(other))
			return
		}
		for _, heir := range b.idsOfRecord(of, kept.ID) {
			if why := b.takenBack(naming.is.On(heir, name)); why != "" {
				b.leaveOut(step, "%s is not made again: %s", visibleName(name), why)
				return
			}
		}
		if !b.recreate(step, kept, name, user) {
			return
		}
	}
	b.addAssignments(step, kept.Assignments, of, name, b.recreated[model.RecordRef{Type: of, ID: kept.ID}])
	if of == model.SubjectGroup {
		b.restoreMembers(step, undoKey(step)+" members", model.GroupRef{ID: kept.ID, Name: name}, kept.Members, false)
		if len(kept.NoUsers) > 0 {
			b.leaveOut(step, "in %s were members that are no users of the target, but groups or nobody any more, and "+
				"they are not put back: %s", visibleName(name), model.Visible(model.Few(kept.NoUsers)))
		}
	}
	self := []model.Member{{ID: kept.ID, UserName: name}}
	for n, group := range kept.Groups {
		b.restoreMembers(step, undoKey(step)+" group "+strconv.Itoa(n+1), group, self, true)
	}
}

// nameFacts is how records of a type are named: the conditions on that, and the attribute.
type nameFacts struct {
	is, absent model.ConditionKind
	field      string
}

func nameFactsOf(of model.SubjectType) nameFacts {
	if of == model.SubjectGroup {
		return nameFacts{model.GroupIs, model.GroupAbsent, model.FieldDisplayName.String()}
	}
	return nameFacts{model.UserIs, model.UserAbsent, fieldUserName}
}

// nameHolder is who has a name at the target, and how they spell it; the id is empty if nobody has it.
func (b *undoPlan) nameHolder(of model.SubjectType, name string) (id, called string) {
	if of == model.SubjectGroup {
		id = b.observed.GroupNames[model.Fold(name)]
	} else {
		id = b.observed.UserNames[model.Fold(name)]
	}
	return id, cmp.Or(b.nameNow(id), name)
}

func (b *undoPlan) nameNow(id string) string {
	if user := b.observed.Users[id]; user != nil {
		return user.UserName
	}
	if group := b.observed.Groups[id]; group != nil {
		return group.Name
	}
	return ""
}

func (b *undoPlan) recreate(step *model.Step, kept *model.Backup, name string, user model.User) bool {
	in := item{originalRecord: kept.Raw, Intent: model.Intent{Subject: model.Subject{Type: kept.Type, Name: name}}}
	repair, lacks := model.CreateGroup, "members"
	if kept.Type == model.SubjectGroup {
		in.Group = model.GroupRef{Name: name}
		in.Before = []model.Condition{model.GroupAbsent.On("", name)}
		in.Afterwards = []model.Condition{model.GroupIs.On("", name).Made(undoKey(step))}
	} else {
		sourceID, why := b.sourceUserFor(&user)
		if why != "" {
			b.leaveOut(step,
				"%s is not let in again: %s; assign the app in OneLogin and undo again, or make the user by "+
					"hand from the backup in the journal", visibleName(name), why)
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
			model.UserIs.On("", name).Made(undoKey(step)),
			model.FieldIs.On("", "").Made(undoKey(step)).Being(fieldActive, strconv.FormatBool(user.Active)),
		}
	}
	was := model.RecordRef{Type: kept.Type, ID: kept.ID}
	b.recreated[was] = recordPlace{ref: undoKey(step), sourceID: in.Subject.SourceID}
	b.addItem(step, repair, in)
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

// sourceUserFor gives the source user whom a deleted user would pair with, by the one pairing that there is, or why
// none.
func (b *undoPlan) sourceUserFor(user *model.User) (sourceID, why string) {
	pairs := drift.PairUsers(b.c.Source.Users, []model.User{*user})
	s := pairs.ToSource[0]
	contested := s != model.None && (pairs.Contests[s] != nil || b.c.Users.ToTarget[s] != model.None)
	switch why = b.refusedUser(s, contested); {
	case !b.c.Source.Coverage[model.PartUsers].Complete():
		return "", "OneLogin's users were not read in full"
	case why != "":
		return "", why
	case pairs.Basis[s] == drift.BasisLookAlike:
		return "", "only somebody whose name looks like theirs is assigned in OneLogin"
	}
	return b.c.Source.Users[s].ID, ""
}

// undoChange gives a record those values back that a step changed and nobody has changed since.
func (b *undoPlan) undoChange(step *model.Step) {
	of, id := recordOf(step, b.created)
	before, _ := resolveConditions(step.Precondition, b.created)
	left, known := resolveConditions(step.Afterwards, b.created)
	naming := nameFactsOf(of)
	called, told := findCondition(before, naming.is, "")
	if !known || !told || len(left) == 0 { // no plan of ours has such a step, and all of nothing holds
		b.leaveOut(step, notTold)
		return
	}
	// Under a third name it may stand for somebody else.
	if is, renamed := findCondition(left, naming.is, ""); renamed && !b.holdsNow(called) {
		called = is
	}
	if broken := b.observed.Broken([]model.Condition{called}); broken != "" {
		b.leaveOut(step, notAsLeft, broken)
		return
	}
	in := item{Intent: model.Intent{Before: []model.Condition{called}}}
	for _, after := range left {
		then, told := findCondition(before, after.Fact, after.Field)
		if told && b.holdsNow(then) {
			continue
		}
		if why := b.whyItStays(after, then, told); why != "" {
			b.leaveOut(step, notAsLeft, why)
			continue
		}
		change := model.FieldDiff{Name: after.Field, Source: then.Value, Target: after.Value}
		if after.Fact == naming.is {
			change = model.FieldDiff{Name: naming.field, Source: then.Name, Target: after.Name}
			if other, called := b.nameHolder(of, then.Name); other != "" && other != id {
				frees := b.renameItemKey(other)
				if frees == "" {
					_, called = distinctNames(then.Name, called)
					b.leaveOut(step, "another %s is called %s by now", of, called)
					continue
				}
				in.WaitFor(frees)
			}
			in.Before = append(in.Before, naming.absent.On("", then.Name))
		} else {
			in.Before = append(in.Before, after)
		}
		in.Changes, in.Afterwards = append(in.Changes, change), append(in.Afterwards, then)
	}
	if len(in.Changes) == 0 {
		return
	}
	repair := step.Repair
	switch repair { //nolint:exhaustive // the others are taken back by the same repair
	case model.ActivateUser:
		repair = model.DeactivateUser
	case model.DeactivateUser:
		repair = model.ActivateUser
		m, why := b.admittedUser(step.Subject.Name, recordPlace{id: id})
		if why != "" {
			b.leaveOut(step, "%s is not activated again: %s", visibleName(step.Subject.Name), why)
			return
		}
		in.Before = append(in.Before, model.Entitled.On("", "").With(m))
	case model.RenameGroup:
		in.Group = model.GroupRef{ID: id, Name: called.Name}
		in.Subject = groupSubject(step, in.Group)
	}
	b.addItem(step, repair, in)
}

func (b *undoPlan) holdsNow(s model.Condition) bool {
	return b.observed.Broken([]model.Condition{s}) == ""
}

func (b *undoPlan) whyItStays(after, then model.Condition, told bool) string {
	broken := b.observed.Broken([]model.Condition{after})
	if broken == "" && !told {
		broken = "its journal does not tell what was there before"
	}
	return cmp.Or(broken, b.takenBack(then))
}

func (b *undoPlan) renameItemKey(id string) string {
	for i := range b.items {
		in := &b.items[i]
		if in.Subject.TargetID == id && (in.Repair == model.RenameGroup || in.Writes(fieldUserName)) {
			return in.Key
		}
	}
	return ""
}

func groupSubject(step *model.Step, g model.GroupRef) model.Subject {
	return model.Subject{Type: model.SubjectGroup, Name: g.Name, SourceID: step.Subject.SourceID, TargetID: g.ID}
}
