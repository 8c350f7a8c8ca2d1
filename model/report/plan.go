package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// PlanJSON writes a plan in its documented form, indented, with names raw. It is what ReadPlan reads.
func PlanJSON(w io.Writer, p *model.Plan) error {
	return writeJSON(w, p, "plan")
}

// PlanText writes a plan for people: linear and labelled, with every request as it will be sent.
func PlanText(w io.Writer, p *model.Plan, paint Paint) error {
	t := newText(w, paint)
	t.linef("%s", t.bold("scimdrift plan  "+model.Visible(p.Connection)))
	for _, line := range planHead(p) {
		t.writeWrapped("", 0, line)
	}
	t.writeSentences("Access", explain.Access(p))
	t.writeSentences("Findings afterwards", model.NonEmpty(explain.FindingsLeft(p)))
	for i := range p.Steps {
		t.linef("")
		t.writeStep(&p.Steps[i])
	}
	t.writeSentences("If it turns out wrong", explain.WayBack(p))
	t.writeSentences("Mind", p.Warnings)
	t.writeSentences("Left out", model.LeftOutByReason(p.LeftOut))
	if len(p.Steps) > 0 {
		t.writeGuard(p.Guard)
	}
	return t.flush("plan")
}

func planHead(p *model.Plan) []string {
	if len(p.Steps) == 0 {
		return []string{"No steps: there is nothing to do, or nothing that can be done."}
	}
	n := p.Totals()
	lines := []string{
		fmt.Sprintf("%s: %s, %s.", model.Counted(len(p.Steps), "step", "steps"),
			model.Counted(p.Writes(), "request", "requests"),
			model.Counted(len(p.Steps)-p.Writes(), "step for a person in the console",
				"steps for a person in the console")),
		fmt.Sprintf("Takes: %s, %s, %s. Grants: %s.",
			model.Counted(n.Deletes, "deletion or deactivation", "deletions and deactivations"),
			model.Counted(n.Removals, "membership or assignment removed", "memberships and assignments removed"),
			model.Counted(renameCount(p), "rename", "renames"),
			model.Counted(n.Grants, "user, membership or assignment",
				"users, memberships and assignments")),
	}
	if p.Undoes != "" {
		lines = append(lines, "Takes back the run "+p.Undoes+".")
		if own := model.CountIf(p.Steps, func(s model.Step) bool { return s.Own }); own > 0 {
			lines = append(lines, model.Counted(own, "step removes", "steps remove")+" what that run made itself, "+
				"which the guard does not count.")
		}
	}
	if !p.Complete {
		lines = append(lines, "Not everything had been read in full when it was made.")
	}
	lines = append(lines, fmt.Sprintf("Made %s, can be run until %s.", model.ToTheSecond(p.MadeAt),
		model.ToTheSecond(p.ExpiresAt())))
	if p.Checksum != "" {
		lines = append(lines, fmt.Sprintf("Code %s, checksum %s.", p.Code(), p.Checksum))
	}
	return lines
}

// renameCount take without being counted by the guard: somebody may be known by the old name only.
func renameCount(p *model.Plan) int {
	return model.CountIf(p.Steps, func(s model.Step) bool {
		return s.Takes && (s.Repair == model.RenameGroup || s.Repair == model.UpdateUser)
	})
}

// effectWord is what a step can do to somebody's access, in a word.
func effectWord(s *model.Step) string {
	switch {
	case s.Takes:
		return "takes"
	case s.Grants:
		return "grants"
	case s.Handoff != nil:
		return "by hand"
	}
	return "neither takes nor grants"
}

func (t *text) writeStep(s *model.Step) {
	effect := effectWord(s)
	if s.Takes {
		effect = t.paint(Critical, effect)
	}
	t.linef("%s  %s  [%s, %s, %s]", t.bold(model.Visible(s.ID)+"  "+model.Visible(string(s.Repair))),
		model.Visible(s.Subject.Called()), model.Visible(string(s.Channel)), effect, model.Visible(s.Confidence))
	t.writeLabelled("Called", s.CalledNow())
	// One reapply can end hundreds, all of which the JSON has.
	t.writeLabelled("Ends", cmp.Or(model.FirstOf(s.Findings, 10), s.Finding))
	t.writeLabelled("After", strings.Join(s.After, ", "))
	if r := s.Request; r != nil {
		t.linef("      %-8s %s %s  (%s)", "Request:", model.Visible(r.Method), model.Visible(r.Path),
			model.Visible(r.Service))
		for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
			t.linef("               %s: %s", model.Visible(name), model.Visible(r.Headers[name]))
		}
		for _, line := range bodyLines(r.Body) {
			t.linef("               %s", line)
		}
	}
	if h := s.Handoff; h != nil {
		t.writeLabelled("Do", h.Menu)
		if h.URL != "" { // not wrapped: half a link leads nowhere
			t.linef("      %-8s %s", "Link:", model.Visible(h.URL))
		}
		t.writeLabelled("Watched", "for "+model.Lasting(time.Duration(h.DeadlineS)*time.Second))
	}
	for _, line := range explain.Losses(s) {
		t.writeLabelled(line.Label, line.Words)
	}
}

func (t *text) writeLabelled(label, words string) {
	if words != "" {
		t.writeWrapped(fmt.Sprintf("      %-8s ", label+":"), 15, words)
	}
}

func bodyLines(body json.RawMessage) []string {
	if len(body) == 0 {
		return nil
	}
	var b bytes.Buffer
	_ = json.Indent(&b, body, "", "  ") // it is JSON, or the plan would not have been read or sealed
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = model.Visible(lines[i])
	}
	return lines
}

func (t *text) writeSentences(heading string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	t.linef("")
	t.linef("%s", t.bold(heading))
	for _, s := range sentences {
		t.writeWrapped("  ", 2, s)
	}
}

func (t *text) writeGuard(v model.GuardVerdict) {
	t.linef("")
	switch {
	case v.Allowed:
		t.linef("%s", t.bold("The guard lets it run."))
	case len(v.Refusals) > 0:
		t.linef("%s", t.paint(Critical, "The guard refuses it."))
	default:
		t.linef("%s", t.bold("The guard has its say once both sides are read."))
	}
	for _, r := range v.Refusals {
		t.writeRefusal(r, "Way on", r.Way)
	}
	for _, r := range v.Overridden {
		t.writeRefusal(r, "Allowed", "with --allow "+string(r.Rule))
	}
}

func (t *text) writeRefusal(r model.GuardRefusal, label, words string) {
	t.writeWrapped("  "+model.Visible(string(r.Rule))+": ", 4, r.Text)
	t.writeLabelled(label, words)
	t.writeLabelled("Steps", strings.Join(r.Steps, ", "))
}
