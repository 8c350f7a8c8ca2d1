package model

// Place is where in OneLogin's or the target's console something is seen and mended. The adapter knows the addresses.
type Place uint8

// The places. PlaceTarget is the target's page of SCIM tokens, PlaceAssignments that of AWS account assignments, PlaceAccessControl
// that of AWS's attributes for access control; all others are OneLogin's.
const (
	NoPlace Place = iota
	PlaceApp
	PlaceConfiguration
	PlaceParameters
	PlaceProvisioning
	PlaceEntitlements
	PlaceRules
	PlaceReapply
	PlaceSyncLogins
	PlaceApprovals
	PlaceLogins
	PlaceQueue
	PlaceEvents
	PlaceCredentials
	PlaceTarget
	PlaceAssignments
	PlaceAccessControl
)

// Location leads to a place: an address, empty where none is known, and the words of the menu path, which stay right when
// an address does not.
type Location struct{ Link, Menu string }

// repairs are those of a set-up finding: what opens the page where the operator mends it. What is no page of the app has
// none of ours.
func (p Place) repairs() []Option {
	switch p {
	case PlaceRules:
		return []Option{{OpenRules, Console}}
	case PlaceApp, PlaceConfiguration, PlaceParameters, PlaceProvisioning, PlaceEntitlements, PlaceReapply, PlaceSyncLogins,
		PlaceApprovals, PlaceLogins, PlaceQueue, PlaceEvents:
		return []Option{{OpenApp, Console}}
	case NoPlace, PlaceCredentials, PlaceTarget, PlaceAssignments, PlaceAccessControl:
	}
	return nil
}
