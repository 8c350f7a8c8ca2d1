package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// canBook: the operator looks at the board, or at something on it in full.
func (a *app) canBook() bool {
	return a.top() == nil || a.inspector() != nil || onTop[*checkScreen](a)
}

func (a *app) openRunbooks() tea.Cmd {
	a.push(newChooser("Runbooks: guided procedures for the cases of the vendor's guide", a.bookChoices()))
	return nil
}

// bookChoices lists the runbooks: what fits the connection as a whole, because one cause keeps everything back, then
// those that fit what the operator looks at, those under way, and the others.
func (a *app) bookChoices() []choice {
	fitting, single := a.fitting()
	overall := a.overall()
	list := slices.Concat(a.cases, overall, fitting)
	if single && !a.resuming {
		list = slices.Concat(overall, fitting, a.cases)
	}
	var items []choice
	for i, e := range list {
		if slices.ContainsFunc(list[:i], e.Same) {
			continue
		}
		if item, ok := a.bookChoice(e); ok {
			items = append(items, item)
		}
	}
	for _, book := range runbook.Books() {
		general := runbook.Entry{Book: book.Name}
		if !slices.ContainsFunc(list, general.Same) {
			item, _ := a.bookChoice(general)
			items = append(items, item)
		}
	}
	return items
}

// overall are the runbooks that fit the connection as a whole.
func (a *app) overall() (out []runbook.Entry) {
	if !a.hasSet() {
		return nil
	}
	for _, name := range runbook.Overall(a.judged()) {
		out = append(out, runbook.Entry{Book: name})
	}
	return out
}

// fitting are the runbooks that fit the findings of what is looked at, best first. single: it is one row or check.
func (a *app) fitting() (out []runbook.Entry, single bool) {
	findings, single := a.lookedAt()
	for _, f := range findings {
		for _, name := range runbook.Takes(f) {
			book, _ := runbook.Find(name)
			e := runbook.Entry{Book: name}
			if book.OfGroup && single && f.Subject.Type == model.SubjectGroup {
				e.Group, e.GroupID = f.Subject.Name, f.Subject.TargetID
			}
			if !slices.ContainsFunc(out, e.Same) {
				out = append(out, e)
			}
		}
	}
	return out, single
}

// lookedAt are the findings of what the operator looks at.
func (a *app) lookedAt() (findings []*model.Finding, single bool) {
	if a.tab == tabSetup && a.hasSet() && (a.top() == nil || onTop[*checkScreen](a)) {
		check := a.setup.current()
		if s, on := a.top().(*checkScreen); on {
			check = s.id
		}
		all := a.set.Comparison.Findings
		for i := range all {
			if string(all[i].Kind) == check {
				findings = append(findings, &all[i])
			}
		}
		return findings, true
	}
	if g := a.groupAtCursor(); g != nil && a.top() == nil &&
		a.marks.Len() == 0 { // it stands for the worst of its symptoms
		return []*model.Finding{&a.set.Comparison.Findings[g.Findings[min(g.Causes, len(g.Findings)-1)]]}, true
	}
	c := a.chosen()
	return c.findings, c.single
}

// bookChoice words one runbook, with how it stands if it is under way.
func (a *app) bookChoice(e runbook.Entry) (choice, bool) {
	book, known := runbook.Find(e.Book)
	if !known {
		return choice{}, false
	}
	item := choice{label: book.Title, text: book.When, run: func(a *app) tea.Cmd { return a.openRunbook(e) }}
	if book.OfGroup && e.Group == "" {
		item.run = func(a *app) tea.Cmd { return a.askGroup(book) }
		item.text += " The group is asked for."
	}
	if e.Group != "" {
		item.label += ": " + e.Group
	}
	if i := slices.IndexFunc(a.cases, e.Same); i >= 0 {
		under := a.cases[i]
		verdicts := book.Walk(a.caseOf(under))
		item.label = "▸ " + book.Title
		if e.Group != "" {
			item.label = "▸ " + e.Group + " · " + book.Title
		}
		item.text = fmt.Sprintf("Under way since %s: %s.", a.date(under.Begun), howFar(book, verdicts))
	}
	return item, true
}

// howFar says how far a runbook is.
func howFar(book runbook.Book, verdicts []runbook.Verdict) string {
	settled := 0
	for i := range verdicts {
		if verdicts[i].State.Settled() {
			settled++
		}
	}
	text := fmt.Sprintf("%d of %d steps settled", settled, len(verdicts))
	if next := runbook.Next(verdicts); next < len(verdicts) {
		text += ", next: " + book.Steps[next].Title
	}
	return text
}
