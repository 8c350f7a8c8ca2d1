package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Provenance is what shows of groups that are at the target now that they were made for what OneLogin pushes: for those
// that are what it should push this comparison, for others what was known of them before.
func (c *Comparison) Provenance() (out []model.Provenance) {
	earlier, read := byGroup(c.Target.Provenance), byReading(c.Target.Provenance)
	whole := c.Source.Coverage[model.PartGroups].Complete() && c.Target.Coverage[model.PartGroups].Complete()
	for t := range c.Target.Groups {
		g, s := &c.Target.Groups[t], c.Groups.ToSource[t]
		if whole && s != model.None && c.keepsUp(s, int32(t)) {
			out = append(out, model.Provenance{
				ID: g.ID, Name: g.Name, RoleIDs: c.Source.Groups[s].RoleIDs, At: c.Target.ReadAt,
			})
		} else if p := cmp.Or(read[g.ID], earlier[g.ID]); p != nil {
			out = append(out, *p)
		}
	}
	return out
}

// keepsUp: OneLogin yields that name, and both sides have a member in common. A name alone may be a stranger's.
func (c *Comparison) keepsUp(s, t int32) bool {
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

// byGroup finds them by the ids of their groups: of several the last, but that of a run.
func byGroup(list []model.Provenance) map[string]*model.Provenance {
	out := make(map[string]*model.Provenance, len(list))
	for i := range list {
		if was := out[list[i].ID]; was == nil || was.Run == "" {
			out[list[i].ID] = &list[i]
		}
	}
	return out
}

// byReading finds, by the ids of their groups, those of an earlier reading: a run does not tell whose role a group is.
func byReading(list []model.Provenance) map[string]*model.Provenance {
	byRun := func(p model.Provenance) bool { return p.Run != "" }
	return byGroup(slices.DeleteFunc(slices.Clone(list), byRun))
}
