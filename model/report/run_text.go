package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// RunsText writes the history for people, in the order given, each run with what became of its steps.
func RunsText(w io.Writer, runs []model.Run, paint Paint) error {
	t := newText(w, paint)
	if len(runs) == 0 {
		t.linef("No runs are kept here.")
	}
	for i := range runs {
		r := &runs[i]
		t.linef("%s  %s", t.bold(model.Visible(r.ID)), t.runState(r))
		for _, line := range runHead(r) {
			t.writeLabelled(line.Label, line.Words)
		}
		for _, damage := range r.Damage {
			t.writeLabelled("Damage", damage)
		}
	}
	return t.flush("runs")
}

// RunText writes one run for people, with every step. settle is the command line that settles it.
func RunText(w io.Writer, r *model.Run, settle string, paint Paint) error {
	t := newText(w, paint)
	t.linef("%s  %s", t.bold("scimdrift run  "+model.Visible(r.ID)), t.runState(r))
	for _, line := range runHead(r) {
		t.writeLabelled(line.Label, line.Words)
	}
	if len(r.Steps) > 0 {
		t.linef("")
	}
	for i := range r.Steps {
		rec, s := &r.Steps[i], r.StepOf(i)
		t.linef("  %s  %s  %s  %s", t.stepState(r, rec.State), model.Visible(rec.ID), model.Visible(string(s.Repair)),
			model.Visible(s.Subject.Called()))
		if rec.Detail != "" {
			t.writeWrapped("      ", 6, rec.Detail)
		}
		t.writeLabelled("New id", rec.CreatedID)
		t.writeLabelled("Kept", backupText(rec))
	}
	t.writeSentences("If it turned out wrong", wayBack(r))
	t.writeSentences("Not taken back", r.NotTakenBack())
	t.writeSentences("Damage in the journal", r.Damage)
	if !r.Settled() {
		t.linef("")
		t.writeWrapped("", 0, "Not settled: no new run starts on this connection before this has looked what happened:")
		t.linef("  %s", model.Visible(settle)) // not wrapped, to be copied
	}
	return t.flush("runs")
}

func (t *text) runState(r *model.Run) string {
	switch r.State {
	case model.RunDone:
		return t.paint(Good, string(r.State))
	case model.RunRunning:
		return string(r.State)
	case model.RunIncomplete, model.RunCancelled, model.RunInterrupted:
	}
	return t.paint(Medium, model.Visible(string(r.State)))
}

func (t *text) stepState(r *model.Run, s model.StepState) string {
	word := fmt.Sprintf("%-11s", model.Visible(r.StateWord(s)))
	switch s {
	case model.StepConfirmed:
		return t.paint(Good, word)
	case model.StepFailed, model.StepInDoubt:
		return t.paint(High, word)
	case model.StepUnconfirmed, model.StepSkipped, model.StepCancelled:
		return t.paint(Medium, word)
	case model.StepQueued, model.StepRunning:
	}
	return word
}

func runHead(r *model.Run) []explain.Loss {
	when, who, plan := model.ToTheSecond(r.StartedAt), r.Who, &model.Plan{}
	if !r.EndedAt.IsZero() {
		when += ", ended " + model.ToTheSecond(r.EndedAt)
	}
	if r.Host != "" {
		who += " at " + r.Host
	}
	if r.Plan != nil {
		plan = r.Plan
	}
	return []explain.Loss{
		{Label: "Started", Words: when},
		{Label: "On", Words: plan.Connection},
		{Label: "By", Words: strings.TrimSpace(who)},
		{Label: "Why", Words: r.Reason},
		{Label: "Steps", Words: r.Outcome()},
		{Label: "Allowed", Words: model.Listed(r.Allow)},
		{Label: "Undoes", Words: plan.Undoes},
		{Label: "Undone", Words: strings.Join(r.UndoneBy, ", ")},
	}
}

// wayBack says what of that which a run did an undo brings back, and what not; nil once it was undone.
func wayBack(r *model.Run) []string {
	switch {
	case r.Headless:
		return []string{"There is no undo: the head of the journal is lost, and with it what the run did. Look at " +
			"the target by hand."}
	case r.Plan == nil || len(r.UndoneBy) > 0:
		return nil
	}
	did := *r.Plan
	did.Steps = nil
	for i := range r.Steps {
		s := r.StepOf(i)
		if state := r.Steps[i].State; s.ID != "" && (state == model.StepConfirmed || state == model.StepUnconfirmed) {
			did.Steps = append(did.Steps, s)
		}
	}
	return explain.WayBack(&did)
}

// backupText names what of a step is kept, so that it can be given back.
func backupText(rec *model.StepRecord) string {
	parts := make([]string, 0, len(rec.Backup))
	for _, b := range rec.Backup {
		part := string(b.Type) + " " + b.Name
		switch {
		case len(b.Members) > 0:
			part += " with " + model.Counted(len(b.Members), "member", "members")
		case len(b.Groups) > 0:
			part += " in " + model.Counted(len(b.Groups), "group", "groups")
		}
		if b.Incomplete != "" {
			part += " (there may be more: " + b.Incomplete + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}
