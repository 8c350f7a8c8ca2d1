package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

func sample() Report {
	c := &drift.Comparison{}
	c.Source.Kind, c.Source.Name, c.Source.Requests = "onelogin", "app 500001", 31
	c.Target.Kind, c.Target.Name, c.Target.Requests = "aws", "us-east-1", 52
	for i := range c.Source.Coverage {
		c.Source.Coverage[i], c.Target.Coverage[i] = model.CompleteCoverage(), model.CompleteCoverage()
	}
	c.Source.Users = []model.User{
		{ID: "1", UserName: "ana@corp.example", Assigned: true},
		{ID: "2", UserName: "gone@corp.example"},
	}
	c.Source.Groups = []model.Group{{Name: "a", Expectation: model.Expected}, {Name: "b", Expectation: model.Allowed}}
	c.Findings = []model.Finding{{
		ID: "group-lingering/aws-legacy-admins", Kind: model.GroupLingering, Severity: model.High,
		Confidence: model.Certain,
		Cause:      model.CauseSourceDeleted,
		Subject:    model.Subject{Type: model.SubjectGroup, Name: "aws-legacy-admins", TargetID: "c4d8"},
		Members:    []string{"ana@corp.example"},
		Evidence: []model.Evidence{{
			At: time.Date(2026, 11, 20, 9, 12, 44, 0, time.UTC), What: "ROLE_DELETED", By: "ana@corp.example",
		}},
		Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
	}}
	return Report{
		Connection: "prod", ReadAt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		Duration: 812 * time.Millisecond, Comparison: c,
	}
}

func TestJSONIsAsDocumented(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := JSON(&out, sample()); err != nil {
		t.Fatal(err)
	}
	const want = `{"schema": 1, "connection": "prod", "read_at": "2026-11-23T08:00:00Z", "duration_ms": 812,
		"complete": true,
 "source": {"kind": "onelogin", "users": 1, "groups": 1, "memberships": 0, "requests": 31,
            "coverage": {"users": "complete", "groups": "complete", "memberships": "complete",
		"rules": "complete", "events": "complete"}},
 "target": {"kind": "aws", "users": 0, "groups": 0, "memberships": 0, "requests": 52,
            "coverage": {"users": "complete", "groups": "complete", "memberships": "complete"}},
 "totals": {"group-lingering": 1},
 "findings": [
  {"id": "group-lingering/aws-legacy-admins", "kind": "group-lingering", "severity": "high", "confidence": "certain",
   "subject": {"type": "group", "name": "aws-legacy-admins", "source_id": "", "target_id": "c4d8"},
   "summary": "in AWS, deleted in OneLogin on 2026-11-20 by ana@corp.example; 1 member still in it",
		"cause": "source-deleted",
   "details": {"members": ["ana@corp.example"], "fields": []},
   "evidence": [{"at": "2026-11-20T09:12:44Z", "what": "ROLE_DELETED", "by": "ana@corp.example", "for": true,
		"where": "OneLogin's log"}],
   "repairs": [{"id": "delete-group", "channel": "direct"}]}]}`
	if diff := cmp.Diff(parse(t, want), parse(t, out.String())); diff != "" {
		t.Errorf("-documented +written:\n%s", diff)
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("no JSON: %v\n%s", err, text)
	}
	return v
}

func TestEmptyListsAreListsInJSON(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Comparison.Findings = nil
	var out bytes.Buffer
	if err := JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"findings": []`) || !strings.Contains(out.String(), `"totals": {}`) {
		t.Errorf("null for an empty list:\n%s", out.String())
	}
}

func TestTextSaysWhatWasNotRead(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Comparison.Source.Coverage[model.PartRules] = model.UnknownCoverage("403, the scope Manage All is missing")
	r.Comparison.Target.Coverage[model.PartUsers] = model.UnknownCoverage("x")
	r.Comparison.Target.Coverage[model.PartGroups] = model.UnknownCoverage("x")
	var out bytes.Buffer
	if err := Text(&out, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"source rules: unknown: 403, the scope Manage All is missing", "could not be read",
		"users unknown, groups unknown", "target users, groups: unknown: x\n",
		"1 finding: 1 high",
		"aws-legacy-admins", "run the check again",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("colour where none was asked for")
	}
}

func TestDriftAndCompleteness(t *testing.T) {
	t.Parallel()
	r := sample()
	if !r.Drift() || !r.Complete() || r.Unreadable() {
		t.Errorf("drift %v, complete %v, unreadable %v", r.Drift(), r.Complete(), r.Unreadable())
	}
	r.Comparison.Findings[0].Severity = model.Info
	r.Comparison.Source.Coverage[model.PartEvents] = model.SkippedCoverage()
	if r.Drift() || !r.Complete() {
		t.Error("information is drift, or a skipped part is missing")
	}
	r.Comparison.Source.Coverage, r.Comparison.Target.Coverage = model.Coverages{}, model.Coverages{}
	if !r.Unreadable() || r.Complete() {
		t.Error("nothing was read, and that is not said")
	}
}

func TestCSVCannotRunAFormula(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Comparison.Findings[0].Subject.Name = "=cmd|' /C calc'!A0"
	r.Comparison.Findings[0].Members = []string{"-2+3", "\"x\",y"}
	var out bytes.Buffer
	if err := CSV(&out, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, cell := range rows[1] {
		if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
			t.Errorf("a cell that would run: %q", cell)
		}
	}
}

func TestMarkdownKeepsTheTable(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Comparison.Findings[0].Subject.Name = "a|b\n| [x](y) <img>"
	var out bytes.Buffer
	if err := Markdown(&out, r); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\n") {
		if strings.HasPrefix(line, "| high") {
			bare := strings.ReplaceAll(line, `\|`, "")
			if strings.Count(bare, "|") != 6 || strings.Contains(line, "<img") || strings.Contains(line, "[x](") {
				t.Errorf("the row is broken: %s", line)
			}
			return
		}
	}
	t.Errorf("no row for the finding:\n%s", out.String())
}

// TestUnequalSizesAreAddedUp: one of two users is suspended and rightly absent; the report says so beside "no
// findings".
func TestUnequalSizesAreAddedUp(t *testing.T) {
	t.Parallel()
	r := sample()
	src, tgt := r.Comparison.Source, r.Comparison.Target
	src.Users = []model.User{
		{ID: "1", ExternalID: "1", UserName: "ana@corp.example", Active: true, Assigned: true},
		{ID: "2", ExternalID: "2", UserName: "bo@corp.example", Assigned: true, Standing: model.StandingSuspended},
	}
	src.Groups = nil
	tgt.Users = []model.User{{ID: "t1", ExternalID: "1", UserName: "ana@corp.example", Active: true}}
	r.Comparison = drift.Compare(src, tgt, drift.Options{Groups: rules.GroupsConfig{From: "roles"}})
	const text = "2 ↔ 1 users: −1 suspended"
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text":     func(b *bytes.Buffer) error { return Text(b, r, nil) },
		"markdown": func(b *bytes.Buffer) error { return Markdown(b, r) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(out.String(), `\`, "")
		if !strings.Contains(got, text) || !strings.Contains(got, "no findings") {
			t.Errorf("%s does not say why the sides differ in size:\n%s", name, got)
		}
	}
}
