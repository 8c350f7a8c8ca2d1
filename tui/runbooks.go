package tui

import (
	"cmp"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/rows"
	runbooks "github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/setup"
	"github.com/scimdrift/scimdrift/tui/style"
)

// askCases reads which runbooks an earlier program left under way.
func (a *app) askCases() tea.Cmd {
	of, outside := a.opts.Connection, a.outside
	return a.inBackground(func() tea.Msg {
		entries, err := outside.Cases(a.ctx)
		return screen.Handled(func() { a.receiveCases(of, entries, err) })
	})
}

// receiveCases takes them in, and says that there are some: who was interrupted must not have to remember.
func (a *app) receiveCases(of string, entries []runbook.Entry, err error) {
	a.inWorkspace(of, func() tea.Cmd {
		for _, e := range entries {
			_, known := runbook.Find(e.Book)
			if known && !slices.ContainsFunc(a.cases, e.Same) {
				a.cases = append(a.cases, e)
			}
		}
		return nil
	})
	switch n := len(a.cases); {
	case err != nil:
		a.showErrorOf(of, err)
	case of != a.opts.Connection:
	case n == 1:
		a.status = "1 runbook is under way: " + a.keyFor("runbooks") + " goes on with it."
	case n > 1:
		a.status = style.Number(n) + " runbooks are under way: " + a.keyFor("runbooks") + " goes on with them."
	}
}

// openRunbook begins a runbook, or goes on with it where it is under way.
func (a *app) openRunbook(e runbook.Entry) tea.Cmd {
	book, _ := runbook.Find(e.Book) // only those that are known are offered
	if i := slices.IndexFunc(a.cases, e.Same); i >= 0 {
		a.push(runbooks.New(a.cases[i], book, a.runbookBoard()))
		return nil
	}
	e.Begun = a.opts.Now()
	a.cases = append([]runbook.Entry{e}, a.cases...)
	a.push(runbooks.New(e, book, a.runbookBoard()))
	return a.updateKept(func(outside Outside) error { return outside.KeepCase(a.ctx, e) })
}

// updateKept has what is kept of the runbooks changed, and says where that fails.
func (a *app) updateKept(change func(Outside) error) tea.Cmd {
	of, outside := a.opts.Connection, a.outside
	return a.inBackground(func() tea.Msg {
		err := change(outside)
		return screen.Handled(func() {
			if err != nil {
				a.showErrorOf(of, err)
			}
		})
	})
}

// dropCase ends a runbook: it is under way no longer.
func (a *app) dropCase(e runbook.Entry) tea.Cmd {
	a.cases = slices.DeleteFunc(a.cases, e.Same)
	return a.updateKept(func(outside Outside) error { return outside.DropCase(a.ctx, e) })
}

// comparisonWithChecks is what runbooks look at: what shows, with the checks as they were answered last.
func (a *app) comparisonWithChecks() *drift.Comparison {
	if a.Set == nil {
		return nil
	}
	c := *a.Set.Comparison
	c.Checks = a.Checks(a.context())
	return &c
}

func (a *app) caseOf(e runbook.Entry) runbook.Case {
	c := e.Case(a.comparisonWithChecks(), a.historyTab.Items)
	c.RunsUnread = a.historyTab.MayBeIncomplete()
	return c
}

// refreshRunbooks has the runbooks on the screen look again: what they rest on has changed.
func (a *app) refreshRunbooks() {
	for _, s := range a.screens {
		if s, is := s.(*runbooks.Screen); is {
			s.Stale()
		}
	}
}

// canOpenRunbooks: the operator looks at the board, or at something on it in full.
func (a *app) canOpenRunbooks() bool {
	return a.top() == nil || a.inspector() != nil || isOnTop[*setup.Screen](a)
}

// runbookChoices lists the runbooks: those under way, what fits the connection as a whole, because one cause keeps
// everything back, then those that fit what the operator looks at, those that fit anything else that is wrong, and the
// others.
func (a *app) runbookChoices() []prompt.Choice {
	list := slices.Concat(a.cases, a.overallRunbooks(), a.fittingRunbooks())
	list = append(list, a.otherFittingRunbooks(list)...)
	for _, book := range runbook.Books() {
		list = append(list, runbook.Entry{Book: book.Name})
	}
	var items []prompt.Choice
	for i, e := range list {
		if !slices.ContainsFunc(list[:i], e.Same) {
			items = append(items, a.runbookChoice(e))
		}
	}
	return items
}

// overallRunbooks are the runbooks that fit the connection as a whole.
func (a *app) overallRunbooks() []runbook.Entry {
	if !a.hasSet() {
		return nil
	}
	return model.Map(runbook.BooksForConnection(a.comparisonWithChecks()), func(name *runbook.Name) runbook.Entry {
		return runbook.Entry{Book: *name}
	})
}

// fittingRunbooks are the runbooks that fit the findings of what is looked at, best first. A heading stands for the
// worst of its symptoms.
func (a *app) fittingRunbooks() (out []runbook.Entry) {
	c := a.selection()
	if g := a.groupAtCursor(); g != nil && len(a.marks) == 0 {
		worst := &a.Set.Comparison.Findings[g.Findings[min(g.Causes, len(g.Findings)-1)]]
		c = selection{findings: []*model.Finding{worst}, single: true}
	}
	for _, f := range c.findings {
		for _, name := range runbook.BooksFor(f) {
			e := runbook.Entry{Book: name}
			if c.single {
				e = entryFor(name, f)
			}
			out = append(out, e)
		}
	}
	return out
}

// entryFor is a runbook for a finding, and for its group where it is about one.
func entryFor(name runbook.Name, f *model.Finding) runbook.Entry {
	book, _ := runbook.Find(name)
	e := runbook.Entry{Book: name}
	if book.OfGroup && f.Subject.Type == model.SubjectGroup {
		e.Group, e.GroupID = f.Subject.Name, f.Subject.TargetID
	}
	return e
}

// otherFittingRunbooks are the runbooks that fit any finding, each once, for the worst of those that it fits best; not
// those that are listed already, for whatever group.
func (a *app) otherFittingRunbooks(listed []runbook.Entry) (out []runbook.Entry) {
	if !a.hasSet() {
		return nil
	}
	best := map[runbook.Name]int{} // how well a book fits what it is listed for; 0 is best
	all := a.Set.Comparison.Findings
	for i := range all {
		for fit, name := range runbook.BooksFor(&all[i]) {
			of := func(e runbook.Entry) bool { return e.Book == name }
			switch at := slices.IndexFunc(out, of); {
			case slices.ContainsFunc(listed, of):
			case at < 0:
				out, best[name] = append(out, entryFor(name, &all[i])), fit
			case fit < best[name]:
				out[at], best[name] = entryFor(name, &all[i]), fit
			}
		}
	}
	return out
}

// runbookChoice words one runbook, with how it stands if it is under way.
func (a *app) runbookChoice(e runbook.Entry) prompt.Choice {
	book, _ := runbook.Find(e.Book)
	item := prompt.Choice{Label: book.Title, Text: book.When, Run: func() tea.Cmd { return a.openRunbook(e) }}
	if book.OfGroup && e.Group == "" {
		item.Run = func() tea.Cmd { return a.askGroup(book) }
		item.Text += " The group is asked for."
	}
	if e.Group != "" {
		item.Label += ": " + e.Group
	}
	if i := slices.IndexFunc(a.cases, e.Same); i >= 0 {
		under := a.cases[i]
		verdicts := a.runbookBoard().Walk(book, under)
		item.Label = "▸ " + book.Title
		if e.Group != "" {
			item.Label = "▸ " + e.Group + " · " + book.Title
		}
		item.Text = fmt.Sprintf("Under way since %s: %s.", a.context().Date(under.Begun),
			runbooks.ProgressText(book, verdicts))
	}
	return item
}

// askGroup asks by its name which group a book is about: one at the target where it lingers, else one that OneLogin
// should push; the marked ones where such are marked. The one that is looked at stands first, then those with a finding
// that the book fits.
func (a *app) askGroup(book runbook.Book) tea.Cmd {
	if !a.hasSet() {
		return a.say("Nothing has been read yet, so that no group is known: try again when it has.")
	}
	isMarked := map[string]bool{}
	for _, row := range a.Set.Marked(a.marks) {
		isMarked[model.Fold(a.Set.Subject(row).Name)] = true
	}
	var all, marked []prompt.Entry
	n, _ := a.Set.Len(rows.Groups)
	lingers := book.Name == runbook.GroupLingers
	for i := range n {
		row := a.Set.RowAt(rows.Groups, i)
		if lingers && row.Target == model.None || !lingers && row.Source == model.None {
			continue
		}
		subject := a.Set.Subject(row)
		e := runbook.Entry{Book: book.Name, Group: subject.Name, GroupID: subject.TargetID}
		entry := prompt.Entry{
			What: groupLabel, Name: style.Name(e.Group), Run: func() tea.Cmd { return a.openRunbook(e) },
		}
		for _, f := range a.Set.FindingsOf(row) {
			if slices.Contains(runbook.BooksFor(f), book.Name) {
				entry.What = string(f.Kind)
			}
		}
		if all = append(all, entry); isMarked[model.Fold(e.Group)] {
			marked = append(marked, entry)
		}
	}
	if len(marked) > 0 {
		all = marked
	}
	if len(all) == 0 {
		return a.say("There is no group that this could be about.")
	}
	here := style.Name(a.focusedGroupName())
	slices.SortFunc(all, func(x, y prompt.Entry) int {
		return cmp.Or(boolToInt(y.Name == here)-boolToInt(x.Name == here),
			boolToInt(x.What == groupLabel)-boolToInt(y.What == groupLabel), cmp.Compare(x.Name, y.Name))
	})
	p, cmd := prompt.OpenPalette("Which group? "+book.Title, all, nil, nil, &prompt.Recent{})
	a.prompt = p
	return cmd
}

// groupLabel stands before a group without a finding that the book fits.
const groupLabel = "group"

// focusedGroupName is the name of the group that the operator looks at; a folded heading stands for the worst under it.
func (a *app) focusedGroupName() string {
	row, set, ok := a.focusedRow()
	if g := a.groupAtCursor(); !ok && g != nil && a.top() == nil {
		under := a.list().UnderCursor()
		row, set, ok = under[min(g.Causes, len(under)-1)], a.Set, true
	}
	if !ok || row.User {
		return ""
	}
	return set.Subject(row).Name
}
