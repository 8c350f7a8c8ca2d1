package model

import "slices"

// Provisionally is the comparison as it may be shown before its load has ended: what was found so far, of which nothing
// is certain and for which nothing is offered. The one it is called on stays as it is.
func (c *Comparison) Provisionally() *Comparison {
	early := *c
	early.Provisional = true
	early.Findings = slices.Clone(c.Findings)
	for i := range early.Findings {
		f := &early.Findings[i]
		f.Provisional, f.Confidence, f.Repairs = true, Unsure, nil
	}
	early.verdicts.users, early.verdicts.groups = unsure(c.verdicts.users), unsure(c.verdicts.groups)
	return &early
}

// unsure takes the confidence from verdicts.
func unsure(of [2][]Verdict) (out [2][]Verdict) {
	for side := range of {
		out[side] = slices.Clone(of[side])
		for i := range out[side] {
			out[side][i].Confidence = Unsure
		}
	}
	return out
}
