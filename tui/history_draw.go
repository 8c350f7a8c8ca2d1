package tui

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// historyBody lists the runs in the window.
func (a *app) historyBody(height int) []string {
	h := &a.past
	if len(h.matched) == 0 {
		return a.nothing(h.whyEmpty(), a.width)
	}
	lines := make([]string, 0, height)
	for at := h.Top(); at < min(h.Top()+height, h.Len()); at++ {
		lines = append(lines, a.pastLine(&h.runs[h.matched[at]], at == h.Cursor()))
	}
	return lines
}

func (h *historyTab) whyEmpty() string {
	switch {
	case h.failed != "":
		return "The history could not be read: " + h.failed
	case !h.known:
		return "Reading the history."
	case len(h.runs) > 0:
		return "Nothing matches \"" + h.filter.Text() + "\". esc clears the filter."
	}
	return "Nothing was run on this connection yet. p on a row plans a repair."
}

// pastLine is a run on one line: when, how it ended, what it did, and who did it.
func (a *app) pastLine(r *model.Run, chosen bool) string {
	mark, look := a.runMark(r)
	when := absent
	if !r.StartedAt.IsZero() {
		when = a.moment(r.StartedAt)
	}
	when = style.Fit(when, 16)
	who := ""
	if a.width >= narrow {
		who = style.Cut(style.Name(r.Who), 20)
	}
	what := runDid(r)
	if len(r.UndoneBy) > 0 {
		what += ", undone"
	}
	if r.Reason != "" {
		what += " · " + r.Reason
	}
	rest := style.Spaces(15 - style.Width(mark))
	rest += style.Fit(style.Name(what), a.width-style.Width(when+mark+rest)-style.Width(who)-4) + " " + who
	if chosen {
		return a.cursorLine(when + mark + rest)
	}
	return " " + when + look.On(mark) + rest
}

// runDid says what a run was about, raw.
func runDid(r *model.Run) string {
	if r.Plan == nil || len(r.Plan.Steps) == 0 {
		return "its plan could not be read"
	}
	step := &r.Plan.Steps[0]
	text := string(step.Repair) + " " + step.Subject.Called()
	if r.Plan.Undoes != "" {
		text = "undo " + r.Plan.Undoes + ": " + text
	}
	if n := len(r.Plan.Steps) - 1; n > 0 {
		text += " and " + style.Count(n, "more step")
	}
	return text
}

// historyDetail is the pane below the runs.
func (a *app) historyDetail() []string {
	r := a.past.run()
	if r == nil {
		return []string{a.ruleWith("")}
	}
	return append([]string{a.ruleWith("Run " + style.Name(r.ID))}, a.pastHead(r, a.width, " ")...)
}

// pastHead is what a run is in a few lines: its outcome, who, why, and what is wrong with its journal.
func (a *app) pastHead(r *model.Run, width int, margin string) []string {
	mark, look := a.runMark(r)
	lines := []string{margin + look.On(mark) + "  " + style.Cut(outcome(r), width-style.Width(mark)-6)}
	say := func(label, text string) {
		if text != "" {
			lines = append(lines, a.wrapped(margin, label, text, width)...)
		}
	}
	for _, d := range r.Damage {
		lines = append(lines, a.signed(a.theme.Bad, "!", d, width)...)
	}
	say("Who:", runWho(r))
	say("Why:", r.Reason)
	at := "not known"
	if !r.StartedAt.IsZero() {
		at = r.StartedAt.In(a.now.Location()).Format("2 Jan 2006 15:04:05")
	}
	if !r.EndedAt.IsZero() {
		at += " to " + r.EndedAt.In(a.now.Location()).Format("15:04:05 MST")
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

// pastRunScreen is one run of the history with every step. It shows the run as it is known now.
type pastRunScreen struct {
	page

	run model.Run
}

func (s *pastRunScreen) title(*app) string { return "Run " + style.Name(s.run.ID) }

// renew takes the run from a newer history, if it is in it.
func (s *pastRunScreen) renew(h *historyTab) {
	if r := h.find(s.run.ID); r != nil {
		s.run = *r
		s.stale()
	}
}

func (s *pastRunScreen) body(a *app, width, height int) []string {
	return s.window(width, height, func(width int) []string { return a.pastText(&s.run, width) })
}

// pastText is all of a run, its steps with what was kept of before.
func (a *app) pastText(r *model.Run, width int) []string {
	lines := append([]string{""}, a.pastHead(r, width, "  ")...)
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
		lines = append(lines, a.recordLine(step, &rec, width))
		more := []string{rec.Detail}
		if rec.CreatedID != "" {
			more = append(more, "It has the id "+rec.CreatedID+".")
		}
		for b := range rec.Backup {
			more = append(more, backupText(&rec.Backup[b]))
		}
		for _, text := range slices.DeleteFunc(more, func(t string) bool { return t == "" }) {
			lines = append(lines, indent("      ", style.Name(text), width-1)...)
		}
	}
	if why := noUndo(r); why != "" {
		lines = append(lines, "", "  "+style.Cut(why, width-3))
	}
	return append(lines, "", "  q goes back.")
}

// backupText says what was kept of a record before the write, raw.
func backupText(b *model.Backup) string {
	text := "Kept: the " + string(b.Type) + " " + b.Name + " (" + b.ID + ")"
	if len(b.Members) > 0 {
		text += " with " + style.Count(len(b.Members), "member") + ": " + memberNames(b.Members)
	}
	if len(b.Groups) > 0 {
		names := make([]string, len(b.Groups))
		for i, g := range b.Groups {
			names[i] = nameOr(g.Name, g.ID, g.Ref, "the group")
		}
		text += " in " + style.Count(len(names), "group") + ": " + someNames(names)
	}
	if b.Incomplete != "" {
		text += "; there may have been more: " + b.Incomplete
	}
	return text + "."
}
