package model

import "slices"

// CheckResult says how a set-up check came out. The zero value is CheckUnknown, so that nothing is fine unsaid.
type CheckResult uint8

// The results: what the check rests on could not be read; nothing to do; the operator has to look, because no API shows
// it or because it is no fault by itself; something is to mend, and a finding of the same name says so too.
const (
	CheckUnknown CheckResult = iota
	CheckFine
	CheckLook
	CheckMend
)

func (r CheckResult) String() string { return [...]string{"unknown", "fine", "look", "mend"}[r] }

// CheckID names a set-up check: it is the kind of the finding that the check makes where something is to mend.
type CheckID = Kind

// Check is one set-up check with its result. Seen and Todo are raw. Todo is empty where the result is fine.
type Check struct {
	ID         CheckID
	Result     CheckResult
	Seen, Todo string
	// Reason is why a part that it rests on was not read, as other checks may have it too; Seen ends with it.
	Reason string
	// Place is where it is mended; Link and Menu lead there. Link is empty where no address is known.
	Place      Place
	Link, Menu string
	// Attributes is the table of access-control attributes, of the check that judges them.
	Attributes []AccessAttribute
}

// Unanswered are the checks of an earlier read when a later one has brought no answer: what was fine then is not known
// now. Only what the configuration alone decides stays as it was. why is a phrase, raw.
func Unanswered(checks []Check, why string) []Check {
	out := slices.Clone(checks)
	for i := range out {
		c := &out[i]
		if c.Result != CheckFine || c.ID == SetupTargetURL || c.ID == SetupSharedTarget || c.ID == SetupTokenAge {
			continue
		}
		c.Result, c.Seen, c.Todo = CheckUnknown, "not known: "+why+"; the read before said: "+c.Seen, "Read again."
	}
	return out
}

// SetupKinds are the kinds of set-up findings, in the order in which the checks run and are shown: can we read, is the
// app set up, do its rules fit, does its log complain, and what only a person can see.
func SetupKinds() []Kind {
	return []Kind{
		SetupSourceScopes, SetupTargetURL, SetupTargetToken, SetupTokenAge, SetupSharedTarget, SetupMispaired,
		SetupProvisioningOff, SetupGroupsNotIncluded, SetupPendingApprovals, SetupReapplyDue, SetupNoGroupRule,
		SetupRuleRedundant, SetupStaleEntitlements, SetupAppToken, SetupUserLimit, SetupBrokenConnector,
		SetupAppConfiguration, SetupThrottled, SetupJobsStuck, SetupUserNameCase, SetupAccessAttributes,
		SetupAccessEnabled, SetupAccessConditions, SetupTargetCapabilities, SetupClockSkew, SetupRateBudget,
		SetupDanglingAssignments, SetupApprovalBoxes, SetupDeleteMode, SetupAppConnection, SetupLoginGroups,
	}
}

// The checks, by the kind of their finding; SetupNoGroupRule, which comparing finds by itself, stands with the rules.
// They are untyped, so that a switch over the kinds of records need not name them.
const (
	SetupSourceScopes        = "setup-source-scopes"
	SetupTargetURL           = "setup-target-url"
	SetupTargetToken         = "setup-target-token"
	SetupTokenAge            = "setup-token-age"
	SetupSharedTarget        = "setup-shared-target"
	SetupMispaired           = "setup-mispaired"
	SetupProvisioningOff     = "setup-provisioning-off"
	SetupGroupsNotIncluded   = "setup-groups-not-included"
	SetupPendingApprovals    = "setup-pending-approvals"
	SetupReapplyDue          = "setup-reapply-due"
	SetupRuleRedundant       = "setup-rule-redundant"
	SetupStaleEntitlements   = "setup-stale-entitlements"
	SetupAppToken            = "setup-app-token" //nolint:gosec // a name, no credential
	SetupUserLimit           = "setup-user-limit"
	SetupBrokenConnector     = "setup-broken-connector"
	SetupAppConfiguration    = "setup-app-configuration"
	SetupThrottled           = "setup-throttled"
	SetupJobsStuck           = "setup-jobs-stuck"
	SetupUserNameCase        = "setup-user-name-case"
	SetupAccessAttributes    = "setup-access-attributes"
	SetupAccessEnabled       = "setup-access-enabled"
	SetupAccessConditions    = "setup-access-conditions"
	SetupTargetCapabilities  = "setup-target-capabilities"
	SetupClockSkew           = "setup-clock-skew"
	SetupRateBudget          = "setup-rate-budget"
	SetupDanglingAssignments = "setup-dangling-assignments"
	SetupApprovalBoxes       = "setup-approval-boxes"
	SetupDeleteMode          = "setup-delete-mode"
	SetupAppConnection       = "setup-app-connection"
	SetupLoginGroups         = "setup-login-groups"
)

// AccessAttribute is a parameter of the app that is, or is meant to be, AWS's attribute for access control. Raw.
type AccessAttribute struct {
	// Name is that of the parameter; Key the tag key that AWS makes of it, empty where it makes none.
	Name, Key string
	// Behind is what it is filled with: a field of OneLogin's users, a macro, or a fixed value; empty if nothing.
	Behind string
	// InAssertion is "Include in SAML assertion".
	InAssertion Tri
	// Without names the active users of the app for whom it has no value, Unfit those whose value AWS takes for no tag.
	Without, Unfit []string
	// Unread is how many active users of the app have a value that was not read; Untold why nobody's can be told.
	Unread int
	Untold string
	// Wrong is what is to mend about the parameter itself, each a phrase.
	Wrong []string
}

// Place is where in OneLogin's or the target's console something is seen and mended. The adapter knows the addresses.
type Place uint8

// The places. PlaceTarget is the target's page of SCIM tokens, PlaceAssignments that of AWS account assignments,
// PlaceAccessControl that of AWS's attributes for access control; all others are OneLogin's.
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

// Location leads to a place: an address, empty where unknown, and the menu path, which stays right when it does not.
type Location struct{ Link, Menu string }

// Location is where the check is mended.
func (c *Check) Location() Location { return Location{Link: c.Link, Menu: c.Menu} }

// Location is where a step is done by hand.
func (h *Handoff) Location() Location { return Location{Link: h.URL, Menu: h.Menu} }

// Repairs are those of a set-up finding: what opens the app's page where it is mended; other pages have none.
func (p Place) Repairs() []Option {
	switch p {
	case PlaceRules:
		return []Option{{OpenRules, Console}}
	case NoPlace, PlaceCredentials, PlaceTarget, PlaceAssignments, PlaceAccessControl:
		return nil
	default:
		return []Option{{OpenApp, Console}}
	}
}

// Place is where a console repair of the finding is done; NoPlace for others. Settings have a page of their own.
func (f *Finding) Place(r RepairName) Place {
	switch {
	case r != OpenApp:
		return r.Place()
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
