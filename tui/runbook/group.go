package runbook

import (
	"cmp"
	"slices"

	"charm.land/bubbles/v2/table"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// GroupScreen asks which group a runbook is about. Those with a finding that the book fits stand first.
type GroupScreen struct {
	screen.Table

	Book runbook.Book
	all  []group
	// board gives what shows, with the rows that are marked. old: it has changed.
	board func() (*rows.Set, *rows.Marks)
	old   bool
}

// group is one that can be chosen, raw, with the finding that makes it fit; no kind if none does.
type group struct {
	name, id string
	kind     model.Kind
	key      string
}

// AskGroup shows the groups that a book can be about: the marked ones where some are marked.
func AskGroup(book runbook.Book, board func() (*rows.Set, *rows.Marks)) *GroupScreen {
	s := &GroupScreen{Book: book, board: board}
	s.list()
	return s
}

// GoTo puts the cursor on the group of that name, if it is one of them.
func (s *GroupScreen) GoTo(name string) {
	s.To(max(slices.IndexFunc(s.all, func(g group) bool { return model.SameName(g.name, name) }), 0))
}

// list gathers the groups. A group that lingers is at the target; one that was deleted there is one that OneLogin
// should push.
func (s *GroupScreen) list() {
	set, marks := s.board()
	if set == nil {
		return
	}
	c := set.Comparison
	s.old, s.all = false, nil
	fits := map[string]model.Kind{}
	for i := range c.Findings {
		f := &c.Findings[i]
		if key := model.Fold(f.Subject.Name); fits[key] == "" && f.Subject.Type == model.SubjectGroup &&
			slices.Contains(runbook.Takes(f), s.Book.Name) {
			fits[key] = f.Kind
		}
	}
	ids := map[string]string{}
	for i := range c.Target.Groups {
		g := &c.Target.Groups[i]
		ids[model.Fold(g.Name)] = g.ID
		if s.Book.Name == runbook.GroupLingers {
			s.all = append(s.all, group{name: g.Name, id: g.ID, kind: fits[model.Fold(g.Name)]})
		}
	}
	if s.Book.Name != runbook.GroupLingers {
		for i := range c.Source.Groups {
			name := c.Source.Groups[i].Name
			s.all = append(s.all, group{name: name, id: ids[model.Fold(name)], kind: fits[model.Fold(name)]})
		}
	}
	s.keepMarked(set, marks)
	for i := range s.all {
		s.all[i].key = filter.Text(s.all[i].name, s.all[i].id, string(s.all[i].kind))
	}
	slices.SortStableFunc(s.all, func(x, y group) int {
		return cmp.Or(-cmp.Compare(min(len(x.kind), 1), min(len(y.kind), 1)), cmp.Compare(x.key, y.key))
	})
	records, keys := make([]string, len(s.all)), make([]string, len(s.all))
	for i := range s.all {
		records[i], keys[i] = s.all[i].id+s.all[i].name, s.all[i].key
	}
	s.Use(records, keys)
}

// keepMarked leaves the marked groups, where one that the book can be about is marked.
func (s *GroupScreen) keepMarked(set *rows.Set, marks *rows.Marks) {
	marked := map[string]bool{}
	for _, row := range set.Marked(marks) {
		if subject := set.Subject(row); subject.Type == model.SubjectGroup {
			marked[model.Fold(subject.Name)] = true
		}
	}
	is := func(g group) bool { return marked[model.Fold(g.name)] }
	if slices.ContainsFunc(s.all, is) {
		s.all = slices.DeleteFunc(s.all, func(g group) bool { return !is(g) })
	}
}

// SetFilter begins at the first that it leaves.
func (s *GroupScreen) SetFilter(text string) error {
	err := s.Table.SetFilter(text)
	s.To(0)
	return err
}

// Stale has the groups gathered again.
func (s *GroupScreen) Stale() { s.old = true }

// Keys are those of the choice.
func (*GroupScreen) Keys() keymap.Table { return groupKeys }

const groupKeys keymap.Table = `screen/group | A runbook | in the choice of a group
choose-group | enter | 1 this group | begin with the group at the cursor |`

// Title asks.
func (s *GroupScreen) Title() string { return "Which group? " + s.Book.Title }

// Fit gathers the groups anew where something has changed.
func (s *GroupScreen) Fit(_ *screen.Context, _, height int) {
	if s.old {
		s.list()
	}
	s.SetHeight(height)
}

// View draws them.
func (s *GroupScreen) View(c *screen.Context, width, height int) []string {
	switch {
	case len(s.all) == 0:
		return screen.Nothing("There is no group that this could be about. "+c.Key("back")+" goes back.", width)
	case s.Len() == 0:
		return screen.Nothing(c.Unmatched(s.Filter()), width)
	}
	const gaps = 3
	name := min(max(width/2, 1), 60)
	return s.Draw(c, width, height, []table.Column{
		{Title: "GROUP", Width: name}, {Title: "FINDING", Width: max(width-name-gaps, 1)},
	}, func(item int) table.Row { return table.Row{style.Label(s.all[item].name), string(s.all[item].kind)} })
}

// Chosen is a case of the book about the group at the cursor, if there is one.
func (s *GroupScreen) Chosen() (e runbook.Entry, ok bool) {
	at := s.Item()
	if at < 0 {
		return e, false
	}
	return runbook.Entry{Book: s.Book.Name, Group: s.all[at].name, GroupID: s.all[at].id}, true
}
