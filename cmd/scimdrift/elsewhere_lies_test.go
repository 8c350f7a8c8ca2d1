package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// lying is a server whose answers are bent on the way, while lies is set.
type lying struct {
	lies atomic.Bool
	// answer takes a question in place of the server; rows bends each record of an answer, nil leaves it out.
	answer func(rw http.ResponseWriter, r *http.Request) bool
	row    func(list bool, collection string, one row) row
}

func (l *lying) at(t *testing.T, users, groups []row) location {
	t.Helper()
	p := elimityTarget(true)(t, users, groups)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !l.lies.Load() || r.Method != http.MethodGet {
			p.handler.ServeHTTP(rw, r)
			return
		}
		if l.answer != nil && l.answer(rw, r) {
			return
		}
		kept := httptest.NewRecorder()
		p.handler.ServeHTTP(kept, r)
		rw.Header().Set("Content-Type", "application/scim+json")
		rw.WriteHeader(kept.Code)
		_, _ = rw.Write(l.bend(r, kept.Body.Bytes()))
	}))
	t.Cleanup(front.Close)
	p.url = front.URL + "/v2"
	return p
}

func (l *lying) bend(r *http.Request, body []byte) []byte {
	var doc row
	collection, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v2/"), "/")
	if l.row == nil || collection != "Users" && collection != "Groups" || json.Unmarshal(body, &doc) != nil {
		return body
	}
	rows, list := doc["Resources"].([]any)
	if !list {
		doc = l.row(false, collection, doc)
	} else {
		kept := []any{}
		for _, one := range rows {
			if bent := l.row(true, collection, one.(row)); bent != nil {
				kept = append(kept, bent)
			}
		}
		doc["Resources"], doc["totalResults"], doc["itemsPerPage"] = kept,
			doc["totalResults"].(float64)-float64(len(rows)-len(kept)), len(kept)
	}
	text, _ := json.Marshal(doc)
	return text
}

// lingering gives a plan that deletes one lingering group with members, and its file.
func (e *elsewhere) lingering() (*model.Plan, string, model.Step) {
	e.t.Helper()
	plan, file := e.plan("--kind", "group-lingering", "--repair", "delete-group", "--allow", "max-percent")
	at := slices.IndexFunc(plan.Steps, func(s model.Step) bool { return len(s.Members) > 0 })
	if at < 0 {
		e.t.Fatal("no lingering group has a member")
	}
	return plan, file, plan.Steps[at]
}

// A target that shows no member of any group says nothing of who would lose what: no delete of a group goes through
// without a word about its backup.
func TestNoGroupIsDeletedWhereMembersNeverShow(t *testing.T) {
	t.Parallel()
	l := &lying{row: func(_ bool, collection string, one row) row {
		if collection == "Groups" {
			one["members"] = []any{}
		}
		return one
	}}
	e := newElsewhere(t, l.at, 3)
	before := see(t, e.location)
	honest, file, step := e.lingering()
	l.lies.Store(true)
	stdout, _, code := runCLI(t, "check", "-o", "json", "--config", e.config)
	var report struct {
		Complete bool
		Target   struct {
			Groups         int
			MembersUnknown int `json:"members_unknown"`
		}
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || code != exitIncomplete || report.Complete ||
		report.Target.MembersUnknown != report.Target.Groups {
		t.Errorf("exit code %d, %v, %+v", code, err, report)
	}
	stdout, _, _ = runCLI(t, "plan", "--kind", "group-lingering", "--repair", "delete-group", "--allow", "max-percent",
		"-o", "json", "--config", e.config)
	var plan model.Plan
	if json.Unmarshal([]byte(stdout), &plan) == nil && len(plan.Steps) > 0 && plan.Guard.Allowed {
		t.Errorf("a plan deletes groups whose members nobody knows:\n%s", stdout)
	}
	if out, code := e.apply(t.Context(), nil, honest, file, "--allow", "max-percent"); code == exitOK {
		t.Errorf("the plan from before runs:\n%s", out)
	}
	l.lies.Store(false)
	if diff := gocmp.Diff(before, see(t, e.location)); diff != "" {
		t.Errorf("the target changed:\n%s", diff)
	}
	// Whoever says that it may go without a backup can have it deleted all the same.
	l.lies.Store(true)
	e.command(t.Context(), nil, "plan", "--out", file, "--finding", step.Finding, "--repair", "delete-group", "--allow",
		"no-backup")
	allowed, err := newProgram(nil, nil).readPlan(file)
	if err != nil || len(allowed.Steps) != 1 || !allowed.Guard.Allowed {
		t.Fatalf("%v %+v", err, allowed)
	}
	if out, code := e.apply(t.Context(), nil, allowed, file, "--allow", "no-backup"); code != exitOK {
		t.Errorf("exit code %d\n%s", code, out)
	}
	l.lies.Store(false)
	if _, there := see(t, e.location).Groups[step.Subject.Name]; there {
		t.Error("the group is still there")
	}
}

// A gateway that answers 404 for every record by its id says of none that it is gone: nothing is written, and no group
// passes for deleted already.
func TestAGatewaysAnswerIsNoReasonToWrite(t *testing.T) {
	t.Parallel()
	l := &lying{answer: func(rw http.ResponseWriter, r *http.Request) bool {
		if strings.Count(strings.Trim(r.URL.Path, "/"), "/") < 2 {
			return false
		}
		rw.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(rw, `{"detail":"Not Found"}`)
		return true
	}}
	e := newElsewhere(t, l.at, 3)
	plan, file, _ := e.lingering()
	before := see(t, e.location)
	l.lies.Store(true)
	out, code := e.apply(t.Context(), nil, plan, file, "--allow", "max-percent")
	l.lies.Store(false)
	if diff := gocmp.Diff(before, see(t, e.location)); code != exitFailed || diff != "" {
		t.Errorf("exit code %d\n%s\n%s", code, out, diff)
	}
	if runs := e.runs(); len(runs) > 0 {
		t.Errorf("a run was begun: %v", runs)
	}
}

// A member whom the list of users leaves out is known all the same: the plan names him, the run does not stumble over
// him, and the way back puts back whom OneLogin still assigns.
func TestAMemberInNoListIsKnown(t *testing.T) {
	t.Parallel()
	var hidden atomic.Value
	hidden.Store("")
	l := &lying{row: func(list bool, collection string, one row) row {
		if list && collection == "Users" && one["id"] == hidden.Load() {
			return nil
		}
		return one
	}}
	e := newElsewhere(t, l.at, 3)
	_, _, step := e.lingering()
	hidden.Store(step.Members[0].ID)
	l.lies.Store(true)
	file := filepath.Join(t.TempDir(), "plan.json")
	if _, code := e.command(t.Context(), nil, "plan", "--out", file, "--finding", step.Finding, "--repair",
		"delete-group"); code != exitIncomplete {
		t.Errorf("a list that leaves somebody out passes for all: exit code %d", code)
	}
	plan, err := newProgram(nil, nil).readPlan(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := plan.Steps[0].BlastRadius.Members; !slices.Contains(got, step.Members[0].UserName) {
		t.Errorf("%s loses the group and is not named: %q", step.Members[0].UserName, got)
	}
	out, code := e.apply(t.Context(), nil, plan, file)
	if code != exitOK || strings.Contains(out, "more members than before") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if _, there := see(t, e.location).Groups[step.Subject.Name]; there {
		t.Errorf("%s is still there", step.Subject.Name)
	}
}

// A target without groups is compared by its users: they are repaired there, and that is taken back.
func TestUsersAreRepairedWhereThereAreNoGroups(t *testing.T) {
	t.Parallel()
	const gone = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"no such ` +
		`resource"}`
	l := &lying{answer: func(rw http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/v2/Groups") && r.URL.Path != "/v2/ResourceTypes" {
			return false
		}
		rw.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(rw, gone)
		return true
	}}
	l.lies.Store(true)
	e := newElsewhere(t, func(t *testing.T, users, _ []row) location { t.Helper(); return l.at(t, users, nil) }, 3)
	var before map[string]bool // the last run makes users, and is taken back
	for _, repair := range []model.RepairName{model.DeactivateUser, model.CreateUser} {
		before = e.people()
		plan, file := e.plan("--repair", string(repair), "--allow", "max-percent", "--allow", "not-certain")
		for _, s := range plan.Steps {
			if s.Repair != repair {
				t.Errorf("%s: a step does %s", repair, s.Repair)
			}
		}
		if out, code := e.apply(t.Context(), nil, plan, file, "--allow", "max-percent", "--allow",
			"not-certain"); code != exitOK {
			t.Errorf("%s: exit code %d\n%s", repair, code, out)
		}
	}
	if diff := gocmp.Diff(before, e.people()); diff == "" {
		t.Error("nothing changed")
	}
	if out, code := e.undo(); code != exitOK {
		t.Errorf("undo: exit code %d\n%s", code, out)
	}
	if diff := gocmp.Diff(before, e.people()); diff != "" {
		t.Errorf("undo did not bring back what was there (-before +after):\n%s", diff)
	}
	stdout, _, _ := runCLI(t, "check", "-o", "json", "--config", e.config)
	if !strings.Contains(stdout, `"groups": "skipped"`) || strings.Contains(stdout, `"group-missing`) ||
		!strings.Contains(stdout, `"complete": true`) {
		t.Errorf("a target without groups is not read as one:\n%s", stdout)
	}
}

// people are the users of the target and whether each is active.
func (e *elsewhere) people() map[string]bool {
	e.t.Helper()
	out := map[string]bool{}
	for _, raw := range list(e.t, e.location, "/Users") {
		var one struct {
			UserName string
			Active   bool
		}
		decodeInto(e.t, raw, &one)
		out[one.UserName] = one.Active
	}
	return out
}
