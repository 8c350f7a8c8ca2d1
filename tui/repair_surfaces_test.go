package tui

import (
	"errors"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// repairSurfaces are what an operator can have on the screen of plans, runs and their history.
func repairSurfaces() []surface {
	on := func(open func(a *app)) func(*testing.T, ...func(*Options)) *app {
		return func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := repairBoard(t, drifted().compare(), 80, 24, change...)
			open(a)
			return a
		}
	}
	made := func(p *model.Plan, more ...func(*app)) func(*testing.T, ...func(*Options)) *app {
		return on(func(a *app) {
			s := planned(strings.Join(hostileNames(), " "), p, nil)
			s.SetReason(strings.Join(hostileNames(), " "))
			a.push(s)
			a.press("k")
			for _, f := range more {
				f(a)
			}
		})
	}
	past := func(runs []model.Run, keys ...string) func(*testing.T, ...func(*Options)) *app {
		return on(func(a *app) {
			a.tell(func() { a.receiveHistory(a.historyRequest, runs, nil) })
			a.press("6")
			a.historyRequest-- // what 6 asks for never comes
			a.press(keys...)
		})
	}
	return []surface{
		{"choose a repair", on(func(a *app) { a.to("legacy"); a.press("p") })},
		{"choose a repair for many", on(func(a *app) {
			a.press("space", "space", "space", "space", "space", "space",
				"space", "p", "down")
		})},
		{"planning", on(func(a *app) { a.to("legacy"); a.press("D") })},
		{"a plan", on(func(a *app) { a.to("legacy"); a.pressAnd("D") })},
		{"a plan, confirming", on(func(a *app) {
			a.to("legacy")
			a.pressAnd("D")
			a.press("enter")
			a.write(
				"aws-legacy")
		})},
		{"a plan, asking for a y", on(func(a *app) { a.pressAnd("a"); a.press("enter") })},
		{"a plan, saying why", on(func(a *app) { a.pressAnd("a"); a.press("w") })},
		{"no plan", on(func(a *app) {
			a.push(planned("x", nil, errors.New(strings.Join(hostileNames(), " "))))
		})},
		{"a plan without steps", made(&model.Plan{
			Guard:   model.GuardVerdict{Allowed: true},
			LeftOut: []model.LeftOut{{Finding: "f", Reason: "gone"}},
		})},
		{"a hostile plan", made(planText(hostileNames()...))},
		{"a hostile plan, confirming", made(planText(hostileNames()[0]), func(a *app) { a.press("enter") })},
		{"a plan refused", made(refused())},
		{"a hostile step", made(planText(hostileNames()...), func(a *app) { a.press("G", "k", "space") })},
		{"a hostile handoff", made(planText(hostileNames()[:3]...), func(a *app) { a.press("G", "space") })},
		{"a run that begins", on(func(a *app) { a.runs(planText(hostileNames()...), plan.RunProgress{Step: -1}) })},
		{"a run that watches", on(func(a *app) { p := planText(hostileNames()...); a.runs(p, hostileProgress(p)) })},
		{"a run, asked to end", on(func(a *app) {
			p := planText(hostileNames()...)
			a.runs(p,
				hostileProgress(p))
			a.press("esc")
		})},
		{"a run that has ended", on(func(a *app) {
			p := planText(hostileNames()...)
			r := a.runs(p, hostileProgress(p))
			a.Update(runOverMsg{job: r, run: hostileRuns()[2]})
		})},
		{
			"a job that is not looked at",
			on(func(a *app) { p := planText(hostileNames()...); a.runs(p, hostileProgress(p)); a.press("q") }),
		},
		{
			"whether to leave during a job",
			on(func(a *app) { p := planText(hostileNames()...); a.runs(p, hostileProgress(p)); a.press("q", "q") }),
		},
		{"a job that has ended elsewhere", on(func(a *app) {
			p := planText(hostileNames()...)
			j := a.runs(p, hostileProgress(p))
			j.Name = strings.Join(hostileNames(), " ")
			a.press("6")
			a.Update(runOverMsg{job: j, run: hostileRuns()[2]})
		})},
		{"a run that never began", on(func(a *app) {
			r := a.runs(planText("x"), plan.RunProgress{Step: -1})
			a.Update(runOverMsg{job: r, err: errors.New(strings.Join(hostileNames(), " "))})
		})},
		{"no history yet", past(nil)},
		{"history", past(hostileRuns())},
		{"history with a filter", past(hostileRuns(), "/", "x", "enter")},
		{"one run of the history", past(hostileRuns(), "j", "enter")},
		{"a history that cannot be read", on(func(a *app) {
			a.tell(func() { a.receiveHistory(a.historyRequest, nil, errors.New("a\x1b[2J disk")) })
			a.press("6")
		})},
		{"an unsettled run", on(func(a *app) {
			a.tell(func() { a.receiveHistory(a.historyRequest, hostileRuns(), nil) })
		})},
	}
}
