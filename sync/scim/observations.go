package scim

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// observations are what lists showed beside their rows and later questions build on: the members inside the groups, the
// groups inside the users. Each list replaces what the one before it showed.
type observations struct {
	mu     sync.Mutex
	users  observedUsers
	groups map[string]readGroup // by id
	// shown: some group showed members, in a list or by itself, since this client began. longest is the most that any
	// showed.
	shown   bool
	longest int
	// lone: a target of one user and one group was believed that it shows no member.
	lone bool
	// settled are the sizes at which lists of members that end at a round size were found to be whole, by group.
	settled map[string]int
	// written are the groups that were written to since they were listed.
	written map[string]bool
	// created are the groups that this client made without members and has not written to since.
	created map[string]bool
	// nested counts the members of a group, by its name, that are groups themselves, dangling those whom nobody has.
	nested, dangling map[string]int
	// filter is the verdict on the membership filters.
	filter filterVerdict
	// controls are known records, and what they proved of the target's negative answers.
	controls controls
}

func newObservations() *observations {
	return &observations{
		settled: map[string]int{}, nested: map[string]int{}, dangling: map[string]int{},
		written: map[string]bool{}, created: map[string]bool{},
		controls: controls{samples: map[kind][]sample{}, works: map[kind]bool{}, outcomes: map[collection]outcome{}},
	}
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

// filterVerdict says whether membership filters are believed: not judged yet, or judged, with the reason against them.
type filterVerdict struct {
	judged  bool
	against string
}

// with changes the observations while nobody else does.
func (s *observations) with(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// locked gives what is read of the observations while nobody changes them.
func locked[T any](s *observations, read func() T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return read()
}

func (s *observations) setUsers(users observedUsers) { s.with(func() { s.users = users }) }

func (s *observations) lastUsers() observedUsers {
	return locked(s, func() observedUsers { return s.users })
}

func (s *observations) setGroups(rows []readGroup) {
	groups := make(map[string]readGroup, len(rows))
	for _, r := range rows {
		groups[r.group.ID] = r
	}
	s.mu.Lock()
	s.groups, s.lone = groups, false
	s.nested, s.dangling, s.settled = map[string]int{}, map[string]int{}, map[string]int{}
	s.written = map[string]bool{}
	s.mu.Unlock()
	for _, r := range rows {
		s.noteNested(r)
		s.noteShown(r)
	}
}

func (s *observations) lastGroups() map[string]readGroup {
	return locked(s, func() map[string]readGroup { return s.groups })
}

// showsMembers reports whether some group of the last list has members in it, so that one without any, or without the
// attribute, is empty.
func (s *observations) showsMembers() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(s.lastGroups())), readGroup.populated)
}

// believesEmpty reports whether this target was seen to give members at all, so that a group that shows none is empty.
func (s *observations) believesEmpty() bool {
	return locked(s, func() bool { return s.shown || s.lone })
}

// noteShown remembers what a group showed, wherever it did.
func (s *observations) noteShown(r readGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = s.shown || len(r.members) > 0
	s.longest = max(s.longest, r.size())
}

func (s *observations) longestList() int { return locked(s, func() int { return s.longest }) }

func (s *observations) isGroup(id string) bool {
	_, is := s.lastGroups()[id]
	return is
}

// inList is a group as the last list showed it, unless it was written to since.
func (s *observations) inList(id string) (r readGroup, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok = s.groups[id]
	return r, ok && !s.written[id]
}

func (s *observations) wasWritten(id string) bool {
	return locked(s, func() bool { return s.written[id] })
}

func (s *observations) relist(r readGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	groups := maps.Clone(s.groups) // others may be reading the one before
	groups[r.group.ID] = r
	s.groups = groups
}

func (s *observations) settleAt(group string, size int) { s.with(func() { s.settled[group] = size }) }

func (s *observations) settledAt(group string, size int) bool {
	return locked(s, func() bool {
		at, ever := s.settled[group]
		return ever && at == size
	})
}

// noteCreated remembers a group that is empty whatever the target shows of it: it was just made so.
func (s *observations) noteCreated(id string) { s.with(func() { s.created[id] = true }) }

// noteWrite forgets that a group was just created: what is written to it may be a member.
func (s *observations) noteWrite(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.created, id)
	s.forgetSample(id)
	s.written[id] = true
}

func (s *observations) justCreated(id string) bool {
	return locked(s, func() bool { return s.created[id] })
}

func (s *observations) noteNested(r readGroup) {
	if r.nested > 0 {
		s.with(func() { s.nested[r.group.Name] = r.nested })
	}
}

func (s *observations) noteDangling(name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.dangling, name); n > 0 {
		s.dangling[name] = n
	}
}

func (s *observations) judge(against string) {
	s.with(func() { s.filter = filterVerdict{judged: true, against: against} })
}

func (s *observations) verdict() filterVerdict {
	return locked(s, func() filterVerdict { return s.filter })
}

func (s *observations) notesSorted() (notes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.nested)) {
		notes = append(notes, fmt.Sprintf("%q has %s among its members; their users are not counted as its own", name,
			model.Counted(s.nested[name], "group", "groups")))
	}
	for _, name := range slices.Sorted(maps.Keys(s.dangling)) {
		notes = append(notes, fmt.Sprintf("%q names %s whom the target does not know any more; they give nobody "+
			"access, and are not counted", name, model.Counted(s.dangling[name], "member", "members")))
	}
	return notes
}
