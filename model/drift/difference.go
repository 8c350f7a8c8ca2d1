package drift

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
)

// Change is one record or finding that two comparisons of a connection do not share.
type Change struct {
	// Side is AtSource or AtTarget, empty for a finding.
	Side string
	// Type is "user", "group", "membership" or "finding".
	Type string
	// What is "added", "removed" or "changed", seen from the first comparison.
	What string
	// Name is the raw userName or group name, or the id of the finding; Of, for a membership, the group that it is in.
	Name, Of string
	// Fields are what changed, with the values before (Source) and after (Target).
	Fields []model.FieldDiff
}

// The ways in which two comparisons can differ.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Difference is what changed between two comparisons.
type Difference struct {
	Changes []Change
	// Open are parts, such as "target memberships", that one of the two did not read completely: nothing is said of
	// them, because what a read did not show need not be gone.
	Open []string
	// Unknown are groups, such as "target aws-x", whose members one of the two could not read although it read the
	// others'.
	Unknown []string
}

// Differences tells what changed from one comparison to the other: records by their ids, source groups by their
// names, and findings by theirs. Members of groups that are in one of the two only are not listed one by one.
func Differences(before, after *Comparison) Difference {
	var d Difference
	d.side(model.AtSource, &before.Source.Directory, &after.Source.Directory)
	d.side(model.AtTarget, &before.Target, &after.Target)
	if len(d.Open) == 0 { // else findings come and go with what was read
		d.findings(before.Findings, after.Findings)
	} else {
		d.Open = append(d.Open, "findings")
	}
	return d
}

func (d *Difference) side(side string, before, after *model.Directory) {
	both := func(p model.Part) bool {
		read := before.Coverage[p].Complete() && after.Coverage[p].Complete()
		if !read {
			d.Open = append(d.Open, side+" "+p.String())
		}
		return read
	}
	if both(model.PartUsers) {
		d.records(side, "user", usersByID(before), usersByID(after))
	}
	if both(model.PartGroups) {
		d.records(side, "group", groupsByKey(side, before), groupsByKey(side, after))
	}
	if both(model.PartMemberships) {
		d.memberships(side, before, after)
	}
}

// record is what of a user or group can change, by name.
type record struct {
	name   string
	fields []model.FieldDiff // Source is the value
}

func usersByID(d *model.Directory) map[string]record {
	out := make(map[string]record, len(d.Users))
	for i := range d.Users {
		u := &d.Users[i]
		out[u.ID] = record{u.Called(), []model.FieldDiff{
			{Name: "userName", Source: u.UserName},
			{Name: "displayName", Source: u.DisplayName},
			{Name: "name.givenName", Source: u.GivenName},
			{Name: "name.familyName", Source: u.FamilyName},
			{Name: "email", Source: u.Email},
			{Name: "externalId", Source: u.ExternalID},
			{Name: "active", Source: strconv.FormatBool(u.Active)},
			{Name: "assigned", Source: strconv.FormatBool(u.Assigned)},
		}}
	}
	return out
}

// groupKey is the id of a group at the target. A source group is what its name says: rules yield it without any id.
func groupKey(side string, g *model.Group) string {
	if side == model.AtSource {
		return model.Fold(g.Name)
	}
	return g.ID
}

func groupsByKey(side string, d *model.Directory) map[string]record {
	out := make(map[string]record, len(d.Groups))
	for i := range d.Groups {
		g := &d.Groups[i]
		out[groupKey(side, g)] = record{g.Name, []model.FieldDiff{
			{Name: "displayName", Source: g.Name},
			{Name: "externalId", Source: g.ExternalID},
			{Name: "expectation", Source: [...]string{"", "allowed", "expected", "undecided"}[g.Expectation]},
		}}
	}
	return out
}

func (d *Difference) records(side, kind string, before, after map[string]record) {
	var out []Change
	for key, old := range before {
		now, there := after[key]
		if !there {
			out = append(out, Change{Side: side, Type: kind, What: Removed, Name: old.name})
		} else if fields := changed(old.fields, now.fields); len(fields) > 0 {
			out = append(out, Change{Side: side, Type: kind, What: Changed, Name: old.name, Fields: fields})
		}
	}
	for key, now := range after {
		if _, there := before[key]; !there {
			out = append(out, Change{Side: side, Type: kind, What: Added, Name: now.name})
		}
	}
	d.add(out)
}

func changed(before, after []model.FieldDiff) []model.FieldDiff {
	var out []model.FieldDiff
	for i, field := range before {
		if after[i].Source != field.Source {
			out = append(out, model.FieldDiff{Name: field.Name, Source: field.Source, Target: after[i].Source})
		}
	}
	return out
}

// memberships compares the groups that both have and whose members both read.
func (d *Difference) memberships(side string, before, after *model.Directory) {
	var out []Change
	was, is := membersByKey(side, before), membersByKey(side, after)
	for key, old := range was {
		now, there := is[key]
		switch {
		case !there:
			continue
		case old.unknown || now.unknown:
			d.Unknown = append(d.Unknown, side+" "+old.name)
			continue
		}
		for id, name := range old.users {
			if _, there := now.users[id]; !there {
				out = append(out, Change{Side: side, Type: "membership", What: Removed, Name: name, Of: old.name})
			}
		}
		for id, name := range now.users {
			if _, there := old.users[id]; !there {
				out = append(out, Change{Side: side, Type: "membership", What: Added, Name: name, Of: now.name})
			}
		}
	}
	slices.Sort(d.Unknown)
	d.add(out)
}

type membersOf struct {
	name    string
	unknown bool
	users   map[string]string // names by id
}

func membersByKey(side string, d *model.Directory) map[string]membersOf {
	out := make(map[string]membersOf, len(d.Groups))
	for i := range d.Groups {
		g := &d.Groups[i]
		if g.OnlyNamed() {
			continue
		}
		m := membersOf{name: g.Name, unknown: g.MembersUnknown != "", users: map[string]string{}}
		for _, u := range d.Members.Of(i) {
			m.users[d.Users[u].ID] = d.Users[u].Called()
		}
		out[groupKey(side, g)] = m
	}
	return out
}

func (d *Difference) findings(before, after []model.Finding) {
	byID := func(list []model.Finding) map[string]record {
		out := make(map[string]record, len(list))
		for i := range list {
			f := &list[i]
			out[f.ID] = record{f.ID, []model.FieldDiff{
				{Name: "severity", Source: f.Severity.String()},
				{Name: "confidence", Source: f.Confidence.String()},
				{Name: "cause", Source: string(f.Cause)},
			}}
		}
		return out
	}
	d.records("", "finding", byID(before), byID(after))
}

// add keeps changes in an order that does not depend on that of maps.
func (d *Difference) add(changes []Change) {
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(model.Fold(a.Of), model.Fold(b.Of)),
			cmp.Compare(model.Fold(a.Name), model.Fold(b.Name)), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.What, b.What))
	})
	d.Changes = append(d.Changes, changes...)
}
