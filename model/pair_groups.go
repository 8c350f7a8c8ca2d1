package model

import "slices"

// provenIDs is how many groups paired by name must carry their role's id before an external id pairs others: fewer
// could be chance, and a wrong pair would rename a stranger's group.
const provenIDs = 3

// PairGroups matches groups by name; then by external id against the role ids, where enough name pairs show that this
// target carries role ids. One external id is enough to speak against a pair, in a tenant of any size.
func PairGroups(source, target []Group) Pairing {
	src, tgt := groupRecords(source), groupRecords(target)
	p := newPairing(len(source), len(target))
	all := func(int32) bool { return true }
	p.match(src, tgt, BasisName, all)
	if p.carriesRoleIDs(source, target) {
		p.matchRoles(source, target)
	}
	p.settle(src, tgt, []Basis{BasisName}, all)
	p.settleRoles(source, target)
	p.spread()
	p.inOrder(src, tgt)
	return p
}

func (p *Pairing) carriesRoleIDs(source, target []Group) bool {
	proven := 0
	for s, t := range p.ToTarget {
		if t != None && slices.Contains(source[s].RoleIDs, target[t].ExternalID) {
			proven++
		}
	}
	return proven >= provenIDs
}

// matchRoles pairs by external id. A source group may have several roles, so its key is a set; where two leftover
// targets carry ids of one group's roles, the first role in order wins and settle finds the other.
func (p *Pairing) matchRoles(source, target []Group) {
	byRole := rolesOf(source)
	best := map[int32]int32{}
	for t := range target {
		t := int32(t)
		s, ok := byRole[target[t].ExternalID]
		if !ok || p.ToSource[t] != None || p.ToTarget[s] != None {
			continue
		}
		rank := func(t int32) int { return slices.Index(source[s].RoleIDs, target[t].ExternalID) }
		if other, taken := best[s]; !taken || rank(t) < rank(other) || rank(t) == rank(other) && compareIDs(target[t].ID, target[other].ID) < 0 {
			best[s] = t
		}
	}
	for s, t := range best {
		p.join(s, t, BasisExternalID)
	}
}

// settleRoles contests each pair by name of a record whose external id says otherwise: a group has the name that
// another has just given up, or two have swapped theirs, and which is meant is for the operator to say.
func (p *Pairing) settleRoles(source, target []Group) {
	byRole := rolesOf(source)
	for t := range target {
		t := int32(t)
		s, ok := byRole[target[t].ExternalID]
		if !ok || p.ToTarget[s] == t {
			continue
		}
		holder := p.ToSource[t]
		if p.ToTarget[s] != None {
			p.claimTarget(s, t)
		}
		if holder != None {
			p.claimSource(holder, s)
		}
	}
}

// rolesOf finds the source group of a role id.
func rolesOf(source []Group) map[string]int32 {
	byRole := make(map[string]int32, len(source))
	for s := range source {
		for _, role := range source[s].RoleIDs {
			byRole[role] = int32(s)
		}
	}
	return byRole
}

func groupRecords(groups []Group) records {
	return records{
		byID: func(a, b int32) int { return compareIDs(groups[a].ID, groups[b].ID) },
		key:  func(i int32, _ Basis) string { return Fold(groups[i].Name) },
	}
}
