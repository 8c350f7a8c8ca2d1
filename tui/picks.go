package tui

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// selection is what the operator means with a key that repairs: the marked rows, or what stands at the cursor.
type selection struct {
	rows     []rows.Row
	findings []*model.Finding
	// single: it is one row that was chosen as such, and not as one of many, nor by its heading.
	single bool
}

// selection gathers the findings, each once. On a screen that shows one row the marks do not count.
func (a *app) selection() selection {
	var c selection
	many := false
	switch {
	case a.Set == nil:
	case a.inspector() != nil:
		if row, there := a.Set.Find(a.inspector().ID); there {
			c.rows = []rows.Row{row}
		}
	case a.top() != nil:
	default:
		c.rows, many = a.selectedRows()
	}
	c.single = len(c.rows) == 1 && !many
	seen := map[string]bool{}
	for _, row := range c.rows {
		for _, f := range a.Set.FindingsOf(row) {
			if !seen[f.ID] {
				seen[f.ID] = true
				c.findings = append(c.findings, f)
			}
		}
	}
	return c
}

// selectedRows are the rows of the list that a key acts on: those of the open range, else the marked ones, else those
// under the heading or the one at the cursor. many: they were not chosen as one row.
func (a *app) selectedRows() (out []rows.Row, many bool) {
	switch {
	case !a.isRowTab():
	case a.hasOpenRange():
		return a.list().InRange(), true
	case len(a.marks) > 0:
		return a.Set.Marked(a.marks), false
	case a.isCursorOnHeading():
		return a.list().UnderCursor(), true
	case a.isCursorOnRow():
		return []rows.Row{a.lineAtCursor().Row}, false
	}
	return nil, false
}

// canRepair: there is a row, a heading or marks to repair, and nothing under way that would have to end first.
func (a *app) canRepair() bool {
	if a.Set == nil || a.isSettling() {
		return false
	}
	if s := a.inspector(); s != nil {
		return !s.Gone
	}
	return a.isListOnTop() && (a.hasLineAtCursor() || len(a.marks) > 0)
}

// options lists the repairs offered that wanted picks, each once, in the order of the offers.
func (c selection) options(wanted func(model.Option) bool) []model.Option {
	var out []model.Option
	for _, f := range c.findings {
		for _, o := range f.Repairs {
			if wanted(o) && !slices.Contains(out, o) && len(c.picks(o)) > 0 {
				out = append(out, o)
			}
		}
	}
	return out
}

// picks takes one repair for every finding that offers it.
func (c selection) picks(o model.Option) []model.Pick {
	var out []model.Pick
	for _, f := range c.findings {
		if slices.Contains(f.Repairs, o) && (c.single || !f.OnlyByName(o.Repair)) {
			out = append(out, model.Pick{Finding: f.ID, Option: o, Named: c.single})
		}
	}
	return out
}

// unplannedText says which of the findings that were chosen are not among some picks, raw; empty where all are.
func (c selection) unplannedText(picks []model.Pick, keyOf func(model.RepairName) string) string {
	const most = 3
	picked, singly := map[string]bool{}, ""
	for _, p := range picks {
		picked[p.Finding] = true
	}
	var names []string
	for _, f := range c.findings {
		if len(picks) > 0 && !picked[f.ID] && f.OnlyByName(picks[0].Repair) {
			singly = " What is not certain goes one by one: " + keyOf(picks[0].Repair) + " on its own row."
		}
		switch of := f.Subject.Type; {
		case picked[f.ID]:
		case of == model.SubjectUser, of == model.SubjectGroup:
			names = append(names, f.Subject.Called())
		default: // all of the set-up are the app's
			names = append(names, string(f.Kind))
		}
	}
	if len(names) == 0 || c.single {
		return ""
	}
	return "Not in this plan: " + style.Number(len(names)) + " of the " + style.Count(len(c.findings), "finding") +
		" chosen, " + model.FirstOf(names, most) + "." + singly
}

// harmlessPicks picks for each finding the first repair that neither takes nor grants.
func (c selection) harmlessPicks() []model.Pick {
	var out []model.Pick
	for _, f := range c.findings {
		if o, there := f.NeutralRepair(); there {
			out = append(out, model.Pick{Finding: f.ID, Option: o, Named: c.single})
		}
	}
	return out
}

// notThere is said of what was chosen before a read that has it no longer.
const notThere = "This is not there any more since the last read."

// whyNoRepair says why a kind of repair that an action wanted is not there for what was chosen, and what to do. The
// text is raw.
func (a *app) whyNoRepair(c selection, action, otherwise string) string {
	switch {
	case len(c.rows) == 0:
		return notThere
	case len(c.findings) == 0 && c.single:
		row := c.rows[0]
		if row.Relation == model.Unsettled {
			return "Not settled, so nothing is offered: " + a.Set.Verdict(row).Why + ". " + a.keyFor("reload") +
				" reads again."
		}
		if row.Relation == model.Differs {
			return "Decide by hand: it claims a record that another one has."
		}
		if row.Relation != model.Same {
			return "Nothing is known that would end this."
		}
		return "In sync: there is nothing to repair."
	case len(c.findings) == 0:
		return "None of these rows has a finding: there is nothing to repair."
	case len(c.options(func(model.Option) bool { return true })) > 0:
		return otherwise + " " + a.keyFor("plan") + " shows what does."
	case c.single:
		return explain.Next(*c.findings[0])
	}
	return "Nothing is repaired here of many at once: press " + a.keyFor(action) + " on the row itself."
}
