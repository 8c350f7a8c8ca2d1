package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/lookalike"
)

// matchLookAlikes pairs what is alone on both sides under names that look alike: calling such records a lingering and a
// missing one would offer to delete what somebody sees standing there. Where several would be taken for each other they
// are tied. Nothing may be written on the strength of such a pair.
func (p *Pairing) matchLookAlikes(src, tgt records, eligible func(s int32) bool) {
	alone := func(r records, partners []int32, lost map[int32]bool) (out []int32) {
		for i := range int32(len(partners)) {
			if partners[i] == model.None && !lost[i] && model.Trim(r.name(i)) != "" {
				out = append(out, i)
			}
		}
		return out
	}
	strange := func(r records, list []int32) []int32 {
		return slices.DeleteFunc(slices.Clone(list), func(i int32) bool { return model.Plain(model.Trim(r.name(i))) })
	}
	sources, targets := alone(src, p.ToTarget, p.LostSource), alone(tgt, p.ToSource, p.LostTarget)
	sources = slices.DeleteFunc(sources, func(s int32) bool { return !eligible(s) })
	if len(sources) == 0 || len(targets) == 0 || len(strange(src, sources))+len(strange(tgt, targets)) == 0 {
		return
	}
	bySkeleton := map[string][]int32{}
	for _, t := range targets {
		look := lookalike.Skeleton(tgt.name(t))
		bySkeleton[look] = append(bySkeleton[look], t)
	}
	classes := map[string][]int32{}
	for _, s := range sources {
		if look := lookalike.Skeleton(src.name(s)); bySkeleton[look] != nil {
			classes[look] = append(classes[look], s)
		}
	}
	for look, sources := range classes {
		// Two names of plain ASCII are no look-alikes, so that a plain one needs a strange one opposite.
		targets := bySkeleton[look]
		strangeSources, strangeTargets := strange(src, sources), strange(tgt, targets)
		if len(strangeTargets) == 0 {
			sources = strangeSources
		}
		if len(strangeSources) == 0 {
			targets = strangeTargets
		}
		switch {
		case len(sources) == 0 || len(targets) == 0:
		case len(sources) == 1 && len(targets) == 1:
			p.join(sources[0], targets[0], BasisLookAlike)
		default:
			p.tieLookAlikes(src, tgt, sources, targets)
		}
	}
}

// tieLookAlikes leaves nobody over: who gets no partner is a loser of the first pair.
func (p *Pairing) tieLookAlikes(src, tgt records, sources, targets []int32) {
	p.matchTied(src, tgt, BasisLookAlike, targets, sources)
	winner := sources[0]
	for _, s := range sources {
		if p.ToTarget[s] == model.None {
			p.claimSource(winner, s)
		}
	}
	for _, t := range targets {
		if p.ToSource[t] == model.None {
			p.claimTarget(winner, t)
		}
	}
}

// IsLookAlike reports whether source record s is paired by the look of its name alone.
func (p *Pairing) IsLookAlike(s int32) bool { return p.Basis[s] == BasisLookAlike }

// lookAlikeReason is why nothing is made of a pair or a name that rests on no more.
const lookAlikeReason = "nothing but the look of the names says that the two are one"

// addLookAlike completes a finding about a pair that rests on no more, by the field that looks alike.
func (c *Comparer) addLookAlike(f model.Finding) {
	source, target := model.Distinct(f.Fields[0].Source, f.Fields[0].Target)
	f.Confidence, f.Blocked = model.Likely, lookAlikeReason
	f.Evidence = []model.Evidence{{
		What: model.EvidenceLookAlike, Text: source + " at the source, " + target + " at the target",
	}}
	c.addFinding(f)
}

// compareLookAlikeUser is all that is said of such a pair: whether the two are one person is for the operator to see.
func (c *Comparer) compareLookAlikeUser(s, t int32) {
	switch u := &c.Source.Users[s]; {
	case c.NotAllUsers() != "" || u.RollOnly: // the very name may be in what was not read
		c.markUserUnsettled(s, t, cmp.Or(c.NotAllUsers(), u.Unread()))
	case c.Users.Contests[s] != nil:
		c.addUserDuplicate(s, t)
	default:
		f := c.newFinding(model.UserRenamed, s, t, model.Likely)
		f.Fields = []model.FieldDiff{{
			Name: model.FieldUserName, Source: u.UserName, Target: c.Target.Users[t].UserName,
		}}
		c.addLookAlike(f)
	}
}
