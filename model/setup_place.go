package model

import (
	"cmp"
	"slices"
)

// Place is where in OneLogin's or the target's console something is seen and mended. The adapter knows the addresses.
type Place uint8

// The places. PlaceTarget is the target's page of SCIM tokens, PlaceAssignments that of AWS account assignments, PlaceAccessControl
// that of AWS's attributes for access control; all others are OneLogin's.
const (
	NoPlace Place = iota
	PlaceApp
	PlaceConfiguration
	PlaceSSO
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
	PlaceAccess
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
	case PlaceApp, PlaceConfiguration, PlaceSSO, PlaceParameters, PlaceProvisioning, PlaceEntitlements, PlaceReapply, PlaceSyncLogins,
		PlaceApprovals, PlaceLogins, PlaceQueue, PlaceEvents, PlaceAccess:
		return []Option{{OpenApp, Console}}
	case NoPlace, PlaceCredentials, PlaceTarget, PlaceAssignments, PlaceAccessControl:
	}
	return nil
}

// Place is where a console repair of the finding is done; NoPlace for a repair that no console does. Settings are mended on the page
// that has them.
func (f *Finding) Place(r RepairName) Place {
	switch {
	case r != OpenApp:
		return r.place()
	case f.Check != nil:
		return f.Check.Place
	}
	switch f.Cause { //nolint:exhaustive // the others are no setting's fault
	case CauseGroupsNotIncluded, CauseSafeEntitlements:
		return PlaceParameters
	case CauseTokenRejected:
		return PlaceConfiguration
	case CauseProvisioningOff:
		return PlaceProvisioning
	}
	return PlaceApp
}

// place is where the button of a console repair is.
func (r RepairName) place() Place {
	switch r { //nolint:exhaustive // the others have no button
	case RefreshEntitlements:
		return PlaceEntitlements
	case ReapplyMappings:
		return PlaceReapply
	case SyncLogins:
		return PlaceSyncLogins
	case ApprovePending:
		return PlaceApprovals
	case OpenApp:
		return PlaceApp
	case OpenRules:
		return PlaceRules
	}
	return NoPlace
}

// Places are those that a console repair can lead to, whatever its findings.
func (r RepairName) Places() (out []Place) {
	if r != OpenApp {
		return []Place{r.place()}
	}
	for p := PlaceApp; p <= PlaceAssignments; p++ {
		out = append(out, p)
	}
	return out
}

// PlaceOf is where an intent's console repair is done: the page that all of its findings are mended on, else that of the repair.
func (c *Comparison) PlaceOf(in *Intent) Place {
	place := NoPlace
	for i := range c.Findings {
		f := &c.Findings[i]
		if !slices.Contains(in.Findings, f.ID) {
			continue
		}
		p := f.Place(in.Repair)
		if place != NoPlace && p != place {
			return in.Repair.place()
		}
		place = p
	}
	return cmp.Or(place, in.Repair.place())
}
