package rows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// tenant makes both sides of a few users and groups with drift, each side in an order of its own.
func tenant(seed uint64, users, groups int) *drift.Comparison {
	var src rules.Source
	var tgt model.Directory
	for _, p := range model.SourceParts() {
		src.Coverage[p] = model.CompleteCoverage()
		tgt.Coverage[p] = model.CompleteCoverage()
	}
	for i := range users {
		name := fmt.Sprintf("user%03d@corp.example", i)
		id := fmt.Sprint(1000 + i)
		u := model.User{
			ID: id, ExternalID: id, UserName: name, DisplayName: name, Email: name, Active: true,
			Assigned: true,
		}
		if i%5 != 1 {
			src.Users = append(src.Users, u)
		}
		u.ID = fmt.Sprint("t", i)
		switch i % 5 {
		case 2:
			u.DisplayName = "other"
		case 3:
			u.Active = false
		}
		if i%5 != 4 {
			tgt.Users = append(tgt.Users, u)
		}
	}
	for i := range groups {
		g := model.Group{ID: fmt.Sprint("r", i), Name: fmt.Sprintf("group%02d", i), Expectation: model.Expected}
		if i%3 != 1 {
			src.Groups = append(src.Groups, g)
		}
		g.ID = fmt.Sprint("g", i)
		if i%3 != 2 {
			tgt.Groups = append(tgt.Groups, g)
		}
	}
	r := rand.New(rand.NewPCG(seed, 1))
	r.Shuffle(len(src.Users), func(i, j int) { src.Users[i], src.Users[j] = src.Users[j], src.Users[i] })
	r.Shuffle(len(tgt.Users), func(i, j int) { tgt.Users[i], tgt.Users[j] = tgt.Users[j], tgt.Users[i] })
	r.Shuffle(len(tgt.Groups), func(i, j int) { tgt.Groups[i], tgt.Groups[j] = tgt.Groups[j], tgt.Groups[i] })
	src.SetMembers(make([]model.MemberList, len(src.Groups)))
	tgt.SetMembers(make([]model.MemberList, len(tgt.Groups)))
	return modeltest.Compare(src, tgt, drift.Options{Fields: model.FieldSetOf(model.Fields()...)})
}

func markedNames(s *Set, m Marks) []string {
	var names []string
	for _, r := range s.Marked(m) {
		if name := s.Subject(r).Name; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Until somebody moves it the cursor is on the first row, whatever comes and in whatever order.
func TestACursorThatNobodyMovedStaysAtTheTop(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		users, groups := rapid.IntRange(1, 40).Draw(t, "users"), rapid.IntRange(0, 12).Draw(t, "groups")
		tab := Tab(rapid.IntRange(0, int(TabCount)-1).Draw(t, "tab"))
		l := NewList(tab)
		l.SetHeight(rapid.IntRange(1, 20).Draw(t, "height"))
		for range rapid.IntRange(1, 4).Draw(t, "reads") {
			set := NewSet(tenant(rapid.Uint64Range(1, 99).Draw(t, "seed"), users, groups))
			l.Use(set)
			fresh := NewList(tab)
			fresh.SetHeight(l.Height())
			fresh.Use(set)
			if l.CurrentID() != fresh.CurrentID() || l.Top() != fresh.Top() {
				t.Fatalf("the cursor is on %v below line %d, and on a list that was opened just now on %v below %d",
					l.CurrentID(), l.Top(), fresh.CurrentID(), fresh.Top())
			}
		}
	})
}

// TestPlaceAndMarksSurvive: whatever order the sides come in, however the list is sorted and filtered, the cursor stays
// on the row to which it was moved as long as that row shows, and marks stay on theirs.
func TestPlaceAndMarksSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		users, groups := rapid.IntRange(1, 40).Draw(t, "users"), rapid.IntRange(0, 12).Draw(t, "groups")
		l := NewList(Tab(rapid.IntRange(0, int(TabCount)-1).Draw(t, "tab")))
		l.SetHeight(rapid.IntRange(1, 20).Draw(t, "height"))
		l.Use(NewSet(tenant(1, users, groups)))
		marks := Marks{}
		l.Move(rapid.IntRange(0, 9).Draw(t, "down"))
		for range rapid.IntRange(0, 5).Draw(t, "marks") {
			l.Move(rapid.IntRange(-9, 9).Draw(t, "by"))
			if line, ok := l.Current(); ok && line.Heading == nil {
				l.ToggleMark(marks)
			}
		}
		marked := fmt.Sprint(markedNames(l.set, marks))
		for range 8 {
			id := l.CurrentID()
			switch rapid.IntRange(0, 3).Draw(t, "change") {
			case 0:
				l.Use(NewSet(tenant(rapid.Uint64Range(1, 99).Draw(t, "seed"), users, groups)))
			case 1:
				l.Sort(l.Order().Next())
			case 2:
				l.ToggleDrift()
			default:
				l.SetFilter(rapid.SampledFrom([]string{"", "1", "user", "12", "!1", "group high"}).Draw(t, "filter"))
			}
			if shows := l.find(id) >= 0; shows && l.CurrentID() != id {
				t.Fatalf("the cursor left %v for %v, though it still shows", id, l.CurrentID())
			}
			checkWindow(t, l)
			marks.Retain(l.set)
			if got := fmt.Sprint(sorted(markedNames(l.set, marks))); got != fmt.Sprint(
				sorted(strings.Fields(strings.Trim(marked, "[]")))) {
				t.Fatalf("the marks were on %s and are on %s", marked, got)
			}
		}
	})
}

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}

func checkWindow(t *rapid.T, l *List) {
	switch {
	case l.Len() == 0:
		return
	case l.Cursor() < 0 || l.Cursor() >= l.Len():
		t.Fatalf("the cursor is on line %d of %d", l.Cursor(), l.Len())
	case l.Top() < 0 || l.Cursor() < l.Top() || l.Cursor() >= l.Top()+l.Height():
		t.Fatalf("the cursor on line %d is outside of the window from %d with %d lines", l.Cursor(), l.Top(),
			l.Height())
	case l.Top() > 0 && l.Top() > l.Len()-l.Height():
		t.Fatalf("the window from %d with %d lines stands beyond the %d lines", l.Top(), l.Height(), l.Len())
	}
}

// TestMovesStayInside: no move leaves the list or loses the cursor out of the window.
func TestMovesStayInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := NewList(Drift)
		l.Use(NewSet(tenant(2, rapid.IntRange(0, 60).Draw(t, "users"), 9)))
		for range 30 {
			n := rapid.IntRange(-70, 70).Draw(t, "by")
			switch rapid.IntRange(0, 8).Draw(t, "move") {
			case 0:
				l.Move(n)
			case 1:
				screen.Page(l, n%3)
			case 2:
				screen.HalfPage(l, n%3)
			case 3:
				l.Scroll(n)
			case 4:
				screen.Home(l)
			case 5:
				screen.End(l)
			case 6:
				l.SetHeight(n)
			case 7:
				l.ToggleFold()
			default:
				l.FoldAll()
			}
			checkWindow(t, l)
		}
	})
}

// TestFilterTypedIsFilterSet: narrowing key by key leaves the same rows as searching everything at once, and those are
// the rows that a plain search finds.
func TestFilterTypedIsFilterSet(t *testing.T) {
	t.Parallel()
	set := NewSet(tenant(3, 200, 20))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`!?[uUser0-9gh]{0,4} ?!?[a-z0-9]{0,3}`).Draw(t, "filter")
		typed, once := NewList(Users), NewList(Users)
		typed.Use(set)
		once.Use(set)
		for i := range len(text) + 1 {
			typed.SetFilter(text[:i])
		}
		once.SetFilter(text)
		if diff := cmp.Diff(once.matched, typed.matched); diff != "" {
			t.Fatalf("typing %q leaves other rows (-at once +typed):\n%s", text, diff)
		}
		want := 0
		for _, r := range set.tables[Users].rows {
			if plainMatch(shown(set, r), text) {
				want++
			}
		}
		if once.Matches() != want {
			t.Fatalf("%q leaves %d rows, a plain search %d", text, once.Matches(), want)
		}
	})
}

// shown is all that the row of a user or its detail shows.
func shown(set *Set, r Row) string {
	var out []string
	src, tgt := set.UsersOf(r)
	for _, u := range []*model.User{src, tgt} {
		if u != nil {
			out = append(out, u.UserName, u.DisplayName, u.ID, explain.Standing(u))
		}
	}
	for _, f := range set.FindingsOf(r) {
		out = append(out, f.ID, f.Severity.String(), string(f.Kind), string(f.Cause), explain.Summary(*f, "the target"),
			explain.Cause(f.Cause),
			explain.Next(*f), explain.Doubt(*f), explain.Confidence(*f), explain.KindAndCause(f.Kind, f.Cause),
			explain.ShortReason(f))
		for _, g := range set.Groups {
			if of := g.Of(set.Comparison.Findings); slices.Contains(of, f) {
				out = append(out, explain.GroupHeading(g.Key, of, explain.ScaleOf(set.Comparison)))
			}
		}
		for _, d := range f.Fields {
			out = append(out, d.Name, d.Source, d.Target)
		}
		for _, e := range f.AllEvidence() {
			out = append(out, e.What, e.By, e.Text, e.Where)
		}
		for _, o := range f.Repairs {
			out = append(out, string(o.Repair)+" "+string(o.Channel))
		}
	}
	return strings.ToLower(strings.Join(append(out, set.Subject(r).Name), "\n"))
}

func plainMatch(name, text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		rest, inverse := strings.CutPrefix(word, "!")
		if rest != "" && strings.Contains(name, rest) == inverse {
			return false
		}
	}
	return true
}

func TestOrders(t *testing.T) {
	t.Parallel()
	l := NewList(Users)
	l.Use(NewSet(tenant(4, 10, 0)))
	names := func() (out []string) {
		for i := range l.Len() {
			line := l.At(i)
			out = append(out, Sign(line.Row.Relation)+strings.TrimSuffix(l.set.Subject(line.Row).Name, "@corp.example"))
		}
		return out
	}
	worst := []string{
		"◁user001", "≠user003", "▷user004", "◁user006", "≠user008", "▷user009", "≠user002", "≠user007", "=user000",
		"=user005",
	}
	if diff := cmp.Diff(worst, names()); diff != "" {
		t.Errorf("worst first (-want +got):\n%s", diff)
	}
	l.Sort(l.Order().Next())
	for i, got := range names() {
		if !strings.HasSuffix(got, fmt.Sprintf("user%03d", i)) {
			t.Errorf("by name, %s is number %d", got, i)
		}
	}
	l.Sort(l.Order().Next())
	if got := names(); !strings.HasPrefix(got[0], "▷") || !strings.HasPrefix(got[2], "◁") ||
		!strings.HasPrefix(got[9], "=") {
		t.Errorf("not by side: %v", got)
	}
}

func TestFolding(t *testing.T) {
	t.Parallel()
	l := NewList(Drift)
	l.Use(NewSet(tenant(5, 10, 0)))
	all := l.Len()
	l.ToggleFold()
	line, _ := l.Current()
	if line.Heading == nil || !line.Folded || l.Len() != all-line.Heading.Rows {
		t.Fatalf("folding left %d of %d lines, at %+v", l.Len(), all, line)
	}
	l.Use(NewSet(tenant(6, 10, 0)))
	if l.Len() != all-line.Heading.Rows {
		t.Error("a reload unfolded the heading")
	}
	l.SetFilter("user")
	if l.Len() != all {
		t.Error("a match was left in a folded group")
	}
	l.SetFilter("")
	l.FoldAll()
	for i := range l.Len() {
		if l.At(i).Heading == nil {
			t.Errorf("line %d is left though all is folded", i)
		}
	}
	l.FoldAll()
	if l.Len() != all {
		t.Errorf("unfolding all left %d lines", l.Len())
	}
}

// TestRevealUnfolds whatever hides a row that is gone to by its name, and nothing else; a filter is left alone.
func TestRevealUnfolds(t *testing.T) {
	t.Parallel()
	s := NewSet(tenant(5, 10, 9))
	for _, id := range s.Comparison.FindingIDs() {
		l := NewList(Drift)
		l.Use(s)
		if all := l.Len(); l.ToID(FindingID(id)) && (!l.Reveal(FindingID(id)) || l.Len() != all) {
			t.Errorf("%s was not hidden, and something was unfolded", id)
		}
		l.FoldAll()
		if !l.Reveal(FindingID(id)) || l.CurrentID() != FindingID(id) {
			t.Errorf("folded away, %s is not gone to", id)
		}
		l.SetFilter("zzz")
		if l.Reveal(FindingID(id)) {
			t.Errorf("%s is gone to though the filter hides it", id)
		}
	}
}

// TestAFoldedHeadingHasASeverity: what is folded away, which is the worst of causes as a rule, is not leapt over.
func TestAFoldedHeadingHasASeverity(t *testing.T) {
	t.Parallel()
	l := NewList(Drift)
	l.Use(NewSet(tenant(5, 10, 9)))
	l.FoldAll()
	l.To(0)
	last, went := l.severityAt(0), 1
	for l.NextSeverity(true) {
		if got := l.severityAt(l.Cursor()); got == last || l.severityAt(l.Cursor()-1) != last {
			t.Errorf("from severity %d it goes down to line %d, of %d", last, l.Cursor(), got)
		}
		last, went = l.severityAt(l.Cursor()), went+1
	}
	if went < 2 {
		t.Fatal("there is one severity only")
	}
	for ; went > 1; went-- {
		if !l.NextSeverity(false) {
			t.Fatal("it does not go up again")
		}
	}
	if l.Cursor() != 0 {
		t.Errorf("up again it ends on line %d", l.Cursor())
	}
}

// TestAFilterOfNothingLosesNoPlace: a slip of the finger in a filter does not lead back to the top.
func TestAFilterOfNothingLosesNoPlace(t *testing.T) {
	t.Parallel()
	l := NewList(Users)
	l.Use(NewSet(tenant(5, 30, 0)))
	l.To(l.Len() - 2)
	id := l.CurrentID()
	for _, text := range []string{"zzz", "zzzz", ""} {
		l.SetFilter(text)
	}
	if got := l.CurrentID(); got != id {
		t.Errorf("the cursor was on %v and is on %v", id, got)
	}
	l.SetFilter("zzz")
	l.Use(NewSet(tenant(6, 30, 0)))
	l.SetFilter("")
	if got := l.CurrentID(); got != id {
		t.Errorf("after a reload the cursor is on %v, not on %v", got, id)
	}
	l.To(0)
	l.SetFilter("user")
	if l.Cursor() != 0 {
		t.Error("an old place comes back")
	}
}

func TestMarkingAHeadingMarksItsRows(t *testing.T) {
	t.Parallel()
	l, m := NewList(Drift), Marks{}
	l.Use(NewSet(tenant(5, 10, 0)))
	screen.Home(l)
	line, _ := l.Current()
	l.ToggleMark(m)
	if len(m) != line.Heading.Rows {
		t.Errorf("%d of %d rows are marked", len(m), line.Heading.Rows)
	}
	l.ToggleMark(m)
	if len(m) != 0 {
		t.Errorf("%d rows are still marked", len(m))
	}
}

func TestRangeMarksRowsOnly(t *testing.T) {
	t.Parallel()
	l, m := NewList(Drift), Marks{}
	l.SetHeight(50)
	l.Use(NewSet(tenant(5, 10, 0)))
	l.ToggleRange(m)
	screen.End(l)
	l.ToggleRange(m)
	if all, _ := l.set.Len(Drift); len(m) != all-2 {
		t.Errorf("%d of %d findings are marked", len(m), all)
	}
	if gone := m.Retain(NewSet(tenant(5, 1, 0))); gone == 0 || len(m) != 0 {
		t.Errorf("marks stay on rows that are gone: %d dropped, %d left", gone, len(m))
	}
}

// TestRowStaysAtItsHeight: a reload does not move the row under the operator's eyes.
func TestRowStaysAtItsHeight(t *testing.T) {
	t.Parallel()
	l := NewList(Users)
	l.SetHeight(10)
	l.Use(NewSet(tenant(1, 200, 0)))
	l.To(100)
	l.Move(-4)
	id, height := l.CurrentID(), l.Cursor()-l.Top()
	if height != 5 {
		t.Fatalf("the cursor stands at %d of the window", height)
	}
	l.Use(NewSet(tenant(2, 260, 0)))
	if l.CurrentID() != id || l.Cursor()-l.Top() != height {
		t.Errorf("the row is at %d of the window after the reload", l.Cursor()-l.Top())
	}
}

// TestMemberFindsWhoeverIsInAGroup, on either side, whether or not their membership drifts; a word that no user has
// leaves no group.
func TestMemberFindsWhoeverIsInAGroup(t *testing.T) {
	t.Parallel()
	set := NewSet(tenant(3, 200, 20))
	rapid.Check(t, func(t *rapid.T) {
		u := set.Comparison.Target.Users[rapid.IntRange(0, len(set.Comparison.Target.Users)-1).Draw(t, "user")]
		l := NewList(Groups)
		l.Use(set)
		if err := l.SetFilter(`member:"` + u.UserName + `"`); err != nil {
			t.Fatal(err)
		}
		for i, r := range set.tables[Groups].rows {
			has := false
			for side, at := range [...]int32{r.Source, r.Target} {
				d := [...]*model.Directory{&set.Comparison.Source.Directory, &set.Comparison.Target}[side]
				if at != model.None {
					for _, m := range d.Members.Of(int(at)) {
						has = has || strings.Contains(shownUser(&d.Users[m]), strings.ToLower(u.UserName))
					}
				}
			}
			if got := slices.Contains(l.matched, int32(i)); got != has && (has || set.FindingsOf(r) == nil) {
				t.Fatalf("member:%s picks %s: %v, who is in it: %v", u.UserName, set.Subject(r).Name, got, has)
			}
		}
	})
}

func shownUser(u *model.User) string {
	return strings.ToLower(strings.Join([]string{u.Called(), u.DisplayName, u.Email, u.ID}, "\n"))
}

// TestAHeadingBearsWhatAFilterLeaves: it is no worse and no more than the rows that stand under it, and the worst of
// what is left stands on top.
func TestAHeadingBearsWhatAFilterLeaves(t *testing.T) {
	t.Parallel()
	c := &drift.Comparison{}
	for i, f := range []model.Finding{
		{Kind: model.UserLingering, Severity: model.High},
		{Kind: model.UserRenamed, Severity: model.Medium},
		{Kind: model.UserLingering, Severity: model.Info},
		{Kind: model.GroupUnclaimed, Severity: model.Info},
	} {
		f.ID, f.Source, f.Target = fmt.Sprint(i), model.None, model.None
		f.Subject = model.Subject{Type: model.SubjectUser, Name: fmt.Sprint(i)}
		c.Findings = append(c.Findings, f)
	}
	l := NewList(Drift)
	l.Use(NewSet(c))
	for filter, want := range map[string][]model.Severity{
		"":          {model.High, model.Medium, model.Info},
		"sev:info":  {model.Info, model.Info},
		"!sev:high": {model.Medium, model.Info, model.Info},
	} {
		l.SetFilter(filter)
		var got []model.Severity
		for at := range l.Len() {
			line := l.At(at)
			if line.Heading == nil {
				f := &c.Findings[line.Row.Finding]
				if worst := got[len(got)-1]; f.Severity > worst {
					t.Errorf("%q: %s stands under %s", filter, f.Severity, worst)
				}
				continue
			}
			got = append(got, line.Group.Severity)
			if len(line.Group.Findings) != line.Shown {
				t.Errorf("%q: %d rows are headed as %d findings", filter, line.Shown, len(line.Group.Findings))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", filter, diff)
		}
	}
}
