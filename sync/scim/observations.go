package scim

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// observations are what lists showed beside their rows and later questions build on. What has a method here changes in
// place; the rest is replaced as a whole, and whoever has it by now may read it without the lock.
type observations struct {
	facts

	mu sync.Mutex
	// marks are by the id of a group, remarks by its name, for people.
	marks   map[string]groupMark
	remarks map[string]groupRemark
	// samples are known records; filterFound: asking by that found one; filterHeeded: asking for what nobody has found
	// nobody.
	samples      samples
	filterFound  map[questionKind]bool
	filterHeeded map[questionKind]model.Tri
}

type facts struct {
	// users and groups are those of the last lists; groups by id, and nil before there was a list.
	users  observedUsers
	groups map[string]readGroup
	// membersShown: some group showed members since this client began. longestList is the most that any showed.
	membersShown bool
	longestList  int
	// loneBelieved: a target of one user and one group was believed that it shows no member.
	loneBelieved bool
	// emptinessDoubt is why the last read of AWS's memberships did not believe that no group has a member.
	emptinessDoubt string
	// outcomes are those of the last question about a known record of each collection.
	outcomes [2]controlOutcome
	// recalled: the samples of a collection are those of an earlier program.
	recalled [2]bool
}

type observedUsers struct {
	// complete: the list was read to its end.
	complete   bool
	unreadable model.FieldSet
	// groups are the users of each group as the users' own groups attribute has it; nil if it names none.
	groups map[string][]string
	// named are the folded names of these groups.
	named map[string]bool
}

// groupMark is what happened to a group: it was made here without members and not written to since; it was written to
// since it was listed; a list of members that ends at this round size was found to be whole.
type groupMark struct {
	created, written bool
	settledSize      int
}

// groupRemark counts members of a group that are groups themselves, and such whom nobody has.
type groupRemark struct{ nested, dangling int }

func newObservations() *observations {
	return &observations{
		marks: map[string]groupMark{}, remarks: map[string]groupRemark{}, samples: samples{},
		filterFound: map[questionKind]bool{}, filterHeeded: map[questionKind]model.Tri{},
	}
}

func (s *observations) snapshot() facts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.facts
}

func (s *observations) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *observations) setGroups(rows []readGroup) {
	groups := make(map[string]readGroup, len(rows))
	for _, r := range rows {
		groups[r.group.ID] = r
	}
	s.update(func() {
		s.groups, s.loneBelieved, s.remarks = groups, false, map[string]groupRemark{}
		for id, m := range s.marks {
			s.marks[id] = groupMark{created: m.created}
		}
	})
	for _, r := range rows {
		s.noteShown(r)
		s.setRemark(r.group.Name, groupRemark{nested: len(r.nested)})
	}
}

// showsMembers: some group of the last list has members in it, so that one without any is empty.
func (s *observations) showsMembers() bool {
	for _, r := range s.snapshot().groups {
		if r.showsMembers() {
			return true
		}
	}
	return false
}

// believesEmpty reports whether this target was seen to give members at all, so that a group that shows none is empty.
func (s *observations) believesEmpty() bool {
	now := s.snapshot()
	return now.membersShown || now.loneBelieved
}

func (s *observations) noteShown(r readGroup) {
	s.update(func() {
		s.membersShown, s.longestList = s.membersShown || r.showsMembers(), max(s.longestList, r.memberCount())
	})
}

func (s *observations) replaceGroup(r readGroup) {
	s.update(func() {
		s.groups = maps.Clone(s.groups) // others may be reading the one before
		s.groups[r.group.ID] = r
	})
}

func (s *observations) markOf(id string) groupMark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.marks[id]
}

func (s *observations) setMark(id string, change func(*groupMark)) {
	s.update(func() {
		m := s.marks[id]
		change(&m)
		s.marks[id] = m
	})
}

// noteWrite: a record that was written to may have other members or another name, or be gone.
func (s *observations) noteWrite(id string) {
	s.update(func() {
		s.marks[id] = groupMark{written: true, settledSize: s.marks[id].settledSize}
		for k, known := range s.samples {
			s.samples[k] = slices.DeleteFunc(slices.Clone(known), func(one sample) bool { return one.id == id })
		}
	})
}

func (s *observations) setRemark(name string, r groupRemark) {
	s.update(func() {
		if delete(s.remarks, name); r != (groupRemark{}) {
			s.remarks[name] = r
		}
	})
}

func (s *observations) remarkMembers(r *readGroup, list *model.MemberList) {
	s.setRemark(r.group.Name, groupRemark{len(list.Nested), len(list.Dangling)})
}

func (s *observations) remarkTexts() (notes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.remarks)) {
		if n := s.remarks[name].nested; n > 0 {
			notes = append(notes, fmt.Sprintf("%q has %s among its members; their users are not counted as its own",
				name, model.Counted(n, "group", "groups")))
		}
		if n := s.remarks[name].dangling; n > 0 {
			notes = append(notes, fmt.Sprintf("%q names %s whom the target does not know any more; they give nobody "+
				"access, and are not counted", name, model.Counted(n, "member", "members")))
		}
	}
	return notes
}
