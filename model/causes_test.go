package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// explained compares with provisioning states, which the plain world has none of.
func (w *world) explained(logins map[string]model.Login) *drift.Comparison {
	opts := testOptions()
	src, tgt := w.sides(opts)
	src.Logins = logins
	return asked(src, tgt, opts)
}

func (w *world) log(e model.Event) {
	e.ID = fmt.Sprint(len(w.events) + 1)
	if e.At.IsZero() {
		e.At = time.Date(2026, 11, 20, 9, len(w.events), 0, 0, time.UTC)
	}
	w.events = append(w.events, e)
}

// failed logs a push to the app that failed, worked one that did not.
func (w *world) failed(kind int, user, text string) {
	w.log(model.Event{Type: kind, UserID: user, AppID: w.app.ID, Text: text})
}

// dropMember takes the user with that source id out of a target group.
func (w *world) dropMember(group, user string) {
	w.members[group] = slices.DeleteFunc(w.members[group], func(m string) bool { return m == "t-"+user })
}

const (
	waits     = "enabling_pending_approval"
	firstGone = "user-unsynced/user0@corp.example"
	suspends  = "user-still-active/user0@corp.example"
	renames   = "user-renamed/new@corp.example"
	absent    = "group-missing/aws-team-0"
	lacking   = "members-missing/aws-team-0"
	tooMany   = "members-extra/aws-team-0"
	lingers   = "user-lingering/user0@corp.example"
)

var pending = model.Login{ID: "9", Status: waits, State: "provisioning_pending_approval"}

// rename gives the first user another e-mail at the source, paired by external id.
func rename(w *world) {
	w.tusers[0].ExternalID = w.users[0].ExternalID
	w.users[0].UserName, w.users[0].Email = "new@corp.example", "new@corp.example"
}

func TestCauses(t *testing.T) {
	t.Parallel()
	unsynced := func(w *world) { w.dropTargetUser("t-1000") }
	missing := func(w *world) { w.dropMember("g-70", "1000") }
	gone := func(w *world) { w.tgroups = w.tgroups[1:] }
	state := func(status, state string) map[string]model.Login {
		return map[string]model.Login{"1000": {ID: "9", Status: status, State: state}}
	}
	for _, c := range []struct {
		name   string
		id     string
		bends  []func(*world)
		logins map[string]model.Login
		want   model.Cause
		says   string // part of the evidence
		first  model.RepairName
		lacks  model.RepairName // must not be offered
	}{
		{
			"a login that waits", firstGone,
			[]func(*world){unsynced},
			map[string]model.Login{"1000": pending},
			model.CausePendingApproval, "provisioning_pending_approval", model.ApprovePending, model.CreateUser,
		},
		{
			"a login that waits, of a user that AWS will refuse", firstGone,
			[]func(*world){unsynced, func(w *world) { w.users[0].FamilyName = " " }},
			map[string]model.Login{"1000": pending},
			model.CausePendingApproval, "name.familyName", model.ApprovePending, model.CreateUser,
		},
		{
			"a login that failed", firstGone,
			[]func(*world){unsynced},
			state("enabling_failed", "provisioning_failed"),
			model.CauseProvisioningFailed, "provisioning_failed", model.ReapplyMappings, "",
		},
		{
			"no login", firstGone,
			[]func(*world){unsynced},
			map[string]model.Login{"1000": {}},
			model.CauseNeverAttempted,
			"no login for the app", model.ReapplyMappings, "",
		},
		{
			"a login that was never tried", firstGone,
			[]func(*world){unsynced},
			state("enabling", "nonexistent"),
			model.CauseNeverAttempted, "nonexistent", model.ReapplyMappings, "",
		},
		{
			"a login in flight", firstGone,
			[]func(*world){unsynced},
			state("enabling", "provisioning"),
			model.CauseUnknown, model.EvidenceInFlight, model.ReapplyMappings, "",
		},
		{
			"a word that nobody knows", firstGone,
			[]func(*world){unsynced},
			state("x", "brand_new"), model.CauseUnknown,
			"brand_new, status x", model.ReapplyMappings, "",
		},
		{
			"provisioned, says OneLogin", firstGone,
			[]func(*world){unsynced},
			state("enabled", "provisioned"),
			model.CauseUnknown, "provisioned", model.ReapplyMappings, "",
		},
		{
			"the app is off, whatever the login says", firstGone,
			[]func(*world){unsynced, func(w *world) { w.app.Provisioning = model.No }},
			map[string]model.Login{"1000": pending},
			model.CauseProvisioningOff, "", model.OpenApp, model.CreateUser,
		},
		{
			"an empty given name", firstGone,
			[]func(*world){unsynced, func(w *world) { w.users[0].GivenName = "" }},
			nil,
			model.CauseMissingAttribute, "name.givenName", model.ReapplyMappings, model.CreateUser,
		},
		{
			"an empty display name", firstGone,
			[]func(*world){unsynced, func(w *world) { w.users[0].DisplayName = "" }},
			nil, model.CauseMissingAttribute, "displayName", model.ReapplyMappings, model.CreateUser,
		},
		{
			"a userName with a space", "user-unsynced/user%200@corp.example",
			[]func(*world){unsynced, func(w *world) { w.users[0].UserName = "user 0@corp.example" }},
			nil,
			model.CauseMissingAttribute, "white space", model.ReapplyMappings, model.CreateUser,
		},
		{
			"a userName of 129", "user-unsynced/" + strings.Repeat("%C3%89", 129),
			[]func(*world){unsynced, func(w *world) { w.users[0].UserName = strings.Repeat("é", 129) }},
			nil,
			model.CauseMissingAttribute, "128", model.ReapplyMappings, model.CreateUser,
		},
		{
			"a userName of 128", "user-unsynced/" + strings.Repeat("%C3%89", 128),
			[]func(*world){unsynced, func(w *world) { w.users[0].UserName = strings.Repeat("é", 128) }},
			nil,
			model.CauseUnknown, "", model.ReapplyMappings, "",
		},
		{
			"a display name of 1,025", firstGone,
			[]func(*world){unsynced, func(w *world) { w.users[0].DisplayName = strings.Repeat("x", 1025) }},
			nil,
			model.CauseMissingAttribute, "1,024", model.ReapplyMappings, model.CreateUser,
		},
		{
			"an external id with a space", firstGone,
			[]func(*world){unsynced, func(w *world) { w.users[0].ExternalID = "E 17" }},
			nil,
			model.CauseMissingAttribute, "externalId", model.ReapplyMappings, model.CreateUser,
		},
		{"a 409", firstGone, []func(*world){unsynced, func(w *world) {
			w.failed(model.EventCreateFailed, "1000", "Refused to create a new, duplicate resource.")
		}}, nil, model.CauseNameConflict, "duplicate resource", model.ReapplyMappings, model.CreateUser},
		{
			"a 401", firstGone,
			[]func(*world){
				unsynced,
				func(w *world) { w.failed(model.EventCreateFailed, "1000", "AWS answered 401: Unauthorized") },
			},
			nil,
			model.CauseTokenRejected, "401", model.OpenApp, "",
		},
		{
			"a rejected token", firstGone,
			[]func(*world){unsynced, func(w *world) { w.failed(model.EventTokenRejected, "", "") }},
			nil,
			model.CauseTokenRejected, "APP_COULD_NOT_AUTHENTICATE", model.OpenApp, "",
		},
		{"a token that was renewed", firstGone, []func(*world){unsynced, func(w *world) {
			w.failed(model.EventTokenRejected, "", "")
			w.failed(model.EventUpdatedInApp, "1001", "")
		}}, nil, model.CauseUnknown, "", model.ReapplyMappings, ""},
		{
			"a rejected token of another app", firstGone,
			[]func(*world){unsynced, func(w *world) { w.log(model.Event{Type: model.EventTokenRejected, AppID: "6"}) }},
			nil, model.CauseUnknown, "", model.ReapplyMappings, "",
		},

		{"suspended, says the log, by whom", suspends, []func(*world){func(w *world) {
			w.users[0].Active, w.users[0].Standing = false, model.StandingSuspended
			w.log(model.Event{Type: model.EventSuspendedUser, UserID: "1000", Actor: "cy"})
		}}, nil, model.CauseSourceSuspended, "SUSPENDED_USER", model.ReapplyMappings, ""},
		{
			"a suspension that waits", suspends,
			[]func(*world){func(w *world) { w.users[0].Active, w.users[0].Standing = false, model.StandingSuspended }},
			state("enabled", "modifying_pending_approval"), model.CausePendingApproval, "modifying_pending_approval",
			model.ApprovePending, "",
		},
		{"a suspension and a rejected token", suspends, []func(*world){func(w *world) {
			w.users[0].Active, w.users[0].Standing = false, model.StandingSuspended
			w.failed(model.EventTokenRejected, "", "")
		}}, nil, model.CauseTokenRejected, "APP_COULD_NOT_AUTHENTICATE", model.OpenApp, ""},

		{"a new e-mail that another target user holds and keeps", renames, []func(*world){rename, func(w *world) {
			w.users[1].Email, w.tusers[1].Email = "new@corp.example", "new@corp.example"
		}}, nil, model.CauseNameConflict, "user1@corp.example (id t-1001)", model.ReapplyMappings, model.UpdateUser},
		// The other one is to get a name that is free: one after the other they can both be had.
		{
			"a new userName that another target user holds and is to give up", renames,
			[]func(*world){rename, func(w *world) {
				w.tusers[1].ExternalID, w.tusers[1].UserName, w.tusers[1].Email = "1001", "new@corp.example",
					"x@corp.example"
			}},
			nil, model.CauseUnknown, "who gets another one", model.ReapplyMappings, "",
		},
		{
			"a change that was not pushed", renames,
			[]func(*world){rename, func(w *world) {
				w.log(model.Event{
					Type: model.EventUpdatedUser, UserID: "1000",
					Actor: "cy",
				})
			}},
			nil, model.CauseSourceChanged, "UPDATED_USER", model.ReapplyMappings, "",
		},
		{
			"a change, and a rejected token", renames,
			[]func(*world){rename, func(w *world) {
				w.log(model.Event{Type: model.EventUpdatedUser, UserID: "1000", Actor: "cy"})
				w.failed(model.EventTokenRejected, "", "")
			}},
			nil, model.CauseTokenRejected, "APP_COULD_NOT_AUTHENTICATE", model.OpenApp, "",
		},

		{
			"a group of a push to a stale id", absent,
			[]func(*world){gone, func(w *world) {
				w.failed(model.EventUpdateFailed, "1001",
					`answered 404 for group "AWS-team-0"`)
			}},
			nil, model.CauseDeletedAtTarget, "404",
			model.RefreshEntitlements, "",
		},
		{
			"a 404 of a group with a longer name", absent,
			[]func(*world){gone, func(w *world) {
				w.failed(model.EventUpdateFailed, "1009",
					`answered 404 for group "aws-team-0-eu"`)
			}},
			nil, model.CauseUnknown, "", model.RefreshEntitlements, "",
		},
		{
			"groups are not included", absent,
			[]func(*world){gone, func(w *world) { w.app.GroupsIncluded = model.No }},
			nil, model.CauseGroupsNotIncluded, "", model.OpenApp, "",
		},
		{"a role without a reapply since", absent, []func(*world){gone, func(w *world) {
			w.log(model.Event{Type: model.EventReapplied, AppID: "5"})
			w.log(model.Event{Type: model.EventRoleCreated, RoleID: "70", Actor: "cy"})
		}}, nil, model.CauseNeverAttempted, "ROLE_CREATED", model.RefreshEntitlements, ""},
		{"a role and a reapply since", absent, []func(*world){gone, func(w *world) {
			w.log(model.Event{Type: model.EventRoleCreated, RoleID: "70", Actor: "cy"})
			w.log(model.Event{Type: model.EventReapplied, AppID: "5"})
		}}, nil, model.CauseUnknown, "", model.RefreshEntitlements, ""},
		{"a role and a push of a member since", absent, []func(*world){gone, func(w *world) {
			w.log(model.Event{Type: model.EventRoleCreated, RoleID: "70", Actor: "cy"})
			w.failed(model.EventUpdatedInApp, "1000", "")
		}}, nil, model.CauseUnknown, "", model.RefreshEntitlements, ""},
		{"a role and a log that was not read in full", absent, []func(*world){gone, func(w *world) {
			w.log(model.Event{Type: model.EventRoleCreated, RoleID: "70"})
			w.cover[model.PartEvents] = model.PartialCoverage("cut")
		}}, nil, model.CauseUnknown, "", model.RefreshEntitlements, ""},

		{
			"a member whose update waits", lacking,
			[]func(*world){missing},
			state("enabled", "modifying_pending_approval"), model.CausePendingApproval, "modifying_pending_approval",
			model.ApprovePending, model.AddMembers,
		},
		{
			"a member whose update failed", lacking,
			[]func(*world){missing, func(w *world) { w.failed(model.EventUpdateFailed, "1000", "boom") }},
			nil,
			model.CauseProvisioningFailed, "boom", model.ReapplyMappings, "",
		},
		{
			"a member whom a refused token kept out, and one that works since", lacking,
			[]func(*world){missing, func(w *world) {
				w.failed(model.EventUpdateFailed, "1000", "401 Unauthorized")
				w.failed(model.EventUpdatedInApp, "1001", "")
			}},
			nil, model.CauseTokenRejected, "401", model.OpenApp, "",
		},
		{
			"a member who was never tried", lacking,
			[]func(*world){missing},
			state("enabling", "unknown"),
			model.CauseNeverAttempted, "unknown", model.ReapplyMappings, "",
		},
		{
			"a stale id of a group that is there again", lacking,
			[]func(*world){missing, func(w *world) {
				w.failed(model.EventUpdateFailed, "1000",
					`404 for group aws-team-0`)
			}},
			nil, model.CauseStaleEntitlement, "404", model.RefreshEntitlements, "",
		},
		{
			"members when groups are not included", lacking,
			[]func(*world){missing, func(w *world) { w.app.GroupsIncluded = model.No }},
			nil,
			model.CauseGroupsNotIncluded, "", model.OpenApp, "",
		},
		{
			"a member when provisioning is off", lacking,
			[]func(*world){missing, func(w *world) { w.app.Provisioning = model.No }},
			nil, model.CauseProvisioningOff,
			"", model.OpenApp, "",
		},
		{
			"members, one of whom waits", lacking,
			[]func(*world){missing, func(w *world) { w.dropMember("g-70", w.roles[0].Users.IDs[1]) }},
			state("enabled", "modifying_pending_approval"), model.CauseUnknown, "(1 of 2)", model.ReapplyMappings, "",
		},

		{"too many, with Safe Entitlements", tooMany, []func(*world){func(w *world) {
			w.roles[0].Users.IDs = w.roles[0].Users.IDs[1:]
			w.app.Parameters = []model.Parameter{{Key: "mail"}, {Key: "x", Label: "Groups", Safe: model.Yes}}
		}}, nil, model.CauseSafeEntitlements, "Safe Entitlements", model.OpenApp, model.ReapplyMappings},
		{"too many, taken out of the role", tooMany, []func(*world){func(w *world) {
			w.roles[0].Users.IDs = w.roles[0].Users.IDs[1:]
			w.log(model.Event{Type: model.EventRemovedFromRole, UserID: "1000", RoleID: "70", Actor: "cy"})
			w.app.Parameters = []model.Parameter{{Key: "groups", Safe: model.Yes}}
		}}, nil, model.CauseSourceRemoved, "REMOVED_FROM_ROLE", model.ReapplyMappings, ""},
		{"lingering, with who took the role", "user-lingering/user0@corp.example", []func(*world){func(w *world) {
			w.unassign(0)
			w.log(model.Event{Type: model.EventAutoRemoved, UserID: "1000", RoleID: "70"})
		}}, nil, model.CauseSourceUnassigned, "AUTO_REMOVED", model.DeactivateUser, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
			for _, bend := range c.bends {
				bend(w)
			}
			found := w.explained(c.logins).Findings
			at := slices.IndexFunc(found, func(f model.Finding) bool { return f.ID == c.id })
			if at < 0 {
				t.Fatalf("no %s among %v", c.id, found)
			}
			f := found[at]
			if f.Cause != c.want || !strings.Contains(fmt.Sprint(f.Evidence), c.says) {
				t.Errorf("%s, %v; want %s with %q", f.Cause, f.Evidence, c.want, c.says)
			}
			if len(f.Repairs) == 0 || f.Repairs[0].Repair != c.first {
				t.Errorf("repairs %v, want %s first", f.Repairs, c.first)
			}
			if slices.ContainsFunc(f.Repairs, func(o model.Option) bool { return o.Repair == c.lacks }) {
				t.Errorf("%s is offered: %v", c.lacks, f.Repairs)
			}
		})
	}
}

func TestMoreThanAHundredInOnePush(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]model.Cause{100: model.CauseUnknown, 101: model.CauseOver100} {
		w := syncedWorld(n+1, 1, true, rand.New(rand.NewPCG(1, 1)))
		w.roles[0].Users.IDs = nil
		for _, u := range w.users {
			w.roles[0].Users.IDs = append(w.roles[0].Users.IDs, u.ID)
		}
		w.members["g-70"] = []string{w.tusers[0].ID}
		w.failed(model.EventUpdateFailed, "1001", "Request is unparsable, syntactically incorrect, or violates schema.")
		f := w.compare().Findings[0]
		if f.Kind != model.MembersMissing || f.Cause != want || len(f.Members) != n {
			t.Errorf("%d missing: %s, %s with %d members; want %s", n, f.Kind, f.Cause, len(f.Members), want)
		}
		if want == model.CauseOver100 &&
			(f.Repairs[0] != model.Option{Repair: model.AddMembers, Channel: model.Direct} ||
				f.Evidence[0].Text == "") {
			t.Errorf("repairs %v, evidence %v; only smaller requests help, and the log shows the failure", f.Repairs,
				f.Evidence)
		}
		logins := map[string]model.Login{}
		for _, u := range w.users {
			logins[u.ID] = model.Login{ID: "9", State: "modifying_failed"}
		}
		w.events = nil
		if f := w.explained(logins).Findings[0]; want == model.CauseOver100 && (f.Cause != want ||
			!strings.Contains(fmt.Sprint(f.Evidence), "modifying_failed")) {
			t.Errorf("where OneLogin says that all have failed: %s, %v", f.Cause, f.Evidence)
		}
	}
}

// The loser of two claims is told which of its values the winner's record holds.
func TestADuplicateSaysWhatIsHeld(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
	twin := w.users[0]
	twin.ID, twin.UserName, twin.Email = "1900", "twin@corp.example", "twin@corp.example"
	w.tusers[0].ExternalID = w.users[0].ExternalID
	w.users[0].ExternalID, twin.ExternalID = "E17", "E17"
	w.tusers[0].ExternalID = "E17"
	w.users = append(w.users, twin)
	f := w.compare().Findings[0]
	if f.Kind != model.UserDuplicate ||
		!strings.Contains(fmt.Sprint(f.Evidence), "external id is held by this target user") {
		t.Errorf("%s: %v", f.Kind, f.Evidence)
	}
}
