package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/style"
)

// nudgeSetUp says how to have reapplied over the API, where that is not offered for want of an attribute.
const nudgeSetUp = "OneLogin can be made to push over its API too, user by user, once the configuration names an " +
	"attribute that " +
	"may be written: make one in OneLogin > Users > Custom User Fields and put its short name into " +
	"onelogin.nudge_attribute."

// nudgeReadOnly says why it is not offered on a read-only connection, where a button of the console is.
const nudgeReadOnly = "Having it pushed over OneLogin's API is a small write, which a read-only connection refuses."

// offerRepairs plans one of the repairs that are wanted, in the order of the offers, for the key of an action.
// otherwise is said where none ends what was chosen.
func (a *app) offerRepairs(action, heading, otherwise string, wanted func(model.Option) bool) tea.Cmd {
	c, options := a.repairOptions(action, otherwise, wanted)
	if len(options) == 0 {
		return nil
	}
	return a.runOrChoose(c.headingFor(heading), a.choices(c, options))
}

// repairOptions are the repairs that end what was chosen; where there are none it is said why.
func (a *app) repairOptions(
	action, otherwise string, wanted func(model.Option) bool,
) (c selection, options []model.Option) {
	c = a.selection()
	if a.Fetch.Active { // what the rows are replaced by may offer other repairs
		a.status = stillReading("plan")
		return c, nil
	}
	if a.status = a.WhyStale(a.context(), c.findings); a.status != "" {
		return c, nil
	}
	if options = c.options(wanted); len(options) == 0 {
		a.status = a.whyNoRepair(c, action, otherwise)
	}
	return c, options
}

func (a *app) reapply() tea.Cmd {
	return a.offerRepairs("reapply", "Reapply the mappings for", "Reapplying the mappings does not end this.",
		func(o model.Option) bool { return o.Repair == model.ReapplyMappings })
}

func (a *app) deleteSelected() tea.Cmd {
	return a.offerRepairs("delete", "Take away", "Deleting does not end this.",
		func(o model.Option) bool { return o.Channel == model.Direct && repairActions[o.Repair] == "delete" })
}

// choosePlan shows every repair that is offered, best first, and what each would do; also a single one, because p
// asks what there is.
func (a *app) choosePlan() tea.Cmd {
	c, options := a.repairOptions("plan", "", func(model.Option) bool { return true })
	if len(options) == 0 {
		return nil
	}
	var items []prompt.Choice
	if picks := c.harmlessPicks(); !c.single && len(options) > 1 && len(picks) > 0 {
		items = append(items, prompt.Choice{
			Label: "what neither takes nor grants: " + style.Number(len(picks)) + " of " +
				style.Count(len(c.findings), "finding"),
			Text: "For each finding the first repair that costs nobody access and gives nobody any.",
			Run:  func() tea.Cmd { return a.planFor(c, picks, "what neither takes nor grants") },
		})
	}
	items = append(items, a.choices(c, options)...)
	if o := entitlementsOption(); c.single && a.isGroupFocused() && len(c.picks(o)) == 0 {
		items = append(items, prompt.Choice{
			Label: string(o.Repair) + ", " + inspect.ChannelWord(o.Channel),
			Text:  explain.Repair(o) + " No finding here ends with it, so it is opened and not watched.",
			Run:   a.refreshEntitlements,
		})
	}
	a.push(prompt.NewChooser(c.headingFor("Repair"), items))
	return nil
}

// entitlementsOption is having OneLogin read the target's groups again.
func entitlementsOption() model.Option {
	return model.Option{Repair: model.RefreshEntitlements, Channel: model.Console}
}

func (a *app) choices(c selection, options []model.Option) []prompt.Choice {
	nudge := slices.ContainsFunc(options, func(o model.Option) bool { return o.Channel == model.Nudge })
	out := make([]prompt.Choice, 0, len(options))
	for _, o := range options {
		picks := c.picks(o)
		label, text := string(o.Repair)+", "+inspect.ChannelWord(o.Channel), explain.Repair(o)
		if !c.single {
			label += ": " + style.Count(len(picks), "finding")
		}
		note := ""
		if o == (model.Option{Repair: model.ReapplyMappings, Channel: model.Console}) && !nudge {
			if note = a.whyNoNudge(); note != "" {
				text += " " + note
			}
		}
		out = append(out, prompt.Choice{Label: label, Text: text, Run: func() tea.Cmd {
			return a.openPlan(plan.Request{
				Name: c.planTitle(o), Picks: picks, Note: note, NotPlanned: c.unplannedText(picks, a.repairKey),
			})
		}})
	}
	return out
}

// whyNoNudge says why reapplying over the API is not offered on this connection, and what to do about it; empty where
// it is, only not for these findings.
func (a *app) whyNoNudge() string {
	switch {
	case a.opts.ReadOnly:
		return nudgeReadOnly
	case a.Set.Comparison.Nudge:
		return ""
	}
	return nudgeSetUp
}

// headingFor puts behind a heading what is about to be chosen for, raw: nobody has to remember which row the cursor
// stood on.
func (c selection) headingFor(heading string) string {
	if c.single && len(c.findings) > 0 {
		return heading + " " + c.findings[0].Subject.Called()
	}
	return heading + " " + style.Count(len(c.findings), "finding")
}

// planTitle is raw; it names the row where there is one.
func (c selection) planTitle(o model.Option) string {
	if c.single && len(c.findings) > 0 {
		return string(o.Repair) + " " + c.findings[0].Subject.Called()
	}
	return string(o.Repair)
}

// isGroupFocused: what the operator looks at is a group, whose entitlement OneLogin remembers.
func (a *app) isGroupFocused() bool {
	row, set, ok := a.focusedRow()
	return ok && !a.isSettling() && set.Subject(row).Type == model.SubjectGroup
}

// canRefreshEntitlements: a group is looked at, or a heading over findings that end with it.
func (a *app) canRefreshEntitlements() bool {
	if a.isGroupFocused() {
		return true
	}
	g := a.groupAtCursor()
	return g != nil && g.Action.Repair == model.RefreshEntitlements && a.canRepair()
}

// refreshEntitlements plans to have OneLogin read the target's groups again. Where no finding asks for it there is
// nothing to watch, and the page with the button is all there is.
func (a *app) refreshEntitlements() tea.Cmd {
	o := entitlementsOption()
	c := a.selection()
	row, set, single := a.focusedRow()
	if single {
		c = selection{findings: set.FindingsOf(row), single: true}
	}
	if picks := c.picks(o); len(picks) > 0 || !single {
		return a.planFor(c, picks, c.planTitle(o))
	}
	place := a.outside.Place(set.Comparison.Source.App.ID, model.PlaceEntitlements)
	return a.openLocation(place, "It is not watched, because no finding here ends with it. Events names a refresh "+
		"when it is through; "+a.keyFor("reload")+" reads them again.")
}

// runOrChoose shows some ways; a single one is gone at once.
func (a *app) runOrChoose(name string, items []prompt.Choice) tea.Cmd {
	if len(items) == 1 {
		return items[0].Run()
	}
	a.push(prompt.NewChooser(name, items))
	return nil
}

// runChoice leaves a choice by the way at the cursor.
func (a *app) runChoice() tea.Cmd {
	s, _ := a.top().(*prompt.Chooser) // the key works nowhere else
	a.pop()
	return s.Chosen().Run()
}
