package model

// crossed gives, for each pair among some, the target record of another that one of its source record's keys names: the
// source has given the name to somebody else. A record whose own pair agrees in that key is no such one.
func (p *Pairing) crossed(src, tgt records, key Basis, among func(s int32) bool) map[int32]int32 {
	wanting := map[string][]int32{}
	for s := range p.ToTarget {
		s := int32(s)
		if t := p.ToTarget[s]; t != None && among(s) {
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
		if holder := p.ToSource[t]; k == "" || holder != None && src.key(holder, key) == k {
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
		case p.ToSource[t] == None:
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
		if p.ToTarget[s] == None && eligible(s) && !p.lostSource[s] {
			if holder, ok := given[src.key(s, key)]; ok {
				p.claimSource(holder, s)
			}
		}
	}
}

// contestEach notes that source record s wants what target record t of another pair holds.
func (p *Pairing) contestEach(s, t int32, tied bool) {
	p.claimTarget(s, t)
	p.Contests[s].Tied = p.tied(s) || tied
	if other := p.ToSource[t]; other != None {
		p.claimSource(other, s)
	}
}
