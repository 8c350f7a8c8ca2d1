package drift

import (
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// proofs is what can show that a stray target group was provisioned by OneLogin and is not somebody else's.
type proofs struct {
	// roleByID and roleByName find roles that exist now, whether they yield a group or not.
	roleByID, roleByName map[string]*model.Role
	// gone holds the newest role-deleted or unmapped event by the group name that the role yielded, and by role id.
	goneByName, goneByID map[string]*model.Event
	// oldest is when the target made the first of its groups, as far as it says so.
	oldest time.Time
	// maker is who made every record of the target that came over SCIM, in the lens's words; empty where unclear.
	maker string
	// earlier has what an earlier reading or a run shows of groups, by their ids.
	earlier map[string]*model.Provenance
	// yieldingRoles are the roles that yield a group now.
	yieldingRoles map[string]bool
}

func (c *Comparer) indexProofs() proofs {
	p := proofs{
		roleByID: c.roles, roleByName: map[string]*model.Role{}, goneByName: map[string]*model.Event{},
		goneByID: map[string]*model.Event{}, yieldingRoles: map[string]bool{},
		earlier: provenanceByGroup(c.Target.Provenance),
	}
	for s := range c.Source.Groups {
		for _, role := range c.Source.Groups[s].RoleIDs {
			p.yieldingRoles[role] = true
		}
	}
	for i := range c.Source.Roles {
		r := &c.Source.Roles[i]
		for _, name := range c.namesOf(r.Name) {
			p.roleByName[name] = r
		}
	}
	for i := range c.Target.Groups {
		if made := c.Target.Groups[i].Created; !made.IsZero() && (p.oldest.IsZero() || made.Before(p.oldest)) {
			p.oldest = made
		}
	}
	p.maker = c.provisioner()
	for _, e := range c.events.rolesGone {
		if e.RoleID != "" && p.goneByID[e.RoleID] == nil {
			p.goneByID[e.RoleID] = e
		}
		for _, name := range c.namesOf(e.RoleName) {
			if p.goneByName[name] == nil {
				p.goneByName[name] = e
			}
		}
	}
	return p
}

// minProvisioned is how many records must show who makes what comes over SCIM.
const minProvisioned = 3

// provisioner is who makes what comes over SCIM. How AWS words that is not documented, so that only what its own
// records agree on counts: an external id shows that they came over SCIM.
func (c *Comparer) provisioner() (maker string) {
	made := 0
	agree := func(externalID, by string) bool {
		if externalID == "" || by == "" {
			return true
		}
		made++
		agreed := maker == "" || maker == by
		maker = by
		return agreed
	}
	for i := range c.Target.Users {
		if u := &c.Target.Users[i]; !agree(u.ExternalID, u.CreatedBy) {
			return ""
		}
	}
	for i := range c.Target.Groups {
		if g := &c.Target.Groups[i]; !agree(g.ExternalID, g.CreatedBy) {
			return ""
		}
	}
	if made < minProvisioned {
		return ""
	}
	return maker
}

// namesOf gives the folded names of groups that a role stands for: its own, and what the configuration makes of it.
func (c *Comparer) namesOf(role string) []string {
	folded := model.Fold(role)
	if folded == "" {
		return nil
	}
	if name, ok := c.Options.Groups.NameFor(role); ok && model.Fold(name) != folded {
		return []string{folded, model.Fold(name)}
	}
	return []string{folded}
}

// maxPushDelay is twice what OneLogin gives as the delay of queued work
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
const maxPushDelay = 10 * time.Minute

// roleGoneEvent is the event that says that the role of a group went, if one was read. A role of that name that went
// before the group was made is not where it is from; at a target of which no group is as old as the event, such as one
// that was moved or restored since, that says nothing.
func (p proofs) roleGoneEvent(g *model.Group) *model.Event {
	e := p.goneByName[model.Fold(g.Name)]
	if e != nil && g.Created.After(e.At.Add(maxPushDelay)) && p.oldest.Before(e.At) {
		e = nil
	}
	if e == nil && g.ExternalID != "" {
		e = p.goneByID[g.ExternalID]
	}
	return e
}

// isWeak: nothing better shows where the group is from than an earlier reading, in which it had the name of one that
// OneLogin yielded, or who made it. So it is likely and no more.
func (p proofs) isWeak(g *model.Group) bool {
	if e := p.earlier[g.ID]; e != nil {
		return e.Run == "" && g.ExternalID == ""
	}
	return p.madeByProvisioner(g)
}

func (p proofs) madeByProvisioner(g *model.Group) bool {
	return g.ExternalID == "" && g.CreatedBy != "" && g.CreatedBy == p.maker
}

// bestProof gives the best proof for a group: an event says who and when, a role why, an external id only that it was
// made.
func (p proofs) bestProof(g *model.Group) (cause model.Cause, evidence []model.Evidence, proven bool) {
	name := model.Fold(g.Name)
	e, role := p.roleGoneEvent(g), p.roleByName[name]
	if role == nil && g.ExternalID != "" {
		role = p.roleByID[g.ExternalID]
	}
	proof := func(what, text string) []model.Evidence { return []model.Evidence{listEvidence(what, text)} }
	switch {
	case e != nil && e.Type == model.EventRoleDeleted:
		return model.CauseSourceDeleted, eventEvidence(e), true
	case e != nil:
		return model.CauseSourceUnmapped, eventEvidence(e), true
	case role != nil && p.yieldingRoles[role.ID]:
		return model.CauseUnknown,
			proof("external id at the target is that of a role that now yields another group", role.Name), true
	case role != nil && !role.Grants:
		return model.CauseSourceUnmapped, proof("role no longer grants the app", role.Name), true
	case role != nil:
		return model.CauseSourceUnmapped, proof("role no longer yields this group", role.Name), true
	case g.ExternalID != "":
		return model.CauseUnknown, proof("external id at the target", g.ExternalID), true
	case p.earlier[g.ID] != nil:
		return model.CauseUnknown, []model.Evidence{p.earlier[g.ID].Evidence()}, true
	case p.madeByProvisioner(g):
		return model.CauseUnknown, proof("made by whoever made what has external ids at the target", g.CreatedBy), true
	case g.CreatedBy != "":
		return model.CauseNoProof, proof("made at the target by", g.CreatedBy), false
	}
	return model.CauseNoProof, nil, false
}
