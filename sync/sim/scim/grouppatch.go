package scim

import (
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// groupChange is one operation of a PatchGroup, read and checked.
type groupChange struct {
	kind    groupKind
	text    string   // the new name or external id
	members []string // user ids
}

type groupKind int

const (
	setName groupKind = iota
	setExternal
	dropExternal
	addMembers
	removeMembers
	replaceMembers // ReplaceLegacy only, and so are the next three
	clearMembers
	clearAndFail // a replace with an empty id: 400, and the group is empty
	nothing      // a replace with no values: 204, and nothing happens
)

// patchGroup changes a group. All operations are read before the first is applied, so that a request that breaks a
// rule changes nothing; what fails only while it is applied is undone unless PatchAtomic is off.
func (c *call) patchGroup() (*answer, error) {
	g := c.target.Groups[c.id]
	if g == nil {
		return nil, refuse(http.StatusNotFound, "No group %s", c.id)
	}
	operations, err := c.readChanges()
	if err != nil {
		return nil, err
	}
	total := 0
	changes := make([]groupChange, 0, len(operations))
	for _, op := range operations {
		ch, err := c.readGroupChange(op)
		if err != nil {
			return nil, err
		}
		total += len(ch.members)
		changes = append(changes, ch)
	}
	// The cap holds for the whole request, not for each operation.
	if total > maxChanges {
		return nil, invalid("%d membership changes are more than the allowed %d", total, maxChanges)
	}
	if err := c.allowMembers(total); err != nil {
		return nil, err
	}
	undo := undoGroup(g, changes)
	for _, ch := range changes {
		if err := c.applyToGroup(g, ch); err != nil {
			if c.knobs.PatchAtomic && ch.kind != clearAndFail {
				undo()
			} else {
				c.touch(g)
			}
			return nil, err
		}
	}
	c.touch(g)
	return &answer{status: http.StatusNoContent}, nil
}

// touch notes that a group was written.
func (c *call) touch(g *world.TargetGroup) {
	g.Modified = c.now
	g.Revision++
	c.index.group(g)
}

// undoGroup remembers what the changes can touch and returns the way back. It does not copy the members, of which
// there may be 100,000: what replaces them all makes a new map and leaves the old one alone.
func undoGroup(g *world.TargetGroup, changes []groupChange) func() {
	if g.Members == nil {
		g.Members = map[string]bool{} // a group that somebody put into the world without AddGroup
	}
	before, was := *g, map[string]bool{}
	for _, ch := range changes {
		for _, id := range ch.members {
			was[id] = g.Members[id]
		}
	}
	return func() {
		*g = before
		for id, in := range was {
			if in {
				g.Members[id] = true
			} else {
				delete(g.Members, id)
			}
		}
	}
}

func (c *call) readGroupChange(op change) (groupChange, error) {
	plain := op.path.filter == nil && len(op.path.parts) == 0
	switch {
	case strings.EqualFold(op.path.attr, "members"):
		return c.readMemberChange(op)
	case plain && strings.EqualFold(op.path.attr, "displayName") && op.op != "remove":
		name, err := groupName(op.value)
		return groupChange{kind: setName, text: name}, err
	case plain && strings.EqualFold(op.path.attr, "externalId"):
		if op.op == "remove" {
			return groupChange{kind: dropExternal}, nil
		}
		id, err := groupExternal(op.value)
		return groupChange{kind: setExternal, text: id}, err
	}
	return groupChange{}, invalid("Attribute %s cannot be patched", op.path.attr)
}

func (c *call) readMemberChange(op change) (groupChange, error) {
	if f := op.path.filter; f != nil {
		if op.op != "remove" || !c.knobs.MemberPathFilter || f.attr != "value" || f.value == "" || len(op.path.parts) > 0 {
			return groupChange{}, invalid("Invalid path for members")
		}
		return groupChange{kind: removeMembers, members: []string{f.value}}, nil
	}
	if len(op.path.parts) > 0 {
		return groupChange{}, invalid("Invalid path for members")
	}
	if one, ok := op.value.(object); ok && op.op != "replace" {
		op.value = []any{one}
	}
	if list, _ := op.value.([]any); len(list) == 0 || op.op == "replace" {
		return c.readReplace(op, list)
	}
	ids, err := c.memberValues(op.value)
	kind := addMembers
	if op.op == "remove" {
		kind = removeMembers
	}
	return groupChange{kind: kind, members: ids}, err
}

// readReplace reads what would change every membership at once.
func (c *call) readReplace(op change, list []any) (groupChange, error) {
	if _, isList := op.value.([]any); op.given && !isList {
		return groupChange{}, invalid("members must be an array")
	}
	if op.op == "add" {
		return groupChange{}, invalid("No members to add")
	}
	if c.knobs.MemberReplace != ReplaceLegacy {
		f := invalid("Removing all group memberships is not supported.")
		if op.op == "replace" {
			f.detail, f.precise = textReplace, textReplace
		}
		return groupChange{}, f
	}
	if op.op == "remove" {
		return groupChange{kind: clearMembers}, nil
	}
	if len(list) == 0 {
		return groupChange{kind: nothing}, nil
	}
	for _, item := range list {
		if entry, _ := item.(object); member(entry, "value") == "" {
			return groupChange{kind: clearAndFail}, nil
		}
	}
	ids, err := c.memberValues(op.value)
	return groupChange{kind: replaceMembers, members: ids}, err
}

func (c *call) applyToGroup(g *world.TargetGroup, ch groupChange) error {
	switch ch.kind {
	case setName, setExternal:
		renamed := &world.TargetGroup{DisplayName: g.DisplayName, ExternalID: g.ExternalID}
		if ch.kind == setName {
			renamed.DisplayName = ch.text
		} else {
			renamed.ExternalID = ch.text
		}
		if what := c.groupClash(renamed, g); what != "" && c.knobs.RenameConflictStatus != 0 {
			return refuse(c.knobs.RenameConflictStatus, "Duplicate %s", what)
		}
		g.DisplayName, g.ExternalID = renamed.DisplayName, renamed.ExternalID
		c.index.group(g)
	case dropExternal:
		g.ExternalID = ""
	case addMembers:
		return c.addMembers(g, ch.members)
	case removeMembers:
		return c.removeMembers(g, ch.members)
	case replaceMembers:
		g.Members = map[string]bool{}
		return c.addMembers(g, ch.members)
	case clearMembers, clearAndFail:
		g.Members = map[string]bool{}
		if ch.kind == clearAndFail {
			return invalid(preciseNoName, "members.value")
		}
	case nothing:
	}
	return nil
}

func (c *call) addMembers(g *world.TargetGroup, ids []string) error {
	for _, id := range ids {
		if c.target.Users[id] == nil {
			if c.knobs.UnknownMemberPatch != 0 {
				return refuse(c.knobs.UnknownMemberPatch, "No user %s", id)
			}
			continue
		}
		if g.Members[id] && c.knobs.PresentMemberStatus != 0 {
			return refuse(c.knobs.PresentMemberStatus, "User %s is a member", id)
		}
		g.Members[id] = true
	}
	return nil
}

func (c *call) removeMembers(g *world.TargetGroup, ids []string) error {
	for _, id := range ids {
		if !g.Members[id] && c.knobs.AbsentMemberStatus != 0 {
			return refuse(c.knobs.AbsentMemberStatus, "User %s is not a member", id)
		}
		delete(g.Members, id)
	}
	return nil
}
