// Package plan shows what a plan would do, step by step, before it is run.
package plan

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen shows what a plan would do and asks before it is run. It shows exactly the value that is run.
type Screen struct {
	screen.List
	Request

	// Allow are the rules of the guard that the operator overrides, Reason what they say for the journal.
	Allow  []model.GuardRule
	Reason string
	// Asked is what is asked while it is on top; nil for nothing.
	Asked *prompt.Question

	// cancel gives up the plan that is asked for. plan is nil until one came, or if failed says why.
	cancel context.CancelFunc
	plan   *model.Plan
	failed string

	lines     []line
	width     int
	isLaidOut bool
}

// Request is which plan is wanted, and what for.
type Request struct {
	// Name is raw.
	Name string
	// Picks are what is planned; none where a run is taken back, which rests on its own journal.
	Picks []model.Pick
	// Make makes the plan. It runs outside the event loop.
	Make func(ctx context.Context, allow []model.GuardRule) (*model.Plan, error)
	// Note is a sentence on another way to the same end; it may be empty.
	Note string
	// NotPlanned says which of what was chosen is no part of it; it may be empty.
	NotPlanned string
	// Ended is told when a run of the plan has ended; nil tells nobody.
	Ended func(model.Run) tea.Cmd
}

// New is a screen for a plan that is still to be made. A group that nobody claims and that was chosen on its own row
// may be deleted by the plan's code, which then has to be typed.
func New(wanted Request) *Screen {
	s := &Screen{Request: wanted}
	for _, p := range s.Picks {
		if p.Named && model.KindOf(p.Finding) == model.GroupUnclaimed {
			s.Allow = []model.GuardRule{model.RuleUnclaimed}
		}
	}
	return s
}

// Keys are those of a plan.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/plan | A plan | on a plan
run    | enter | 1 run   | confirm the plan, and run it | a plan that is made
step   | space | 2 step  | the step at the cursor with its whole request | a step at the cursor
allow  | A     | 3 allow | allow what the guard refuses, and plan again | a refusal that can be overridden
reason | w     | 4 why   | say why, for the journal | a plan that is made`

// Ask asks for the plan. What it gives is to run aside: it has to look at all findings, and an undo reads the target.
func (s *Screen) Ask(ctx context.Context) func() tea.Msg {
	s.Close()
	ctx, cancel := context.WithCancel(ctx)
	s.cancel, s.failed = cancel, ""
	allow := slices.Clone(s.Allow)
	return func() tea.Msg {
		plan, err := s.Make(ctx, allow)
		return screen.Handled(func() {
			if ctx.Err() == nil { // else another was asked for meanwhile, or it was left
				s.receive(plan, err)
			}
		})
	}
}

// Close gives up a plan that is still being made.
func (s *Screen) Close() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}

func (s *Screen) receive(plan *model.Plan, err error) {
	s.Close()
	s.plan, s.isLaidOut = plan, false
	if err != nil {
		s.plan, s.failed = nil, err.Error()
	}
}

// Title names what is planned.
func (s *Screen) Title() string { return style.Cut("Plan: "+style.Name(s.Name), 100) }

// Plan is what is shown; nil while it is being made, or where it could not be.
func (s *Screen) Plan() *model.Plan {
	if s.cancel != nil {
		return nil
	}
	return s.plan
}

// SetReason sets the reason.
func (s *Screen) SetReason(reason string) { s.Reason, s.isLaidOut = strings.TrimSpace(reason), false }

// Refusal is the rule that A would override: the one at the cursor, else the first that can be.
func (s *Screen) Refusal() (model.GuardRule, bool) {
	if at := s.Cursor(); at < len(s.lines) && plan.Overridable(s.lines[at].rule) {
		return s.lines[at].rule, true
	}
	for _, r := range s.plan.Guard.Refusals {
		if plan.Overridable(r.Rule) {
			return r.Rule, true
		}
	}
	return "", false
}

// WhyRefused names the rules of the guard that stand in the way, and the key that overrides one where there is such a
// rule.
func (s *Screen) WhyRefused(key string) string {
	rules := model.Map(s.plan.Guard.Refusals, func(r *model.GuardRefusal) string { return string(r.Rule) })
	text := "Not run: the guard refuses it by " + strings.Join(rules, ", ") + "."
	if rule, ok := s.Refusal(); ok {
		text += " " + key + " allows " + string(rule) + ", and plans again."
	}
	return text
}

// Confirming says above the footer what has to be typed.
func (s *Screen) Confirming(c *screen.Context, width int) []string {
	word, hint := model.ConfirmWord(s.plan)
	if code := s.plan.Code(); word != code {
		hint += ". The code of the plan is " + code
	}
	lines := []string{c.Rule("Confirm on "+c.Name()+": esc, or anything else than this, is no", width)}
	for _, part := range style.Wrap(style.Name(word), width-2) { // what has to be typed is never cut
		lines = append(lines, " "+c.Theme.Title.On(part))
	}
	return append(lines, style.Paragraphs(" ", width, style.Clause(hint))...)
}

// Step is the one at the cursor in full.
func (s *Screen) Step() *StepScreen { return &StepScreen{plan: s.plan, step: s.stepAt()} }
