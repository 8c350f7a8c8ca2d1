package rows

import "github.com/scimdrift/scimdrift/model"

// userRows lists every user that the connection is about: assigned at the source, or at the target at all.
func (s *Set) userRows(worst byRecord) []Row {
	c := s.Comparison
	rows := make([]Row, 0, max(len(c.Source.Users), len(c.Target.Users)))
	for i := range c.Source.Users {
		src := int32(i)
		tgt := c.Users.ToTarget[i]
		if !c.Source.Users[i].Assigned && tgt == model.None {
			continue // only known, so that lingering users can be explained
		}
		r := Row{Source: src, Target: tgt, Finding: worst.sourceUsers[i], User: true}
		r.Relation = s.relation(r, s.userRelation)
		rows = append(rows, r)
	}
	for i := range c.Target.Users {
		if c.Users.ToSource[i] != model.None {
			continue
		}
		r := Row{Source: model.None, Target: int32(i), Finding: worst.targetUsers[i], User: true}
		r.Relation = s.relation(r, s.userRelation)
		rows = append(rows, r)
	}
	return rows
}

// groupRows lists every group of both sides.
func (s *Set) groupRows(worst byRecord) []Row {
	c := s.Comparison
	rows := make([]Row, 0, max(len(c.Source.Groups), len(c.Target.Groups)))
	for i := range c.Source.Groups {
		r := Row{Source: int32(i), Target: c.Groups.ToTarget[i], Finding: worst.sourceGroups[i]}
		r.Relation = s.relation(r, s.groupRelation)
		rows = append(rows, r)
	}
	for i := range c.Target.Groups {
		if c.Groups.ToSource[i] != model.None {
			continue
		}
		r := Row{Source: model.None, Target: int32(i), Finding: worst.targetGroups[i]}
		r.Relation = s.relation(r, s.groupRelation)
		rows = append(rows, r)
	}
	return rows
}

func (s *Set) relation(r Row, without func(Row) Relation) Relation {
	if r.Finding != model.None {
		return relationOf(&s.Comparison.Findings[r.Finding])
	}
	return without(r)
}

// userRelation is the relation of a user without a finding. A record that is alone although both sides were read is the
// loser of a pair that others claim too; the finding is on the winner.
func (s *Set) userRelation(r Row) Relation {
	c := s.Comparison
	srcRead, tgtRead := c.Source.Coverage[model.PartUsers].Complete(), c.Target.Coverage[model.PartUsers].Complete()
	switch {
	case r.Source == model.None:
		return alone(srcRead)
	case c.Source.Users[r.Source].Assigned && c.Source.Users[r.Source].RollOnly:
		return Unsettled // nothing that was read says what he should be
	case r.Target == model.None && !c.Source.Users[r.Source].Active:
		return Same // absent is as good as inactive
	case r.Target == model.None:
		return alone(tgtRead)
	case !c.Source.Users[r.Source].Assigned && !srcRead, c.Users.Basis[r.Source] == model.BasisEmail && (!srcRead || !tgtRead):
		return Unsettled
	default:
		return Same
	}
}

// groupRelation is the relation of a group without a finding.
func (s *Set) groupRelation(r Row) Relation {
	c := s.Comparison
	switch {
	case r.Source == model.None:
		return alone(c.Source.Coverage[model.PartGroups].Complete() && c.GroupDoubt(r.Target) == "")
	case r.Target == model.None && c.Source.Groups[r.Source].Expectation == model.Allowed:
		return Same // nobody is in it now, so that it is rightly absent
	case r.Target == model.None:
		return alone(c.Target.Coverage[model.PartGroups].Complete() && c.Source.Groups[r.Source].Expectation == model.Expected)
	case s.MembersUnknown(r) != "" || s.MembersOpen(r) != "":
		return Unsettled
	default:
		return Same
	}
}

func alone(otherRead bool) Relation {
	if otherRead {
		return Differs
	}
	return Unsettled
}

// MembersUnknown says why the members of a group could not be compared, with the side it is due to; "" if they were.
func (s *Set) MembersUnknown(r Row) string {
	if r.User {
		return ""
	}
	c := s.Comparison
	if r.Source != model.None {
		if why := unread(c.Source.Groups[r.Source].MembersUnknown, c.Source.Coverage[model.PartMemberships]); why != "" {
			return why
		}
	}
	if r.Target != model.None {
		return unread(c.Target.Groups[r.Target].MembersUnknown, c.Target.Coverage[model.PartMemberships])
	}
	return ""
}

func unread(group string, part model.Coverage) string {
	switch {
	case group != "":
		return group
	case part.State == model.Unknown && part.Reason == "":
		return "not read"
	case part.State == model.Unknown:
		return part.Reason
	default:
		return ""
	}
}

// MembersOpen says why more users than are known may belong in a group; "" if that is settled.
func (s *Set) MembersOpen(r Row) string {
	if r.User || r.Source == model.None {
		return ""
	}
	return s.Comparison.Source.Groups[r.Source].MembersOpen
}
