package model

// PairUsers matches users by external id, then userName, then e-mail; then what looks alike. Assigned source users go first: a target user is
// paired with an unassigned one only if no assigned one claims it.
func PairUsers(source, target []User) Pairing {
	src, tgt := userRecords(source), userRecords(target)
	p := newPairing(len(source), len(target))
	bases := []Basis{BasisExternalID, BasisUserName, BasisEmail}
	assigned := func(s int32) bool { return source[s].Assigned }
	for _, b := range bases {
		p.match(src, tgt, b, assigned)
	}
	p.settle(src, tgt, bases, assigned)
	p.contestRings(src, tgt)
	p.contestByEmail(src, tgt, target)
	p.spread()
	p.inOrder(src, tgt)
	// The app's users go first here too: else somebody whom it does not list would make the record of one a lingering one.
	p.matchLookAlikes(src, tgt, func(s int32) string { return source[s].UserName },
		func(t int32) string { return target[t].UserName }, assigned)
	unassigned := func(s int32) bool { return !source[s].Assigned }
	unclaimed := tgt
	unclaimed.key = func(t int32, b Basis) string {
		if p.lostTarget[t] {
			return "" // already claimed by an assigned user
		}
		return tgt.key(t, b)
	}
	for _, b := range bases {
		p.match(src, unclaimed, b, unassigned)
	}
	return p
}

func userRecords(users []User) records {
	return records{
		byID: func(a, b int32) int { return compareIDs(users[a].ID, users[b].ID) },
		key: func(i int32, b Basis) string {
			switch u := &users[i]; b {
			case BasisExternalID:
				return u.ExternalID
			case BasisUserName:
				return Fold(u.UserName)
			case BasisEmail:
				return Fold(u.Email)
			case NoBasis, BasisName, BasisRename, BasisLookAlike:
			}
			return ""
		},
	}
}
