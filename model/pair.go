package model

import (
	"slices"
)

// Basis is what a pair was matched by.
type Basis uint8

// The bases, the strongest first. Groups use BasisName, BasisExternalID, BasisRename and BasisLookAlike.
const (
	NoBasis Basis = iota
	BasisExternalID
	BasisUserName
	BasisEmail
	BasisName
	// BasisRename: the log shows that the role of the source group had the target group's name before.
	BasisRename
	// BasisLookAlike: both are alone under names that look alike. Nothing is written or compared on the strength of it.
	BasisLookAlike
)

func (b Basis) String() string {
	return [...]string{
		"", "external id", "userName", "e-mail", "name", "the role's earlier name",
		"a name that only looks alike",
	}[b]
}

// None stands for "no record" where an index is expected.
const None int32 = -1

// Pairing says which records of both sides are the same user or group.
type Pairing struct {
	// ToTarget gives for each source record its target record, ToSource the reverse; None where there is none.
	ToTarget, ToSource []int32
	// Basis is what each source record was matched by.
	Basis []Basis
	// Contests lists the claims that were lost, by the source index of the pair that won.
	Contests map[int32]*Contest
	// lostSource and lostTarget mark the losers, which yield no other finding.
	lostSource, lostTarget map[int32]bool
}

// Contest is a pair that other records claim too.
type Contest struct {
	// Tied: the others claim it on the same basis, so that only the order of ids chose the pair, or another key of its
	// own speaks against it. Nothing more can be said of the pair.
	Tied bool
	// Sources and Targets are the others' indices on either side, in the order of their ids. Those without a pair of
	// their own are its losers.
	Sources, Targets []int32
}

func newPairing(sources, targets int) Pairing {
	p := Pairing{
		ToTarget: slices.Repeat([]int32{None}, sources),
		ToSource: slices.Repeat([]int32{None}, targets),
		Basis:    make([]Basis, sources),
		Contests: map[int32]*Contest{}, lostSource: map[int32]bool{}, lostTarget: map[int32]bool{},
	}
	return p
}

func (p *Pairing) join(s, t int32, basis Basis) {
	p.ToTarget[s], p.ToSource[t], p.Basis[s] = t, s, basis
}

func (p *Pairing) contest(s int32) *Contest {
	c := p.Contests[s]
	if c == nil {
		c = &Contest{}
		p.Contests[s] = c
	}
	return c
}

// tied reports whether only ids chose the pair of source record s, so that nothing more can be said of it.
func (p *Pairing) tied(s int32) bool {
	c := p.Contests[s]
	return c != nil && c.Tied
}

// records is one side as the matcher sees it: an order for ties, and a key for each basis.
type records struct {
	byID func(a, b int32) int
	key  func(int32, Basis) string
}

// match pairs what is still unpaired by one basis. Records without a key stay out. Records that share a key are
// paired in the order of their ids, and tied: the keys part both sides into independent groups, so the order in which
// records were read cannot show.
func (p *Pairing) match(src, tgt records, basis Basis, eligible func(s int32) bool) {
	unpaired := 0
	for _, s := range p.ToSource {
		if s == None {
			unpaired++
		}
	}
	heads := make(map[string]int32, unpaired)
	rest := map[int32][]int32{} // further targets with the key of that first one
	for t := range p.ToSource {
		t := int32(t)
		if p.ToSource[t] != None {
			continue
		}
		key := tgt.key(t, basis)
		if key == "" {
			continue
		}
		if head, ok := heads[key]; ok {
			rest[head] = append(rest[head], t)
		} else {
			heads[key] = t
		}
	}
	if len(heads) == 0 {
		return
	}
	first := slices.Repeat([]int32{None}, len(p.ToSource)) // the first source of a head
	several := map[int32][]int32{}                         // all sources of a head with more than one
	order := make([]int32, 0, len(heads))
	for s := range p.ToTarget {
		s := int32(s)
		if p.ToTarget[s] != None || !eligible(s) {
			continue
		}
		key := src.key(s, basis)
		if key == "" {
			continue
		}
		head, ok := heads[key]
		if !ok {
			continue
		}
		switch {
		case first[head] == None:
			first[head] = s
			order = append(order, head)
		case several[head] == nil:
			several[head] = []int32{first[head], s}
		default:
			several[head] = append(several[head], s)
		}
	}
	for _, head := range order {
		if several[head] == nil && rest[head] == nil {
			p.join(first[head], head, basis)
			continue
		}
		p.matchTied(src, tgt, basis, append([]int32{head}, rest[head]...), several[head], first[head])
	}
}

func (p *Pairing) matchTied(src, tgt records, basis Basis, targets, sources []int32, only int32) {
	if sources == nil {
		sources = []int32{only}
	}
	slices.SortFunc(targets, tgt.byID)
	slices.SortFunc(sources, src.byID)
	for i := range min(len(sources), len(targets)) {
		p.join(sources[i], targets[i], basis)
		c := p.contest(sources[i])
		c.Tied = true
		c.Sources = slices.Delete(slices.Clone(sources), i, i+1)
		c.Targets = slices.Delete(slices.Clone(targets), i, i+1)
	}
}
