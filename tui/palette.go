package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/style"
)

// palette is the one that is open; nil if none is.
func (a *app) palette() *prompt.Palette {
	p, _ := a.prompt.(*prompt.Palette)
	return p
}

func (a *app) openPalette() tea.Cmd {
	var fixed []prompt.Entry
	for _, act := range a.availableActions() {
		fixed = append(fixed, prompt.Entry{
			What: "do", Keys: act.Binding.Help().Key, Name: act.Does, Run: func() tea.Cmd {
				if !a.isAvailable(act) { // what came in meanwhile may have taken away what it would act on
					return a.say("This cannot be done any more: " + act.Does + ".")
				}
				return act.run(a)
			},
		})
	}
	fixed = slices.Concat(fixed, a.connectionEntries(), a.runbookEntries(), a.runEntries(), a.findingEntries())
	p, cmd := prompt.OpenPalette("Do anything by its name", fixed, a.Set, a.goToRow, &a.recent)
	a.prompt = p
	return cmd
}

func (a *app) findingEntries() []prompt.Entry {
	if a.Set == nil {
		return nil
	}
	c := a.Set.Comparison
	out := make([]prompt.Entry, 0, len(c.Findings))
	for i := range c.Findings {
		f := &c.Findings[i]
		id := rows.FindingID(f.ID)
		out = append(out, prompt.Entry{
			What: "finding", Name: style.Name(f.Subject.Name) + "  " + string(f.Kind),
			Run: func() tea.Cmd { return a.goToRow(rows.Drift, id) },
		})
	}
	return out
}

func (a *app) runEntries() []prompt.Entry {
	return model.Map(a.historyTab.Items, func(r *model.Run) prompt.Entry {
		return prompt.Entry{What: "run", Name: style.Name(r.ID + "  " + run.Description(r)), Run: func() tea.Cmd {
			a.push(run.FromHistory(r))
			return nil
		}}
	})
}

func (a *app) runbookEntries() []prompt.Entry {
	if !a.canOpenRunbooks() {
		return nil
	}
	return model.Map(a.runbookChoices(), func(item *prompt.Choice) prompt.Entry {
		return prompt.Entry{What: "runbook", Name: style.Name(item.Label), Run: item.Run}
	})
}

func (a *app) connectionEntries() []prompt.Entry {
	var out []prompt.Entry
	for i := range a.conns.List {
		if name := a.conns.List[i].Connection; name != a.opts.Connection {
			out = append(out, prompt.Entry{
				What: "connection", Name: style.Name(name), Run: func() tea.Cmd { return a.switchConnection(name) },
			})
		}
	}
	return out
}

// goToRow looks into a row, with the cursor on it where its list shows it. It is told by its id, because what shows may
// be of another read than the palette was opened on.
func (a *app) goToRow(t rows.Tab, id rows.ID) tea.Cmd {
	if a.Set == nil {
		return a.say(notThere)
	}
	row, there := a.Set.Find(id)
	if !there {
		return a.say(notThere)
	}
	cmd := a.goToTab(tab(t))
	a.list().Reveal(id)
	return tea.Batch(cmd, a.inspect(row))
}
