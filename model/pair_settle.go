package model

import "slices"

// settle turns unpaired records whose keys name a paired record into losers of that pair. They yield no other finding:
// creating or deleting them would hit the record that the key already names.
func (p *Pairing) settle(src, tgt records, bases []Basis, eligible func(s int32) bool) {
	for _, basis := range bases {
		loose := map[string][]int32{}
		for t := range p.ToSource {
			t := int32(t)
			if p.ToSource[t] != None || p.lostTarget[t] {
				continue
			}
			if key := tgt.key(t, basis); key != "" {
				loose[key] = append(loose[key], t)
			}
		}
		claims := map[int32]int32{} // the claimant with the least id, whatever the order of records
		if len(loose) > 0 {
			for s := range p.ToTarget {
				s := int32(s)
				if p.ToTarget[s] == None || !eligible(s) {
					continue
				}
				for _, t := range loose[src.key(s, basis)] {
					if other, claimed := claims[t]; !claimed || src.byID(s, other) < 0 {
						claims[t] = s
					}
				}
			}
		}
		for t, s := range claims {
			p.claimTarget(s, t)
		}
		p.settleSources(src, tgt, basis, eligible)
	}
}

// claimTarget and claimSource note that another record claims the pair of source record s. One without a pair of its
// own has lost it.
func (p *Pairing) claimTarget(s, t int32) {
	if p.ToSource[t] == None {
		p.lostTarget[t] = true
	}
	if c := p.contest(s); !slices.Contains(c.Targets, t) {
		c.Targets = append(c.Targets, t)
	}
}

func (p *Pairing) claimSource(s, other int32) {
	if p.ToTarget[other] == None {
		p.lostSource[other] = true
	}
	if c := p.contest(s); !slices.Contains(c.Sources, other) {
		c.Sources = append(c.Sources, other)
	}
}

// spread ties what lost a tie and was paired by a weaker key afterwards: which pair is meant is open for both.
func (p *Pairing) spread() {
	for s := range p.ToTarget {
		s := int32(s)
		if !p.tied(s) {
			continue
		}
		for _, other := range p.Contests[s].Sources {
			if p.ToTarget[other] != None {
				p.claimTarget(other, p.ToTarget[s])
				p.Contests[other].Tied = true
			}
		}
		for _, t := range p.Contests[s].Targets {
			if other := p.ToSource[t]; other != None {
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
		if p.ToTarget[s] != None || p.lostSource[s] || !eligible(s) {
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
		if winner == None {
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
