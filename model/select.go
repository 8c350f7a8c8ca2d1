package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Query chooses findings and repairs, as the command line does. Its zero value is the bare plan: for each certain finding the
// first repair that neither takes nor grants.
type Query struct {
	// Findings are ids, Kinds kinds; both together mean either. Repair is what they should be ended by; empty is the first that
	// the finding offers.
	Findings []string
	Kinds    []Kind
	Repair   RepairName
	// Filtered are those that a filter picked, by their place in the comparison; it asks as kinds do. Nil is no filter.
	Filtered []bool
}

// broad: nobody asked for certain findings or kinds.
func (q *Query) broad() bool { return len(q.Findings) == 0 && len(q.Kinds) == 0 && q.Filtered == nil }

// Select turns a query into picks, in the order of the findings. Findings that were asked for and get none are left out with
// the reason; of a bare query these are all that count as drift. The error is for a query that names what is not there, and
// says what is.
func Select(c *Comparison, q Query) (picks []Pick, left []LeftOut, err error) {
	if err := c.checkQuery(q); err != nil {
		return nil, nil, err
	}
	s := selector{Query: q, bare: q.broad() && q.Repair == ""}
	var asked []*Finding
	for i := range c.Findings {
		if f := &c.Findings[i]; s.asks(i, f) {
			asked = append(asked, f)
			s.pick(f)
		}
	}
	if q.Repair != "" && len(asked) > 0 && !slices.ContainsFunc(asked, func(f *Finding) bool { return f.offers(q.Repair) }) {
		return nil, nil, fmt.Errorf("none of these findings offers %s; they offer %s", Visible(string(q.Repair)), offeredBy(asked))
	}
	return s.picks, s.left, nil
}

// selector goes through the findings.
type selector struct {
	Query

	bare  bool
	alone singly
	picks []Pick
	left  []LeftOut
}

// named: somebody asks for this very finding.
func (s *selector) named(f *Finding) bool { return slices.Contains(s.Findings, f.ID) }

func (s *selector) asks(i int, f *Finding) bool {
	return s.broad() || s.named(f) || slices.Contains(s.Kinds, f.Kind) || s.Filtered != nil && s.Filtered[i]
}

func (s *selector) pick(f *Finding) {
	broad := s.broad()
	option, why := s.option(f)
	switch {
	case broad && f.Confidence < Certain && (s.bare || why == ""):
		why = "it is not certain, so it has to be asked for by its id or kind"
	case broad && !s.bare && why != "":
		return // the repair alone was asked for, and this finding has another
	}
	if why == "" {
		why = s.alone.refuses(f, option.Repair, s.named(f))
	}
	switch {
	case why == "":
		s.picks = append(s.picks, Pick{Finding: f.ID, Option: option, Named: s.named(f)})
	case broad && f.Severity == Info: // no drift, and nobody asked
	default:
		s.left = append(s.left, LeftOut{f.ID, why})
	}
}

// option is the repair of a finding that the query means.
func (s *selector) option(f *Finding) (o Option, why string) {
	if o, there := f.Gentle(); s.bare && there {
		return o, ""
	}
	for _, o := range f.Repairs {
		if !s.bare && (s.Repair == "" || o.Repair == s.Repair) {
			return o, ""
		}
	}
	switch {
	case len(f.Repairs) == 0:
		return o, "nothing that can be done from here ends it; see its evidence"
	case s.bare:
		return o, "every repair that it offers takes or grants access, so it has to be asked for: " + offered(f.Repairs)
	}
	return o, "it does not offer " + string(s.Repair) + "; it offers " + offered(f.Repairs)
}

// Gentle is the first repair of a finding that neither takes nor grants.
func (f *Finding) Gentle() (o Option, there bool) {
	if i := slices.IndexFunc(f.Repairs, f.gentle); i >= 0 {
		return f.Repairs[i], true
	}
	return o, false
}

// gentle reports whether what a repair of this finding does neither takes nor grants.
func (f *Finding) gentle(o Option) bool {
	takes, grants := f.Effect(o)
	return !takes && !grants
}

// Effect says whether a repair of this finding takes access from somebody, and whether it grants any. A group is created
// with its members.
func (f *Finding) Effect(o Option) (takes, grants bool) {
	in := Intent{Option: o, Changes: f.Fields}
	return in.Takes(), in.Grants() || o.Repair == CreateGroup && len(f.Members) > 0
}

func (f *Finding) offers(r RepairName) bool {
	return slices.ContainsFunc(f.Repairs, func(o Option) bool { return o.Repair == r })
}

func offeredBy(findings []*Finding) string {
	var all []Option
	for _, f := range findings {
		all = append(all, f.Repairs...)
	}
	slices.SortStableFunc(all, func(a, b Option) int { return a.rank() - b.rank() })
	return offered(all)
}

// checkQuery says which id, kind or repair of a query does not exist.
func (c *Comparison) checkQuery(q Query) error {
	ids := make([]string, 0, len(c.Findings))
	for i := range c.Findings {
		ids = append(ids, c.Findings[i].ID)
	}
	for _, id := range q.Findings {
		if !slices.Contains(ids, id) {
			return fmt.Errorf("there is no finding %s; there are: %s%s", Visible(id), cmp.Or(FirstOf(ids, 8), "none"), Visible(DidYouMean(id, ids)))
		}
	}
	for _, k := range q.Kinds {
		if !slices.Contains(Kinds(), k) {
			return fmt.Errorf("there is no kind %s; the kinds are: %s%s", Visible(string(k)), spelled(Kinds()), DidYouMean(string(k), Kinds()))
		}
	}
	if q.Repair != "" && !slices.Contains(RepairNames(), q.Repair) {
		return fmt.Errorf("there is no repair %s; the repairs are: %s%s",
			Visible(string(q.Repair)), spelled(RepairNames()), DidYouMean(string(q.Repair), RepairNames()))
	}
	return nil
}

func spelled[T ~string](all []T) string {
	words := make([]string, 0, len(all))
	for _, word := range all {
		words = append(words, string(word))
	}
	return strings.Join(words, ", ")
}
