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
	"github.com/scimdrift/scimdrift/model/setup"
)

// jsonChecks is the documented form of doctor, schema 1. Keys are only ever added.
type jsonChecks struct {
	Schema     int         `json:"schema"`
	Connection string      `json:"connection"`
	Checks     []jsonCheck `json:"checks"`
}

type jsonCheck struct {
	ID     string `json:"id"`
	Result string `json:"result"`
	Seen   string `json:"seen"`
	Todo   string `json:"todo"`
	Link   string `json:"link"`
	Menu   string `json:"menu"`
	// Attributes is the table of the check that has one.
	Attributes []jsonAttribute `json:"attributes,omitempty"`
}

// jsonAttribute is one attribute for access control. Flag is "Include in SAML assertion"; it and InAssertion are yes,
// no or unknown.
type jsonAttribute struct {
	FieldName   string   `json:"field_name"`
	TagKey      string   `json:"tag_key"`
	Attribute   string   `json:"onelogin_attribute"`
	Flag        string   `json:"flag"`
	InAssertion string   `json:"in_assertion"`
	Without     []string `json:"without_value"`
	Unfit       []string `json:"unfit_value"`
	// Unread counts users whose value was not read; null where nobody's can be told.
	Unread *int     `json:"unread"`
	Wrong  []string `json:"wrong"`
}

func attributeJSON(a *model.AccessAttribute) jsonAttribute {
	tri := [...]string{"unknown", "no", "yes"}
	row := jsonAttribute{
		FieldName: a.Name, TagKey: a.Key, Attribute: a.Behind, Flag: tri[a.InAssertion],
		InAssertion: tri[setup.Sent(a)], Without: model.EmptyIfNone(a.Without), Unfit: model.EmptyIfNone(a.Unfit),
		Wrong: model.EmptyIfNone(a.Wrong),
	}
	if a.Untold == "" {
		row.Unread = &a.Unread
	}
	return row
}

// ChecksJSON writes the set-up checks in the documented form, in their own order, with names raw.
func ChecksJSON(w io.Writer, connection string, checks []model.Check) error {
	return encode(w, jsonChecks{1, connection, model.Map(checks, func(c *model.Check) jsonCheck {
		return jsonCheck{
			string(c.ID), c.Result.String(), c.Seen, c.Todo, c.Link, c.Menu, model.Map(c.Attributes, attributeJSON),
		}
	})}, "checks")
}

// ChecksText writes the set-up checks for people: what to mend, to look at, what was not read, and what is fine.
func ChecksText(w io.Writer, connection string, checks []model.Check, paint Paint) error {
	t := newText(w, paint)
	by := map[model.CheckResult][]model.Check{}
	for _, c := range checks {
		by[c.Result] = append(by[c.Result], c)
	}
	saidAbove(by[model.CheckUnknown], by[model.CheckMend])
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
		for _, same := range sameReason(by[group.result]) {
			if len(same) > 1 {
				t.checks(same)
			} else {
				t.check(same[0])
			}
		}
	}
	return t.end("checks")
}

// saidAbove refers checks to the one to mend that says already why they are not known.
func saidAbove(open, mend []model.Check) {
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

// sameReason puts checks together that are not known for one and the same reason.
func sameReason(checks []model.Check) (out [][]model.Check) {
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

// checks writes several that are not known for one reason.
func (t *text) checks(same []model.Check) {
	titles := make([]string, 0, len(same))
	var todo []string
	for _, c := range same {
		if !slices.Contains(todo, c.Todo) {
			todo = append(todo, c.Todo)
		}
		titles = append(titles, explain.CheckTitle(c.ID)+" ["+string(c.ID)+"]")
	}
	t.linef("  %s", t.bold(fmt.Sprintf("%d checks", len(same))))
	t.labelled("Seen", cmp.Or(same[0].Reason, same[0].Seen))
	t.labelled("Open", strings.Join(titles, ", "))
	t.labelled("Do", strings.Join(todo, " "))
}

func (t *text) check(c model.Check) {
	title := explain.CheckTitle(c.ID)
	if c.Result == model.CheckFine {
		t.wrapped("  ", 4, title+": "+c.Seen)
		t.attributes(c.Attributes)
		return
	}
	t.linef("  %s", t.bold(title)+"  ["+string(c.ID)+"]")
	t.labelled("Seen", c.Seen)
	t.attributes(c.Attributes)
	t.labelled("Do", c.Todo)
	t.labelled("Where", c.Menu)
	// A link is not wrapped: half of one leads nowhere.
	if c.Link != "" {
		t.linef("      %-6s %s", "Link:", model.Visible(c.Link))
	}
}

// attributes writes the table of attributes for access control, and below it what is wrong with them and for whom.
func (t *text) attributes(attributes []model.AccessAttribute) {
	if len(attributes) == 0 {
		return
	}
	var table strings.Builder
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	row := func(cells []string) {
		for i := range cells {
			cells[i] = within(model.Visible(cells[i]))
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
		t.wrapped("      ", 8, line)
	}
}

// within cuts a text that would make its column wider than anybody reads.
func within(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func (t *text) labelled(label, words string) {
	if words != "" {
		t.wrapped(fmt.Sprintf("      %-6s ", label+":"), 13, words)
	}
}

// wrapped writes words within 100 columns, the first line after a head, the others after so many spaces.
func (t *text) wrapped(head string, spaces int, words string) {
	const width = 100
	line, empty := head, true
	for word := range strings.FieldsSeq(model.Visible(words)) {
		if !empty && len([]rune(line))+1+len([]rune(word)) > width {
			t.linef("%s", line)
			line, empty = strings.Repeat(" ", spaces), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	t.linef("%s", line)
}
