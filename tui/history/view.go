package history

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/table"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// View lists the runs in the window.
func (h *Tab) View(c *screen.Context, width, height int) []string {
	if h.Len() == 0 {
		return screen.Nothing(h.whyEmpty(c), width)
	}
	who := 0
	for i := range h.Runs {
		if width >= screen.Narrow {
			who = min(max(who, style.Width(style.Name(h.Runs[i].Who))), 20)
		}
	}
	const when, mark, gaps = 15, 14, 5
	return h.Draw(c, width, height, []table.Column{
		{Title: "WHEN", Width: when},
		{Title: "STATE", Width: mark},
		{Title: "WHAT", Width: max(width-when-mark-who-gaps, 1)},
		{Title: "WHO", Width: who},
	}, func(item int) table.Row { return cells(c, &h.Runs[item]) })
}

func (h *Tab) whyEmpty(c *screen.Context) string {
	switch {
	case h.failed != "":
		return "The history could not be read: " + h.failed
	case !h.known:
		return "Reading the history."
	case len(h.Runs) > 0:
		return c.Unmatched(h.Filter())
	}
	return "Nothing was run on this connection yet. " + c.Key("plan") + " on a row plans a repair."
}

// cells are a run on one line: when, how it ended, what it did, and who did it.
func cells(c *screen.Context, r *model.Run) table.Row {
	mark, look := run.Mark(c, r)
	when := style.Absent
	if !r.StartedAt.IsZero() {
		when = c.Moment(r.StartedAt)
	}
	what := run.Did(r)
	if len(r.UndoneBy) > 0 {
		what += ", undone"
	}
	if r.Reason != "" {
		what += " · " + r.Reason
	}
	return table.Row{when, look.On(mark), style.Name(what), style.Name(r.Who)}
}

// Detail is the pane below the runs.
func (h *Tab) Detail(c *screen.Context, width int) []string {
	r := h.Run()
	if r == nil {
		return []string{c.Rule("", width)}
	}
	return append([]string{c.Rule("Run "+style.Name(r.ID), width)}, head(c, r, width, " ")...)
}

// head is what a run is in a few lines: its outcome, who, why, and what is wrong with its journal.
func head(c *screen.Context, r *model.Run, width int, margin string) []string {
	mark, look := run.Mark(c, r)
	lines := []string{margin + look.On(mark) + "  " + style.Cut(r.Outcome(), width-style.Width(mark)-6)}
	say := func(label, text string) {
		if text != "" {
			lines = append(lines, c.Labelled(margin, label, text, width)...)
		}
	}
	for _, d := range r.Damage {
		lines = append(lines, screen.Signed(c.Theme.Bad, "!", d, width)...)
	}
	say("Who:", runWho(r))
	say("Why:", r.Reason)
	at := "not known"
	if !r.StartedAt.IsZero() {
		at = r.StartedAt.In(c.Now.Location()).Format("2 Jan 2006 15:04:05")
	}
	if !r.EndedAt.IsZero() {
		at += " to " + r.EndedAt.In(c.Now.Location()).Format("15:04:05 MST")
	}
	say("When:", at)
	allowed := make([]string, len(r.Allow))
	for i, rule := range r.Allow {
		allowed[i] = string(rule)
	}
	say("Allowed:", strings.Join(allowed, ", "))
	say("Undone by:", strings.Join(r.UndoneBy, ", "))
	return lines
}

func runWho(r *model.Run) string {
	who := r.Who
	if r.Host != "" {
		who += " on " + r.Host
	}
	if r.Version != "" {
		who += ", version " + r.Version
	}
	return who
}

// Screen is one run of the history with every step.
type Screen struct {
	screen.Text

	Run model.Run
}

// Title names the run.
func (s *Screen) Title() string { return "Run " + style.Name(s.Run.ID) }

// Renew takes the run from a newer history, if it is in it.
func (s *Screen) Renew(h *Tab) {
	if r := h.first(func(r *model.Run) bool { return r.ID == s.Run.ID }); r != nil {
		s.Run = *r
		s.Stale()
	}
}

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string { return text(c, &s.Run, width) })
}

// text is all of a run, its steps with what was kept of before.
func text(c *screen.Context, r *model.Run, width int) []string {
	lines := append([]string{""}, head(c, r, width, "  ")...)
	if r.Plan == nil {
		return lines
	}
	lines = append(lines, "")
	for i := range r.Plan.Steps {
		step := &r.Plan.Steps[i]
		rec := model.StepRecord{ID: step.ID, State: model.StepQueued}
		if i < len(r.Steps) {
			rec = r.Steps[i]
		}
		lines = append(lines, run.Record(c, step, &rec, width))
		more := []string{rec.Detail}
		if rec.CreatedID != "" {
			more = append(more, "It has the id "+rec.CreatedID+".")
		}
		for b := range rec.Backup {
			more = append(more, backupText(&rec.Backup[b]))
		}
		for _, text := range slices.DeleteFunc(more, func(t string) bool { return t == "" }) {
			lines = append(lines, style.Indent("      ", style.Name(text), width-1)...)
		}
	}
	if why := run.NoUndo(r); why != "" {
		lines = append(lines, "", "  "+style.Cut(why, width-3))
	}
	return append(lines, "", "  "+c.Key("back")+" goes back.")
}

// backupText says what was kept of a record before the write, raw.
func backupText(b *model.Backup) string {
	text := "Kept: the " + string(b.Type) + " " + b.Name + " (" + b.ID + ")"
	if len(b.Members) > 0 {
		text += " with " + style.Count(len(b.Members), "member") + ": " + plan.MemberNames(b.Members)
	}
	if len(b.Groups) > 0 {
		names := make([]string, len(b.Groups))
		for i, g := range b.Groups {
			names[i] = plan.NameOr(g.Name, g.ID, g.Ref, "the group")
		}
		text += " in " + style.Count(len(names), "group") + ": " + plan.SomeNames(names)
	}
	if b.Incomplete != "" {
		text += "; there may have been more: " + b.Incomplete
	}
	return text + "."
}
