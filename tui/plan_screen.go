package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/style"
)

// planScreen shows what a plan would do and asks before it is run. It shows exactly the value that is run.
type planScreen struct {
	cursorWindow

	name string
	// picks are what is planned; none where a run is taken back, which rests on its own journal.
	picks []model.Pick
	// wanted makes the plan; allow are the rules of the guard that the operator overrides, reason what he says for
	// the journal.
	wanted func(ctx context.Context, allow []model.GuardRule) (*model.Plan, error)
	allow  []model.GuardRule
	reason string
	// note is a sentence on another way to the same end; it may be empty.
	note string
	// ended is told when a run of the plan has ended; nil tells nobody.
	ended func(*app, model.Run) tea.Cmd

	// asked numbers the plans asked for, so that a late answer is dropped. plan is nil until one came, or if failed
	// says why.
	asked  int
	cancel context.CancelFunc
	plan   *model.Plan
	failed string

	lines []planLine
	width int
	laid  bool
}

// planMsg brings a plan to its screen.
type planMsg struct {
	on    *planScreen
	asked int
	plan  *model.Plan
	err   error
}

// planFor shows the plan of what was picked. The title is raw.
func (a *app) planFor(picks []model.Pick, title string) tea.Cmd { return a.planThen(picks, title, nil) }

// planNoted is planFor with a note on the screen.
func (a *app) planNoted(picks []model.Pick, title, note string) tea.Cmd {
	return a.openPlan(&planScreen{
		name: title, note: note, picks: picks, wanted: a.wanting(picks),
		allow: a.byCode(picks),
	})
}

// planThen is planFor, and tells when a run of the plan has ended, however it ended.
func (a *app) planThen(picks []model.Pick, title string, ended func(*app, model.Run) tea.Cmd) tea.Cmd {
	return a.openPlan(&planScreen{
		name: title, ended: ended, picks: picks, wanted: a.wanting(picks),
		allow: a.byCode(picks),
	})
}

// byCode are the rules of the guard that the plan's code, which then has to be typed, stands for on the board: a
// group that nobody claims was chosen on its own row.
func (a *app) byCode(picks []model.Pick) []model.GuardRule {
	for _, p := range picks {
		if p.Named && strings.HasPrefix(p.Finding, string(model.GroupUnclaimed)+"/") {
			return []model.GuardRule{model.RuleUnclaimed}
		}
	}
	return nil
}

func (a *app) wanting(picks []model.Pick) func(context.Context, []model.GuardRule) (*model.Plan, error) {
	outside := a.outside
	return func(ctx context.Context, allow []model.GuardRule) (*model.Plan, error) {
		return outside.Plan(ctx, picks, allow)
	}
}

// whyStale says why the plan rests on nothing that can be relied on; empty where it does.
func (s *planScreen) whyStale(a *app) string {
	if len(s.picks) == 0 {
		return ""
	}
	return a.whyStale(a.picked(s.picks))
}

// planUndo shows the plan that takes a run back.
func (a *app) planUndo(r *model.Run) tea.Cmd {
	run, outside := r.ID, a.outside
	return a.openPlan(&planScreen{
		name: "undo " + runDid(r),
		wanted: func(ctx context.Context, allow []model.GuardRule) (*model.Plan, error) {
			return outside.Undo(ctx, run, allow)
		},
	})
}

func (a *app) openPlan(s *planScreen) tea.Cmd {
	if a.fetch.active {
		a.status = "Still reading: plan when the read has ended; esc stops it."
		return nil
	}
	if a.status = s.whyStale(a); a.status != "" {
		return nil
	}
	a.push(s)
	return s.make(a)
}

// make asks for the plan, aside: it has to look at all findings, and an undo reads the target.
func (s *planScreen) make(a *app) tea.Cmd {
	s.drop()
	ctx, cancel := context.WithCancel(a.ctx)
	s.asked++
	s.cancel, s.failed = cancel, ""
	asked, allow := s.asked, slices.Clone(s.allow)
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		plan, err := s.wanted(ctx, allow)
		return planMsg{on: s, asked: asked, plan: plan, err: err}
	}
}

// drop gives up a plan that is still being made.
func (s *planScreen) drop() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}

// take takes in a plan, unless another was asked for meanwhile.
func (s *planScreen) take(msg planMsg) {
	if msg.asked != s.asked || s.cancel == nil {
		return
	}
	s.drop()
	s.laid = false
	switch {
	case msg.err != nil:
		s.plan, s.failed = nil, msg.err.Error()
	case msg.plan == nil:
		s.plan, s.failed = nil, "No plan came back; leave this with esc, and plan again."
	default:
		s.plan = msg.plan
	}
}

func (s *planScreen) title(*app) string { return style.Cut("Plan: "+style.Name(s.name), 100) }

// making: a plan is on its way.
func (s *planScreen) making() bool { return s.cancel != nil }

// planOnTop is the plan screen that the operator looks at; nil if there is none, or no plan on it yet.
func (a *app) planOnTop() *planScreen {
	s, on := a.top().(*planScreen)
	if !on || s.plan == nil || s.making() {
		return nil
	}
	return s
}

// refusal is the rule that A would override: the one at the cursor, else the first that can be.
func (s *planScreen) refusal() (model.GuardRule, bool) {
	if at := s.Cursor(); at < len(s.lines) && s.lines[at].rule != "" {
		if rule := s.lines[at].rule; plan.Overridable(rule) {
			return rule, true
		}
	}
	for _, r := range s.plan.Guard.Refusals {
		if plan.Overridable(r.Rule) {
			return r.Rule, true
		}
	}
	return "", false
}

func (a *app) canAllow() bool {
	s := a.planOnTop()
	if s == nil || a.opts.Still != "" {
		return false
	}
	_, ok := s.refusal()
	return ok
}

// allow overrides one rule of the guard and makes the plan again, so that what it then says is what is run.
func (a *app) allow() tea.Cmd {
	s := a.planOnTop()
	rule, _ := s.refusal()
	s.allow = append(s.allow, rule)
	a.status = "Allowed " + string(rule) + "; planned again. The journal will say so."
	return s.make(a)
}

// stepInFull shows the step at the cursor with all of its request.
func (a *app) stepInFull() {
	s := a.planOnTop()
	a.push(&stepScreen{plan: s.plan, step: s.stepAt()})
}

// closed: the screen was left.
func (s *planScreen) closed() { s.drop() }
