package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
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
}

// ChecksJSON writes the set-up checks in the documented form, in their own order, with names raw.
func ChecksJSON(w io.Writer, connection string, checks []model.Check) error {
	out := jsonChecks{Schema: 1, Connection: connection, Checks: make([]jsonCheck, 0, len(checks))}
	for _, c := range checks {
		out.Checks = append(out.Checks, jsonCheck{string(c.ID), c.Result.String(), c.Seen, c.Todo, c.Link, c.Menu})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write the checks: %w", err)
	}
	return nil
}

// ChecksText writes the set-up checks for people, linear and labelled: what to mend first, then what to look at, what could
// not be read, and what is fine in one line each.
func ChecksText(w io.Writer, connection string, checks []model.Check, colour bool) error {
	t := &text{Writer: bufio.NewWriter(w), colour: colour}
	by := map[model.CheckResult][]model.Check{}
	for _, c := range checks {
		by[c.Result] = append(by[c.Result], c)
	}
	t.linef("%s", t.bold("scimdrift doctor  "+model.Visible(connection)))
	t.linef("%d to mend, %d to look at by hand, %d not known, %d fine",
		len(by[model.CheckMend]), len(by[model.CheckLook]), len(by[model.CheckUnknown]), len(by[model.CheckFine]))
	for _, group := range []struct {
		result       model.CheckResult
		heading, sgr string
	}{
		{model.CheckMend, "To mend", "1;31"},
		{model.CheckLook, "To look at by hand", "1;33"},
		{model.CheckUnknown, "Not known", "1;35"},
		{model.CheckFine, "Fine", "1;32"},
	} {
		if len(by[group.result]) == 0 {
			continue
		}
		t.linef("")
		t.linef("%s", t.paint(group.sgr, group.heading))
		for _, c := range by[group.result] {
			t.check(c)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the checks: %w", err)
	}
	return nil
}

func (t *text) check(c model.Check) {
	title := explain.CheckTitle(c.ID)
	if c.Result == model.CheckFine {
		t.wrapped("  ", 4, title+": "+c.Seen)
		return
	}
	t.linef("  %s", t.bold(title)+"  ["+string(c.ID)+"]")
	t.labelled("Seen", c.Seen)
	t.labelled("Do", c.Todo)
	t.labelled("Where", c.Menu)
	// A link is not wrapped: half of one leads nowhere.
	if c.Link != "" {
		t.linef("      %-6s %s", "Link:", model.Visible(c.Link))
	}
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
