package tui

import (
	"fmt"
	"slices"
	"strings"

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

// reapply plans to have OneLogin push again what it should.
func (a *app) reapply() tea.Cmd {
	c := a.chosen()
	options := c.options(func(o model.Option) bool { return o.Repair == model.ReapplyMappings })
	if a.status = a.WhyStale(a.context(), c.findings); a.status != "" {
		return nil
	}
	if len(options) == 0 {
		a.status = a.whyNothing(c, "Reapplying the mappings does not end this.")
		return nil
	}
	return a.choose(c.headed("Reapply the mappings for"), a.choices(c, options))
}

// remove plans a targeted delete. The first offered comes first.
func (a *app) remove() tea.Cmd {
	c := a.chosen()
	is := func(wanted ...model.RepairName) func(model.Option) bool {
		return func(o model.Option) bool { return o.Channel == model.Direct && slices.Contains(wanted, o.Repair) }
	}
	groups := c.options(is(model.RemoveAssignments, model.DeleteGroup))
	users := c.options(is(model.DeactivateUser, model.DeleteUser))
	if a.status = a.WhyStale(a.context(), c.findings); a.status != "" {
		return nil
	}
	switch {
	case len(groups)+len(users) == 0 && c.left(model.Option{Repair: model.DeleteGroup, Channel: model.Direct}) > 0:
		a.status = "Groups that nobody claims are deleted one by one: unmark, and press " +
			a.label("delete") + " on the row itself."
	case len(groups)+len(users) == 0:
		a.status = a.whyNothing(c, "Deleting does not end this.")
	case len(groups) == 0:
		return a.choose(c.headed("Take away"), a.choices(c, users))
	case len(users) == 0:
		return a.choose(c.headed("Delete"), a.choices(c, groups))
	default:
		return a.choose(c.headed("Take away"), a.removals(c, c.options(is(model.DeleteGroup))[0], users))
	}
	return nil
}

// removals joins deleting the groups with each way of taking the users away.
func (a *app) removals(c chosen, group model.Option, users []model.Option) []prompt.Choice {
	groups := c.picks(group)
	out := make([]prompt.Choice, 0, len(users))
	for _, o := range users {
		picks := c.picks(o)
		out = append(out, prompt.Choice{
			Label: fmt.Sprintf("%s of %s, %s of %s", group.Repair, style.Count(len(groups), "group"), o.Repair,
				style.Count(len(picks), "user")),
			Text: explain.Repair(group) + " " + explain.Repair(o) + leftOut(c.left(group)+c.left(o)),
			Run:  func() tea.Cmd { return a.planFor(c, slices.Concat(groups, picks), "take away") },
		})
	}
	return out
}

// choosePlan shows every repair that is offered, best first, and what each would do; also a single one, because p
// asks what there is.
func (a *app) choosePlan() tea.Cmd {
	c := a.chosen()
	options := c.options(func(model.Option) bool { return true })
	if a.status = a.WhyStale(a.context(), c.findings); a.status != "" {
		return nil
	}
	if len(options) == 0 {
		a.status = a.whyNothing(c, "")
		return nil
	}
	var items []prompt.Choice
	if picks := c.harmless(); !c.single && len(options) > 1 && len(picks) > 0 {
		items = append(items, prompt.Choice{
			Label: "what neither takes nor grants: " + style.Number(len(picks)) + " of " +
				style.Count(len(c.findings), "finding"),
			Text: "For each finding the first repair that costs nobody access and gives nobody any.",
			Run:  func() tea.Cmd { return a.planFor(c, picks, "what neither takes nor grants") },
		})
	}
	items = append(items, a.choices(c, options)...)
	if o := entitlements(); c.single && a.onGroup() && len(c.picks(o)) == 0 {
		items = append(items, prompt.Choice{
			Label: string(o.Repair) + ", " + inspect.ChannelWord(o.Channel),
			Text:  explain.Repair(o) + " No finding here ends with it, so it is opened and not watched.",
			Run:   a.refreshEntitlements,
		})
	}
	a.push(prompt.NewChooser(c.headed("Repair"), items))
	return nil
}

// entitlements is having OneLogin read the target's groups again.
func entitlements() model.Option {
	return model.Option{Repair: model.RefreshEntitlements, Channel: model.Console}
}

// choices words the repairs as ways to go.
func (a *app) choices(c chosen, options []model.Option) []prompt.Choice {
	nudge := false
	for _, o := range options {
		nudge = nudge || o.Channel == model.Nudge
	}
	out := make([]prompt.Choice, 0, len(options))
	for _, o := range options {
		picks := c.picks(o)
		label, text := string(o.Repair)+", "+inspect.ChannelWord(o.Channel), explain.Repair(o)
		if !c.single {
			label += ": " + c.spread(picks)
			text += leftOut(c.left(o))
		}
		note := ""
		if o == (model.Option{Repair: model.ReapplyMappings, Channel: model.Console}) && !nudge {
			if note = a.whyNoNudge(); note != "" {
				text += " " + note
			}
		}
		out = append(out, prompt.Choice{Label: label, Text: text, Run: func() tea.Cmd {
			return a.openPlan(plan.Wanted{
				Name: c.title(o), Picks: picks, Note: note, Left: c.passedOver(picks),
			})
		}})
	}
	return out
}

// leftOut says why a repair of many does not reach some of them; empty if it reaches all.
func leftOut(n int) string {
	if n == 0 {
		return ""
	}
	return " " + style.Count(n, "finding") + " left out: too little is known to take them away in bulk, so choose " +
		"their rows one by one."
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

// headed puts behind a heading what is about to be chosen for, raw: nobody has to remember which row the cursor stood
// on.
func (c chosen) headed(heading string) string {
	if c.single && len(c.findings) > 0 {
		return heading + " " + c.findings[0].Subject.Called()
	}
	return heading + " " + style.Count(len(c.findings), "finding")
}

// title is raw; it names the row where there is one.
func (c chosen) title(o model.Option) string {
	if c.single && len(c.findings) > 0 {
		return string(o.Repair) + " " + c.findings[0].Subject.Called()
	}
	return string(o.Repair)
}

// spread says how many findings of which kinds a repair reaches.
func (c chosen) spread(picks []model.Pick) string {
	reached := map[string]bool{}
	for _, p := range picks {
		reached[p.Finding] = true
	}
	count := map[model.Kind]int{}
	var kinds []model.Kind
	for _, f := range c.findings {
		if reached[f.ID] {
			if count[f.Kind] == 0 {
				kinds = append(kinds, f.Kind)
			}
			count[f.Kind]++
		}
	}
	parts := make([]string, len(kinds))
	for i, k := range kinds {
		parts[i] = style.Number(count[k]) + " " + string(k)
	}
	return strings.Join(parts, ", ")
}

// onGroup: what the operator looks at is a group, whose entitlement OneLogin remembers.
func (a *app) onGroup() bool {
	row, set, ok := a.subjectRow()
	return ok && !a.settling() && set.Subject(row).Type == model.SubjectGroup
}

// canRefreshEntitlements: a group is looked at, or a heading over findings that end with it.
func (a *app) canRefreshEntitlements() bool {
	if a.onGroup() {
		return true
	}
	g := a.groupAtCursor()
	return g != nil && g.Action.Repair == model.RefreshEntitlements && a.canRepair()
}

// refreshEntitlements plans to have OneLogin read the target's groups again. Where no finding asks for it there is
// nothing to watch, and the page with the button is all there is.
func (a *app) refreshEntitlements() tea.Cmd {
	o := entitlements()
	c := a.chosen()
	row, set, single := a.subjectRow()
	if single {
		c = chosen{findings: set.FindingsOf(row), single: true}
	}
	if picks := c.picks(o); len(picks) > 0 || !single {
		return a.planFor(c, picks, c.title(o))
	}
	place := a.outside.Place(set.Comparison.Source.App.ID, model.PlaceEntitlements)
	return a.openPlace(place, "It is not watched, because no finding here ends with it. Events names a refresh "+
		"when it is through; "+a.label("reload")+" reads them again.")
}

// choose shows some ways; a single one is gone at once.
func (a *app) choose(name string, items []prompt.Choice) tea.Cmd {
	if len(items) == 1 {
		return items[0].Run()
	}
	a.push(prompt.NewChooser(name, items))
	return nil
}

// goTheWay leaves a choice by the way at the cursor.
func (a *app) goTheWay() tea.Cmd {
	s, on := a.top().(*prompt.Chooser)
	if !on {
		return nil
	}
	a.pop()
	return s.Chosen().Run()
}
