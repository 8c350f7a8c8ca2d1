// Package setup holds the checks of the set-up, which run over a comparison and turn what is to mend into findings.
package setup

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// CompareReading assembles both directories and compares them. known is of much the same records; it may be nil.
func CompareReading(r *model.Reading, known *model.Rosters, o drift.Options) *drift.Comparison {
	src, tgt := rules.Sides(r, o.Groups, cmp.Or(known, &model.Rosters{}))
	o.Facts, o.Replies, o.Checks = r.Facts, r.Replies, Check
	c := drift.Compare(src, tgt, o)
	c.Notes = r.Notes
	return c
}

// judgement is what one check makes of a comparison. Its place and severity replace the check's own where they are set.
type judgement struct {
	model.Check

	evidence []model.Evidence
	severity model.Severity
	// likely lowers the confidence of the finding.
	likely bool
}

func newJudgement(result model.CheckResult, seen, todo string) judgement {
	return judgement{Check: model.Check{Result: result, Seen: seen, Todo: todo}}
}

func fine(seen string) judgement          { return newJudgement(model.CheckFine, seen, "") }
func look(seen, todo string) judgement    { return newJudgement(model.CheckLook, seen, todo) }
func mend(seen, todo string) judgement    { return newJudgement(model.CheckMend, seen, todo) }
func unknown(seen, todo string) judgement { return newJudgement(model.CheckUnknown, seen, todo) }

// lookByHand is a check that no API answers.
func lookByHand(seen, todo string) func(*Setup) judgement {
	return func(*Setup) judgement { return look(seen, todo) }
}

// unknownBecause is unknown because of what kept a part from being read.
func unknownBecause(what, reason, todo string) judgement {
	v := unknown(what+": "+reason, todo)
	v.Reason = reason
	return v
}

type setupCheck struct {
	id model.CheckID
	// severity is that of the finding where the check says mend.
	severity model.Severity
	place    model.Place
	judge    func(*Setup) judgement
}

// Setup is the comparison with what several checks look at.
type Setup struct {
	*drift.Comparer

	// events are OneLogin's log, newest first.
	events []*model.Event
	// attributes are the app's attributes for access control.
	attributes []model.AccessAttribute
}

// Check runs every check and turns what is to mend into findings. It comes last, because some count the others.
func Check(c *drift.Comparer) {
	s := &Setup{Comparer: c, events: model.NewestFirst(c.Source.Events), attributes: TabulateAccess(c)}
	for _, row := range setupChecks() {
		v := row.judge(s)
		v.ID, v.Place = row.id, cmp.Or(v.Place, row.place)
		if c.Options.Locate != nil {
			l := c.Options.Locate(c.Source.App.ID, v.Place)
			v.Link, v.Menu = l.Link, l.Menu
		}
		c.Checks = append(c.Checks, v.Check)
		said := slices.ContainsFunc(c.Findings, func(f model.Finding) bool { return f.Kind == v.ID }) // by comparing
		if v.Result != model.CheckMend || said {
			continue
		}
		f := model.Finding{
			Kind: v.ID, Severity: cmp.Or(v.severity, row.severity), Confidence: model.Certain, Cause: model.Cause(v.ID),
			Source: model.None, Target: model.None, Subject: c.AppSubject(), Evidence: v.evidence, Check: &v.Check,
			Repairs: v.Place.Repairs(),
		}
		if v.likely {
			f.Confidence = model.Likely
		}
		c.Findings = append(c.Findings, f)
	}
}

// setupChecks is the table of all checks, in the order of SetupKinds. Info is the severity of what is said by
// findings of its own, or of what is wrong on this machine only: it must not count as drift.
func setupChecks() []setupCheck {
	return []setupCheck{
		{model.SetupSourceScopes, model.Medium, model.PlaceCredentials, (*Setup).sourceScopes},
		{model.SetupTargetURL, model.High, model.PlaceTarget, (*Setup).targetURL},
		{model.SetupTargetToken, model.High, model.PlaceTarget, (*Setup).targetToken},
		{model.SetupTokenAge, model.Info, model.PlaceTarget, (*Setup).tokenAge},
		{model.SetupSharedTarget, model.Medium, model.NoPlace, (*Setup).sharedTarget},
		{model.SetupMispaired, model.Critical, model.PlaceParameters, (*Setup).Mispaired},
		{model.SetupProvisioningOff, model.High, model.PlaceProvisioning, provisioningOff()},
		{model.SetupGroupsNotIncluded, model.High, model.PlaceParameters, groupsNotIncluded()},
		{model.SetupPendingApprovals, model.Medium, model.PlaceApprovals, (*Setup).pendingApprovals},
		{model.SetupReapplyDue, model.Medium, model.PlaceReapply, (*Setup).reapplyDue},
		{model.SetupNoGroupRule, model.High, model.PlaceRules, (*Setup).noGroupRule},
		{model.SetupRuleRedundant, model.Info, model.PlaceRules, (*Setup).ruleRedundant},
		{model.SetupStaleEntitlements, model.Low, model.PlaceEntitlements, (*Setup).staleEntitlements},
		{model.SetupAppToken, model.High, model.PlaceConfiguration, judgeNewestEvent((*Setup).tokenRejected,
			"the log holds no refusal of OneLogin's token by the target", reconnectTodo)},
		{model.SetupUserLimit, model.High, model.PlaceApp, judgeNewestEvent(newestOfType(EventUserLimit),
			"the app has not reached a user limit",
			"Ask OneLogin for more licences for the app, or take the app from users who do not need it.")},
		{model.SetupBrokenConnector, model.High, model.PlaceConfiguration, judgeNewestEvent(
			newestOfType(model.EventBrokenConnector), "the log does not call the connector broken", reconnectTodo)},
		{model.SetupAppConfiguration, model.High, model.PlaceConfiguration, judgeNewestEvent(
			newestOfType(EventAppConfigError), "the log holds no error in the app's configuration",
			"Compare the Configuration and Parameters tabs with the vendor's guide.")},
		{model.SetupThrottled, model.Low, model.PlaceEvents, (*Setup).throttled},
		{model.SetupJobsStuck, model.Medium, model.PlaceQueue, (*Setup).jobsStuck},
		{model.SetupUserNameCase, model.Low, model.PlaceParameters, (*Setup).userNameCase},
		{model.SetupAccessAttributes, model.Medium, model.PlaceParameters, (*Setup).accessAttributes},
		{model.SetupAccessEnabled, model.Medium, model.PlaceAccessControl, (*Setup).accessEnabled},
		{model.SetupAccessConditions, model.Medium, model.PlaceAccessControl, (*Setup).accessConditions},
		{model.SetupTargetCapabilities, model.Info, model.NoPlace, (*Setup).targetCapabilities},
		{model.SetupClockSkew, model.Info, model.NoPlace, (*Setup).clockSkew},
		{model.SetupRateBudget, model.Info, model.NoPlace, (*Setup).rateBudget},
		{model.SetupDanglingAssignments, model.Medium, model.PlaceAssignments, (*Setup).danglingAssignments},
		{model.SetupApprovalBoxes, model.Info, model.PlaceProvisioning, (*Setup).approvalBoxes},
		{model.SetupDeleteMode, model.Info, model.PlaceProvisioning, lookByHand(
			"the API does not show what happens at the target when a user loses the app",
			"Look at what is chosen for users who are deleted or lose the app: Delete gives them a new id when they "+
				"come back, Suspend keeps them, Do nothing leaves them active.")},
		{model.SetupAppConnection, model.Info, model.PlaceConfiguration, (*Setup).appConnection},
		{model.SetupLoginGroups, model.Info, model.PlaceLogins, lookByHand(
			"the API does not show groups that were set by hand on one login",
			"Where a member is unexplained, open that user's login in the app and look at its Groups.")},
	}
}
