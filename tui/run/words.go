package run

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

func stepMark(c *screen.Context, s model.StepState) screen.Mark {
	return cmp.Or(map[model.StepState]screen.Mark{
		model.StepConfirmed:   {Text: "✓ confirmed", Look: c.Theme.Good},
		model.StepRunning:     {Text: "▸ running", Look: c.Theme.Title},
		model.StepUnconfirmed: {Text: "? unconfirmed", Look: c.Theme.Medium},
		model.StepFailed:      {Text: "✗ failed", Look: c.Theme.Bad},
		model.StepSkipped:     {Text: "– skipped", Look: c.Theme.Medium},
		model.StepCancelled:   {Text: "– cancelled", Look: c.Theme.Low},
		model.StepInDoubt:     {Text: "? in doubt", Look: c.Theme.Bad},
		model.StepQueued:      {Text: "· queued", Look: c.Theme.Faint},
	}[s], screen.Mark{Text: "· not begun", Look: c.Theme.Faint})
}

// MarkOf is sign and word of a run's state. A run that has ended with a step in doubt is unsettled first of all.
func MarkOf(c *screen.Context, r *model.Run) screen.Mark {
	state := r.State
	if state != model.RunRunning && state != model.RunInterrupted && !r.Settled() {
		return screen.Mark{Text: "? in doubt", Look: c.Theme.Bad}
	}
	return cmp.Or(map[model.RunState]screen.Mark{
		model.RunRunning:     {Text: "▸ running", Look: c.Theme.Title},
		model.RunInterrupted: {Text: "? interrupted", Look: c.Theme.Bad},
		model.RunDone:        {Text: "✓ done", Look: c.Theme.Good},
		model.RunCancelled:   {Text: "– cancelled", Look: c.Theme.Low},
	}[state], screen.Mark{Text: "≠ incomplete", Look: c.Theme.Medium})
}

// CanUndo reports whether the run has written something to the target, as far as was seen. Buttons and small writes to
// OneLogin have no way back.
func CanUndo(r *model.Run) bool {
	if r.Plan == nil || r.State == model.RunRunning {
		return false
	}
	for i := range r.Plan.Steps {
		if i >= len(r.Steps) || r.Plan.Steps[i].Channel != model.Direct {
			continue
		}
		if state := r.Steps[i].State; state == model.StepConfirmed || state == model.StepUnconfirmed {
			return true
		}
	}
	return false
}

// WhyNoUndo says why u takes back nothing of a run that is over; empty where it does, or where it has to be settled
// first.
func WhyNoUndo(r *model.Run) string {
	switch {
	case r.State == model.RunRunning || !r.Settled() || CanUndo(r):
		return ""
	case r.Plan == nil:
		return "There is no undo: what it was about to do is not known."
	case model.CountIf(r.Plan.Steps, func(s model.Step) bool { return s.Channel == model.Direct }) == 0:
		return "There is no undo: what OneLogin did can be changed in OneLogin only."
	}
	return "There is nothing to undo: as far as was seen, it has written nothing to the target."
}

// Description says what a run was about, raw.
func Description(r *model.Run) string {
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

// Record is one step with its state.
func Record(c *screen.Context, step *model.Step, rec *model.StepRecord, width int) string {
	return plan.Row("  "+stepMark(c, rec.State).Cell(15)+style.Fit(style.Name(step.ID), 5), step, width)
}

// Facts are who ran what when, why, and what is wrong with its journal.
func Facts(c *screen.Context, r *model.Run, margin string, width int) (lines []string) {
	for _, d := range r.Damage {
		lines = append(lines, screen.Signed(c.Theme.Bad, "!", d, width)...)
	}
	who, when := r.Who, "not known"
	if r.Host != "" {
		who += " on " + r.Host
	}
	if r.Version != "" {
		who += ", version " + r.Version
	}
	if !r.StartedAt.IsZero() {
		when = c.Exact(r.StartedAt)
	}
	if !r.EndedAt.IsZero() {
		when += " to " + c.Exact(r.EndedAt)
	}
	said := func(label, text string) []string { return c.Labelled(margin, label, text, width) }
	return slices.Concat(lines, said("Who:", who), said("Why:", r.Reason), said("When:", when),
		said("Allowed:", model.Listed(r.Allow)), said("Undone by:", strings.Join(r.UndoneBy, ", ")))
}

// stepDetails are what became of a step, and what of before was kept, each in a sentence. Raw.
func stepDetails(rec *model.StepRecord) (said []string) {
	if rec.Detail != "" {
		said = append(said, rec.Detail)
	}
	if rec.CreatedID != "" {
		said = append(said, "It has the id "+rec.CreatedID+".")
	}
	for i := range rec.Backup {
		b := &rec.Backup[i]
		text := "Kept: the " + string(b.Type) + " " + b.Name + " (" + b.ID + ")"
		if len(b.Members) > 0 {
			text += " with " + style.Count(len(b.Members), "member") + ": " + plan.MemberNames(b.Members)
		}
		if len(b.Groups) > 0 {
			names := make([]string, len(b.Groups))
			for i, g := range b.Groups {
				names[i] = plan.NameOrID(g.Name, g.ID, g.Ref, "the group")
			}
			text += " in " + style.Count(len(names), "group") + ": " + plan.SomeNames(names)
		}
		if b.Incomplete != "" {
			text += "; there may have been more: " + b.Incomplete
		}
		said = append(said, text+".")
	}
	return said
}
