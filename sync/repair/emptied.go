package repair

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// emptied is an error for a group that the target says has nobody in it although somebody was when both sides were
// read: that is what a list looks like that could not be read, so that nothing is taken, granted or kept on the
// strength of it. What a run takes out itself is patched into the last comparison.
func (r *Repairer) emptied(members map[string]model.MemberList) error {
	c := r.opts.Reader.Last()
	if c == nil {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(members)) {
		if list := members[id]; list.Unknown != "" || len(list.IDs) > 0 {
			continue
		}
		g := slices.IndexFunc(c.Target.Groups, func(g model.Group) bool { return g.ID == id })
		if g < 0 || c.Target.Groups[g].MembersUnknown != "" {
			continue
		}
		if n := len(c.Target.Members.Of(g)); n > 0 {
			return fmt.Errorf("the target lists nobody in %s, and %d were in it when both sides were read; load both "+
				"sides again and plan again", nameAlone(c.Target.Groups[g].Name), n)
		}
	}
	return nil
}

// groupsOf gives the groups of a user for his backup. One in which the last reading saw him, and which is not among
// them, is asked for its members: a list of groups that is cut would be forgotten by the way back.
func (r *Repairer) groupsOf(ctx context.Context, id string) (groups []model.GroupRef, incomplete string, err error) {
	groups, incomplete, err = r.opts.Target.GroupsOf(ctx, id)
	c := r.opts.Reader.Last()
	if err != nil || incomplete != "" || c == nil {
		return groups, incomplete, err
	}
	user := slices.IndexFunc(c.Target.Users, func(u model.User) bool { return u.ID == id })
	for g := range c.Target.Groups {
		group := &c.Target.Groups[g]
		if _, in := slices.BinarySearch(c.Target.Members.Of(g), int32(user)); !in ||
			slices.ContainsFunc(groups, func(g model.GroupRef) bool { return g.ID == group.ID }) {
			continue
		}
		list, err := r.opts.Target.MembersOf(ctx, group.ID)
		if err == nil {
			err = r.emptied(map[string]model.MemberList{group.ID: list})
		}
		switch {
		case err != nil:
			return nil, "", err
		case list.Unknown != "":
			return groups, fmt.Sprintf("whether %s is still one of them cannot be told: %s",
				nameAlone(group.Name), list.Unknown), nil
		case slices.Contains(list.IDs, id):
			return nil, "", fmt.Errorf("the target says both that the user is in %s and that he is not; read again",
				nameAlone(group.Name))
		}
	}
	return groups, "", nil
}
