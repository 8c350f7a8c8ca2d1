package model

import "slices"

// RepairName names a repair; Channel is over what it acts.
type RepairName string

// The repairs.
const (
	RefreshEntitlements RepairName = "refresh-entitlements"
	ReapplyMappings     RepairName = "reapply-mappings"
	SyncLogins          RepairName = "sync-logins"
	ApprovePending      RepairName = "approve-pending"
	OpenApp             RepairName = "open-app"
	// OpenRules opens the app's Rules tab: OneLogin's rules are never written by us.
	OpenRules      RepairName = "open-rules"
	CreateUser     RepairName = "create-user"
	ActivateUser   RepairName = "activate-user"
	UpdateUser     RepairName = "update-user"
	DeactivateUser RepairName = "deactivate-user"
	DeleteUser     RepairName = "delete-user"
	CreateGroup    RepairName = "create-group"
	RenameGroup    RepairName = "rename-group"
	AddMembers     RepairName = "add-members"
	RemoveMembers  RepairName = "remove-members"
	DeleteGroup    RepairName = "delete-group"
	// RemoveAssignments takes a group's account assignments before it is deleted; RestoreAssignments undoes that.
	RemoveAssignments  RepairName = "remove-assignments"
	RestoreAssignments RepairName = "restore-assignments"
	// MoveAssignments makes what hangs on a deleted group's old id for the group in its place, and then takes the
	// dangling ones by ClearAssignments; so does the way back with what the run gave.
	MoveAssignments  RepairName = "move-assignments"
	ClearAssignments RepairName = "clear-assignments"
)

// Channel is the way over which a repair acts.
type Channel string

// The channels: an operator's button in OneLogin, a public write that makes OneLogin act, a write to the target.
const (
	Console Channel = "console"
	Nudge   Channel = "nudge"
	Direct  Channel = "direct"
)

// Option is one repair that would end a finding, over one channel.
type Option struct {
	Repair  RepairName `json:"repair"`
	Channel Channel    `json:"channel"`
}

// OfApp reports whether it is a button of the console that acts on the whole app.
func (o Option) OfApp() bool {
	return o.Channel == Console && (o.Repair == RefreshEntitlements || o.Repair == ReapplyMappings ||
		o.Repair == SyncLogins)
}

// Rank is the place of a repair in a plan; the console's button comes before the nudge.
func (o Option) Rank() int {
	at := 2 * slices.IndexFunc(repairTable, func(f repairFacts) bool { return f.name == o.Repair })
	if o.Channel == Nudge {
		at++
	}
	return at
}

// repairFacts are what is so of every step of a repair.
type repairFacts struct {
	name RepairName
	// place is where its button is in the console.
	place Place
	// service is that of its requests; none where only the console does it.
	service string
	// counts is what a step counts for the guard; eachMember: for each of its members.
	counts     Counts
	eachMember bool
}

// repairTable has every repair in the order in which a plan runs them: what prepares OneLogin, then what makes it push;
// then what is created before what builds on it, and what takes something away last, groups before the users in them.
var repairTable = func() []repairFacts { //nolint:gochecknoglobals // a constant table
	deletes, removes, gives := Counts{Deletes: 1}, Counts{Removals: 1}, Counts{Grants: 1}
	return []repairFacts{
		{name: ApprovePending, place: PlaceApprovals},
		{name: OpenApp, place: PlaceApp},
		{name: OpenRules, place: PlaceRules},
		{name: RefreshEntitlements, place: PlaceEntitlements},
		{name: SyncLogins, place: PlaceSyncLogins},
		{name: ReapplyMappings, place: PlaceReapply, service: ServiceSource},
		{name: CreateUser, service: ServiceTarget, counts: gives},
		{name: CreateGroup, service: ServiceTarget},
		{name: RenameGroup, service: ServiceTarget},
		{name: UpdateUser, service: ServiceTarget},
		{name: ActivateUser, service: ServiceTarget, counts: gives},
		{name: AddMembers, service: ServiceTarget, counts: gives, eachMember: true},
		{name: RestoreAssignments, service: ServiceAWS, counts: gives},
		{name: MoveAssignments, service: ServiceAWS, counts: gives},
		{name: RemoveMembers, service: ServiceTarget, counts: removes, eachMember: true},
		{name: DeactivateUser, service: ServiceTarget, counts: deletes},
		{name: ClearAssignments, service: ServiceAWS, counts: removes},
		{name: RemoveAssignments, service: ServiceAWS, counts: removes},
		{name: DeleteGroup, service: ServiceTarget, counts: deletes},
		{name: DeleteUser, service: ServiceTarget, counts: deletes},
	}
}()

// facts are those of a repair; the zero value for one that is not known.
func (r RepairName) facts() (facts repairFacts) {
	if i := slices.IndexFunc(repairTable, func(f repairFacts) bool { return f.name == r }); i >= 0 {
		return repairTable[i]
	}
	return facts
}

// RepairNames lists every repair in the order in which a plan runs them.
func RepairNames() []RepairName {
	return Map(repairTable, func(f *repairFacts) RepairName { return f.name })
}

// takes reports whether the repair can cost somebody access whatever it writes; a group is known by its name.
func (r RepairName) takes() bool {
	counts := r.facts().counts
	return counts.Deletes+counts.Removals > 0 || r == RenameGroup
}

// OfAssignments reports whether a repair writes account assignments, by AWS's own API and not by SCIM.
func (r RepairName) OfAssignments() bool { return r.facts().service == ServiceAWS }

// Place is where the button of a console repair is.
func (r RepairName) Place() Place { return r.facts().place }

// Places are those that a console repair can lead to, whatever its findings.
func (r RepairName) Places() (out []Place) {
	if r != OpenApp {
		return []Place{r.Place()}
	}
	for p := PlaceApp; p <= PlaceAssignments; p++ {
		out = append(out, p)
	}
	return out
}
