package scim

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// sightings are what lists showed beside their rows and later questions build on: the members inside the groups, the
// groups inside the users. Each list replaces what the one before it showed.
type sightings struct {
	mu     sync.Mutex
	users  userSightings
	groups map[string]readGroup // by id
	// singles: a group showed members when it was read by itself.
	singles bool
	// created are the groups that this client made without members and has not written to since.
	created map[string]bool
	// nested counts the members of a group, by its name, that are groups themselves.
	nested map[string]int
	// filter is the verdict on the membership filters.
	filter filterVerdict
	// controls are known records, and what they proved of the target's negative answers.
	controls controls
}

type userSightings struct {
	// complete: the list was read to its end.
	complete   bool
	unreadable model.FieldSet
	// groups are the users of each group as the users' own groups attribute has it; nil if it names none.
	groups map[string][]string
}

// filterVerdict says whether membership filters are believed: not judged yet, or judged, with the reason against them.
type filterVerdict struct {
	judged  bool
	against string
}

func (s *sightings) setUsers(users userSightings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users = users
}

func (s *sightings) lastUsers() userSightings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users
}

func (s *sightings) setGroups(rows []readGroup) {
	groups := make(map[string]readGroup, len(rows))
	for _, r := range rows {
		groups[r.group.ID] = r
	}
	s.mu.Lock()
	s.groups, s.nested = groups, nil
	s.mu.Unlock()
	for _, r := range rows {
		s.noteNested(r)
	}
}

func (s *sightings) lastGroups() map[string]readGroup {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.groups
}

// showsMembers reports whether this target was seen to give members at all, so that a group without the attribute is empty.
func (s *sightings) showsMembers() bool {
	for _, r := range s.lastGroups() {
		if len(r.members) > 0 {
			return true
		}
	}
	return false
}

// showsSingly is the same for a group that is read by itself, which shows members on targets whose lists do not.
func (s *sightings) showsSingly() bool {
	s.mu.Lock()
	singles := s.singles
	s.mu.Unlock()
	return singles || s.showsMembers()
}

func (s *sightings) noteSingle(r readGroup) {
	if len(r.members) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.singles = true
}

// noteCreated remembers a group that is empty whatever the target shows of it: it was just made so.
func (s *sightings) noteCreated(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.created == nil {
		s.created = map[string]bool{}
	}
	s.created[id] = true
}

// noteWrite forgets that a group was just created: what is written to it may be a member.
func (s *sightings) noteWrite(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.created, id)
	s.forgetSample(id)
}

func (s *sightings) justCreated(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.created[id]
}

func (s *sightings) noteNested(r readGroup) {
	if r.nested == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.nested == nil {
		s.nested = map[string]int{}
	}
	s.nested[r.group.Name] = r.nested
}

func (s *sightings) judge(against string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filter = filterVerdict{judged: true, against: against}
}

func (s *sightings) verdict() filterVerdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.filter
}

func (s *sightings) unreadableFields() model.FieldSet { return s.lastUsers().unreadable }

func (s *sightings) notesSorted() (notes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.nested)) {
		notes = append(notes, fmt.Sprintf("%q has %d groups among its members; their users are not counted as its own", name, s.nested[name]))
	}
	return notes
}
