package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// TestMembersAreRemovedWhereTheTargetKnowsNoPath: a server that refuses members[value eq "…"] gets nothing else in its
// place; the step says what to set, and with that the whole record is written, without that member, and undo brings him
// back.
func TestMembersAreRemovedWhereTheTargetKnowsNoPath(t *testing.T) {
	t.Parallel()
	at := func(t *testing.T, users, groups []row) location {
		t.Helper()
		p := elimityTarget(true)(t, users, groups)
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if r.Method == http.MethodPatch && bytes.Contains(body, []byte("members[")) {
				rw.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(rw, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400",`+
					`"scimType":"invalidPath"}`)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			p.handler.ServeHTTP(rw, r)
		}))
		t.Cleanup(front.Close)
		p.url = front.URL + "/v2"
		return p
	}
	e := newElsewhere(t, at, 3)
	want := []string{"--repair", string(model.RemoveMembers), "--allow", "max-percent"}
	before := see(t, e.location)
	plan, file := e.plan(want...)
	out, code := e.apply(t.Context(), nil, plan, file, want[2:]...)
	for _, step := range e.runs()[0].Steps {
		if step.State != model.StepFailed || !strings.Contains(step.Detail, `target.write = "put"`) {
			t.Errorf("%s: %s", step.State, step.Detail)
		}
	}
	if diff := gocmp.Diff(before, see(t, e.location)); code != exitUnconfirmed || diff != "" {
		t.Errorf("exit code %d\n%s\n%s", code, out, diff)
	}
	text, err := os.ReadFile(e.config)
	if err == nil {
		err = os.WriteFile(e.config, bytes.Replace(text, []byte(`dialect = "generic"`),
			[]byte("dialect = \"generic\"\nwrite = \"put\""), 1), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	plan, file = e.plan(want...)
	if out, code := e.apply(t.Context(), nil, plan, file, want[2:]...); code != exitOK {
		t.Errorf("exit code %d\n%s", code, out)
	}
	after := see(t, e.location)
	if diff := gocmp.Diff(wantAfter(t, before, after, plan), after); diff != "" {
		t.Errorf("the target holds something else than the plan said (-want +got):\n%s", diff)
	}
	if out, code := e.undo(want[2:]...); code != exitOK {
		t.Errorf("undo: exit code %d\n%s", code, out)
	}
	if diff := gocmp.Diff(before, see(t, e.location)); diff != "" {
		t.Errorf("undo did not bring back what was there (-before +after):\n%s", diff)
	}
}
