package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Provenance is what shows of groups that are at the target now that they were made for what OneLogin pushes: for those
// that are what it should push this comparison, for others what was known of them before.
func (c *Comparison) Provenance() (out []model.Provenance) {
	earlier, read := provenanceByGroup(c.Target.Provenance), provenanceOfReadings(c.Target.Provenance)
	whole := c.Source.Coverage[model.PartGroups].Complete() && c.Target.Coverage[model.PartGroups].Complete()
	for t := range c.Target.Groups {
		g, s := &c.Target.Groups[t], c.Groups.ToSource[t]
		if whole && s != model.None && c.sharesMember(s, int32(t)) {
			out = append(out, model.Provenance{
				ID: g.ID, Name: g.Name, RoleIDs: c.Source.Groups[s].RoleIDs, At: c.Target.ReadAt,
			})
		} else if p := cmp.Or(read[g.ID], earlier[g.ID]); p != nil {
			out = append(out, *p)
		}
	}
	return out
}

// sharesMember: OneLogin yields that name, and both sides have a member in common. A name alone may be a stranger's.
func (c *Comparison) sharesMember(s, t int32) bool {
	if c.Source.Groups[s].Expectation != model.Expected || c.Groups.Contests[s] != nil ||
		c.Groups.Basis[s] != BasisName && c.Groups.Basis[s] != BasisExternalID {
		return false
	}
	members := c.Target.Members.Of(int(t))
	return slices.ContainsFunc(c.Source.Members.Of(int(s)), func(u int32) bool {
		_, in := slices.BinarySearch(members, c.Users.ToTarget[u])
		return in
	})
}

// provenanceByGroup finds them by the ids of their groups: of several the last, but that of a run.
func provenanceByGroup(list []model.Provenance) map[string]*model.Provenance {
	out := make(map[string]*model.Provenance, len(list))
	for i := range list {
		if was := out[list[i].ID]; was == nil || was.Run == "" {
			out[list[i].ID] = &list[i]
		}
	}
	return out
}

// provenanceOfReadings finds, by the ids of their groups, those of an earlier reading: a run does not tell whose role a
// group is.
func provenanceOfReadings(list []model.Provenance) map[string]*model.Provenance {
	byRun := func(p model.Provenance) bool { return p.Run != "" }
	return provenanceByGroup(slices.DeleteFunc(slices.Clone(list), byRun))
}
