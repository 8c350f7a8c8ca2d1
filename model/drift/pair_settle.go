package drift

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// crossed gives, for each pair among some, the target record of another that one of its source record's keys names: the
// source has given the name to somebody else. A record whose own pair agrees in that key is no such one.
func (p *Pairing) crossed(src, tgt records, key Basis, among func(s int32) bool) map[int32]int32 {
	wanting := map[string][]int32{}
	for s := range p.ToTarget {
		s := int32(s)
		if t := p.ToTarget[s]; t != model.None && among(s) {
			if k := src.key(s, key); k != "" && k != tgt.key(t, key) {
				wanting[k] = append(wanting[k], s)
			}
		}
	}
	if len(wanting) == 0 {
		return nil
	}
	held := map[int32]int32{}
	for t := range p.ToSource {
		t := int32(t)
		k := tgt.key(t, key)
		if holder := p.ToSource[t]; k == "" || holder != model.None && src.key(holder, key) == k {
			continue
		}
		for _, s := range wanting[k] {
			if other, found := held[s]; !found || tgt.byID(t, other) < 0 {
				held[s] = t
			}
		}
	}
	return held
}

// end is how the way from a pair to the one whose key it wants, and on from there, ends.
type end uint8

const (
	endFree   end = iota // the last wants a key that nobody holds, so that all can be changed one after the other
	endLoose             // the last wants what a record without a pair holds
	endRing              // it comes back to where it began
	endInRing            // it runs into a ring of others
)

// follow walks that way.
func (p *Pairing) follow(held map[int32]int32, from int32) end {
	seen := map[int32]bool{}
	for at := from; ; {
		t, holds := held[at]
		switch {
		case !holds:
			return endFree
		case p.ToSource[t] == model.None:
			return endLoose
		case p.ToSource[t] == from:
			return endRing
		case seen[at]:
			return endInRing
		}
		seen[at] = true
		at = p.ToSource[t]
	}
}

// contestRings contests the pairs of users who swap their userNames, or pass them round: none is free for the first to
// take. In a chain each is free once the one before has been changed, and by their ids all are who they are.
func (p *Pairing) contestRings(src, tgt records, among func(s int32) bool) {
	held := p.crossed(src, tgt, BasisUserName, among)
	for s, t := range held {
		if p.follow(held, s) == endRing {
			p.contestEach(s, t, p.Basis[s] != BasisExternalID)
		}
	}
}

// denied reports whether a pair by userName differs in another key that both its records have.
func (p *Pairing) denied(src, tgt records, key Basis, s int32) bool {
	if p.Basis[s] != BasisUserName {
		return false
	}
	a, b := src.key(s, key), tgt.key(p.ToTarget[s], key)
	return a != "" && b != "" && a != b
}

// contestByKey contests the pairs by userName that another key speaks against: the e-mail address, or given and family
// name together. Where no ids tell who is who, a userName that another has just given up looks the same as one that was
// always theirs.
func (p *Pairing) contestByKey(src, tgt records, key Basis, eligible func(s int32) bool) {
	held := p.crossed(src, tgt, key, func(s int32) bool {
		return p.Basis[s] == BasisUserName && eligible(s) && p.denied(src, tgt, key, s)
	})
	given := map[string]int32{} // who has the target record with that key now
	for s, t := range held {
		if p.follow(held, s) != endFree {
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
	for s := range p.ToTarget {
		s := int32(s)
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
	p.Contests[s].Tied = p.Tied(s) || tied
	if other := p.ToSource[t]; other != model.None {
		p.claimSource(other, s)
	}
}

// settle turns unpaired records whose keys name a paired record into losers of that pair. They yield no other finding:
// creating or deleting them would hit the record that the key already names.
func (p *Pairing) settle(src, tgt records, bases []Basis, eligible func(s int32) bool) {
	for _, basis := range bases {
		loose := map[string][]int32{}
		for t := range p.ToSource {
			t := int32(t)
			if p.ToSource[t] != model.None || p.LostTarget[t] {
				continue
			}
			if key := tgt.key(t, basis); key != "" {
				loose[key] = append(loose[key], t)
			}
		}
		for t, s := range p.claimants(src, basis, loose, eligible) {
			p.claimTarget(s, t)
		}
		p.settleSources(src, tgt, basis, eligible)
	}
}

// claimants are the paired source records whose keys name unpaired target records, by these: of several the one with
// the least id, whatever the order of records.
func (p *Pairing) claimants(
	src records, basis Basis, loose map[string][]int32, eligible func(s int32) bool,
) map[int32]int32 {
	claims := map[int32]int32{}
	if len(loose) == 0 {
		return claims
	}
	for s := range p.ToTarget {
		s := int32(s)
		if p.ToTarget[s] == model.None || !eligible(s) {
			continue
		}
		for _, t := range loose[src.key(s, basis)] {
			if other, claimed := claims[t]; !claimed || src.byID(s, other) < 0 {
				claims[t] = s
			}
		}
	}
	return claims
}

// claimTarget and claimSource note that another record claims the pair of source record s. One without a pair of its
// own has lost it.
func (p *Pairing) claimTarget(s, t int32) {
	if p.ToSource[t] == model.None {
		p.LostTarget[t] = true
	}
	if c := p.contest(s); !slices.Contains(c.Targets, t) {
		c.Targets = append(c.Targets, t)
	}
}

func (p *Pairing) claimSource(s, other int32) {
	if p.ToTarget[other] == model.None {
		p.LostSource[other] = true
	}
	if c := p.contest(s); !slices.Contains(c.Sources, other) {
		c.Sources = append(c.Sources, other)
	}
}

// spread ties what lost a tie and was paired by a weaker key afterwards: which pair is meant is open for both.
func (p *Pairing) spread() {
	for s := range p.ToTarget {
		s := int32(s)
		if !p.Tied(s) {
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

// inOrder puts the claimants into the order of their ids.
func (p *Pairing) inOrder(src, tgt records) {
	for _, c := range p.Contests {
		slices.SortFunc(c.Sources, src.byID)
		slices.SortFunc(c.Targets, tgt.byID)
	}
}

func (p *Pairing) settleSources(src, tgt records, basis Basis, eligible func(s int32) bool) {
	loose := map[string][]int32{}
	for s := range p.ToTarget {
		s := int32(s)
		if p.ToTarget[s] != model.None || p.LostSource[s] || !eligible(s) {
			continue
		}
		if key := src.key(s, basis); key != "" {
			loose[key] = append(loose[key], s)
		}
	}
	if len(loose) == 0 {
		return
	}
	claims := map[int32]int32{}
	for t := range p.ToSource {
		t := int32(t)
		winner := p.ToSource[t]
		if winner == model.None {
			continue
		}
		for _, s := range loose[tgt.key(t, basis)] {
			if other, claimed := claims[s]; !claimed || src.byID(winner, other) < 0 {
				claims[s] = winner
			}
		}
	}
	for s, winner := range claims {
		p.claimSource(winner, s)
	}
}
