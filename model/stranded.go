package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// FormerName is what a group of the target was called that may be gone by now, and what shows it. The name is raw.
type FormerName struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	At   time.Time `json:"at,omitzero"`
	// Where says what shows it, such as "the journal of run 20261123-080000-ab12".
	Where string `json:"where"`
}

// formerMost is how many groups that are gone are remembered, and formerWithin how long.
const (
	formerMost   = 2000
	formerWithin = 90 * 24 * time.Hour
)

// lastKnown is what shows the names of groups of an earlier reading.
const lastKnown = "what was last known of the target"

// NamesOf are the names that groups had when they were read.
func NamesOf(groups []Group, at time.Time) []FormerName {
	out := make([]FormerName, len(groups))
	for i := range groups {
		out[i] = FormerName{ID: groups[i].ID, Name: groups[i].Name, At: at, Where: lastKnown}
	}
	return out
}

// Gone are those of some names whose groups are not there now, each with the last name that it had: at most 2,000, and none that was last
// seen more than 90 days before the newest.
func Gone(known []FormerName, now []Group) []FormerName {
	there := make(map[string]bool, len(now))
	for i := range now {
		there[now[i].ID] = true
	}
	last := map[string]FormerName{}
	for _, f := range known {
		if was, twice := last[f.ID]; !there[f.ID] && (!twice || !f.At.Before(was.At)) {
			last[f.ID] = f
		}
	}
	out := slices.SortedFunc(maps.Values(last), func(a, b FormerName) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	for i := range out {
		if i == formerMost || out[0].At.Sub(out[i].At) > formerWithin {
			return out[:i]
		}
	}
	return out
}

// FormerByRuns is what runs say of the groups that they created, renamed or deleted: each name that a group had by them, with the run.
func FormerByRuns(runs []Run) (out []FormerName) {
	for r := range runs {
		run := &runs[r]
		for i := range run.Steps {
			if run.Plan == nil || i >= len(run.Plan.Steps) || run.Steps[i].State != StepConfirmed {
				continue
			}
			s, rec := &run.Plan.Steps[i], &run.Steps[i]
			if s.Group == nil {
				continue
			}
			f := FormerName{ID: s.Group.ID, Name: s.Group.Name, At: rec.At, Where: "the journal of run " + run.ID}
			switch s.Repair {
			case CreateGroup:
				f.ID = rec.CreatedID
			case RenameGroup:
				named := f
				for _, after := range s.Afterwards {
					if after.Fact == GroupIs && after.ID == f.ID {
						named.Name = after.Name
						out = append(out, named)
					}
				}
			case DeleteGroup:
			default:
				continue
			}
			if f.ID != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

// Stranded are the account assignments that hang on the id of one group that is gone. AWS keeps them, and gives a group that is made
// again a new id (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
type Stranded struct {
	ID   string
	List []Assignment
	// Name is what the group was called, raw, and Proof what shows it. Name is empty where nothing does, or where the proofs disagree.
	Name  string
	Proof []Evidence
	// Group is the target's group of that name; None where there is not exactly one.
	Group int32
	// Why is why they cannot be moved to that group, as a phrase; empty where they can.
	Why string
}

// Movable reports whether it is proven whose they were, and whose they should be.
func (s *Stranded) Movable() bool { return s.Why == "" }

// called names the group that is gone by the name that it had, else by its id.
func (s *Stranded) called() string {
	if s.Name == "" {
		return "the deleted group " + s.ID
	}
	return s.Name + " (deleted, " + s.ID + ")"
}

// findStranded matches what hangs on the ids of groups that are gone to the groups of their names. An assignment goes only to the one
// group that is known to have had it; whatever leaves a doubt is named and leaves it where it is.
func (c *comparer) findStranded() {
	facts := &c.opts.Facts.Assignments
	c.StrandedRead = facts.Asked || c.Target.Kind != "aws" // which alone has account assignments
	if c.StrandedUnread = cmp.Or(facts.Trouble, facts.Rest); !c.StrandedRead {
		c.StrandedUnread = cmp.Or(c.StrandedUnread, "only the AWS lens shows account assignments")
	}
	byID := map[string]*Stranded{}
	var ids []string
	for _, a := range facts.Dangling {
		if a.PrincipalType != SubjectGroup || a.PrincipalID == "" {
			continue
		}
		if byID[a.PrincipalID] == nil {
			byID[a.PrincipalID] = &Stranded{ID: a.PrincipalID, Group: None}
			ids = append(ids, a.PrincipalID)
		}
		byID[a.PrincipalID].List = append(byID[a.PrincipalID].List, a)
	}
	slices.Sort(ids)
	there := map[string]bool{}
	for i := range c.Target.Groups {
		there[c.Target.Groups[i].ID] = true
	}
	for _, id := range ids {
		s := byID[id]
		if there[id] {
			continue // it was read since, and is no dangling one
		}
		s.Name, s.Proof, s.Why = c.formerName(id, ids)
		if s.Name != "" {
			s.Group, s.Why = c.heir(s.Name)
			s.Why = cmp.Or(s.Why, facts.FormerUnread)
		}
		c.Stranded = append(c.Stranded, *s)
	}
	for i := range c.Stranded {
		for j := range c.Stranded {
			if s, other := &c.Stranded[i], &c.Stranded[j]; i != j && s.Name != "" && (SameName(s.Name, other.Name) || LookAlike(s.Name, other.Name)) {
				s.Why = cmp.Or(s.Why, fmt.Sprintf("another deleted group, %s, was called %s too, and which of the two it should be like cannot be told", Visible(other.ID), Visible(other.Name)))
			}
		}
	}
	for i := range c.Stranded {
		if s := &c.Stranded[i]; s.Movable() {
			c.addStranded(s)
		}
	}
}

// addStranded says of a group that it lacks what its deleted predecessor was assigned.
func (c *comparer) addStranded(s *Stranded) {
	src := c.Groups.ToSource[s.Group]
	f := Finding{
		Kind: AssignmentsStranded, Confidence: Certain, Cause: CauseDeletedAtTarget, Subject: c.GroupSubject(src, s.Group),
		Source: src, Target: s.Group, Evidence: slices.Clone(s.Proof),
	}
	for _, name := range AssignmentNames(s.List) {
		f.Evidence = append(f.Evidence, Evidence{What: EvidenceAssignment, Text: name})
	}
	for _, m := range c.Target.Members.Of(int(s.Group)) {
		f.Members = append(f.Members, c.Target.Users[m].UserName)
	}
	slices.Sort(f.Members)
	f.MembersUnknown = c.Target.MembersUnknown(s.Group)
	c.add(f)
}

// strandedFor finds what may be moved to a group of the target; nil if there is nothing.
func (c *Comparison) strandedFor(targetID string) *Stranded {
	for i := range c.Stranded {
		if s := &c.Stranded[i]; s.Movable() && targetID != "" && c.Target.Groups[s.Group].ID == targetID {
			return s
		}
	}
	return nil
}

// formerName is the one name that everything which names the id of a group gives it, with what does.
func (c *comparer) formerName(id string, stranded []string) (name string, proof []Evidence, why string) {
	var names []FormerName
	for _, e := range c.events.failedPushes {
		if named, ok := groupRefused(e.Text, id, stranded); ok {
			names = append(names, FormerName{ID: id, Name: named, Where: "OneLogin's log"})
			if !slices.ContainsFunc(proof, func(p Evidence) bool { return p.What == e.TypeName() }) {
				proof = append(proof, e.evidence()) // the newest; the others say the same or are named below
			}
		}
	}
	for _, f := range c.opts.Facts.Assignments.Former {
		if f.ID == id && Trim(f.Name) != "" {
			names = append(names, f)
			proof = append(proof, Evidence{At: f.At, Where: f.Where, What: "the group " + id + " was called", Text: f.Name})
		}
	}
	if len(names) == 0 {
		return "", nil, "nothing that is kept or logged names the group that had the id, so nobody can tell what they were for"
	}
	for _, other := range names[1:] {
		if !SameName(other.Name, names[0].Name) {
			return "", proof, fmt.Sprintf("%s calls the deleted group %s, and %s calls it %s", names[0].Where, Visible(names[0].Name), other.Where, Visible(other.Name))
		}
	}
	return names[0].Name, proof, ""
}

// groupRefused is the name of the group that a push was refused for because its id is gone, where the text names both: a 404, the
// name in quotes after the word group, and the id. How OneLogin words it is not documented, so that a text which could be read in another
// way, or which names another id of those in question, proves nothing.
func groupRefused(text, id string, ids []string) (name string, ok bool) {
	folded := Fold(text)
	if !containsWord(folded, "404") || !containsWord(folded, Fold(id)) ||
		slices.ContainsFunc(ids, func(other string) bool { return other != id && containsWord(folded, Fold(other)) }) {
		return "", false
	}
	parts := strings.Split(text, `"`)
	if len(parts) != 3 || !containsWord(Fold(parts[2]), Fold(id)) {
		return "", false
	}
	before := strings.TrimRight(parts[0], " ")
	if len(before) == len(parts[0]) || !strings.HasSuffix(Fold(before), "group") || !utf8.ValidString(parts[1]) {
		return "", false
	}
	return parts[1], Trim(parts[1]) != ""
}

// heir is the group of the target that has the name now and that OneLogin yields, or why there is none to be trusted with what another
// one of that name was assigned.
func (c *comparer) heir(name string) (t int32, why string) {
	t = None
	for i := range c.Target.Groups {
		switch g := &c.Target.Groups[i]; {
		case LookAlike(g.Name, name):
			return None, fmt.Sprintf("the name of the group %s looks like %s, and which of the two it was cannot be told", toldApart(g.Name, name), Visible(name))
		case !SameName(g.Name, name):
		case t != None:
			return None, "several groups are called " + Visible(name)
		default:
			t = int32(i)
		}
	}
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; LookAlike(g.Name, name) {
			return None, fmt.Sprintf("OneLogin yields a group whose name looks like it, %s, and which of the two it was cannot be told", toldApart(g.Name, name))
		}
	}
	if t == None {
		return None, "no group is called " + Visible(name) + " at the target; it has to be made again first"
	}
	s := c.Groups.ToSource[t]
	switch {
	case s == None || c.Groups.Contests[s] != nil || c.Groups.onlyLooks(s) || !SameName(c.Source.Groups[s].Name, name):
		return t, "OneLogin does not yield " + Visible(name) + ", so that nobody says that the group should have anything"
	case c.Source.Groups[s].Expectation != Expected:
		return t, "OneLogin yields " + Visible(name) + " for nobody now"
	}
	return t, ""
}

// toldApart tells a name apart from another that it looks like.
func toldApart(name, from string) string {
	_, other := Distinct(from, name)
	return other
}

// dangles answers whether an assignment still hangs on a group that is gone.
func (e *eye) dangles(s *Statement) string {
	if s.ID == "" || s.Assignment == nil {
		return malformed
	}
	a := s.Assignment.of(s.Assignment.PrincipalType, s.ID)
	hangs, read := e.Dangling[a]
	switch {
	case !read:
		return "the account assignment " + Visible(s.Assignment.String()) + notRead
	case s.Fact == AssignmentDangles && !hangs:
		return "the deleted group " + Visible(named(s)) + " has no account assignment to " + Visible(s.Assignment.String()) + " any more"
	case s.Fact == AssignmentGone && hangs:
		return "the deleted group " + Visible(named(s)) + " still has the account assignment to " + Visible(s.Assignment.String())
	}
	return ""
}

// moveAssignments makes the assignments that hang on the id of a deleted group for the group that has its name now, and takes each
// dangling one away only after that: nobody loses what they have, and stopping after any step leaves no more than before.
func (d *drafter) moveAssignments(p choice) {
	f := p.finding
	s := d.strandedFor(f.Subject.TargetID)
	if s == nil {
		d.leave(f.ID, "what shows whose the account assignments were does not hold any more; reload both sides")
		return
	}
	group := GroupRef{ID: d.Target.Groups[s.Group].ID, Name: d.Target.Groups[s.Group].Name}
	has, read := d.Target.Assignments[group.ID]
	if !read || has.Unknown != "" {
		d.leave(f.ID, "the account assignments that the group has now were not read"+strings.TrimSuffix(": "+has.Unknown, ": ")+"; reload both sides")
		return
	}
	gone := Statement{Side: AtTarget, Fact: GroupAbsent, ID: s.ID, Name: s.Name}
	for _, a := range s.List {
		at := a.AccountID + " " + a.PermissionSetARN + " " + f.ID
		made, old := a.of(SubjectGroup, group.ID), a
		plain := a.of(SubjectGroup, "")
		plain.Account, plain.PermissionSet = a.Account, a.PermissionSet
		made.Account, made.PermissionSet = a.Account, a.PermissionSet
		dangles := Statement{Side: AtTarget, Fact: AssignmentDangles, ID: s.ID, Name: s.Name, Assignment: &plain}
		is := Statement{Side: AtTarget, Fact: AssignmentIs, ID: group.ID, Name: group.Name, Assignment: &plain}
		take := intent(p)
		take.Repair, take.Key = ClearAssignments, string(ClearAssignments)+" "+at
		take.Group, take.Assignments = GroupRef{ID: s.ID, Name: s.Name}, []Assignment{old}
		take.Before = []Statement{dangles, gone, {Side: AtTarget, Fact: GroupIs, ID: group.ID, Name: group.Name}, is}
		take.Afterwards = []Statement{{Side: AtTarget, Fact: AssignmentGone, ID: s.ID, Name: s.Name, Assignment: &plain}}
		if !has.Has(a) {
			give := intent(p)
			give.Key = string(MoveAssignments) + " " + at
			give.Group, give.Assignments = group, []Assignment{made}
			give.Before = []Statement{
				{Side: AtTarget, Fact: AssignmentAbsent, ID: group.ID, Name: group.Name, Assignment: &plain},
				dangles, gone,
				{Side: AtTarget, Fact: GroupIs, ID: group.ID, Name: group.Name},
				{Side: AtSource, Fact: Yields, ID: group.ID, Name: group.Name},
			}
			give.Afterwards = []Statement{is}
			d.add(give)
			take.After = []string{give.Key}
		}
		d.add(take)
	}
}
