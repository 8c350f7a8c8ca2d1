package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
)

// TestEveryLineOfEveryReportSaysWhatTheVerdictIs walks the lines of all four reports over worlds of which parts were
// not read: each finding stands there once, as sure as the verdict, with who says what and without a repair where
// sources contradict each other; and the sides are called in sync only where every record is known and no finding is
// there.
func TestEveryLineOfEveryReportSaysWhatTheVerdictIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := modeltest.Random(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") })
		r := Report{Connection: "prod", Comparison: c}
		write := func(f func(io.Writer, Report) error) string {
			var b bytes.Buffer
			if err := f(&b, r); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		text := write(func(w io.Writer, r Report) error { return Text(w, r, nil) })
		markdown := write(Markdown)
		table, err := csv.NewReader(strings.NewReader(write(CSV))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var parsed jsonReport
		if err := json.Unmarshal([]byte(write(JSON)), &parsed); err != nil {
			t.Fatal(err)
		}
		if len(parsed.Findings) != len(c.Findings) || len(table) != len(c.Findings)+1 {
			t.Fatalf("%d findings make %d in JSON and %d lines of CSV", len(c.Findings), len(parsed.Findings),
				len(table)-1)
		}
		lines := strings.Split(text, "\n")
		count := func(line string) (n int) {
			for _, l := range lines {
				if l == line {
					n++
				}
			}
			return n
		}
		target := explain.Target(c.Target.Kind)
		for i := range c.Findings {
			f := &c.Findings[i]
			want := verdictOf(c, f)
			out, row := parsed.Findings[i], table[i+1]
			if out.Confidence != want.Confidence.String() || row[3] != want.Confidence.String() || out.ID != f.ID ||
				row[0] != csvCell(f.ID) {
				t.Fatalf("%s is %s; JSON says %s, CSV %s", f.ID, want.Confidence, out.Confidence, row[3])
			}
			unsure := want.Confidence != model.Certain
			if sure := "      " + model.Visible(explain.Summary(*f, target)); unsure &&
				count(sure) > sureOf(c, sure, target) ||
				count("  "+model.Visible(f.Subject.Name))+count(
					"  "+model.Visible(f.Subject.Name)+" ("+f.Severity.String()+")") == 0 {
				t.Fatalf("the text does not say that %s is %s:\n%s", f.ID, want.Confidence, text)
			}
			if line := escapeMarkdown(summaryWithDoubt(*f, target)); !strings.Contains(markdown, line) ||
				unsure && !strings.Contains(line, want.Confidence.String()) {
				t.Fatalf("Markdown does not say that %s is %s:\n%s", f.ID, want.Confidence, markdown)
			}
			checkOpen(t, f.ID, &out, row, want.Relation == model.Unsettled)
		}
		named := map[model.Subject]bool{}
		for _, u := range parsed.Unsettled {
			for _, subject := range u.Subjects {
				named[subject] = true
			}
		}
		for _, u := range append(c.UnsettledRecords(model.SubjectUser), c.UnsettledRecords(model.SubjectGroup)...) {
			if u.Kind == "" && !named[u.Subject] {
				t.Fatalf("%+v is not in JSON", u)
			}
		}
		inSync := count("In sync.") > 0
		if known := r.unsettledRecords() == 0 && r.Complete() && !r.Drift(); inSync != known {
			t.Fatalf("in sync %v, known %v:\n%s", inSync, known, text)
		}
	})
}

// checkOpen: where sources contradict each other the reports say who says what, and offer nothing.
func checkOpen(t *rapid.T, id string, out *jsonFinding, row []string, open bool) {
	until := strings.Contains(out.Summary, "no repair is offered until they agree") &&
		strings.Contains(row[9], "until they agree")
	if open != (out.Contradicted != "") || open != until || open && len(out.Repairs) > 0 {
		t.Fatalf("%s, contradicted %v: %+v", id, open, out)
	}
	for _, e := range out.Evidence {
		if e.Where == "" || !e.For && !open {
			t.Fatalf("%s: %+v", id, e)
		}
	}
}

// TestNothingIsInSyncThatIsNotKnown: all was read and no drift found, but a rule leaves open who should be in a group.
func TestNothingIsInSyncThatIsNotKnown(t *testing.T) {
	t.Parallel()
	for open, want := range map[string][]string{
		"": {"\nIn sync.\n"},
		"a rule cannot be evaluated": {
			"\nNo drift in what is known; of 1 record nothing is known.\n",
			"\nNot settled\n  the members of 1 group: who should be in it is open: a rule cannot be evaluated (",
			"\n- the members of 1 group: who should be in it is open: a rule cannot be evaluated \\(aws-a",
			`"why": "who should be in it is open: a rule cannot be evaluated",`,
		},
	} {
		var src rules.Source
		var tgt model.Directory
		for _, p := range model.SourceParts() {
			src.Coverage[p], tgt.Coverage[p] = model.CompleteCoverage(), model.CompleteCoverage()
		}
		src.App = model.App{ID: "5", Provisioning: model.Yes, GroupsIncluded: model.Yes}
		src.Groups = []model.Group{{ID: "1", Name: "aws-a", Expectation: model.Expected, MembersOpen: open}}
		tgt.Groups = []model.Group{{ID: "g1", Name: "aws-a"}}
		src.SetMembers([]model.MemberList{{}})
		tgt.SetMembers([]model.MemberList{{}})
		var out bytes.Buffer
		r := Report{Connection: "prod", Comparison: modeltest.Compare(src, tgt, drift.Options{})}
		if err := errors.Join(Text(&out, r, nil), Markdown(&out, r), JSON(&out, r)); err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%q is not in\n%s", text, out.String())
			}
		}
		if said := strings.Contains(out.String(), "ettled"); said != (open != "") {
			t.Errorf("open %q:\n%s", open, out.String())
		}
	}
}

// verdictOf is what a finding's own record, or the finding where it has none, comes to. Of several findings of a record
// each has a confidence of its own.
func verdictOf(c *drift.Comparison, f *model.Finding) drift.Verdict {
	v := drift.Verdict{Relation: f.Relation(), Confidence: f.Confidence}
	record := c.GroupVerdict(f.Source, f.Target)
	if f.Subject.Type == model.SubjectUser {
		record = c.UserVerdict(f.Source, f.Target)
	}
	if v.Relation != model.Aside && record.Kind == f.Kind {
		return record
	}
	return v
}

// sureOf counts the findings of which a line of the text without a word of doubt speaks.
func sureOf(c *drift.Comparison, line, target string) (n int) {
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Confidence == model.Certain && explain.Doubt(*f) == "" && line == "      "+
			model.Visible(explain.Summary(*f, target)) {
			n++
		}
	}
	return n
}
