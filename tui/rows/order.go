package rows

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
)

// Order is one way to sort a tab.
type Order uint8

// The orders.
const (
	// ByWorst puts the worst findings first; on the drift tab under their headings.
	ByWorst Order = iota
	// ByName sorts by folded name.
	ByName
	// ByRelation puts what is only at the source first, then what is only at the target, what differs, what is not
	// settled.
	ByRelation
	// ByAge puts the latest findings first, and those that no event dates behind them.
	ByAge
	orderCount
)

// String is how the order is called on the screen.
func (o Order) String() string {
	return [...]string{"worst first", "by name", "by side", "latest first"}[o]
}

// Next is the order that comes after, round and round.
func (o Order) Next() Order { return (o + 1) % orderCount }

// buildKeys makes the folded text of every row, in one piece of memory: a hundred thousand small strings would cost
// more than their text.
func (s *Set) buildKeys(t *table, texts *filter.Texts) {
	var b strings.Builder
	ends := make([]int, len(t.rows))
	t.class = make([]int32, len(t.rows))
	for i, r := range t.rows {
		t.class[i] = texts.Write(&b, filter.Item{
			Source: r.Source, Target: r.Target, User: r.User, Relation: r.Relation, Findings: s.FindingsOf(r),
		})
		ends[i] = b.Len()
	}
	t.keys = split(b.String(), ends)
	if t.drifting == 0 {
		for _, r := range t.rows {
			if r.Finding != model.None {
				t.drifting++
			}
		}
	}
}

// completionNames lists who did something and who is a member in findings, each once, as many as somebody can choose
// among.
func completionNames(findings []model.Finding) (actors, members []string) {
	const most = 1000
	seen := [2]map[string]bool{{}, {}}
	add := func(list *[]string, of int, name string) {
		if name != "" && len(*list) < most && !seen[of][name] {
			seen[of][name] = true
			*list = append(*list, name)
		}
	}
	for i := range findings {
		for _, e := range findings[i].Evidence {
			add(&actors, 0, e.By)
		}
		for _, m := range findings[i].Members {
			add(&members, 1, m)
		}
	}
	slices.Sort(actors)
	slices.Sort(members)
	return actors, members
}

// UsersOf gives the records of a user's row, nil where a side has none.
func (s *Set) UsersOf(r Row) (src, tgt *model.User) {
	return recordAt(s.Comparison.Source.Users, r.Source), recordAt(s.Comparison.Target.Users, r.Target)
}

// GroupsOf gives the records of a group's row, nil where a side has none.
func (s *Set) GroupsOf(r Row) (src, tgt *model.Group) {
	return recordAt(s.Comparison.Source.Groups, r.Source), recordAt(s.Comparison.Target.Groups, r.Target)
}

func recordAt[T any](list []T, at int32) *T {
	if at == model.None {
		return nil
	}
	return &list[at]
}

// sortRowsByName puts the rows and their texts into memory in the order of the names, which every other order follows
// in long runs: a filter that jumped about in memory would take several times as long.
func (t *table) sortRowsByName() {
	order := make([]int, len(t.rows))
	size := 0
	for i := range order {
		order[i] = i
		size += len(t.keys[i])
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(strings.Compare(t.keys[a], t.keys[b]),
			cmp.Compare(a, b))
	})
	var b strings.Builder
	b.Grow(size)
	rows, class := make([]Row, len(order)), make([]int32, len(order))
	ends := make([]int, len(order))
	for at, i := range order {
		rows[at], class[at] = t.rows[i], t.class[i]
		b.WriteString(t.keys[i])
		ends[at] = b.Len()
	}
	t.rows, t.class, t.keys = rows, class, split(b.String(), ends)
}

// split cuts a text at the ends of its pieces.
func split(all string, ends []int) []string {
	out, from := make([]string, len(ends)), 0
	for i, end := range ends {
		out[i], from = all[from:end], end
	}
	return out
}

// buildOrders makes every order from the one by name, so that names are compared once only.
func (t *table) buildOrders(s *Set) {
	byName := make([]int32, len(t.rows))
	for i := range byName {
		byName[i] = int32(i)
	}
	if t.headings != nil {
		t.orders[ByWorst] = bucketSort(byName, len(t.headings), func(i int32) int32 { return t.heading[i] })
	}
	slices.SortFunc(byName, func(a, b int32) int {
		return cmp.Or(strings.Compare(t.keys[a], t.keys[b]),
			cmp.Compare(a, b))
	})
	t.orders[ByName] = byName
	if t.headings == nil {
		t.orders[ByWorst] = bucketSort(byName, int(model.Critical)+2, func(i int32) int32 {
			if of := t.rows[i].Finding; of != model.None {
				return int32(model.Critical - s.Comparison.Findings[of].Severity)
			}
			return int32(model.Critical) + 1
		})
	}
	rank := [...]int32{
		model.Same: 4, model.Differs: 2, model.OnlySource: 0, model.OnlyTarget: 1, model.Unsettled: 3,
		model.Aside: 5,
	}
	t.orders[ByRelation] = bucketSort(byName, len(rank), func(i int32) int32 { return rank[t.rows[i].Relation] })
	t.orders[ByAge] = t.byAge(byName, s)
}

func (t *table) byAge(order []int32, s *Set) []int32 {
	since := func(i int32) (at time.Time) {
		if of := t.rows[i].Finding; of != model.None {
			at = s.Comparison.Findings[of].Since()
		}
		return at
	}
	dated := filterRows(order, func(i int32) bool { return !since(i).IsZero() })
	slices.SortStableFunc(dated, func(a, b int32) int { return since(b).Compare(since(a)) })
	return append(dated, filterRows(order, func(i int32) bool { return since(i).IsZero() })...)
}

// bucketSort sorts by a small number and leaves rows of the same number as they were (a counting sort).
func bucketSort(order []int32, buckets int, bucket func(row int32) int32) []int32 {
	start := make([]int, buckets+1)
	for _, i := range order {
		start[bucket(i)+1]++
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	out := make([]int32, len(order))
	for _, i := range order {
		b := bucket(i)
		out[start[b]] = i
		start[b]++
	}
	return out
}
