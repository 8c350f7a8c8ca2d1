package model

import (
	"slices"
)

// pushed is the user that a create writes: what OneLogin would push, active, and nothing that it would not.
func (d *drafter) pushed(s int32) User {
	src := &d.Source.Users[s]
	u := User{
		UserName: Trim(src.UserName), DisplayName: Trim(src.DisplayName),
		GivenName: Trim(src.GivenName), FamilyName: Trim(src.FamilyName),
		Email: Trim(src.Email), Active: true,
	}
	if d.teaches() {
		u.ExternalID = src.ExternalID
	}
	return u
}

// taughtBy is how many pairs must carry the source's external id at the target before a created user gets his: fewer could
// be chance.
const taughtBy = 3

// teaches reports whether the pairs that exist show that this target carries the source's external ids. Which value OneLogin
// sends is the connector's affair, so one pair that carries another is proof enough against it.
func (d *drafter) teaches() bool {
	if d.taught != nil {
		return *d.taught
	}
	agree, contradicted := 0, false
	for s, t := range d.Users.ToTarget {
		src := &d.Source.Users[s]
		if t == None || !src.Assigned || src.RollOnly || d.Users.tied(int32(s)) {
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
	taught := agree >= taughtBy && !contradicted
	d.taught = &taught
	return taught
}

func (d *drafter) createUser(p choice) {
	f := p.finding
	user, src := d.pushed(f.Source), &d.Source.Users[f.Source]
	in := intent(p)
	in.User = &user
	self := Member{UserName: user.UserName, SourceID: src.ID}
	in.Before = []Statement{{Side: AtTarget, Fact: UserAbsent, Name: user.UserName}}
	if user.ExternalID != "" {
		in.Before = append(in.Before, Statement{Side: AtTarget, Fact: UserAbsent, Field: fieldExternalID, Value: user.ExternalID})
	}
	in.Before = append(in.Before, Statement{Side: AtSource, Fact: Entitled, Users: []Member{self}})
	in.Afterwards = []Statement{{Side: AtTarget, Fact: UserIs, Ref: in.Key, Name: user.UserName}}
	for _, field := range append([]string{fieldUserName, fieldExternalID}, fieldNames()...) {
		value, _ := user.attribute(field)
		if value == "" {
			continue
		}
		if field != FieldActive.String() { // whoever is entitled is active
			in.wants(field, src, self)
		}
		if field != fieldUserName && !d.unreadable(field) {
			in.Afterwards = append(in.Afterwards, Statement{Side: AtTarget, Fact: FieldIs, Ref: in.Key, Field: field, Value: value})
		}
	}
	d.add(in)
	self.Ref = in.Key
	d.join(p, self, in.Key)
}

func fieldNames() []string {
	names := make([]string, 0, fieldCount)
	for _, f := range Fields() {
		names = append(names, f.String())
	}
	return names
}

// unreadable reports whether the target cannot return a field, so that nothing can be stated about it.
func (d *drafter) unreadable(field string) bool {
	i := slices.Index(fieldNames(), field)
	return i >= 0 && d.Target.Unreadable.Has(Field(i))
}

// wants states that the source still has the value that is written.
func (in *Intent) wants(field string, src *User, who Member) {
	value, _ := src.attribute(field)
	in.Before = append(in.Before, Statement{Side: AtSource, Fact: Wants, Field: field, Value: value, Users: []Member{who}})
}

// target begins an intent about a user who is at the target: he is who he was, or who an earlier intent makes him.
func (d *drafter) target(p choice) (in Intent, self Member) {
	in = intent(p)
	self, after := d.member(p.finding.Source, p.finding.Target)
	if after != in.Key {
		in.wait(after)
	} else {
		self.UserName = d.Target.Users[p.finding.Target].UserName // this is the renaming itself
	}
	in.Before = []Statement{{Side: AtTarget, Fact: UserIs, ID: self.ID, Name: self.UserName}}
	return in, self
}

// wait makes an intent depend on others; an empty key is nobody's.
func (in *Intent) wait(keys ...string) {
	for _, key := range keys {
		if key != "" && !slices.Contains(in.After, key) {
			in.After = append(in.After, key)
		}
	}
}

// member is a target user as steps mean him, s may be None; after is the key of an earlier intent that gives him that name.
func (d *drafter) member(s, t int32) (m Member, after string) {
	u := &d.Target.Users[t]
	m = Member{ID: u.ID, UserName: u.UserName}
	if s != None {
		m.SourceID = d.Source.Users[s].ID
	}
	if r, renamed := d.users[u.ID]; renamed {
		m.UserName, after = r.name, r.key
	}
	return m, after
}

// switched fills in the change of the active attribute.
func (in *Intent) switched(id string, to bool) {
	word := map[bool]string{true: "true", false: "false"}
	active := FieldActive.String()
	in.Changes = []FieldDiff{{Name: active, Source: word[to], Target: word[!to]}}
	in.Before = append(in.Before, Statement{Side: AtTarget, Fact: FieldIs, ID: id, Field: active, Value: word[!to]})
	in.Afterwards = append(in.Afterwards, Statement{Side: AtTarget, Fact: FieldIs, ID: id, Field: active, Value: word[to]})
}

func (d *drafter) activateUser(p choice) {
	in, self := d.target(p)
	in.switched(self.ID, true)
	in.Before = append(in.Before, Statement{Side: AtSource, Fact: Entitled, Users: []Member{self}})
	d.add(in)
	d.join(p, self, append(slices.Clone(in.After), in.Key)...)
}

func (d *drafter) deactivateUser(p choice) {
	in, self := d.target(p)
	in.switched(self.ID, false)
	fact := Inactive
	if p.finding.Kind == UserLingering {
		fact = Unassigned
	}
	in.Before = append(in.Before, Statement{Side: AtSource, Fact: fact, ID: self.ID, Users: []Member{self}})
	d.add(in)
}

func (d *drafter) deleteUser(p choice) {
	in, self := d.target(p)
	for g := range d.Target.Groups {
		if _, is := slices.BinarySearch(d.Target.Members.Of(g), p.finding.Target); is {
			in.Groups = append(in.Groups, GroupRef{ID: d.Target.Groups[g].ID, Name: d.Target.Groups[g].Name})
		}
	}
	slices.SortFunc(in.Groups, func(a, b GroupRef) int { return byFolded(a.Name, b.Name) })
	in.Before = append(in.Before, Statement{Side: AtSource, Fact: Unassigned, ID: self.ID, Users: []Member{self}})
	in.Afterwards = []Statement{{Side: AtTarget, Fact: UserAbsent, ID: self.ID, Name: self.UserName}}
	d.add(in)
}

func (d *drafter) updateUser(p choice) {
	in, self := d.target(p)
	id := self.ID
	in.turn = len(d.queueOf(p.finding.Target))
	for _, other := range d.behind[p.finding.Target] {
		in.wait(keyOf(other))
	}
	for _, diff := range p.finding.Fields {
		written := Trim(diff.Source)
		in.Changes = append(in.Changes, FieldDiff{Name: diff.Name, Source: written, Target: diff.Target})
		if diff.Name == fieldUserName {
			in.Before = append(in.Before, Statement{Side: AtTarget, Fact: UserAbsent, Name: written})
			in.Afterwards = append(in.Afterwards, Statement{Side: AtTarget, Fact: UserIs, ID: id, Name: written})
			continue
		}
		in.Before = append(in.Before, Statement{Side: AtTarget, Fact: FieldIs, ID: id, Field: diff.Name, Value: diff.Target})
		in.Afterwards = append(in.Afterwards, Statement{Side: AtTarget, Fact: FieldIs, ID: id, Field: diff.Name, Value: written})
	}
	for _, diff := range p.finding.Fields {
		in.Before = append(in.Before, Statement{Side: AtSource, Fact: Wants, Field: diff.Name, Value: diff.Source, Users: []Member{self}})
	}
	d.add(in)
}
