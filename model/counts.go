package model

// SideCounts are the sizes of one side, as every screen and report gives them.
type SideCounts struct {
	Users, Groups, Memberships int
	// Unknown are groups whose members are not known; their memberships are not among the others.
	Unknown int
}

// Counts counts the app's assigned users, the groups that OneLogin should push now, and their members.
func (s *Source) Counts() SideCounts {
	n := SideCounts{Memberships: s.Members.Total()}
	for i := range s.Users {
		if s.Users[i].Assigned {
			n.Users++
		}
	}
	for i := range s.Groups {
		if g := &s.Groups[i]; g.Expectation == Expected {
			n.Groups++
			n.Unknown += unknownMembers(g, s.Coverage)
		}
	}
	return n
}

// Counts counts the users, groups and memberships of a side.
func (d *Directory) Counts() SideCounts {
	n := SideCounts{Users: len(d.Users), Groups: len(d.Groups), Memberships: d.Members.Total()}
	for i := range d.Groups {
		n.Unknown += unknownMembers(&d.Groups[i], d.Coverage)
	}
	return n
}

// unknownMembers counts a group whose own members are not known; where no members of the side are, its coverage says so.
func unknownMembers(g *Group, c Coverages) int {
	if g.MembersUnknown != "" && c[PartMemberships].State != Unknown {
		return 1
	}
	return 0
}
