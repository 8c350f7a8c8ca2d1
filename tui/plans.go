package tui

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/style"
)

// notRun is said whenever a plan was shown and not confirmed.
const notRun = "Not run. Nothing was sent."

// stillReading: a read that began before what is to be done would bring its records as they were before it.
func stillReading(do string) string { return "Still reading: " + do + " when the read has ended." }

// whyBusy is why something has to wait for a read or a job; empty if it has not.
func (a *app) whyBusy(do, done string) string {
	switch {
	case a.Fetch.Active:
		return stillReading(do)
	case a.job.Active():
		return "Not " + done + ": " + style.Cut(a.job.Name, 40) + " is under way. " + style.Capital(do) +
			" when it has ended."
	}
	return ""
}

// planFor shows the plan of what was picked of what the operator chose. The title is raw.
func (a *app) planFor(c selection, picks []model.Pick, title string) tea.Cmd {
	return a.openPlan(plan.Request{Name: title, Picks: picks, NotPlanned: c.unplannedText(picks, a.repairKey)})
}

func (a *app) planUndo(r *model.Run) tea.Cmd {
	id, outside := r.ID, a.outside
	return a.openPlan(plan.Request{
		Name: "undo " + run.Description(r),
		Make: func(ctx context.Context, allow []model.GuardRule) (*model.Plan, error) {
			return outside.Undo(ctx, id, allow)
		},
	})
}

// openPlan shows a plan. Unless something else makes it, it is that of its picks.
func (a *app) openPlan(wanted plan.Request) tea.Cmd {
	if a.Fetch.Active {
		return a.say(stillReading("plan"))
	}
	if a.status = cmp.Or(a.whySettling("plan when"), a.whyStalePlan(wanted)); a.status != "" {
		return nil
	}
	if outside := a.outside; wanted.Make == nil {
		wanted.Make = func(ctx context.Context, allow []model.GuardRule) (*model.Plan, error) {
			return outside.Plan(ctx, wanted.Picks, allow)
		}
	}
	s := plan.New(wanted)
	a.push(s)
	return a.inBackground(s.Ask(a.ctx))
}

// whyStalePlan says why a plan rests on nothing that can be relied on; empty where it does.
func (a *app) whyStalePlan(wanted plan.Request) string {
	if len(wanted.Picks) == 0 {
		return ""
	}
	return a.WhyStale(a.context(), a.pickedFindings(wanted.Picks))
}

// planOnTop is the plan screen that the operator looks at; nil if there is none, or no plan on it yet.
func (a *app) planOnTop() *plan.Screen {
	s, on := a.top().(*plan.Screen)
	if !on || s.Plan() == nil {
		return nil
	}
	return s
}

func (a *app) hasPlan() bool { return a.planOnTop() != nil }

func (a *app) canAllow() bool {
	s := a.planOnTop()
	if s == nil || a.opts.Still != "" {
		return false
	}
	_, ok := s.Refusal()
	return ok
}

// allow overrides one rule of the guard and makes the plan again, so that what it then says is what is run.
func (a *app) allow() tea.Cmd {
	if a.status = a.whySettling("plan when"); a.status != "" {
		return nil
	}
	s := a.planOnTop()
	rule, _ := s.Refusal()
	s.Allow = append(s.Allow, rule)
	a.status = "Allowed " + string(rule) + "; planned again. The journal will say so."
	return a.inBackground(s.Ask(a.ctx))
}

// askReason asks for a reason, which goes into the journal.
func (a *app) askReason() tea.Cmd {
	s := a.planOnTop()
	return a.ask(&prompt.Question{
		Text: "why:", No: "Left as it was.", MaxLength: 300,
		Answer: func(line string) tea.Cmd {
			s.SetReason(line)
			return nil
		},
	})
}

// confirm asks before the plan is run: for what takes or grants the name, or a count, has to be typed exactly, and an
// empty line is no.
func (a *app) confirm() tea.Cmd {
	s := a.planOnTop()
	if a.status = a.whyPlanNotRun(s); a.status != "" {
		return nil
	}
	p := s.Plan()
	word, _ := model.ConfirmWord(p)
	if word == "" {
		return a.ask(&prompt.Question{
			Text: "Run " + style.Count(len(p.Steps), "step") + " on " + a.context().Name() +
				"? y runs, every other key does not.", No: notRun,
			Answer: func(string) tea.Cmd { return a.startRun(s) },
		})
	}
	return a.ask(&prompt.Question{
		Text: "run on " + a.context().Name() + "?", No: notRun, MaxLength: len(word) + 100,
		Hint: s.Confirming,
		Answer: func(line string) tea.Cmd {
			switch line {
			case word:
				return a.startRun(s)
			case "":
				a.status = notRun
			default:
				a.status = "That is not it. " + notRun
			}
			return nil
		},
	})
}

// whyPlanNotRun is why a plan cannot be run now; empty if it can.
func (a *app) whyPlanNotRun(s *plan.Screen) string {
	switch p := s.Plan(); {
	case a.opts.Still != "":
		return "Not run: this plan comes from " + a.opts.Still + ". Open the connection itself, and plan there."
	case len(p.Steps) == 0:
		return "There is nothing to run. " + a.keyFor("close") + " goes back."
	case !p.Guard.Allowed:
		return s.WhyRefused(a.keyFor("allow"))
	case a.whyNoRunNow() != "":
		return a.whyNoRunNow()
	case a.whyStalePlan(s.Request) != "":
		return a.whyStalePlan(s.Request)
	case p.Expired(a.opts.Now()):
		return "This plan is too old to be run: go back with " + a.keyFor("close") + ", and plan again."
	}
	return ""
}
