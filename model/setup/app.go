package setup

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// unreadApp says that the app could not be read, if so: then nothing is known of its settings.
func (s *Setup) unreadApp() (judgement, bool) {
	if s.Source.App.ID != "" {
		return judgement{}, false
	}
	return unknownBecause("the OneLogin app could not be read", s.Source.Coverage[model.PartUsers].Reason,
		mendFirstTodo), true
}

// appSetting judges a box of the app that is ticked, is not, or is not told of.
func appSetting(of func(*model.App) model.Tri, yes, no, unsaid judgement) func(*Setup) judgement {
	return func(s *Setup) judgement {
		if v, unread := s.unreadApp(); unread {
			return v
		}
		switch of(&s.Source.App) {
		case model.Yes:
			return yes
		case model.No:
			return no
		case model.Unsaid:
		}
		return unsaid
	}
}

// provisioningOff and groupsNotIncluded are the boxes that the vendor's guide asks for
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html).
func provisioningOff() func(*Setup) judgement {
	return appSetting(func(a *model.App) model.Tri { return a.Provisioning }, fine("provisioning is enabled"),
		mend("provisioning is switched off: OneLogin pushes nobody",
			"Tick Enable provisioning and save; then approve what waits, and reapply the mappings."),
		look("OneLogin does not say whether provisioning is enabled", "Look whether Enable provisioning is ticked."))
}

func groupsNotIncluded() func(*Setup) judgement {
	return appSetting(func(a *model.App) model.Tri { return a.GroupsIncluded },
		fine("the Groups parameter is included in user provisioning"),
		mend("the Groups parameter is not included in user provisioning: OneLogin pushes no group",
			`Open the Groups parameter, tick "Include in User Provisioning", save, and reapply the entitlement `+
				`mappings.`),
		look("the app shows no Groups parameter, or does not say whether it is provisioned",
			`Look whether there is a Groups parameter with "Include in User Provisioning" ticked.`))
}

// pendingApprovals goes by the login states that were read. Without them, that nobody was tried is a sign only.
func (s *Setup) pendingApprovals() judgement {
	if v, unread := s.unreadApp(); unread {
		return v
	}
	var waiting, untried []string
	known := len(s.UnsettledRecords(model.SubjectUser)) == 0
	for i := range s.Findings {
		switch f := &s.Findings[i]; {
		case f.Contradicted != "": // whether the user is missing is not known
			known = known && f.Subject.Type != model.SubjectUser
		case f.Subject.Type == model.SubjectUser && (f.Cause == model.CausePendingApproval ||
			s.Source.Logins[f.Subject.SourceID].Class() == model.LoginPending): // a group waits for its members
			waiting = append(waiting, f.Subject.Name)
		case f.Kind == model.UserUnsynced && (f.Cause == model.CauseUnknown || f.Cause == model.CauseNeverAttempted):
			untried = append(untried, f.Subject.Name)
		}
	}
	missing := model.Counted(len(untried), "assigned user is missing", "assigned users are missing") + " at the target"
	switch {
	case len(waiting) > 0:
		return mend(model.Counted(len(waiting), "task waits", "tasks wait")+" for approval: "+
			model.Few(waiting), "Open the app's users, click Pending, and approve. To let it go on by itself, take "+
			"the approval boxes off under Provisioning.")
	case len(untried) == 0 && known && s.SourceRead(model.PartUsers) && s.TargetRead(model.PartUsers):
		return fine("nobody seems to wait for approval")
	case len(untried) == 0:
		return unknown("who is missing at the target could not be worked out, because a side was not read "+
			"completely or contradicts itself", "Look for users that are Pending.")
	}
	return look(missing+" and no push of them is known: they may wait for approval",
		"Look for users that are Pending, and approve them.")
}

// What follows is asked for by the vendor's guide and shown by no API
// (https://developers.onelogin.com/api-docs/2/apps/get-app documents only "enabled" of the provisioning tab).

// approvalBoxes infers from the tasks that wait which box is ticked; that none waits proves nothing of a box.
func (s *Setup) approvalBoxes() judgement {
	const todo = "Look whether Create user, Delete user and Update user are ticked under Require admin approval; " +
		"take them off to work hands-free."
	var ticked []string
	for _, box := range []struct{ state, name string }{
		{"provisioning_pending_approval", "Create user"},
		{"deleting_pending_approval", "Delete user"},
		{"modifying_pending_approval", "Update user"},
	} {
		waiting := 0
		for _, login := range s.Source.Logins {
			if strings.HasPrefix(login.State, box.state) {
				waiting++
			}
		}
		if waiting > 0 {
			ticked = append(ticked, fmt.Sprintf("%s is ticked, because %s", box.name,
				model.Counted(waiting, "such task waits", "such tasks wait")))
		}
	}
	if len(ticked) > 0 {
		return look("inferred: "+strings.Join(ticked, "; ")+"; of the other boxes the API shows nothing", todo)
	}
	return look("the API does not show whether creating, updating and deleting users need an approval", todo)
}

// appConnection infers from a push that went through what no API shows: that OneLogin's address, token and connection
// were right then. What the log complained of after it takes the proof away.
func (s *Setup) appConnection() judgement {
	const unseen = "the API shows neither the SCIM base URL that OneLogin uses nor its token"
	const todo = "Compare the SCIM Base URL with the target's (no slash at the end), and that API Status says " +
		"Enabled. AWS tokens end after one year."
	worked, pushed := s.Source.LastPush()
	if !pushed {
		return look(unseen+", and no push that went through is in the log", todo)
	}
	for _, find := range []func(*Setup) *model.Event{
		(*Setup).tokenRejected, newestOfType(model.EventBrokenConnector), newestOfType(EventAppConfigError),
	} {
		if e := find(s); e != nil && e.At.After(worked.At) {
			return look(unseen+"; "+e.TypeName()+" came on "+timeAndActor(e)+", after the last push that went through",
				todo)
		}
	}
	return fine("inferred: " + worked.TypeName() + " on " + timeAndActor(&worked) +
		" went through, so that URL, token and API connection were right then")
}
