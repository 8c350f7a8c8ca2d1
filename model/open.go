package model

// Opened is a record of which nothing is known, and why.
type Opened struct {
	Subject Subject
	Why     string
}

// Open lists the users, or groups, of which nothing is known. Where the target has no groups there is nothing to know
// of them.
func (c *Comparison) Open(of SubjectType) (out []Opened) {
	if of == SubjectGroup && c.Target.Coverage[PartGroups].State == Skipped {
		return nil
	}
	list, pairing, subject := &c.verdicts.groups, &c.Groups, c.GroupSubject
	if of == SubjectUser {
		list, pairing, subject = &c.verdicts.users, &c.Users, c.UserSubject
	}
	for s := range list[0] {
		if v := &list[0][s]; v.Relation == Unsettled {
			out = append(out, Opened{subject(int32(s), pairing.ToTarget[s]), v.Why})
		}
	}
	for t := range list[1] {
		if v := &list[1][t]; v.Relation == Unsettled && pairing.ToSource[t] == None {
			out = append(out, Opened{subject(None, int32(t)), v.Why})
		}
	}
	return out
}
