package runbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// judgeApp goes by the app as it was read, and how people sign in. That it works shows when somebody tries.
func judgeApp(c *Case) Verdict {
	const addApp = "Add the app for AWS IAM Identity Center to OneLogin (Applications > Add App), exchange the SAML " +
		"metadata of both sides, and put its id into onelogin.app_id."
	app := &c.Comparison.Source.App
	if unread := c.unreadParts(userParts(), nil); unread != "" || app.ID == "" {
		return Verdict{Seen: cmp.Or(unread, "the app was not read"), Place: model.PlaceApp, Todo: addApp}
	}
	v := Verdict{State: ByHand, Place: model.PlaceSSO, Todo: "Look under SSO whether the app signs in by SAML 2.0."}
	switch {
	case app.SignIn == model.SignInSAML:
		v.State, v.Todo = Done, ""
		v.Seen = "the app " + app.Name + " is read, and signs in by SAML. OneLogin sends to one ACS URL only; try a " +
			"sign-in to see that both sides know each other"
	case app.SignIn == "":
		v.Seen = "the app " + app.Name + " is read; OneLogin does not say how it signs in"
	case c.Comparison.Target.Kind == "aws":
		v.State, v.Todo = Open, addApp
		v.Seen = "the app " + app.Name + " signs in by " + app.SignIn + ", and IAM Identity Center takes SAML only"
	default:
		v.Seen = "the app " + app.Name + " signs in by " + app.SignIn
		v.Todo = "Look whether the target takes that."
	}
	return v
}

func judgeSomebodyAssigned(c *Case) Verdict {
	if unread := c.unreadParts(userParts(), nil); unread != "" {
		return Verdict{Seen: unread}
	}
	assigned := c.Comparison.Source.Entitled()
	if assigned == 0 {
		return Verdict{
			State: Open, Seen: "no active user has the app",
			Todo: "Give the app to a role, and users to the role.", Place: model.PlaceAccess,
		}
	}
	return Verdict{State: Done, Seen: "to be pushed: " + model.Counted(assigned, "user", "users")}
}

// targetAddress stands in a step for the target's address, where that is not known.
const targetAddress = "the same address as target.url here"

// judgeConnectionStep is a step of OneLogin's own connection, which no API shows. A push that went through proves it; a
// complaint of the log that a check still holds says what is wrong; before either, somebody has to do it.
func judgeConnectionStep(what string, complaints ...model.CheckID) func(*Case) Verdict {
	return func(c *Case) Verdict {
		v := Verdict{Place: model.PlaceConfiguration}
		todo := what
		if url := c.Comparison.TargetURL; url != "" { // nothing that would be copied with it stands behind it
			todo = strings.Replace(what, targetAddress, url+" (target.url here)", 1)
		}
		for i := range c.Comparison.Checks {
			if k := &c.Comparison.Checks[i]; k.Result == model.CheckMend && slices.Contains(complaints, k.ID) {
				v.State, v.Seen, v.Todo = Open, k.Seen, todo
				return v
			}
		}
		connection := setupCheck(model.SetupAppConnection)(c)
		_, pushed := c.Comparison.Source.LastPush()
		switch unread := c.unreadParts([]model.Part{model.PartEvents}, nil); {
		case connection.State == Done:
			return connection
		case unread != "" || pushed:
			v.State, v.Seen, v.Todo = ByHand, cmp.Or(unread, connection.Seen), todo
		case slices.ContainsFunc(c.Comparison.Users.ToTarget, func(t int32) bool { return t != model.None }):
			v.State, v.Todo = ByHand, todo
			v.Seen = "no push is in the log as far as it was read; users of the app are at the target, so that it " +
				"may have worked before"
		default:
			v.State, v.Todo = Open, todo+" Then go on: the first push proves it."
			v.Seen = "no API shows it, and no push has gone through yet that would prove it"
		}
		return v
	}
}

// judgeSyncLogins counts a press at any time: it is needed once.
func judgeSyncLogins(c *Case) Verdict {
	v := button{model.SyncLogins, model.EventLoginsSynced, model.PlaceSyncLogins, anyTime}.judge(findUnsyncedUsers)(c)
	if v.State == Open {
		v.Seen = "never logged as far as the log was read"
	}
	return v
}

// judgeReapplyOnce counts a reapply at any time before the case was begun too: one is enough.
func judgeReapplyOnce(c *Case) Verdict {
	of := func(c *Case) ([]*model.Finding, string) {
		wrong, unread := findMissingGroups(c)
		users, unreadUsers := findUnsyncedUsers(c)
		return append(wrong, users...), cmp.Or(unread, unreadUsers)
	}
	return judgeReapply(of, anyTime)(c)
}

// judgePushes judges OneLogin's log: that something went through, and for whom it failed since.
func judgePushes(c *Case) Verdict {
	if unread := c.unreadParts([]model.Part{model.PartEvents}, nil); unread != "" {
		return Verdict{Seen: unread, Place: model.PlaceEvents}
	}
	last, pushed := c.Comparison.Source.LastPush()
	through := map[string]time.Time{} // when the last push of a user worked
	var failed []*model.Event
	events := c.Comparison.Source.Events
	for i := range events {
		if e := &events[i]; e.AppID == c.Comparison.Source.App.ID && e.Pushed() && e.At.After(through[e.UserID]) {
			through[e.UserID] = e.At
		}
	}
	for i := range events {
		if e := &events[i]; e.AppID == c.Comparison.Source.App.ID && e.PushFailed() && e.At.After(through[e.UserID]) {
			failed = append(failed, e)
		}
	}
	switch {
	case len(failed) > 0:
		newest := slices.MaxFunc(failed, func(a, b *model.Event) int { return a.At.Compare(b.At) })
		return Verdict{
			State: Open, Place: model.PlaceEvents,
			Seen: fmt.Sprintf("failed and not through since, %d: %s of %s at %s, saying %q", len(failed),
				newest.TypeName(), newest.UserName, model.ToTheMinute(newest.At), newest.Text),
			Todo: "Tab 5 shows the log, and R reads it again.",
		}
	case !pushed:
		return Verdict{
			State: Open, Seen: "no push is in OneLogin's log yet", Place: model.PlaceEvents,
			Todo: "Tab 5 shows the log, and R reads it again; a push comes some minutes after the reapply.",
		}
	}
	return Verdict{State: Done, Seen: "the last push went through at " + model.ToTheMinute(last.At) + ": " +
		last.TypeName() + " " + last.UserName}
}
