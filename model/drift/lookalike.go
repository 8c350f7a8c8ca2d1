package drift

import (
	"cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/lookalike"
)

// matchLookAlikes pairs what is alone on both sides under names that look alike: calling such records a lingering and a
// missing one would offer to delete what somebody sees standing there. Where several would be taken for each other they
// are tied. Nothing may be written on the strength of such a pair.
func (p *Pairing) matchLookAlikes(src, tgt records, source, target func(int32) string, eligible func(s int32) bool) {
	classes := map[string]*lookClass{} // by skeleton
	strange := false
	of := func(name string) *lookClass {
		key := lookalike.Skeleton(name)
		c := classes[key]
		if c == nil {
			c = &lookClass{}
			classes[key] = c
		}
		return c
	}
	free, wanted := []int32{}, []int32{}
	for t := range p.ToSource {
		if t := int32(t); p.ToSource[t] == model.None && !p.LostTarget[t] && model.Trim(target(t)) != "" {
			free, strange = append(free, t), strange || !model.Plain(model.Trim(target(t)))
		}
	}
	for s := range p.ToTarget {
		if s := int32(s); p.ToTarget[s] == model.None && !p.LostSource[s] && eligible(s) &&
			model.Trim(source(s)) != "" {
			wanted, strange = append(wanted, s), strange || !model.Plain(model.Trim(source(s)))
		}
	}
	if !strange || len(free) == 0 || len(wanted) == 0 {
		return
	}
	for _, t := range free {
		of(target(t)).targets.add(t, target(t))
	}
	for _, s := range wanted {
		of(source(s)).sources.add(s, source(s))
	}
	for _, c := range classes {
		// Two names of plain ASCII are no look-alikes, so a plain one belongs to it only if a strange one stands
		// opposite.
		sources, targets := c.sources.opposite(c.targets), c.targets.opposite(c.sources)
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
	p.matchTied(src, tgt, BasisLookAlike, targets, sources, model.None)
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

// lookClass holds the records of both sides with one skeleton.
type lookClass struct{ sources, targets lookSide }

// lookSide holds records of one side: all of them, and those whose names are not plain ASCII.
type lookSide struct{ all, strange []int32 }

func (l *lookSide) add(i int32, name string) {
	l.all = append(l.all, i)
	if !model.Plain(model.Trim(name)) {
		l.strange = append(l.strange, i)
	}
}

// opposite gives those who look like one of the other side.
func (l *lookSide) opposite(other lookSide) []int32 {
	if len(other.strange) > 0 {
		return l.all
	}
	return l.strange
}

// OnlyLooks reports whether source record s is paired by the look of its name alone.
func (p *Pairing) OnlyLooks(s int32) bool { return p.Basis[s] == BasisLookAlike }

// onlyTheLook is why nothing is made of a pair or a name that rests on no more.
const onlyTheLook = "nothing but the look of the names says that the two are one"

func lookAlikeEvidence(source, target string) []model.Evidence {
	a, b := model.Distinct(source, target)
	return []model.Evidence{{What: model.EvidenceLookAlike, Text: a + " at the source, " + b + " at the target"}}
}

// lookAlikeUser is all that is said of such a pair: whether the two are one person is for the operator to see.
func (c *Comparer) lookAlikeUser(s, t int32) {
	if u := &c.Source.Users[s]; !c.BothUsersRead() || u.RollOnly { // the very name may be in what was not read
		c.openUser(s, t, cmp.Or(c.NotAllUsers(), u.Unread()))
		return
	}
	if c.Users.Contests[s] != nil {
		c.userContest(s, t)
		return
	}
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	c.add(model.Finding{
		Kind: model.UserRenamed, Confidence: model.Likely, Subject: c.UserSubject(s, t), Source: s, Target: t,
		Fields:   []model.FieldDiff{{Name: "userName", Source: src.UserName, Target: tgt.UserName}},
		Evidence: lookAlikeEvidence(src.UserName, tgt.UserName), Blocked: onlyTheLook,
	})
}

// lookAlikeGroup says the same of two groups.
func (c *Comparer) lookAlikeGroup(s, t int32) {
	src, tgt := &c.Source.Groups[s], &c.Target.Groups[t]
	c.add(model.Finding{
		Kind: model.GroupRenamed, Confidence: model.Likely, Subject: c.GroupSubject(s, t), Source: s, Target: t,
		Fields:   []model.FieldDiff{{Name: "displayName", Source: src.Name, Target: tgt.Name}},
		Evidence: lookAlikeEvidence(src.Name, tgt.Name), Blocked: onlyTheLook,
	})
}
