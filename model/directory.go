// Package model is the pure heart of scimdrift: users, groups, the directories of both sides, how their records pair,
// what should be where, and the findings that name every difference. It does no I/O and reads no clock.
package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Totals are the counts of one side, wherever they are shown.
type Totals struct {
	Users, Groups, Memberships int
	// Unknown are groups whose members are not known: their memberships are not among the others.
	Unknown int
}

// Totals counts all records of a target. Ignored groups were left out before.
func (d *Directory) Totals() Totals {
	n := Totals{Users: len(d.Users), Groups: len(d.Groups), Memberships: d.Members.Total()}
	for i := range int32(len(d.Groups)) {
		if d.Coverage[PartMemberships].State != Skipped && d.MembersUnknown(i) != "" {
			n.Unknown++
		}
	}
	return n
}

// Has reports whether a list holds an index; lists are ascending.
func (l Lists) Has(list, index int32) bool {
	_, found := slices.BinarySearch(l.Of(int(list)), index)
	return found
}

// Called is what a user is called in words: by the userName, else by what else they have that is not blank.
func (u *User) Called() string {
	if strings.TrimSpace(u.UserName) != "" {
		return u.UserName
	}
	for _, name := range []string{u.Email, u.DisplayName, Trim(u.GivenName + " " + u.FamilyName), u.Login} {
		if strings.TrimSpace(name) != "" {
			return name
		}
	}
	return u.ID
}

// Called is what a group is called in words: by its name, else by its id.
func (g *Group) Called() string {
	if strings.TrimSpace(g.Name) != "" {
		return g.Name
	}
	return g.ID
}

// Folded is the name as it is compared.
func (g *Group) Folded() string { return Fold(g.Name) }

// CalledTogether names a user of one side or both: by the source's userName, else the target's, else by what they have.
func CalledTogether(src, tgt *User) string {
	if src == nil || tgt != nil && strings.TrimSpace(src.UserName) == "" && strings.TrimSpace(tgt.UserName) != "" {
		return tgt.Called()
	}
	return src.Called()
}

// Called is what a subject is called in words: by its name, with the spaces around it spelled.
func (s Subject) Called() string { return SpellEdges(s.Name) }

// Unread says what is not known of a user of whom only the app's list speaks.
func (u *User) Unread() string {
	if u.Standing != "" {
		return "OneLogin says " + u.Standing + ", documented nowhere"
	}
	return "the details of the user could not be read at the source"
}

// User is a user on either side, normalised so that both sides can be compared field by field: a source user carries
// the values that OneLogin would push, a target user those that the target holds. Strings are raw.
type User struct {
	// ID is the id on its own side. ExternalID at the target is the externalId attribute; at the source it is the value
	// that OneLogin sends as such: its external_id where set, else its id.
	ID         string `json:"id"`
	ExternalID string `json:"external_id,omitempty"`

	UserName    string `json:"user_name"`
	DisplayName string `json:"display_name,omitempty"`
	GivenName   string `json:"given_name,omitempty"`
	FamilyName  string `json:"family_name,omitempty"`
	Email       string `json:"email,omitempty"`
	// EmailUnsure, at the target: the record has several addresses and does not say which is the one that is compared.
	// Email is the first of them, and no difference follows from it.
	EmailUnsure bool `json:"email_unsure,omitempty"`
	// Active at the source means neither suspended, rejected nor unlicensed; at the target the active attribute.
	Active bool `json:"active"`
	// Assigned, at the source: the app lists the user. Others explain lingering ones. Always true at the target.
	Assigned bool `json:"assigned"`
	// RollOnly, at the source: the app lists the user but its details could not be read or understood. Such a user
	// pairs, so that nobody is taken for absent, and says nothing more.
	RollOnly bool `json:"roll_only,omitempty"`
	// Standing is the source's word for a user that is not active, such as "suspended", or whom it gives a standing
	// that is documented nowhere, such as "status 99"; else empty. The latter are RollOnly.
	Standing string `json:"standing,omitempty"`
	// CreatedBy, at the target, is who made the record, as AWS's own API words it; empty where it was not asked.
	CreatedBy string `json:"created_by,omitempty"`
	// RoleIDs, at the source, are the roles that the user's own record names; nil where that was not asked or said.
	RoleIDs []string `json:"role_ids,omitzero"`
	// Login, at the source, is the name that the user signs in to OneLogin with; known only of one who has no userName.
	Login string `json:"login,omitempty"`
	// Attributes, at the source, are the values that rules ask for; nil if none does or they were not read.
	Attributes *Attributes `json:"attributes,omitempty"`
}

// Expectation says how the source stands to a group.
type Expectation uint8

// The expectations. Target groups have NoExpectation.
const (
	NoExpectation Expectation = iota
	// Allowed: a rule or granting role could yield it, though nobody is in it now. Neither missing nor lingering.
	Allowed
	// Expected: OneLogin should push it now.
	Expected
	// Undecided: whether anybody is in it could not be read. Neither missing nor lingering.
	Undecided
)

// Group is a group on either side. A source group is what roles or rules yield; several roles can yield one group.
type Group struct {
	// ID is the target's id, or the first role id at the source.
	ID         string `json:"id"`
	ExternalID string `json:"external_id,omitempty"`
	Name       string `json:"name"`

	// Expectation, and whatever else has no JSON name, is worked out for groups of the source.
	Expectation Expectation `json:"-"`
	// CreatedBy, at the target, is who made the record, as AWS's own API words it; empty where it was not asked.
	CreatedBy string `json:"created_by,omitempty"`
	// Created, at the target, is when the record was made; zero where that is not known.
	Created time.Time `json:"created,omitzero"`
	// RoleIDs are all the roles that yield a source group, in ascending order.
	RoleIDs []string `json:"-"`
	// MembersUnknown is why the members were not read in full; empty when they were.
	MembersUnknown string `json:"members_unknown,omitempty"`
	// MembersHidden: they are unknown because the target shows no member of any group, and not because a read failed.
	MembersHidden bool `json:"members_hidden,omitempty"`
	// MembersOpen is why more users than its members may belong in a source group; else empty.
	MembersOpen string `json:"-"`
}

// Directory is one side's users, groups and memberships as last read, with their coverage. It is never changed.
type Directory struct {
	// Kind is "onelogin", "aws" or "generic"; Name is what the header shows beside it.
	Kind, Name string

	Users  []User
	Groups []Group
	// Members holds for each group, by its index, the indices of its users, ascending.
	Members Lists

	// Ignored counts the groups that the configuration leaves out, at the target.
	Ignored int

	Coverage Coverages
	ReadAt   time.Time
	// Unchanged is when the source's log last showed that what was read holds; zero where it was not asked since.
	Unchanged time.Time
	// Requests is how many HTTP requests the read took, retries included.
	Requests int
	// Provenance is what else shows that groups of the target were made for what OneLogin pushes.
	Provenance []Provenance
	// Assignments are the AWS account assignments of groups and users with a finding, by id; nil without the lens.
	Assignments map[string]Assigned
	// Unreadable are the compared fields that this target cannot return; they never count as drift.
	Unreadable FieldSet
}

// MemberList is what a side said of one group: the ids of its users, and why they are not all. Dangling are members
// whom nobody has any more, without access, Nested those that are groups. Hidden: the target never shows any.
type MemberList struct {
	IDs      []string `json:"ids,omitzero"`
	Dangling []string `json:"dangling,omitzero"`
	Nested   []string `json:"nested,omitzero"`
	Unknown  string   `json:"unknown,omitempty"`
	Hidden   bool     `json:"hidden,omitempty"`
}

// Entitled counts the users whom the app should give access now: assigned and active.
func (d *Directory) Entitled() int {
	return CountIf(d.Users, func(u User) bool { return u.Assigned && u.Active })
}

// Expected counts the groups that should be pushed now.
func (d *Directory) Expected() int {
	return CountIf(d.Groups, func(g Group) bool { return g.Expectation == Expected })
}

// SetMembers fills Members from lists of user ids, one for each group by index, and sets each group's MembersUnknown.
// Ids that name no user of a directory that was read completely are left out: a membership of a user who is gone gives
// nobody access. Of one that was not, they make the members unknown. Coverage must be set before.
func (d *Directory) SetMembers(lists []MemberList) {
	d.SetMembersFrom(lists, (&Roster{}).SetUsers(d.Users))
}

// SetMembersFrom is SetMembers with the users that an earlier comparison found for the same lists.
func (d *Directory) SetMembersFrom(lists []MemberList, of *Roster) {
	d.Members = make(Lists, len(d.Groups))
	for g := range d.Groups {
		if g >= len(lists) {
			d.Groups[g].MembersUnknown = "not read"
			continue
		}
		d.Groups[g].MembersUnknown, d.Groups[g].MembersHidden = lists[g].Unknown, lists[g].Hidden
		members := of.Resolve(lists[g].IDs)
		d.Members[g] = members.Users
		if members.Strangers && !d.Coverage[PartUsers].Complete() && d.Groups[g].MembersUnknown == "" {
			d.Groups[g].MembersUnknown = "it has members among the users that were not read"
		}
	}
}

// Why the members of a group are not known of which its name alone is read anywhere: no list was left unread.
const (
	NamedByRule         = "named by a rule only"
	NamedByDisabledRule = "only a disabled rule names it"
)

// OnlyNamed reports whether a rule names the group and nothing is known to yield it.
func (g *Group) OnlyNamed() bool {
	return g.MembersUnknown == NamedByRule || g.MembersUnknown == NamedByDisabledRule
}

// Lists are the members of each group, by index: users, ascending and each once. A list may be shared: never change it.
type Lists [][]int32

// Of gives list i.
func (l Lists) Of(i int) []int32 {
	if i >= len(l) {
		return nil
	}
	return l[i]
}

// Total is the length of all lists together.
func (l Lists) Total() (n int) {
	for _, list := range l {
		n += len(list)
	}
	return n
}

// Ascending sorts indices in place, and leaves each once.
func Ascending(list []int32) []int32 {
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

// None stands for "no record" where an index is expected.
const None int32 = -1

// MembersUnknown says why the members of a group are not known; "" if they are.
func (d *Directory) MembersUnknown(group int32) string {
	part := d.Coverage[PartMemberships]
	if why := d.Groups[group].MembersUnknown; why != "" || part.State != Unknown {
		return why
	}
	return cmp.Or(part.Reason, "not read")
}
