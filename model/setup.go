package model

import (
	"cmp"
	"slices"
)

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

// Check is one set-up check with its result. Seen and Todo are raw: they may hold strangers' names. Todo is empty where
// the result is fine.
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

// judgement is what one check makes of a comparison.
type judgement struct {
	result     CheckResult
	seen, todo string
	reason     string
	evidence   []Evidence
	// severity and place replace the check's own where they are set; likely lowers the confidence of the finding.
	severity Severity
	place    Place
	likely   bool
	// attributes are those that the check is about.
	attributes []AccessAttribute
}

func fine(seen string) judgement       { return judgement{result: CheckFine, seen: seen} }
func look(seen, todo string) judgement { return judgement{result: CheckLook, seen: seen, todo: todo} }

func mend(seen, todo string) judgement    { return judgement{result: CheckMend, seen: seen, todo: todo} }
func unclear(seen, todo string) judgement { return judgement{seen: seen, todo: todo} }

// unclearFor is unclear because of what kept a part from being read.
func unclearFor(what, reason, todo string) judgement {
	return judgement{seen: what + ": " + reason, todo: todo, reason: reason}
}

// setupCheck is one row of the table of checks.
type setupCheck struct {
	id CheckID
	// severity is that of the finding where the check says mend.
	severity Severity
	place    Place
	run      func(*setup) judgement
}

// setup is the comparison with what several checks look at.
type setup struct {
	*comparer

	log setupLog
	// attributes are the app's attributes for access control.
	attributes []AccessAttribute
}

// CheckSetup runs every check and turns what is to mend into findings. It comes after all other findings, because some
// checks count them.
func CheckSetup(c *comparer) {
	s := &setup{comparer: c, log: c.indexSetupLog(), attributes: c.tabulateAccess()}
	for _, row := range setupChecks() {
		v := row.run(s)
		check := Check{ID: row.id, Result: v.result, Seen: v.seen, Todo: v.todo, Reason: v.reason, Place: cmp.Or(v.place, row.place), Attributes: v.attributes}
		if c.opts.Locate != nil {
			l := c.opts.Locate(c.Source.App.ID, check.Place)
			check.Link, check.Menu = l.Link, l.Menu
		}
		c.Checks = append(c.Checks, check)
		if v.result == CheckMend {
			c.setupFinding(check, v, cmp.Or(v.severity, row.severity))
		}
	}
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

func (c *comparer) setupFinding(check Check, v judgement, severity Severity) {
	same := func(f Finding) bool { return f.Kind == check.ID }
	if slices.ContainsFunc(c.Findings, same) {
		return // comparing has said it already
	}
	f := Finding{
		Kind: check.ID, Severity: severity, Confidence: Certain, Cause: Cause(check.ID), Source: None, Target: None,
		Subject:  Subject{Type: SubjectConnection, Name: cmp.Or(c.Source.App.Name, c.Source.Name, "connection")},
		Evidence: v.evidence, Check: &check, Repairs: check.Place.repairs(),
	}
	if v.likely {
		f.Confidence = Likely
	}
	c.Findings = append(c.Findings, f)
}

// SetupKinds are the kinds of set-up findings, in the order in which the checks run and are shown: can we read, is the
// app set up, do its rules fit, does its log complain, and what only a person can see.
func SetupKinds() []Kind {
	return []Kind{
		SetupSourceScopes, SetupTargetURL, SetupTargetToken, SetupTokenAge, SetupSharedTarget,
		SetupMispaired, SetupProvisioningOff, SetupGroupsNotIncluded, SetupPendingApprovals, SetupReapplyDue,
		SetupNoGroupRule, SetupRuleRedundant, SetupStaleEntitlements, SetupAppToken, SetupUserLimit,
		SetupBrokenConnector, SetupAppConfiguration, SetupThrottled, SetupJobsStuck, SetupUserNameCase,
		SetupAccessAttributes, SetupAccessEnabled, SetupAccessConditions, SetupTargetCapabilities,
		SetupClockSkew, SetupRateBudget, SetupDanglingAssignments, SetupApprovalBoxes, SetupDeleteMode,
		SetupAppConnection, SetupLoginGroups,
	}
}

// The checks, by the kind of their finding; SetupNoGroupRule, which comparing finds by itself, stands with the rules.
// They have no type of their own, so that whoever goes through the kinds of records need not go through the checks as
// well.
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

// setupChecks is the table of all checks, in the order of SetupKinds. Info is the severity of what is said by
// findings of its own, or of what is wrong on this machine only: it must not count as drift.
func setupChecks() []setupCheck {
	return []setupCheck{
		{SetupSourceScopes, Medium, PlaceCredentials, (*setup).sourceScopes},
		{SetupTargetURL, High, PlaceTarget, (*setup).targetURL},
		{SetupTargetToken, High, PlaceTarget, (*setup).targetToken},
		{SetupTokenAge, Info, PlaceTarget, (*setup).tokenAge},
		{SetupSharedTarget, Medium, NoPlace, (*setup).sharedTarget},
		{SetupMispaired, Critical, PlaceParameters, (*setup).mispaired},
		{SetupProvisioningOff, High, PlaceProvisioning, (*setup).provisioningOff},
		{SetupGroupsNotIncluded, High, PlaceParameters, (*setup).groupsNotIncluded},
		{SetupPendingApprovals, Medium, PlaceApprovals, (*setup).pendingApprovals},
		{SetupReapplyDue, Medium, PlaceReapply, (*setup).reapplyDue},
		{SetupNoGroupRule, High, PlaceRules, (*setup).noGroupRule},
		{SetupRuleRedundant, Info, PlaceRules, (*setup).ruleRedundant},
		{SetupStaleEntitlements, Low, PlaceEntitlements, (*setup).staleEntitlements},
		{SetupAppToken, High, PlaceConfiguration, (*setup).appToken},
		{SetupUserLimit, High, PlaceApp, (*setup).userLimit},
		{SetupBrokenConnector, High, PlaceConfiguration, (*setup).brokenConnector},
		{SetupAppConfiguration, High, PlaceConfiguration, (*setup).appConfiguration},
		{SetupThrottled, Low, PlaceEvents, (*setup).throttled},
		{SetupJobsStuck, Medium, PlaceQueue, (*setup).jobsStuck},
		{SetupUserNameCase, Low, PlaceParameters, (*setup).userNameCase},
		{SetupAccessAttributes, Medium, PlaceParameters, (*setup).accessAttributes},
		{SetupAccessEnabled, Medium, PlaceAccessControl, (*setup).accessEnabled},
		{SetupAccessConditions, Medium, PlaceAccessControl, (*setup).accessConditions},
		{SetupTargetCapabilities, Info, NoPlace, (*setup).targetCapabilities},
		{SetupClockSkew, Info, NoPlace, (*setup).clockSkew},
		{SetupRateBudget, Info, NoPlace, (*setup).rateBudget},
		{SetupDanglingAssignments, Medium, PlaceAssignments, (*setup).danglingAssignments},
		{SetupApprovalBoxes, Info, PlaceProvisioning, (*setup).approvalBoxes},
		{SetupDeleteMode, Info, PlaceProvisioning, (*setup).deleteMode},
		{SetupAppConnection, Info, PlaceConfiguration, (*setup).appConnection},
		{SetupLoginGroups, Info, PlaceLogins, (*setup).loginGroups},
	}
}
