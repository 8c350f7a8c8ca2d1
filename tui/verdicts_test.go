package tui

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// TestEveryLineSaysWhatTheVerdictIs walks every line of every tab, and the pane and the inspector of each, over worlds
// of which parts were not read. The sign is the verdict's; nobody is called in sync, or rightly absent or inactive,
// whose verdict does not say so; what is not known says why; the next thing to do is the first repair that is offered,
// and there is none where sources contradict.
func TestEveryLineSaysWhatTheVerdictIs(t *testing.T) {
	longTable(t)
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := modeltest.Random(func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "") })
		c.Provisional = rapid.IntRange(0, 3).Draw(rt, "provisional") == 0
		a := board(t, c, 200, 60)
		for _, tab := range []string{"1", "2", "3"} {
			a.press(tab)
			if a.list().DriftOnly() {
				a.press("f")
			}
			for at := range a.list().Len() {
				line := a.list().At(at)
				if line.Heading != nil {
					a.list().To(at)
					if text := drawnAt(a); line.Heading.Group == nil && line.Heading.Relation != model.Same &&
						strings.Contains(text, "in sync") {
						rt.Fatalf("%q stands over rows that are %s", text, line.Heading.Relation)
					}
					continue
				}
				a.list().To(at)
				checkLine(rt, a, line.Row)
			}
		}
	})
}

func checkLine(t *rapid.T, a *app, r rows.Row) {
	verdict := a.Set.Verdict(r)
	if r.Own {
		verdict.Relation = r.Relation
	}
	name := a.Set.Subject(r).Name
	drawn := drawnAt(a)
	if sign := " " + rows.Sign(verdict.Relation) + " "; verdict.Relation != model.Aside &&
		!strings.Contains(drawn, sign) {
		t.Fatalf("%s is %s and shows as %q", name, verdict.Relation, drawn)
	}
	inspector, _ := inspect.New(a.Set, r, a.rowLocation)
	why := single(ansi.Strip(strings.Join(inspector.View(a.context(), 200, 2000), "\n")))
	pane := ansi.Strip(strings.Join(a.grid().Preview(200, 60), "\n"))
	for where, text := range map[string]string{"line": drawn, "pane": pane, "inspector": why} {
		settled := r.Finding == model.None && verdict.Relation == model.Same
		for _, claim := range []string{"rightly absent", "rightly inactive", "In sync", "Likely in sync"} {
			if strings.Contains(text, claim) && !settled {
				t.Fatalf("the %s of %s, which is %s, says %q:\n%s", where, name, verdict.Relation, claim, text)
			}
		}
	}
	if r.Finding == model.None && verdict.Relation == model.Unsettled && !strings.Contains(pane, "Not settled: ") {
		t.Fatalf("the pane of %s does not say that it is not settled:\n%s", name, pane)
	}
	for _, f := range a.Set.FindingsOf(r) {
		checkFinding(t, f, pane, why)
	}
}

// checkFinding holds what the pane and the inspector say of a finding against it.
func checkFinding(t *rapid.T, f *model.Finding, pane, why string) {
	word := "confidence: " + f.Confidence.String()
	if sure := f.Provisional || f.Confidence == model.Certain; !sure && !strings.Contains(why, word) ||
		f.Provisional && strings.Contains(why, "confidence:") {
		t.Fatalf("the inspector of %s does not say %q:\n%s", f.ID, word, why)
	}
	switch {
	case f.Provisional:
		if len(f.Repairs) > 0 || !strings.Contains(pane, "rovisional") || !strings.Contains(why, "rovisional") {
			t.Fatalf("nothing says that %s is provisional:\n%s\n%s", f.ID, pane, why)
		}
	case f.Contradicted != "":
		if !strings.Contains(why, "no repair is offered until they agree") || !strings.Contains(why, "Against: ") ||
			len(f.Repairs) > 0 {
			t.Fatalf("the inspector of %s does not say who says what:\n%s", f.ID, why)
		}
	}
	if len(f.Repairs) > 0 && !strings.Contains(why, ". "+string(f.Repairs[0].Repair)) {
		t.Fatalf("the inspector of %s does not list its first repair, %v:\n%s", f.ID, f.Repairs, why)
	}
	if next := explain.Next(*f); next != "" && !strings.Contains(pane, "Next: "+firstWords(next)) {
		t.Fatalf("the pane of %s does not say %q:\n%s", f.ID, next, pane)
	}
	at := slices.IndexFunc(f.Repairs,
		func(o model.Option) bool { return strings.Contains(explain.Next(*f), string(o.Repair)) })
	if at > 0 {
		t.Fatalf("%s names %s next, and offers %v", explain.Next(*f), f.Repairs[at].Repair, f.Repairs)
	}
}

// firstWords are as much of a sentence as stays on one line.
func firstWords(s string) string { return strings.Join(strings.Fields(s)[:2], " ") }

// drawnAt is the line at the cursor.
func drawnAt(a *app) string {
	a.list().SetHeight(1)
	return ansi.Strip(a.grid().Lines(1)[0])
}
