package drift

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// firstWithSameKey gives for each record with a key the first of the other side, in order, that has the same.
func firstWithSameKey(
	records int, key func(int32) string, others int, keyOfOther func(int32) string, order func(a, b int32) int,
) map[int32]int32 {
	asking := map[string][]int32{}
	for i := range int32(records) {
		if k := key(i); k != "" {
			asking[k] = append(asking[k], i)
		}
	}
	found := map[int32]int32{}
	if len(asking) == 0 {
		return found
	}
	for other := range int32(others) {
		for _, i := range asking[keyOfOther(other)] {
			if before, is := found[i]; !is || order(other, before) < 0 {
				found[i] = other
			}
		}
	}
	return found
}

// keyHolders gives, for each pair among some, the target record of another that one of its source record's keys names:
// the source has given the name to somebody else. A record whose own pair agrees in that key is no such one.
func (p *Pairing) keyHolders(src, tgt records, key Basis, among func(s int32) bool) map[int32]int32 {
	return firstWithSameKey(len(p.ToTarget), func(s int32) string {
		t := p.ToTarget[s]
		if t == model.None || !among(s) {
			return ""
		}
		if k := src.key(s, key); k != tgt.key(t, key) {
			return k
		}
		return ""
	}, len(p.ToSource), func(t int32) string {
		k := tgt.key(t, key)
		if holder := p.ToSource[t]; holder != model.None && src.key(holder, key) == k {
			return ""
		}
		return k
	}, tgt.byID)
}

// followClaims goes from a pair to the one whose key it wants, and on from there. free: the last wants a key that
// nobody holds, so that all can be changed one after the other. ring: it comes back to where it began. Neither: it ends
// at a record without a pair, or in a ring of others.
func (p *Pairing) followClaims(held map[int32]int32, from int32) (free, ring bool) {
	seen := map[int32]bool{}
	for at := from; ; {
		t, holds := held[at]
		switch {
		case !holds:
			return true, false
		case p.ToSource[t] == from:
			return false, true
		case p.ToSource[t] == model.None, seen[at]:
			return false, false
		}
		seen[at] = true
		at = p.ToSource[t]
	}
}

// contestRings contests the pairs of users who swap their userNames, or pass them round: none is free for the first to
// take. In a chain each is free once the one before has been changed, and by their ids all are who they are.
func (p *Pairing) contestRings(src, tgt records, among func(s int32) bool) {
	held := p.keyHolders(src, tgt, BasisUserName, among)
	for s, t := range held {
		if _, ring := p.followClaims(held, s); ring {
			p.contestEach(s, t, p.Basis[s] != BasisExternalID)
		}
	}
}

// keyDiffers reports whether a pair by userName differs in another key that both its records have.
func (p *Pairing) keyDiffers(src, tgt records, key Basis, s int32) bool {
	if p.Basis[s] != BasisUserName {
		return false
	}
	a, b := src.key(s, key), tgt.key(p.ToTarget[s], key)
	return a != "" && b != "" && a != b
}

// namesDenyPair reports whether userName and full name both say that a contested pair by external id is wrong: they are
// those of one who claims it, and not the pair's own. Ids are copied and reused, and who signs in follows the userName.
func (p *Pairing) namesDenyPair(src, tgt records, s int32) bool {
	c, t := p.Contests[s], p.ToTarget[s]
	names := func(r records, i int32) (n [2]string) {
		return [...]string{r.key(i, BasisUserName), r.key(i, BasisName)}
	}
	mine, its := names(src, s), names(tgt, t)
	if p.Basis[s] != BasisExternalID || mine[0] == its[0] || mine[1] == its[1] {
		return false
	}
	return its[1] != "" && slices.ContainsFunc(c.Sources, func(o int32) bool { return names(src, o) == its }) ||
		mine[1] != "" && slices.ContainsFunc(c.Targets, func(o int32) bool { return names(tgt, o) == mine })
}

// contestByKey contests the pairs by userName that the e-mail, or both names, speak against. Without ids a userName
// that another has just given up looks the same as one that was always theirs.
func (p *Pairing) contestByKey(src, tgt records, key Basis, eligible func(s int32) bool) {
	held := p.keyHolders(src, tgt, key, func(s int32) bool {
		return p.Basis[s] == BasisUserName && eligible(s) && p.keyDiffers(src, tgt, key, s)
	})
	given := map[string]int32{} // who has the target record with that key now
	for s, t := range held {
		if free, _ := p.followClaims(held, s); !free {
			p.contestEach(s, t, true)
			k := tgt.key(p.ToTarget[s], key)
			if other, twice := given[k]; !twice || src.byID(s, other) < 0 {
				given[k] = s
			}
		}
	}
	if len(given) == 0 {
		return
	}
	for s := range int32(len(p.ToTarget)) {
		if p.ToTarget[s] == model.None && eligible(s) && !p.LostSource[s] {
			if holder, ok := given[src.key(s, key)]; ok {
				p.claimSource(holder, s)
			}
		}
	}
}

// contestEach notes that source record s wants what target record t of another pair holds.
func (p *Pairing) contestEach(s, t int32, tied bool) {
	p.claimTarget(s, t)
	p.Contests[s].Tied = p.IsTied(s) || tied
	if other := p.ToSource[t]; other != model.None {
		p.claimSource(other, s)
	}
}

// markLosers turns unpaired records whose keys name a paired record into losers of that pair. They yield no other
// finding: creating or deleting them would hit the record that the key already names. The two of a tied pair may be
// others' as well: what their keys name is tied too, where it was paired by the same key.
func (p *Pairing) markLosers(src, tgt records, bases []Basis, eligible func(s int32) bool) {
	for _, basis := range bases {
		source := func(s int32, paired bool) string {
			if (p.ToTarget[s] != model.None) != paired && !p.IsTied(s) || p.LostSource[s] || !eligible(s) {
				return ""
			}
			return src.key(s, basis)
		}
		target := func(t int32, paired bool) string {
			if s := p.ToSource[t]; (s != model.None) != paired && !p.IsTied(s) || p.LostTarget[t] {
				return ""
			}
			return tgt.key(t, basis)
		}
		for t, s := range firstWithSameKey(len(p.ToSource), func(t int32) string { return target(t, false) },
			len(p.ToTarget), func(s int32) string { return source(s, true) }, src.byID) {
			if p.ToTarget[s] != t {
				p.claimTarget(s, t)
				p.Contests[s].Tied = p.IsTied(s) || p.ToSource[t] != model.None && p.Basis[s] == basis
			}
		}
		for s, t := range firstWithSameKey(len(p.ToTarget), func(s int32) string { return source(s, false) },
			len(p.ToSource), func(t int32) string { return target(t, true) },
			func(a, b int32) int { return src.byID(p.ToSource[a], p.ToSource[b]) }) {
			if holder := p.ToSource[t]; holder != s {
				p.claimSource(holder, s)
				p.Contests[holder].Tied = p.IsTied(holder) || p.ToTarget[s] != model.None && p.Basis[holder] == basis
			}
		}
	}
}

// claimTarget and claimSource note that another record claims the pair of s. One without a pair of its own has lost.
func (p *Pairing) claimTarget(s, t int32) {
	if p.ToSource[t] == model.None {
		p.LostTarget[t] = true
	}
	if c := p.contestOf(s); !slices.Contains(c.Targets, t) {
		c.Targets = append(c.Targets, t)
	}
}

func (p *Pairing) claimSource(s, other int32) {
	if p.ToTarget[other] == model.None {
		p.LostSource[other] = true
	}
	if c := p.contestOf(s); !slices.Contains(c.Sources, other) {
		c.Sources = append(c.Sources, other)
	}
}

// spreadTies ties what lost a tie and was paired by a weaker key afterwards: which pair is meant is open for both.
func (p *Pairing) spreadTies() {
	for s := range int32(len(p.ToTarget)) {
		if !p.IsTied(s) {
			continue
		}
		for _, other := range p.Contests[s].Sources {
			if p.ToTarget[other] != model.None {
				p.claimTarget(other, p.ToTarget[s])
				p.Contests[other].Tied = true
			}
		}
		for _, t := range p.Contests[s].Targets {
			if other := p.ToSource[t]; other != model.None {
				p.claimSource(other, s)
				p.Contests[other].Tied = true
			}
		}
	}
}

func (p *Pairing) sortContests(src, tgt records) {
	for _, c := range p.Contests {
		slices.SortFunc(c.Sources, src.byID)
		slices.SortFunc(c.Targets, tgt.byID)
	}
}
