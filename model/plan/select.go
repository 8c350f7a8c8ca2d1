package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Query chooses findings and repairs. Zero is the bare plan: for certain findings what neither takes nor grants.
type Query struct {
	// Findings are ids, Kinds kinds; both mean either. Repair is what is to end them; empty is the first on offer.
	Findings []string
	Kinds    []model.Kind
	Repair   model.RepairName
	// Filtered are those that a filter picked, by their place in the comparison; it asks as kinds do. Nil is no filter.
	Filtered []bool
}

// isBroad: nobody asked for certain findings or kinds.
func (q *Query) isBroad() bool { return len(q.Findings) == 0 && len(q.Kinds) == 0 && q.Filtered == nil }

// Select turns a query into picks, in the order of the findings. What was asked for and gets none is left out with the
// reason, of a bare query all drift. The error says what there is instead of what a query names.
func Select(c *drift.Comparison, q Query) (picks []model.Pick, left []model.LeftOut, err error) {
	if err := checkQuery(c, q); err != nil {
		return nil, nil, err
	}
	s := selector{Query: q, bare: q.isBroad() && q.Repair == ""}
	var asked []*model.Finding
	for i := range c.Findings {
		if f := &c.Findings[i]; s.isAsked(i, f) {
			asked = append(asked, f)
			s.pickRepair(f)
		}
	}
	if q.Repair != "" && len(asked) > 0 && !slices.ContainsFunc(asked,
		func(f *model.Finding) bool { return f.Offers(q.Repair) }) {
		return nil, nil, fmt.Errorf("none of these findings offers %s; they offer %s",
			model.Visible(string(q.Repair)), offeredBy(asked))
	}
	return s.picks, s.left, nil
}

// selector goes through the findings.
type selector struct {
	Query

	bare      bool
	bulkLimit bulkLimit
	picks     []model.Pick
	left      []model.LeftOut
}

// isNamed: somebody asks for this very finding.
func (s *selector) isNamed(f *model.Finding) bool { return slices.Contains(s.Findings, f.ID) }

func (s *selector) isAsked(i int, f *model.Finding) bool {
	return s.isBroad() || s.isNamed(f) || slices.Contains(s.Kinds, f.Kind) || s.Filtered != nil && s.Filtered[i]
}

func (s *selector) pickRepair(f *model.Finding) {
	broad := s.isBroad()
	option, why := s.repairOption(f)
	switch {
	case broad && f.Confidence < model.Certain && (s.bare || why == ""):
		why = "it is not certain, so it has to be asked for by its id or kind"
	case broad && !s.bare && why != "":
		return // the repair alone was asked for, and this finding has another
	}
	if why == "" {
		why = s.bulkLimit.whyRefused(f, option.Repair, s.isNamed(f))
	}
	switch {
	case why == "":
		s.picks = append(s.picks, model.Pick{Finding: f.ID, Option: option, Named: s.isNamed(f)})
	case broad && f.Severity == model.Info: // no drift, and nobody asked
	default:
		s.left = append(s.left, model.LeftOut{Finding: f.ID, Reason: why})
	}
}

// repairOption is the repair of a finding that the query means.
func (s *selector) repairOption(f *model.Finding) (o model.Option, why string) {
	if o, there := f.NeutralRepair(); s.bare && there {
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
		return o, "every repair that it offers takes or grants access, so it has to be asked for: " +
			model.Offered(f.Repairs)
	}
	return o, "it does not offer " + string(s.Repair) + "; it offers " + model.Offered(f.Repairs)
}

func offeredBy(findings []*model.Finding) string {
	var all []model.Option
	for _, f := range findings {
		all = append(all, f.Repairs...)
	}
	slices.SortStableFunc(all, func(a, b model.Option) int { return a.Rank() - b.Rank() })
	return model.Offered(all)
}

// checkQuery says which id, kind or repair of a query does not exist.
func checkQuery(c *drift.Comparison, q Query) error {
	ids := c.FindingIDs()
	for _, id := range q.Findings {
		if !slices.Contains(ids, id) {
			return fmt.Errorf("there is no finding %s; there are: %s%s", model.Visible(id),
				cmp.Or(model.FirstOf(ids, 8), "none"), model.Visible(model.DidYouMean(id, ids)))
		}
	}
	for _, k := range q.Kinds {
		if !slices.Contains(model.Kinds(), k) {
			return fmt.Errorf("there is no kind %s; the kinds are: %s%s", model.Visible(string(k)),
				model.Listed(model.Kinds()), model.DidYouMean(string(k), model.Kinds()))
		}
	}
	if q.Repair != "" && !slices.Contains(model.RepairNames(), q.Repair) {
		return fmt.Errorf("there is no repair %s; the repairs are: %s%s", model.Visible(string(q.Repair)),
			model.Listed(model.RepairNames()), model.DidYouMean(string(q.Repair), model.RepairNames()))
	}
	return nil
}
