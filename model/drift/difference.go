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
	Side string `json:"side"`
	// Type is "user", "group", "membership" or "finding".
	Type string `json:"type"`
	// What is "added", "removed" or "changed", seen from the first comparison.
	What string `json:"what"`
	// Name is the raw userName or group name, or the id of the finding; Of, for a membership, the group that it is in.
	Name   string         `json:"name"`
	Of     string         `json:"of,omitempty"`
	Fields []ChangedField `json:"fields,omitempty"`
}

// ChangedField is a value of a record or finding that changed.
type ChangedField struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// The ways in which two comparisons can differ.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Difference is what changed between two comparisons.
type Difference struct {
	Changes []Change `json:"changes"`
	// Open are parts, such as "target memberships", that one of the two did not read: what it lacks need not be gone.
	Open []string `json:"open"`
	// Unknown are groups, such as "target aws-x", whose members one of the two alone could not read.
	Unknown []string `json:"members_unknown"`
}

// Differences tells what changed from one comparison to the other: records by their ids, source groups by their
// names, and findings by theirs. Members of groups that are in one of the two only are not listed one by one.
func Differences(before, after *Comparison) Difference {
	var d Difference
	d.addSide(model.AtSource, &before.Source.Directory, &after.Source.Directory)
	d.addSide(model.AtTarget, &before.Target, &after.Target)
	if len(d.Open) == 0 { // else findings come and go with what was read
		d.addChanges("", "finding", []string{"severity", "confidence", "cause"}, findingsByID(before.Findings),
			findingsByID(after.Findings))
	} else {
		d.Open = append(d.Open, "findings")
	}
	return d
}

func (d *Difference) addSide(side string, before, after *model.Directory) {
	both := func(p model.Part) bool {
		read := before.Coverage[p].Complete() && after.Coverage[p].Complete()
		if !read {
			d.Open = append(d.Open, side+" "+p.String())
		}
		return read
	}
	if both(model.PartUsers) {
		d.addChanges(side, "user", []string{
			"userName", "displayName", "name.givenName", "name.familyName", "email", "externalId", "active", "assigned",
		}, usersByID(before), usersByID(after))
	}
	if both(model.PartGroups) {
		d.addChanges(side, "group", []string{"displayName", "externalId", "expectation"}, groupsByKey(side, before),
			groupsByKey(side, after))
	}
	if both(model.PartMemberships) {
		d.addMemberships(side, before, after)
	}
}

// record is a user, group, membership (of a group) or finding by its name, with the values that can change.
type record struct {
	name, group string
	values      []string
}

func usersByID(d *model.Directory) map[string]record {
	out := make(map[string]record, len(d.Users))
	for i := range d.Users {
		u := &d.Users[i]
		out[u.ID] = record{name: u.Called(), values: []string{
			u.UserName, u.DisplayName, u.GivenName, u.FamilyName, u.Email, u.ExternalID, strconv.FormatBool(u.Active),
			strconv.FormatBool(u.Assigned),
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
		out[groupKey(side, g)] = record{name: g.Name, values: []string{
			g.Name, g.ExternalID, [...]string{"", "allowed", "expected", "undecided"}[g.Expectation],
		}}
	}
	return out
}

func (d *Difference) addMemberships(side string, before, after *model.Directory) {
	keyOf, read := func(g *model.Group) string { return groupKey(side, g) }, map[string]bool{}
	is := model.By(after.Groups, keyOf)
	for key, old := range model.By(before.Groups, keyOf) {
		switch now := is[key]; {
		case now == nil || old.OnlyNamed() || now.OnlyNamed():
		case old.MembersUnknown != "" || now.MembersUnknown != "":
			d.Unknown = append(d.Unknown, side+" "+old.Name)
		default:
			read[key] = true
		}
	}
	slices.Sort(d.Unknown)
	members := func(of *model.Directory) map[string]record {
		out := map[string]record{}
		for i := range of.Groups {
			key := groupKey(side, &of.Groups[i])
			for _, u := range of.Members.Of(i) {
				if read[key] {
					out[key+"\x00"+of.Users[u].ID] = record{name: of.Users[u].Called(), group: of.Groups[i].Name}
				}
			}
		}
		return out
	}
	d.addChanges(side, "membership", nil, members(before), members(after))
}

func findingsByID(list []model.Finding) map[string]record {
	out := make(map[string]record, len(list))
	for i := range list {
		f := &list[i]
		out[f.ID] = record{name: f.ID, values: []string{f.Severity.String(), f.Confidence.String(), string(f.Cause)}}
	}
	return out
}

// addChanges keeps what changed, in an order that does not depend on that of maps. names are those of the values.
func (d *Difference) addChanges(side, kind string, names []string, before, after map[string]record) {
	var out []Change
	change := func(what string, r record, fields ...ChangedField) {
		out = append(out, Change{Side: side, Type: kind, What: what, Name: r.name, Of: r.group, Fields: fields})
	}
	for key, old := range before {
		now, there := after[key]
		if !there {
			change(Removed, old)
			continue
		}
		var fields []ChangedField
		for i, value := range old.values {
			if now.values[i] != value {
				fields = append(fields, ChangedField{names[i], value, now.values[i]})
			}
		}
		if len(fields) > 0 {
			change(Changed, old, fields...)
		}
	}
	for key, now := range after {
		if _, there := before[key]; !there {
			change(Added, now)
		}
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(model.Fold(a.Of), model.Fold(b.Of)), model.ByFolded(a.Name, b.Name),
			cmp.Compare(a.What, b.What))
	})
	d.Changes = append(d.Changes, out...)
}
