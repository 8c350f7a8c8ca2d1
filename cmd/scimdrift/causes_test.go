package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

// The four troubleshooting cases of the vendor's guide
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html): each is called by its cause, with what
// it rests on and the first thing to do.
func TestGuidesCasesAreNamedWithEvidence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scenario, kind, cause, evidence, repair, says string
	}{
		{
			"nothing-syncs", "user-unsynced", "pending-approval", "provisioning_pending_approval", "approve-pending",
			"Next: Approve the pending task",
		},
		{"groups-not-included", "group-missing", "groups-not-included", "", "open-app", "Include in User Provisioning"},
		{
			"lingering-groups", "group-lingering", "source-deleted", "ROLE_DELETED", "delete-group",
			"deleted in OneLogin on 20",
		},
		{
			"deleted-in-aws-first", "group-missing", "deleted-at-target", "answered 404 for group",
			"refresh-entitlements",
			"Refresh entitlements",
		},
	} {
		t.Run(c.scenario, func(t *testing.T) {
			t.Parallel()
			got, code := checkJSON(t, "--demo", "--scenario", c.scenario)
			if code != exitDrift {
				t.Errorf("exit %d", code)
			}
			n := 0
			for _, f := range got.Findings {
				if f.Kind != c.kind || f.Cause != c.cause {
					continue
				}
				n++
				if !strings.Contains(fmt.Sprint(f.Evidence), c.evidence) {
					t.Errorf("%s: the evidence %v does not show %q", f.ID, f.Evidence, c.evidence)
				}
				if len(f.Repairs) == 0 || f.Repairs[0].ID != c.repair {
					t.Errorf("%s: repairs %v, want %s first", f.ID, f.Repairs, c.repair)
				}
			}
			if n == 0 {
				t.Errorf("no %s is called %s: %v", c.kind, c.cause, got.Totals)
			}
			if out, _, _ := runCLI(t, "check", "--demo", "--scenario", c.scenario); !strings.Contains(out, c.says) {
				t.Errorf("the text does not say %q:\n%s", c.says, out)
			}
		})
	}
}

// forbidden is OneLogin refusing a path. Every other way to refuse is told apart in sync/load.
func forbidden(path string) func(*testing.T, *sim.Server) {
	return arm(fault.Fault{Service: fault.OneLogin, Path: path, Kind: fault.Forbidden})
}

// Without the provisioning states everything else works: the same findings, whose causes only a state would show are
// not known. It is no matter of coverage; a note says what is missing.
func TestStatesRefused(t *testing.T) {
	t.Parallel()
	tenant := paged(t)
	for i := range tenant.Truth {
		if tenant.Truth[i].StateCause != "" {
			tenant.Truth[i].StateCause = "unknown"
		}
		if tenant.Truth[i].Cause == "source-unassigned" {
			tenant.Truth[i].Cause = "" // that somebody lost the app is learned from the same list
		}
	}
	path := serve(t, tenant, &faulty{arrange: forbidden(`/api/2/users/\d+/apps`)})
	c, code := checkJSON(t, "--config", path)
	wantTruth(t, c, tenant.Truth)
	if code != exitDrift || !c.Complete {
		t.Errorf("exit %d, complete %v; states are no part of coverage", code, c.Complete)
	}
	if !slices.ContainsFunc(c.Notes, func(n string) bool { return strings.Contains(n, "could not be read") }) {
		t.Errorf("notes %q do not say that states could not be read", c.Notes)
	}
	if out, _, _ := runCLI(t, "check", "--config", path); !strings.Contains(out, "Note: the provisioning states of") {
		t.Errorf("the text has no note:\n%s", out)
	}
}

// Without events the findings are there, coverage and exit code say what was not read, and no cause is made up.
func TestEventsRefused(t *testing.T) {
	t.Parallel()
	tenant := paged(t)
	f := faulty{arrange: forbidden(`/api/1/events`), lost: []string{"source.events"}}
	c, code := checkJSON(t, "--config", serve(t, tenant, &f))
	f.judge(t, c, code, tenant.Truth)
	for _, got := range c.Findings {
		if got.Cause == "source-deleted" || got.Cause == "source-changed" || got.Cause == "source-removed" {
			t.Errorf("%s is called %s, which only an event shows", got.ID, got.Cause)
		}
	}
}

// A provisioning state that nobody documents explains nothing: the findings whose cause a state would show are there
// with an unknown cause, nothing else changes, and nothing is called unread.
func TestAStateThatNobodyDocumentsIsNoCause(t *testing.T) {
	t.Parallel()
	tenant := paged(t)
	var ids []string
	for i := range tenant.Truth {
		if f := &tenant.Truth[i]; f.StateCause != "" && f.SubjectType == "user" && f.SourceID != "" {
			f.StateCause = "unknown"
			ids = append(ids, f.SourceID)
		}
	}
	if len(ids) == 0 {
		t.Fatal("no finding of this world has a cause that only a state shows")
	}
	strange := fault.Fault{
		Service: fault.OneLogin, Path: `/api/2/users/(` + strings.Join(ids, "|") + `)/apps`, Kind: fault.Answer,
		Body: fmt.Sprintf(`[{"id":%d,"name":"AWS","login_id":7,"provisioning_status":"teleporting",`+
			`"provisioning_state":"provisioning_teleport",`+
			`"provisioning_enabled":true}]`, tenant.AppID),
	}
	c, code := checkJSON(t, "--config", serve(t, tenant, &faulty{arrange: arm(strange)}))
	wantTruth(t, c, tenant.Truth)
	if code != exitDrift || !c.Complete || len(c.Notes) > 0 {
		t.Errorf("exit %d, complete %v, notes %q: the state was read, and is no part of coverage", code, c.Complete,
			c.Notes)
	}
}
