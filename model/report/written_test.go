package report

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/runbook"
)

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// Whatever could not be written is said, so that nobody takes half of a report for all of it.
func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	t.Parallel()
	p, book := somePlan(), runbook.Books()[0]
	for name, write := range map[string]func(io.Writer) error{
		"report, text":      func(w io.Writer) error { return Text(w, sample(), nil) },
		"report, JSON":      func(w io.Writer) error { return JSON(w, sample()) },
		"report, Markdown":  func(w io.Writer) error { return Markdown(w, sample()) },
		"report, CSV":       func(w io.Writer) error { return CSV(w, sample()) },
		"plan, text":        func(w io.Writer) error { return PlanText(w, p, nil) },
		"plan, Markdown":    func(w io.Writer) error { return PlanMarkdown(w, p) },
		"runs, text":        func(w io.Writer) error { return RunText(w, someRun(), "", nil) },
		"checks, text":      func(w io.Writer) error { return ChecksText(w, "prod", someChecks(), nil) },
		"differences, text": func(w io.Writer) error { return DifferenceText(w, drift.Difference{}) },
		"record, Markdown": func(w io.Writer) error {
			return CaseMarkdown(w, book, runbook.Case{Comparison: sample().Comparison}, CaseHeader{})
		},
	} {
		what, _, _ := strings.Cut(name, ",")
		if err := write(full{}); err == nil || err.Error() != "write the "+what+": no space left" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDifferencesInText(t *testing.T) {
	t.Parallel()
	var out, none bytes.Buffer
	err := DifferenceText(&out, drift.Difference{
		Changes: []drift.Change{
			{Side: model.AtSource, Type: "user", What: drift.Added, Name: "ana\x07"},
			{
				Side: model.AtTarget, Type: "group", What: drift.Changed, Name: "aws-a",
				Fields: []drift.ChangedField{{Name: "displayName", Before: "aws-a", After: "aws-\u0430"}},
			},
			{Side: model.AtTarget, Type: "membership", What: drift.Removed, Name: "bo", Of: "aws-a\x1b"},
			{What: drift.Added, Name: "group-lingering/x"},
		},
		Open: []string{"target users"}, Unknown: []string{"target aws-ops"},
	})
	const want = `4 differences

OneLogin
  added    user ana<U+0007>

Target
  changed  group aws-a
           displayName: "aws-a" is "aws-<U+0430>" now
  removed  membership bo in aws-a<U+001B>

Findings
  added    group-lingering/x

Not compared, because one of the two did not read it completely
  target users
  members of target aws-ops
`
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := DifferenceText(&none, drift.Difference{}); err != nil ||
		none.String() != "Nothing that was read completely in both differs.\n" {
		t.Errorf("%v\n%s", err, none.String())
	}
}

// A connection without a report has no line in the CSV of all; its exit code and its error say so.
func TestTheCSVOfAllNamesEachConnection(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := AllCSV(&out, []Outcome{
		{Report: Report{Connection: "lab"}, Err: errors.New("neither side could be read")}, {Report: sample()},
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err != nil || len(lines) != 2 || !strings.HasPrefix(lines[0], "connection,id,") ||
		!strings.HasPrefix(lines[1], "prod,group-lingering/aws-legacy-admins,") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestNotesAreInEveryReport(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Comparison.Notes = []string{"the lens was not asked <x>"}
	var text, markdown bytes.Buffer
	if err := errors.Join(Text(&text, r, nil), Markdown(&markdown, r)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "Note: the lens was not asked <x>.") ||
		!strings.HasSuffix(markdown.String(), "\nNote: the lens was not asked &lt;x&gt;.\n") {
		t.Errorf("%s\n%s", text.String(), markdown.String())
	}
}

// What keeps other checks from being known is said once, where it is to be mended.
func TestWhatIsNotKnownRefersToWhatIsToMend(t *testing.T) {
	t.Parallel()
	const why = "the target takes no token at this URL"
	var out bytes.Buffer
	if err := ChecksText(&out, "prod", []model.Check{
		{ID: model.SetupTargetToken, Result: model.CheckMend, Seen: why + ": 401", Todo: "Make a new one."},
		{ID: model.SetupUserNameCase, Seen: "unknown: " + why, Reason: why, Todo: "Read again."},
		{ID: model.SetupMispaired, Seen: "unknown: " + why, Reason: why, Todo: "Read again."},
	}, nil); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, why) != 1 || !strings.Contains(got, "2 checks") ||
		!strings.Contains(got, "what stands above under "+explain.CheckTitle(model.SetupTargetToken)) {
		t.Error(got)
	}
}

// A case that is through says so, and tells its runs in the order in which they were made.
func TestACaseThatIsThrough(t *testing.T) {
	t.Parallel()
	book, _ := runbook.Find(runbook.GroupLingers)
	book.Steps = book.Steps[4:5] // no group of this name is at the target
	first, second := *someRun(), *someRun()
	second.ID, second.StartedAt = "second", first.EndedAt
	c := runbook.Case{
		Comparison: sample().Comparison, Group: "aws-gone", Begun: first.StartedAt, Runs: []model.Run{second, first},
	}
	var out bytes.Buffer
	if err := CaseMarkdown(&out, book, c, CaseHeader{}); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if !strings.Contains(got, "Everything that can be read agrees.") ||
		strings.Index(got, "### "+first.ID) > strings.Index(got, "### second") || !strings.Contains(got, "### second") {
		t.Error(got)
	}
}

// What goes on is neither good nor bad yet.
func TestARunThatGoesOn(t *testing.T) {
	t.Parallel()
	r := someRun()
	r.State, r.Steps[0].State = model.RunRunning, model.StepRunning
	var out bytes.Buffer
	if err := RunText(&out, r, "", marked); err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(out.String(), "\n")
	if !strings.HasSuffix(head, "  running") || !strings.Contains(rest, "\n  running      s1") ||
		!strings.Contains(rest, "in-doubt") {
		t.Error(out.String())
	}
	for state, word := range map[model.RunState]string{
		model.RunRunning: "queued", model.RunInterrupted: "not begun",
	} {
		var text, markdown bytes.Buffer
		r.State, r.Steps[1].State = state, model.StepQueued
		if err := cmp.Or(RunText(&text, r, "", nil), RunMarkdown(&markdown, r)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), "  "+word) || !strings.Contains(markdown.String(), "| s2 | "+word+" |") {
			t.Errorf("%s:\n%s\n%s", state, &text, &markdown)
		}
	}
}
