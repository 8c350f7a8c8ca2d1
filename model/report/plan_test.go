package report

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

const hostile = "aws-\x1b[2J\u202elegacy\n```\n| [x](y)"

// somePlan deletes a group of a hostile name, adds a member, and hands a reapply to a person.
func somePlan() *model.Plan {
	p := &model.Plan{
		Schema: model.PlanSchema, Connection: "prod\x07", Fingerprint: model.Fingerprint("a"),
		MadeAt: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC),
		Guard: model.GuardVerdict{
			Refusals: []model.GuardRefusal{{
				Rule: model.RuleMaxDeletes, Text: "14 deletions and deactivations, 3 of them in the last 24 hours; " +
					"the limit is 10",
				Way: "take fewer, raise guard.max_deletes, or allow it with --allow max-deletes", Steps: []string{"s3"},
			}},
			Overridden: []model.GuardRefusal{{
				Rule: model.RuleShrunk,
				Text: "the source's users fell from 812 to 500, and the limit is 20 %", Way: "look",
			}},
		},
		Steps: []model.Step{
			{
				ID: "s1", Repair: model.ReapplyMappings, Channel: model.Console, Confidence: "likely",
				Finding: "user-unsynced/bo@corp.example", Findings: []string{
					"user-unsynced/bo@corp.example",
					"user-unsynced/cy@corp.example",
				},
				Subject: model.Subject{Type: model.SubjectConnection, Name: "AWS"},
				Handoff: &model.Handoff{
					URL:  "https://acme.onelogin.com/apps/500001/edit/" + strings.Repeat("x", 60),
					Menu: "OneLogin > the app > More Actions > Reapply entitlement mappings", DeadlineS: 600,
				},
			},
			{
				ID: "s2", Repair: model.AddMembers, Channel: model.Direct, Confidence: "certain",
				Finding: "members-missing/aws-team", Grants: true,
				Subject: model.Subject{Type: model.SubjectGroup, Name: "aws-team", SourceID: "70", TargetID: "g-70"},
				Counts:  model.Counts{Grants: 1}, After: []string{"s1"},
				Group:   &model.GroupRef{ID: "g-70", Name: "aws-team"},
				Members: []model.Member{{ID: "t-1", UserName: "bo@corp.example"}},
				Request: &model.Request{
					Service: model.ServiceTarget, Method: "PATCH", Path: "/Groups/g-70",
					Headers: map[string]string{"Content-Type": "application/scim+json"},
					Body: json.RawMessage(`{"Operations":[{"op":"add","path":"members",` +
						`"value":[{"value":"t-1"}]}]}`),
				},
			},
			{
				ID: "s3", Repair: model.DeleteGroup, Channel: model.Direct, Confidence: "certain",
				Finding: "group-lingering/x", Takes: true,
				Subject: model.Subject{Type: model.SubjectGroup, Name: hostile, TargetID: "g-x"},
				Counts:  model.Counts{Deletes: 1, Removals: 2},
				Request: &model.Request{Service: model.ServiceTarget, Method: "DELETE", Path: "/Groups/g-x"},
				BlastRadius: &model.BlastRadius{
					Members:     []string{"ana@corp.example", "bo@corp.example"},
					Assignments: []string{"Prod/AdministratorAccess"}, Unknown: "the list was cut",
				},
			},
		},
		Access: []model.AccessChange{
			{
				Person: "ana@corp.example", ID: "t-2", Loses: []string{hostile}, Keeps: 7,
				Closes: []string{"Prod/AdministratorAccess"},
			},
			{
				Person: "bo@corp.example", ID: "t-1", Loses: []string{hostile}, Gains: []string{"aws-team"},
				Opens: []string{"Read in Audit (1)"},
			},
			{Person: "cy@corp.example", ID: "t-3", Account: model.AccountDeactivated, RenamedTo: "cy ", Keeps: 1},
		},
		Forecast: &model.Forecast{
			Before: 37, Left: 31, BySeverity: map[string]int{"critical": 2, "info": 29}, ByOneLogin: 2,
			New: []string{"group-missing/\x1b[2J"},
		},
		LeftOut:  []model.LeftOut{{Finding: "user-duplicate/dee", Reason: "nothing is offered for it"}},
		Warnings: []string{"A reapply applies every rule edit that waits: \x1b]0;x\x07 edited 2026-11-23 by ana."},
	}
	p.Seal()
	return p
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	want, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func harmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%U got through", r)
		}
	}
}

func TestAPlanInText(t *testing.T) {
	t.Parallel()
	var out, coloured bytes.Buffer
	if err := PlanText(&out, somePlan(), nil); err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.txt", out.String())
	harmless(t, out.String())
	if err := PlanText(&coloured, somePlan(), marked); err != nil || !strings.Contains(coloured.String(), "<4takes>") {
		t.Errorf("no colour: %v", err)
	}
}

func TestAPlanSaysWhatIsNotCounted(t *testing.T) {
	t.Parallel()
	p := somePlan()
	p.Undoes, p.Steps[2].Own = "20261124T090500-ab12", true
	for range 12 {
		p.Steps[0].Findings = append(p.Steps[0].Findings, "user-unsynced/x")
	}
	var out, empty bytes.Buffer
	if err := PlanText(&out, p, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Takes back the run 20261124T090500-ab12.", "1 step removes what that run made itself",
		"Takes: 0 deletions and deactivations", "and 4 more",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if err := PlanText(&empty, &model.Plan{Connection: "prod"}, nil); err != nil ||
		!strings.Contains(empty.String(), "No steps") || strings.Contains(empty.String(), "guard") {
		t.Errorf("%v\n%s", err, empty.String())
	}
}

func TestAPlanInMarkdown(t *testing.T) {
	t.Parallel()
	p := somePlan()
	p.Steps[1].Request.Body = json.RawMessage(`{"displayName":"~~~ ` + "```` <b>" + `"}`)
	p.Seal()
	var out bytes.Buffer
	if err := PlanMarkdown(&out, p); err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.md", out.String())
	harmless(t, out.String())
}

func TestAPlanInJSONIsAsDocumented(t *testing.T) {
	t.Parallel()
	p := somePlan()
	var out bytes.Buffer
	if err := PlanJSON(&out, p); err != nil {
		t.Fatal(err)
	}
	read, err := model.ReadPlan(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, read); diff != "" {
		t.Errorf("-plan +read:\n%s", diff)
	}
	var got struct {
		Steps []map[string]any `json:"steps"`
		Guard map[string]any   `json:"guard"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, step := range got.Steps {
		for key := range strings.FieldsSeq(
			"id repair finding subject channel takes grants request handoff precondition blast_radius") {
			if _, ok := step[key]; !ok {
				t.Errorf("step %v has no %s", step["id"], key)
			}
		}
	}
	want := map[string]any{
		"service": "scim", "method": "DELETE", "path": "/Groups/g-x", "headers": map[string]any{},
		"body": nil,
	}
	if diff := cmp.Diff(any(want), got.Steps[2]["request"]); diff != "" {
		t.Errorf("-documented +written:\n%s", diff)
	}
	if got.Steps[0]["request"] != nil || got.Steps[1]["handoff"] != nil || got.Guard["allowed"] != false {
		t.Errorf("a handoff has a request, a request a handoff, or the guard says nothing: %v", got)
	}
	for key := range strings.FieldsSeq("schema connection checksum made_at complete guard steps") {
		if !strings.Contains(out.String(), "\n  \""+key+"\": ") {
			t.Errorf("no %s at the top", key)
		}
	}
}

func someRun() *model.Run {
	at := time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC)
	return &model.Run{
		ID: "20261124T090500-ab12", Plan: somePlan(), StartedAt: at, EndedAt: at.Add(time.Minute),
		State: model.RunIncomplete,
		Who:   "eva", Host: "bastion\x1b[1m", Version: "1.0", Reason: "INC-7 | cleanup",
		Allow: []model.GuardRule{model.RuleShrunk},
		Steps: []model.StepRecord{
			{ID: "s1", State: model.StepUnconfirmed, At: at, Detail: "nobody pressed it within 10m0s"},
			{ID: "s2", State: model.StepSkipped, At: at, Detail: "s1 did not confirm"},
			{ID: "s3", State: model.StepInDoubt, At: at, Backup: []model.Backup{{
				Type: model.SubjectGroup, ID: "g-x", Name: hostile, Members: []model.Member{{ID: "t-1"}, {ID: "t-2"}},
				Incomplete: "the list was cut",
			}}},
		},
		UndoneBy: []string{"20261124T100000-cd34"}, Damage: []string{"line 7 is no JSON\x07"},
	}
}

func TestRunsInText(t *testing.T) {
	t.Parallel()
	var one, list, none bytes.Buffer
	if err := RunText(&one, someRun(), "scimdrift history X --settle", nil); err != nil {
		t.Fatal(err)
	}
	golden(t, "run.txt", one.String())
	harmless(t, one.String())
	done := someRun()
	done.State, done.Steps, done.Damage, done.UndoneBy, done.Allow = model.RunDone, done.Steps[:2], nil, nil, nil
	done.Steps[0].State, done.Steps[1].State = model.StepConfirmed, model.StepConfirmed
	var back bytes.Buffer
	if err := RunText(&back, done, "", nil); err != nil || !strings.Contains(back.String(), "An undo takes it back") ||
		strings.Contains(back.String(), "A group comes back") { // its deletion did not run
		t.Errorf("%v\n%s", err, back.String())
	}
	done.Headless = true
	var lost bytes.Buffer
	if err := RunText(&lost, done, "", nil); err != nil ||
		!strings.Contains(lost.String(), "the head of the journal is lost") {
		t.Errorf("%v\n%s", err, lost.String())
	}
	done.Headless = false
	if err := RunsText(&list, []model.Run{*someRun(), *done}, nil); err != nil {
		t.Fatal(err)
	}
	golden(t, "runs.txt", list.String())
	harmless(t, list.String())
	if err := RunsText(&none, nil, nil); err != nil || none.String() != "No runs are kept here.\n" {
		t.Errorf("%v %q", err, none.String())
	}
}

func TestARunInMarkdown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := RunMarkdown(&out, someRun()); err != nil {
		t.Fatal(err)
	}
	golden(t, "run.md", out.String())
	harmless(t, out.String())
}

// TestACaseInMarkdown: how the steps stand, what runs since it was begun did and to whom, and what is open.
func TestACaseInMarkdown(t *testing.T) {
	t.Parallel()
	book, _ := runbook.Find(runbook.GroupLingers)
	c := runbook.Case{Comparison: sample().Comparison, Group: hostile, Begun: someRun().StartedAt.Add(-time.Hour)}
	c.Comparison.Target.Groups = []model.Group{{ID: "g-x", Name: hostile}}
	early := *someRun()
	early.ID, early.StartedAt = "early", c.Begun.Add(-time.Minute)
	c.Runs = []model.Run{*someRun(), early}
	var out bytes.Buffer
	if err := CaseMarkdown(&out, book, c, CaseHeader{
		Connection: "prod\x07", Who: "@eva", Host: "bastion\x1b[1m", Version: "1.0", At: someRun().EndedAt,
	}); err != nil {
		t.Fatal(err)
	}
	golden(t, "case.md", out.String())
	harmless(t, out.String())
}

// TestAStrangersTextIsNoMarkdown: what would open a link, a cell, a formula or a mention is shown as it is.
func TestAStrangersTextIsNoMarkdown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`\[x](http://evil)`: `\\\[x\]\(http:\//evil\)`,
		`\|`:                `\\\|`,
		`<b> & ~~$x$~~ !`:   `&lt;b&gt; &amp; \~\~\$x\$\~\~ \!`,
		"@org/team, (@eva)": `@<!-- -->org/team, \(@<!-- -->eva\)`,
		"ana@corp.example":  "ana@corp.example",
	} {
		if got := escapeMarkdown(text); got != want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	}
}

func TestRunsInJSONAreAsDocumented(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := someRun()
	r.Plan.Steps = r.Plan.Steps[1:] // as when a journal is damaged: s1 has no step any more
	if err := RunsJSON(&out, []model.Run{
		*r,
		{ID: "x", State: model.RunInterrupted, Steps: []model.StepRecord{{ID: "s1"}}},
	}); err != nil {
		t.Fatal(err)
	}
	got := parse(t, strings.Replace(`{"runs": X}`, "X", out.String(), 1)).(map[string]any)["runs"].([]any)
	first := got[0].(map[string]any)
	for key, want := range map[string]any{
		"run": "20261124T090500-ab12", "connection": "prod\x07", "started_at": "2026-11-24T09:05:00Z",
		"state": "incomplete", "settled": false,
		"reason": "INC-7 | cleanup", "undone_by": []any{"20261124T100000-cd34"}, "checksum": somePlan().Checksum,
	} {
		if diff := cmp.Diff(want, first[key]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	steps := first["steps"].([]any)
	if s := steps[2].(map[string]any); s["repair"] != "delete-group" || s["state"] != "in-doubt" ||
		s["subject"].(map[string]any)["name"] != hostile {
		t.Errorf("%v", s)
	}
	if s := steps[0].(map[string]any); s["repair"] != "" || s["state"] != "unconfirmed" {
		t.Errorf("%v", s)
	}
	out.Reset()
	if err := RunsJSON(&out, nil); err != nil || strings.TrimSpace(out.String()) != "[]" {
		t.Errorf("no runs are %q", out.String())
	}
	out.Reset()
	if err := RunJSON(&out, r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(first), parse(t, out.String())); diff != "" {
		t.Errorf("one run is not as in the list:\n%s", diff)
	}
}

// TestAReasonToLeaveOutIsSaidOnce with all the findings that it is about; the JSON has one entry for each.
func TestAReasonToLeaveOutIsSaidOnce(t *testing.T) {
	t.Parallel()
	p := &model.Plan{Schema: model.PlanSchema, Connection: "prod"}
	for _, id := range []string{"user-lingering/a", "user-lingering/b", "group-unclaimed/c"} {
		p.LeftOut = append(p.LeftOut, model.LeftOut{Finding: id, Reason: "it is not certain"})
	}
	for name, write := range map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return PlanText(w, p, nil) },
		"Markdown": func(w io.Writer) error { return PlanMarkdown(w, p) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); strings.Count(got, "it is not certain") != 1 ||
			!strings.Contains(got, "user-lingering/a, user-lingering/b, group-unclaimed/c") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	var b strings.Builder
	if err := PlanJSON(&b, p); err != nil || strings.Count(b.String(), "it is not certain") != 3 {
		t.Errorf("JSON %v:\n%s", err, b.String())
	}
}
