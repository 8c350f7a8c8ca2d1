package plan

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// userToCreate is the user that a create writes: what OneLogin would push, active, and nothing that it would not.
func (d *drafter) userToCreate(s int32) model.User {
	src := &d.Source.Users[s]
	u := model.User{
		UserName: model.Trim(src.UserName), DisplayName: model.Trim(src.DisplayName),
		GivenName: model.Trim(src.GivenName), FamilyName: model.Trim(src.FamilyName),
		Email: model.Trim(src.Email), Active: true,
	}
	if d.writesExternalID() {
		u.ExternalID = src.ExternalID
	}
	return u
}

// minCarriedIDs is how many pairs must carry the source's external id before a created user gets theirs: fewer are
// chance.
const minCarriedIDs = 3

// carriesExternalIDs reports whether the pairs that exist show that this target carries the source's external ids.
// Which value OneLogin sends is the connector's affair, so one pair that carries another is proof enough against it.
func (d *drafter) carriesExternalIDs() bool {
	agree, contradicted := 0, false
	for s, t := range d.Users.ToTarget {
		src := &d.Source.Users[s]
		if t == model.None || !src.Assigned || src.RollOnly || d.Users.IsTied(int32(s)) {
			continue
		}
		switch d.Target.Users[t].ExternalID {
		case "":
		case src.ExternalID:
			agree++
		default:
			contradicted = true
		}
	}
	return agree >= minCarriedIDs && !contradicted
}

func (d *drafter) createUser(p choice) {
	f := p.finding
	user, src := d.userToCreate(f.Source), &d.Source.Users[f.Source]
	in := newIntent(p)
	in.User = &user
	self := model.Member{UserName: user.UserName, SourceID: src.ID}
	in.Before = []model.Condition{model.UserAbsent.On("", user.UserName)}
	if user.ExternalID != "" {
		in.Before = append(in.Before, model.UserAbsent.On("", "").Being(model.FieldExternalID, user.ExternalID))
	}
	in.Before = append(in.Before, model.Entitled.On("", "").With(self))
	in.Afterwards = []model.Condition{model.UserIs.On("", user.UserName).Made(in.Key)}
	for _, field := range append([]string{model.FieldUserName, model.FieldExternalID}, model.FieldNames()...) {
		value, _ := user.Attribute(field)
		if value == "" {
			continue
		}
		if field != model.FieldActive.String() { // whoever is entitled is active
			in.RequireSourceValue(field, src, self)
		}
		if field != model.FieldUserName && !d.Target.Unreadable.Names(field) {
			in.Afterwards = append(in.Afterwards, model.FieldIs.On("", "").Made(in.Key).Being(field, value))
		}
	}
	d.addIntent(in)
	self.Ref = in.Key
	d.joinGroups(p, self, in.Key)
}

// targetUserIntent begins an intent about a user who is at the target: he is who he was, or who an earlier intent makes
// him.
func (d *drafter) targetUserIntent(p choice) (in model.Intent, self model.Member) {
	in = newIntent(p)
	self, after := d.memberAfterRename(p.finding.Target)
	if after != in.Key {
		in.WaitFor(after)
	} else {
		self.UserName = d.Target.Users[p.finding.Target].UserName // this is the renaming itself
	}
	in.Before = []model.Condition{model.UserIs.On(self.ID, self.UserName)}
	return in, self
}

// currentMember is a target user by the name that they have now, where users are told apart by id.
func (d *drafter) currentMember(t int32) model.Member {
	m := model.Member{ID: d.Target.Users[t].ID, UserName: d.Target.Users[t].UserName}
	if s := d.Users.ToSource[t]; s != model.None {
		m.SourceID = d.Source.Users[s].ID
	}
	return m
}

// memberAfterRename is a target user as steps mean him; after is the key of an earlier intent that gives him that name.
func (d *drafter) memberAfterRename(t int32) (m model.Member, after string) {
	m = d.currentMember(t)
	if r, renamed := d.renamedUsers[m.ID]; renamed {
		m.UserName, after = r.name, r.key
	}
	return m, after
}

func (d *drafter) activateUser(p choice) {
	in, self := d.targetUserIntent(p)
	in.SetActive(self.ID, true)
	in.Before = append(in.Before, model.Entitled.On("", "").With(self))
	d.addIntent(in)
	d.joinGroups(p, self, append(slices.Clone(in.After), in.Key)...)
}

func (d *drafter) deactivateUser(p choice) {
	in, self := d.targetUserIntent(p)
	in.SetActive(self.ID, false)
	fact := model.Inactive
	if p.finding.Kind == model.UserLingering {
		fact = model.Unassigned
	}
	in.Before = append(in.Before, fact.On(self.ID, "").With(self))
	d.addIntent(in)
}

func (d *drafter) deleteUser(p choice) {
	in, self := d.targetUserIntent(p)
	for g := range d.Target.Groups {
		if d.Target.Members.Has(int32(g), p.finding.Target) {
			in.Groups = append(in.Groups, model.GroupRef{ID: d.Target.Groups[g].ID, Name: d.Target.Groups[g].Name})
		}
	}
	slices.SortFunc(in.Groups, func(a, b model.GroupRef) int { return model.ByFolded(a.Name, b.Name) })
	in.Before = append(in.Before, model.Unassigned.On(self.ID, "").With(self))
	in.Afterwards = []model.Condition{model.UserAbsent.On(self.ID, self.UserName)}
	d.addIntent(in)
}

func (d *drafter) updateUser(p choice) {
	in, self := d.targetUserIntent(p)
	id := self.ID
	in.Turn = len(d.queueOf(p.finding.Target))
	for _, other := range d.waitsFor[p.finding.Target] {
		in.WaitFor(intentKey(other))
	}
	for _, diff := range p.finding.Fields {
		written := model.Trim(diff.Source)
		in.Changes = append(in.Changes, model.FieldDiff{Name: diff.Name, Source: written, Target: diff.Target})
		if diff.Name == model.FieldUserName {
			in.Before = append(in.Before, model.UserAbsent.On("", written))
			in.Afterwards = append(in.Afterwards, model.UserIs.On(id, written))
			continue
		}
		in.Before = append(in.Before, model.FieldIs.On(id, "").Being(diff.Name, diff.Target))
		in.Afterwards = append(in.Afterwards, model.FieldIs.On(id, "").Being(diff.Name, written))
	}
	for _, diff := range p.finding.Fields {
		in.Before = append(in.Before, model.Wants.On("", "").Being(diff.Name, diff.Source).With(self))
	}
	d.addIntent(in)
}
