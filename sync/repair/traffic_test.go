package repair_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
)

// sameJSON is a text of JSON without what a writer may choose.
func sameJSON(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What a nudge writes to OneLogin is what its plan shows, in that order.
func TestANudgeIsWhatItsPlanShows(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	lively(t, b, true)
	plan := nudges(t, b)
	if run := b.run(plan, repair.RunOptions{}); run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	var want, got []string
	for _, s := range plan.Steps {
		want = append(want, s.Request.Method+" "+s.Request.Path+" "+sameJSON(t, string(s.Request.Body)))
	}
	for _, r := range b.server.OneLogin.Requests() {
		if r.Method != "GET" && strings.HasPrefix(r.Path, "/api") {
			path := r.Path
			if r.Query != "" {
				path += "?" + r.Query
			}
			got = append(got, r.Method+" "+path+" "+sameJSON(t, r.Body))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the plan is not what OneLogin saw (-plan +seen):\n%s", diff)
	}
}

// What is written through the lens, there and back, is what the plans show: the operation, its body and the order.
func TestAssignmentsAreWhatTheirPlansShow(t *testing.T) {
	b := withLens(t)
	plan := b.planOf(b.assigned(), model.RemoveAssignments)
	seen := func(run model.Run) {
		t.Helper()
		var want, got []string
		for i, line := range requests(run) {
			if body, ours := strings.CutPrefix(line, "POST / "); ours {
				want = append(want, run.Plan.Steps[i].Request.Headers["X-Amz-Target"]+" "+sameJSON(t, body))
			}
		}
		for _, r := range b.server.AWS.Requests() {
			if strings.HasSuffix(r.Operation, ".DeleteAccountAssignment") ||
				strings.HasSuffix(r.Operation, ".CreateAccountAssignment") {
				got = append(got, r.Operation+" "+sameJSON(t, r.Body))
			}
		}
		if len(want) == 0 {
			t.Fatal("nothing goes through the lens")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the plan is not what AWS saw (-plan +seen):\n%s", diff)
		}
	}
	b.server.AWS.ResetRequests()
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	seen(run)
	undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
	if err != nil {
		t.Fatal(err)
	}
	b.server.AWS.ResetRequests()
	back := b.run(undo, repair.RunOptions{})
	if back.State != model.RunDone {
		t.Fatalf("undo is %s:%s", back.State, details(back))
	}
	seen(back)
}
