package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// ChecksText writes the set-up checks for people: what to mend, to look at, what was not read, and what is fine.
func ChecksText(w io.Writer, connection string, checks []model.Check, paint Paint) error {
	t := newText(w, paint)
	by := map[model.CheckResult][]model.Check{}
	for _, c := range checks {
		by[c.Result] = append(by[c.Result], c)
	}
	referToCheckAbove(by[model.CheckUnknown], by[model.CheckMend])
	t.linef("%s", t.bold("scimdrift doctor  "+model.Visible(connection)))
	t.linef("%d to mend, %d to look at by hand, %d not known, %d fine",
		len(by[model.CheckMend]), len(by[model.CheckLook]), len(by[model.CheckUnknown]), len(by[model.CheckFine]))
	for _, group := range []struct {
		result  model.CheckResult
		heading string
		role    Role
	}{
		{model.CheckMend, "To mend", Critical},
		{model.CheckLook, "To look at by hand", Medium},
		{model.CheckUnknown, "Not known", Low},
		{model.CheckFine, "Fine", Good},
	} {
		if len(by[group.result]) == 0 {
			continue
		}
		t.linef("")
		t.linef("%s", t.bold(t.paint(group.role, group.heading)))
		for _, same := range groupByReason(by[group.result]) {
			if len(same) > 1 {
				t.writeChecks(same)
			} else {
				t.writeCheck(same[0])
			}
		}
	}
	return t.flush("checks")
}

// referToCheckAbove refers checks to the one to mend that says already why they are not known.
func referToCheckAbove(open, mend []model.Check) {
	for i := range open {
		reason := open[i].Reason
		above := slices.IndexFunc(mend, func(m model.Check) bool {
			return reason != "" &&
				strings.Contains(m.Seen, reason)
		})
		if above >= 0 {
			open[i].Reason = "what stands above under " + explain.CheckTitle(mend[above].ID)
			open[i].Seen = open[i].Reason
		}
	}
}

// groupByReason puts checks together that are not known for one and the same reason.
func groupByReason(checks []model.Check) (out [][]model.Check) {
	at := map[string]int{}
	for _, c := range checks {
		r := cmp.Or(c.Reason, c.Seen)
		if i, seen := at[r]; seen && c.Result == model.CheckUnknown {
			out[i] = append(out[i], c)
			continue
		}
		at[r] = len(out)
		out = append(out, []model.Check{c})
	}
	return out
}

// writeChecks writes several that are not known for one reason.
func (t *text) writeChecks(same []model.Check) {
	titles := make([]string, 0, len(same))
	var todo []string
	for _, c := range same {
		if !slices.Contains(todo, c.Todo) {
			todo = append(todo, c.Todo)
		}
		titles = append(titles, explain.CheckTitle(c.ID)+" ["+string(c.ID)+"]")
	}
	t.linef("  %s", t.bold(fmt.Sprintf("%d checks", len(same))))
	t.writeLabelledCheck("Seen", cmp.Or(same[0].Reason, same[0].Seen))
	t.writeLabelledCheck("Open", strings.Join(titles, ", "))
	t.writeLabelledCheck("Do", strings.Join(todo, " "))
}

func (t *text) writeCheck(c model.Check) {
	title := explain.CheckTitle(c.ID)
	if c.Result == model.CheckFine {
		t.writeWrapped("  ", 4, title+": "+c.Seen)
		t.writeAttributes(c.Attributes)
		return
	}
	t.linef("  %s", t.bold(title)+"  ["+string(c.ID)+"]")
	t.writeLabelledCheck("Seen", c.Seen)
	t.writeAttributes(c.Attributes)
	t.writeLabelledCheck("Do", c.Todo)
	t.writeLabelledCheck("Where", c.Menu)
	// A link is not wrapped: half of one leads nowhere.
	if c.Link != "" {
		t.linef("      %-6s %s", "Link:", model.Visible(c.Link))
	}
}

// writeAttributes writes the table of attributes for access control, and below it what is wrong with them and for whom.
func (t *text) writeAttributes(attributes []model.AccessAttribute) {
	if len(attributes) == 0 {
		return
	}
	var table strings.Builder
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	row := func(cells []string) {
		for i := range cells {
			cells[i] = truncateCell(model.Visible(cells[i]))
		}
		_, _ = fmt.Fprintln(columns, "      "+strings.Join(cells, "\t")) // a strings.Builder takes everything
	}
	row(explain.AccessHeads())
	for i := range attributes {
		row(explain.AccessRow(&attributes[i]))
	}
	_ = columns.Flush()
	for line := range strings.Lines(table.String()) {
		t.linef("%s", strings.TrimRight(line, " \n"))
	}
	for _, line := range explain.AccessNotes(attributes) {
		t.writeWrapped("      ", 8, line)
	}
}

// truncateCell cuts a text that would make its column wider than anybody reads.
func truncateCell(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
