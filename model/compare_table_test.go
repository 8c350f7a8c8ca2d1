package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// table bends a small world that is in sync and says what must be found.
func TestFindingsInDetail(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 9, 12, 44, 0, time.UTC)
	for _, c := range []struct {
		name string
		bend func(w *world)
		want model.Finding // only what is set is compared
	}{
		{"deleted role, with who and when", func(w *world) {
			w.roles = w.roles[1:]
			w.events = []model.Event{{
				ID: "9", At: at, Type: model.EventRoleDeleted, RoleID: "70",
				RoleName: "AWS-team-0", Actor: "cy@corp.example",
			}}
		}, model.Finding{
			ID: "group-lingering/aws-team-0", Severity: model.High, Cause: model.CauseSourceDeleted,
			Confidence: model.Certain,
			Evidence:   []model.Evidence{{At: at, What: "ROLE_DELETED", By: "cy@corp.example"}},
			Repairs:    []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
		}},
		{
			"no event and no external id: unclaimed", func(w *world) { w.roles = w.roles[1:] },
			model.Finding{
				ID: "group-unclaimed/aws-team-0", Severity: model.Info, Cause: model.CauseNoProof,
				Confidence: model.Certain, Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
			},
		},
		{"no proof and no events read: unsure, nothing offered", func(w *world) {
			w.roles = w.roles[1:]
			w.cover[model.PartEvents] = model.UnknownCoverage("403")
		}, model.Finding{
			ID: "group-unclaimed/aws-team-0", Severity: model.Info, Confidence: model.Unsure,
			Repairs: []model.Option{},
		}},
		{"rules not read: a lingering group is likely, and not to be deleted", func(w *world) {
			w.roles = w.roles[1:]
			w.tgroups[0].ExternalID = "70"
			w.cover[model.PartRules] = model.UnknownCoverage("403")
		}, model.Finding{
			ID: "group-lingering/aws-team-0", Confidence: model.Likely, Cause: model.CauseUnknown,
			Repairs: []model.Option{},
		}},
		{"rules skipped by the configuration are no obstacle", func(w *world) {
			w.roles = w.roles[1:]
			w.tgroups[0].ExternalID = "70"
			w.cover[model.PartRules] = model.SkippedCoverage()
		}, model.Finding{
			ID: "group-lingering/aws-team-0", Confidence: model.Certain,
			Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
		}},
		{"a role of that name that does not match the pattern is proof", func(w *world) {
			w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "gcp-admins"})
			w.roles = append(w.roles, model.Role{ID: "99", Name: "GCP-admins", Grants: true})
		}, model.Finding{ID: "group-lingering/gcp-admins", Cause: model.CauseSourceUnmapped}},
		{"provisioning switched off", func(w *world) {
			w.dropTargetUser("t-1000")
			w.app.Provisioning = model.No
		}, model.Finding{
			ID: "user-unsynced/user0@corp.example", Cause: model.CauseProvisioningOff,
			Repairs: []model.Option{{Repair: model.OpenApp, Channel: model.Console}},
		}},
		{"a failed push, in the service's words", func(w *world) {
			w.dropTargetUser("t-1000")
			w.events = []model.Event{{
				ID: "1", At: at, Type: model.EventCreateFailed, UserID: "1000", AppID: "5",
				Text: "boom",
			}}
		}, model.Finding{
			ID: "user-unsynced/user0@corp.example", Cause: model.CauseProvisioningFailed,
			Evidence: []model.Evidence{{At: at, What: "USER_FAILED_CREATING_IN_APP", Text: "boom"}},
		}},
		{"a failed push of another app is none of ours", func(w *world) {
			w.dropTargetUser("t-1000")
			w.events = []model.Event{{
				ID: "1", At: at, Type: model.EventCreateFailed, UserID: "1000", AppID: "6",
				Text: "boom",
			}}
		}, model.Finding{ID: "user-unsynced/user0@corp.example", Cause: model.CauseUnknown}},
		{"a family name that AWS requires", func(w *world) {
			w.dropTargetUser("t-1000")
			w.users[0].FamilyName = " "
		}, model.Finding{ID: "user-unsynced/user0@corp.example", Cause: model.CauseMissingAttribute}},
		{"groups not included", func(w *world) {
			w.tgroups = w.tgroups[1:]
			w.app.GroupsIncluded = model.No
		}, model.Finding{ID: "group-missing/aws-team-0", Cause: model.CauseGroupsNotIncluded}},
		{"rejected at the source, still active", func(w *world) {
			w.users[0].Active, w.users[0].Standing = false, model.StandingRejected
		}, model.Finding{
			ID: "user-still-active/user0@corp.example", Severity: model.Critical,
			Cause: model.CauseUnknown,
		}},
		{"a pair by e-mail is likely only", func(w *world) {
			w.tusers[0].ExternalID, w.tusers[0].UserName = "", "other@corp.example"
		}, model.Finding{
			ID: "user-renamed/user0@corp.example", Confidence: model.Likely,
			Fields: []model.FieldDiff{{Name: "userName", Source: "user0@corp.example", Target: "other@corp.example"}},
		}},
		{"lingering and inactive is for information", func(w *world) {
			w.users = w.users[1:]
			w.tusers[0].Active = false
		}, model.Finding{ID: "user-lingering/user0@corp.example", Severity: model.Info}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(6, 4, false, rand.New(rand.NewPCG(1, 1)))
			c.bend(w)
			got := w.compare().Findings
			i := slices.IndexFunc(got, func(f model.Finding) bool { return f.ID == c.want.ID })
			if i < 0 {
				t.Fatalf("no %s in %v", c.want.ID, got)
			}
			check(t, got[i], c.want)
		})
	}
}

func check(t *testing.T, got, want model.Finding) {
	t.Helper()
	if want.Severity != 0 && got.Severity != want.Severity {
		t.Errorf("severity %v, want %v", got.Severity, want.Severity)
	}
	if want.Cause != "" && got.Cause != want.Cause {
		t.Errorf("cause %q, want %q", got.Cause, want.Cause)
	}
	if want.Confidence != 0 && got.Confidence != want.Confidence {
		t.Errorf("confidence %v, want %v", got.Confidence, want.Confidence)
	}
	if want.Evidence != nil && !slices.Equal(got.Evidence, want.Evidence) {
		t.Errorf("evidence %v, want %v", got.Evidence, want.Evidence)
	}
	if want.Fields != nil && !slices.Equal(got.Fields, want.Fields) {
		t.Errorf("fields %v, want %v", got.Fields, want.Fields)
	}
	if want.Repairs != nil && !slices.Equal(got.Repairs, want.Repairs) {
		t.Errorf("repairs %v, want %v", got.Repairs, want.Repairs)
	}
}

func TestWhatNeedsAPartThatWasNotReadIsLeftOpen(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
	w.users, w.tusers = w.users[1:], w.tusers[:5]
	w.roles, w.tgroups = w.roles[1:], w.tgroups[:3]
	if len(w.compare().Findings) == 0 {
		t.Fatal("the world is not bent")
	}
	w.cover, w.tcover = model.Coverages{}, model.Coverages{}
	c := w.compare()
	if len(c.Findings) != 0 {
		t.Errorf("nothing was read, yet: %v", ids(c))
	}
	var open []string
	for _, u := range c.UnsettledByReason() {
		open = append(open, fmt.Sprint(u.Type, u.OnlyMembers))
	}
	for _, want := range []string{"userfalse", "groupfalse", "grouptrue"} {
		if !slices.Contains(open, want) {
			t.Errorf("%s is not among what is open: %v", want, open)
		}
	}
}

func TestEqualNamesGetIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 1, false, rand.New(rand.NewPCG(1, 1)))
	w.tgroups = append(w.tgroups, model.Group{ID: "g1", Name: "Stray/One"}, model.Group{ID: "g2", Name: "stray/one "})
	wantIDs(t, w.compare(), []string{"group-unclaimed/stray%2Fone~g1", "group-unclaimed/stray%2Fone~g2"})
}

func TestIgnoredGroupsAreNobodysBusiness(t *testing.T) {
	t.Parallel()
	cfg := rules.GroupsConfig{Ignore: []string{"AWSControlTower*", "exact"}}
	for name, want := range map[string]bool{
		"awscontroltoweradmins": true, "AWSControlTower/x": true, "\tEXACT\u00a0": true, "exactly": false, "aws": false,
	} {
		if cfg.Ignores(name) != want {
			t.Errorf("Ignores(%q) is not %v", name, want)
		}
	}
}
