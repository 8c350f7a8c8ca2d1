package model

// PairUsers matches users by external id, then userName, then e-mail; then what looks alike. Assigned source users go
// first: a target user is paired with an unassigned one only if no assigned one claims it.
func PairUsers(source, target []User) Pairing {
	src, tgt := userRecords(source), userRecords(target)
	p := newPairing(len(source), len(target))
	bases := []Basis{BasisExternalID, BasisUserName, BasisEmail}
	assigned := func(s int32) bool { return source[s].Assigned }
	for _, b := range bases {
		p.match(src, tgt, b, assigned)
	}
	p.settle(src, tgt, bases, assigned)
	// Most pairs agree to the letter, and need no folding to see that.
	differ := func(s int32, values func(*User) [2]string) bool {
		t := p.ToTarget[s]
		return assigned(s) && (t == None || values(&source[s]) != values(&target[t]))
	}
	email := func(s int32) bool {
		t := p.ToTarget[s]
		return differ(s, func(u *User) [2]string { return [2]string{u.Email} }) && (t == None || !target[t].EmailUnsure)
	}
	p.contestRings(src, tgt, func(s int32) bool {
		return p.Basis[s] != BasisUserName && differ(s, func(u *User) [2]string { return [2]string{u.UserName} })
	})
	for s, c := range p.Contests {
		c.Tied = c.Tied || email(s) && p.denied(src, tgt, BasisEmail, s)
	}
	p.contestByKey(src, tgt, BasisEmail, email)
	p.spread()
	// The app's users go first here too: else somebody whom it does not list would make the record of one a lingering
	// one.
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
	// There are namesakes, so that names come last: they speak only of records that nobody else has a claim on.
	p.contestByKey(src, tgt, BasisName, func(s int32) bool {
		return differ(s, func(u *User) [2]string { return [2]string{u.GivenName, u.FamilyName} })
	})
	p.inOrder(src, tgt)
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
			case BasisName: // never pairs, for there are namesakes
				if given, family := Fold(u.GivenName), Fold(u.FamilyName); given != "" && family != "" {
					return given + "\x00" + family
				}
			case NoBasis, BasisRename, BasisLookAlike:
			}
			return ""
		},
	}
}
