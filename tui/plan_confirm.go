package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// notRun is said whenever a plan was shown and not confirmed.
const notRun = "Not run. Nothing was sent."

// stillReading: a read that began before a step would bring its records as they were before it.
const stillReading = "Still reading: run it when the read has ended."

// confirm asks before the plan is run: for what takes or grants the name, or a count, has to be typed exactly, and an
// empty line is no.
func (a *app) confirm() tea.Cmd {
	s := a.planOnTop()
	switch {
	case a.opts.Still != "":
		a.status = "Not run: this plan comes from " + a.opts.Still + ". Open the connection itself, and plan there."
		return nil
	case len(s.plan.Steps) == 0:
		a.status = "There is nothing to run. esc goes back."
		return nil
	case !s.plan.Guard.Allowed:
		a.status = s.whyRefused()
		return nil
	case a.whyNoRun() != "":
		a.status = a.whyNoRun()
		return nil
	case s.whyStale(a) != "":
		a.status = s.whyStale(a)
		return nil
	case s.plan.Expired(a.opts.Now()):
		a.status = "This plan is too old to be run: go back with esc, and plan again."
		return nil
	}
	word, _ := model.ConfirmWord(s.plan)
	if word == "" {
		a.askYes(&question{
			text: "Run " + style.Count(len(s.plan.Steps), "step") + " on " + a.connection() +
				"? y runs, every other key does not.", no: notRun,
			answer: func(a *app, _ string) tea.Cmd { return a.begun(s) }, hint: a.runCaution(),
		})
		return nil
	}
	return a.ask(&question{
		text: "run on " + a.connection() + "?", no: notRun, hint: s.confirming,
		answer: func(a *app, line string) tea.Cmd {
			if line != word {
				a.status = notRun
				if line != "" {
					a.status = "That is not it. " + notRun
				}
				return nil
			}
			return a.begun(s)
		},
	}, len(word)+100)
}

// whyRefused names the rules of the guard that stand in the way, and the key that overrides one where there is such a
// rule.
func (s *planScreen) whyRefused() string {
	rules := make([]string, len(s.plan.Guard.Refusals))
	for i := range s.plan.Guard.Refusals {
		rules[i] = string(s.plan.Guard.Refusals[i].Rule)
	}
	text := "Not run: the guard refuses it by " + strings.Join(rules, ", ") + "."
	if rule, ok := s.refusal(); ok {
		text += " A allows " + string(rule) + ", and plans again."
	}
	return text
}

// confirming says above the footer what has to be typed.
func (s *planScreen) confirming(a *app, width int) []string {
	word, hint := model.ConfirmWord(s.plan)
	if word == "" || hint == "" {
		return nil
	}
	lines := []string{a.ruleWith("Confirm on " + a.connection() + ": esc, or anything else than this, is no")}
	lines = append(lines, " "+a.theme.Title.On(style.Cut(style.Name(word), width-2)))
	hint = strings.ToUpper(hint[:1]) + hint[1:] + "."
	if code := s.plan.Code(); word != code {
		hint += " The code of the plan is " + code + "."
	}
	lines = append(lines, indent(" ", style.Name(hint), width-1)...)
	if caution := a.runCaution(); caution != nil {
		lines = append(lines, caution(a, width)...)
	}
	return lines
}

// runCaution says above the footer that the read before the first step may not get through; nil where there is
// nothing to say.
func (a *app) runCaution() func(*app, int) []string {
	caution := a.outside.RunCaution()
	if caution.Text == "" {
		return nil
	}
	text := caution.Text + "."
	if caution.Short {
		text = caution.Text + ", and without it the run is refused and nothing is sent."
	}
	return func(a *app, width int) []string { return a.signed(a.theme.Bad, "!", text, width) }
}

// sayWhy asks for a reason, which goes into the journal.
func (a *app) sayWhy() tea.Cmd {
	s := a.planOnTop()
	return a.ask(&question{
		text: "why:", no: "Left as it was.",
		answer: func(_ *app, line string) tea.Cmd {
			s.reason, s.laid = strings.TrimSpace(line), false
			return nil
		},
	}, 300)
}
