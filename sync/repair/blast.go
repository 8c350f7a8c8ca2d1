package repair

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func (k *compiler) groupsOf(user int32) []int32 {
	if k.groups == nil {
		k.groups = make([][]int32, len(k.c.Target.Users))
		for g := range k.c.Target.Groups {
			for _, u := range k.c.Target.Members.Of(g) {
				k.groups[u] = append(k.groups[u], int32(g))
			}
		}
	}
	return k.groups[user]
}

// blastRadius says who loses what by a step that takes, as far as it was read.
func (k *compiler) blastRadius(in *item, members []model.Member) *model.BlastRadius {
	b := &model.BlastRadius{Members: []string{}, Groups: []string{}, Assignments: []string{}}
	switch in.Repair { //nolint:exhaustive // a userName that changes takes no group away by itself
	case model.RemoveMembers:
		b.Members = sortedNames(members)
		k.blastOfAssignments(b, in.Group.ID, false)
	case model.RemoveAssignments:
		b.Members, b.Assignments = sortedNames(in.Members), model.AssignmentNames(in.Assignments)
		k.removed[in.Group.ID] = append(k.removed[in.Group.ID], in.Assignments...)
	case model.ClearAssignments:
		if _, there := k.index.Group(in.Group.ID); there { // what hangs on a deleted group opens nothing to anybody
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

func sortedNames(members []model.Member) []string {
	out := model.MemberNames(members)
	slices.Sort(out)
	return out
}

func (k *compiler) blastOfGroup(b *model.BlastRadius, in *item) {
	at, ok := k.index.Group(in.Group.ID)
	if !ok {
		b.Members, b.Unknown = sortedNames(in.Members), "the group was not read with the others"
		return
	}
	for _, u := range k.c.Target.Members.Of(int(at)) {
		b.Members = append(b.Members, k.c.Target.Users[u].UserName)
	}
	slices.Sort(b.Members)
	b.Unknown = k.c.Target.MembersUnknown(at)
}

func (k *compiler) blastOfUser(b *model.BlastRadius, in *item) {
	if coverage := k.c.Target.Coverage[model.PartMemberships]; !coverage.Settled() {
		b.Unknown = coverage.String()
	}
	at, ok := k.index.User(in.Subject.TargetID)
	if !ok {
		b.Unknown = "the user was not read with the others"
		return
	}
	for _, g := range k.groupsOf(at) {
		b.Groups = append(b.Groups, k.c.Target.Groups[g].Name)
	}
	slices.Sort(b.Groups)
}
