package tui

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/style"
)

// groupScreen asks which group a runbook is about. Those with a finding that the book fits stand first.
type groupScreen struct {
	cursorWindow

	book runbook.Book
	all  []groupChoice
	// matched are the groups that the filter leaves.
	matched []int32
	filter  filter.Query
	old     bool
}

// groupChoice is one group, raw, with the finding that makes it fit; no kind if none does.
type groupChoice struct {
	name, id string
	kind     model.Kind
	key      string
}

// askGroup shows the groups that a book can be about: the marked ones where some are marked. The cursor begins at the
// group that is looked at.
func (a *app) askGroup(book runbook.Book) tea.Cmd {
	if !a.hasSet() {
		a.status = "Nothing has been read yet, so that no group is known: try again when it has."
		return nil
	}
	s := &groupScreen{book: book}
	s.list(a)
	row, set, ok := a.subjectRow()
	if g := a.groupAtCursor(); !ok && g != nil && a.top() == nil { // a folded heading stands for the worst of what is under it
		row, ok = a.list().UnderCursor()[min(g.Causes, len(a.list().UnderCursor())-1)], true
		set = a.set
	}
	if ok && !row.User {
		at := set.Subject(row)
		s.To(max(slices.IndexFunc(s.matched, func(i int32) bool { return model.SameName(s.all[i].name, at.Name) }), 0))
	}
	a.push(s)
	return nil
}

// list gathers the groups. A group that lingers is at the target; one that was deleted there is one that OneLogin
// should push.
func (s *groupScreen) list(a *app) {
	c := a.set.Comparison
	s.old, s.all = false, nil
	fits := map[string]model.Kind{}
	for i := range c.Findings {
		f := &c.Findings[i]
		if key := model.Fold(f.Subject.Name); fits[key] == "" && f.Subject.Type == model.SubjectGroup &&
			slices.Contains(runbook.Takes(f), s.book.Name) {
			fits[key] = f.Kind
		}
	}
	ids := map[string]string{}
	for i := range c.Target.Groups {
		g := &c.Target.Groups[i]
		ids[model.Fold(g.Name)] = g.ID
		if s.book.Name == runbook.GroupLingers {
			s.all = append(s.all, groupChoice{name: g.Name, id: g.ID, kind: fits[model.Fold(g.Name)]})
		}
	}
	if s.book.Name != runbook.GroupLingers {
		for i := range c.Source.Groups {
			name := c.Source.Groups[i].Name
			s.all = append(s.all, groupChoice{name: name, id: ids[model.Fold(name)], kind: fits[model.Fold(name)]})
		}
	}
	s.keepMarked(a)
	for i := range s.all {
		s.all[i].key = filter.Text(s.all[i].name, s.all[i].id, string(s.all[i].kind))
	}
	slices.SortStableFunc(s.all, func(x, y groupChoice) int {
		return cmp.Or(-cmp.Compare(min(len(x.kind), 1), min(len(y.kind), 1)), cmp.Compare(x.key, y.key))
	})
	s.sift()
}

// keepMarked leaves the marked groups, where one that the book can be about is marked.
func (s *groupScreen) keepMarked(a *app) {
	marked := map[string]bool{}
	for _, row := range a.set.Marked(a.marks) {
		if subject := a.set.Subject(row); subject.Type == model.SubjectGroup {
			marked[model.Fold(subject.Name)] = true
		}
	}
	is := func(g groupChoice) bool { return marked[model.Fold(g.name)] }
	if slices.ContainsFunc(s.all, is) {
		s.all = slices.DeleteFunc(s.all, func(g groupChoice) bool { return !is(g) })
	}
}

func (s *groupScreen) sift() {
	s.matched = s.matched[:0]
	for i := range s.all {
		if s.filter.MatchesText(s.all[i].key) {
			s.matched = append(s.matched, int32(i))
		}
	}
	s.setLen(len(s.matched))
}

// Filter is the text of the filter, empty if none is set.
func (s *groupScreen) Filter() string { return s.filter.Text() }

func (s *groupScreen) SetFilter(text string) (err error) {
	s.filter, err = filter.Parse(text)
	s.sift()
	s.Home()
	return err
}

// Matches is how many groups show.
func (s *groupScreen) Matches() int { return len(s.matched) }

// Unfiltered is how many groups there are.
func (s *groupScreen) Unfiltered() int { return len(s.all) }

func (s *groupScreen) stale() { s.old = true }

func (s *groupScreen) title(*app) string { return "Which group? " + s.book.Title }

func (s *groupScreen) fit(a *app, _, height int) {
	if s.old && a.set != nil {
		s.list(a)
	}
	s.SetHeight(height)
}

func (s *groupScreen) body(a *app, width, height int) []string {
	switch {
	case len(s.all) == 0:
		return a.nothing("There is no group that this could be about. q goes back.", a.width)
	case len(s.matched) == 0:
		return a.nothing("Nothing matches \""+s.Filter()+"\". esc clears the filter.", a.width)
	}
	lines := make([]string, 0, height)
	for at := s.Top(); at < min(s.Top()+height, s.Len()); at++ {
		g := &s.all[s.matched[at]]
		column := min(max(width/2, 1), 60)
		name := style.Cut(label(g.name), column)
		pad := style.Spaces(column - style.Width(name))
		cursor := "   "
		if at == s.Cursor() {
			cursor, name = " › ", a.theme.Chosen.On(name)
		}
		lines = append(lines, cursor+name+pad+" "+style.Cut(string(g.kind), width-column-5))
	}
	return lines
}

// beginWithGroup leaves the list with the group at the cursor.
func (a *app) beginWithGroup() tea.Cmd {
	s, on := a.top().(*groupScreen)
	if !on || s.Cursor() >= len(s.matched) {
		return nil
	}
	g := &s.all[s.matched[s.Cursor()]]
	a.pop()
	return a.openRunbook(runbook.Entry{Book: s.book.Name, Group: g.name, GroupID: g.id})
}
