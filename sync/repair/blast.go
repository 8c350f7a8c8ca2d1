package repair

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// targetIndex finds records of the target by their ids.
type targetIndex struct {
	c             *drift.Comparison
	users, groups map[string]int32
	// of are the groups of each user, by index, made when first asked for.
	of [][]int32
}

func newTargetIndex(c *drift.Comparison) *targetIndex {
	x := &targetIndex{
		c: c, users: make(map[string]int32, len(c.Target.Users)), groups: make(map[string]int32, len(c.Target.Groups)),
	}
	for i := range c.Target.Users {
		x.users[c.Target.Users[i].ID] = int32(i)
	}
	for i := range c.Target.Groups {
		x.groups[c.Target.Groups[i].ID] = int32(i)
	}
	return x
}

// groupsOf are the groups that a user was read to be in.
func (x *targetIndex) groupsOf(user int32) []int32 {
	if x.of == nil {
		x.of = make([][]int32, len(x.c.Target.Users))
		for g := range x.c.Target.Groups {
			for _, u := range x.c.Target.Members.Of(g) {
				x.of[u] = append(x.of[u], int32(g))
			}
		}
	}
	return x.of[user]
}

// blast says who loses what by a step that takes, as far as it was read.
func (k *compiler) blast(in *item, members []model.Member) *model.BlastRadius {
	b := &model.BlastRadius{Members: []string{}, Groups: []string{}, Assignments: []string{}}
	switch in.Repair { //nolint:exhaustive // a userName that changes takes no group away by itself
	case model.RemoveMembers:
		b.Members = names(members)
		k.blastOfAssignments(b, in.Group.ID, false)
	case model.RemoveAssignments:
		b.Members, b.Assignments = names(in.Members), model.AssignmentNames(in.Assignments)
		k.removed[in.Group.ID] = append(k.removed[in.Group.ID], in.Assignments...)
	case model.ClearAssignments:
		if _, there := k.index.groups[in.Group.ID]; there { // what hangs on a deleted group opens nothing to anybody
			k.blastOfGroup(b, in)
			b.Assignments = model.AssignmentNames(in.Assignments)
		}
	case model.DeleteGroup, model.RenameGroup:
		k.blastOfGroup(b, in)
		if in.Repair == model.DeleteGroup { // a new name takes none away
			k.blastOfAssignments(b, in.Group.ID, true)
		}
	case model.DeactivateUser, model.DeleteUser:
		k.blastOfUser(b, in)
		k.blastOfAssignments(b, in.Subject.TargetID, in.Repair == model.DeleteUser)
	}
	return b
}

func names(members []model.Member) []string {
	out := make([]string, 0, len(members))
	for _, m := range members {
		out = append(out, m.UserName)
	}
	slices.Sort(out)
	return out
}

func (k *compiler) blastOfGroup(b *model.BlastRadius, in *item) {
	at, ok := k.index.groups[in.Group.ID]
	if !ok {
		b.Members, b.Unknown = names(in.Members), "the group was not read with the others"
		return
	}
	for _, u := range k.c.Target.Members.Of(int(at)) {
		b.Members = append(b.Members, k.c.Target.Users[u].UserName)
	}
	slices.Sort(b.Members)
	switch coverage := k.c.Target.Coverage[model.PartMemberships]; {
	case k.c.Target.Groups[at].MembersUnknown != "":
		b.Unknown = k.c.Target.Groups[at].MembersUnknown
	case coverage.State == model.Unknown:
		b.Unknown = coverage.Reason
	}
}

func (k *compiler) blastOfUser(b *model.BlastRadius, in *item) {
	if coverage := k.c.Target.Coverage[model.PartMemberships]; !coverage.Settled() {
		b.Unknown = coverage.String()
	}
	at, ok := k.index.users[in.Subject.TargetID]
	if !ok {
		b.Unknown = "the user was not read with the others"
		return
	}
	for _, g := range k.index.groupsOf(at) {
		b.Groups = append(b.Groups, k.c.Target.Groups[g].Name)
	}
	slices.Sort(b.Groups)
}
