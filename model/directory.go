// Package model is the pure heart of scimdrift: users, groups, the directories of both sides, how their records pair,
// what should be where, and the findings that name every difference. It does no I/O and reads no clock.
package model

import "time"

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
	// Assigned, at the source: the app lists the user. Known but unassigned users explain lingering ones. At the
	// target it is always true.
	Assigned bool `json:"assigned"`
	// RollOnly, at the source: the app lists the user but its details could not be read or understood, so that external id, activity and
	// the mapped userName are not known. Such a user pairs, so that nobody is taken for absent, and says nothing more.
	RollOnly bool `json:"roll_only,omitempty"`
	// Standing is the source's word for a user that is not active, such as "suspended", or whom it gives a standing that is
	// documented nowhere, such as "status 99"; else empty. The latter are RollOnly.
	Standing string `json:"standing,omitempty"`
	// CreatedBy, at the target, is who made the record, as AWS's own API words it; empty where it was not asked.
	CreatedBy string `json:"created_by,omitempty"`
	// RoleIDs, at the source, are the roles that the user's own record names; nil where it was not asked for or does
	// not say.
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
	// RoleIDs are all the roles that yield a source group, in ascending order.
	RoleIDs []string `json:"-"`
	// MembersUnknown is why the members were not read in full; empty when they were.
	MembersUnknown string `json:"members_unknown,omitempty"`
	// MembersHidden: they are unknown because the target shows no member of any group, and not because a read failed.
	MembersHidden bool `json:"members_hidden,omitempty"`
	// MembersOpen is why more users than the members may belong in a source group, so that nobody is too many in it; empty
	// when they are all.
	MembersOpen string `json:"-"`
}

// Directory is one side's users, groups and memberships as last read, with their coverage. It is not changed after it
// was made: a re-read makes a new one.
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
	// Requests is how many HTTP requests the read took, retries included.
	Requests int
	// Assignments are the AWS account assignments of those groups and users that were asked for, by their ids: those that findings
	// are about. nil without the AWS lens.
	Assignments map[string]Assigned
	// Unreadable are the compared fields that this target cannot return; they never count as drift.
	Unreadable FieldSet
}

// MemberList is what a side said of one group: the ids of its users, and why they are not all, if so. Dangling are
// members whom nobody has any more: they give nobody access, and stand in the record all the same. Hidden: the target
// never shows any.
type MemberList struct {
	IDs      []string `json:"ids,omitzero"`
	Dangling []string `json:"dangling,omitzero"`
	Unknown  string   `json:"unknown,omitempty"`
	Hidden   bool     `json:"hidden,omitempty"`
}

// SetMembers fills Members from lists of user ids, one for each group by index, and sets each group's MembersUnknown.
// Ids that name no user of a directory that was read completely are left out: a membership of a user who is gone gives
// nobody access. Of one that was not, they make the members unknown. Coverage must be set before.
func (d *Directory) SetMembers(lists []MemberList) { d.setMembers(lists, (&roster{}).over(d.Users)) }

func (d *Directory) setMembers(lists []MemberList, of *roster) {
	most := 0
	for g := range lists {
		most += len(lists[g].IDs)
	}
	b := newListsBuilder(len(d.Groups), most)
	for g := range d.Groups {
		b.begin()
		if g >= len(lists) {
			d.Groups[g].MembersUnknown = "not read"
			continue
		}
		d.Groups[g].MembersUnknown, d.Groups[g].MembersHidden = lists[g].Unknown, lists[g].Hidden
		members := of.resolve(lists[g].IDs)
		for _, u := range members.users {
			b.add(u)
		}
		if members.strangers && !d.Coverage[PartUsers].Complete() && d.Groups[g].MembersUnknown == "" {
			d.Groups[g].MembersUnknown = "it has members among the users that were not read"
		}
	}
	d.Members = b.build()
}
