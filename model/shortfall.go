package model

// Shortfall is a part of which a later read knows less than an earlier one, with what the later one says of it.
type Shortfall struct {
	// Target: it is a part of the target; else of the source.
	Target   bool
	Part     Part
	Coverage Coverage
}

// Shortfalls lists the parts of which a later read knows less than an earlier one; none where it can take its place. Of
// two reads that got only a part of a list, for different reasons, the one with fewer records knows less; for the same
// reason, such as an endpoint that ends every list after 50 rows, they know the same.
func Shortfalls(earlier, later *Comparison) []Shortfall {
	var out []Shortfall
	add := func(target bool, parts []Part, before, now *Coverages, were, are [partCount]int) {
		for _, p := range parts {
			less := known(now[p]) < known(before[p])
			if before[p].State == Partial && now[p].State == Partial && before[p].Reason != now[p].Reason {
				less = are[p] < were[p]
			}
			if less {
				out = append(out, Shortfall{target, p, now[p]})
			}
		}
	}
	was, is := &earlier.Source, &later.Source
	add(false, SourceParts(), &was.Coverage, &is.Coverage, was.records(), is.records())
	had, has := &earlier.Target, &later.Target
	add(true, TargetParts(), &had.Coverage, &has.Coverage, had.records(), has.records())
	return out
}

// known ranks how much a coverage says. What the configuration leaves out says as little as what could not be read.
func known(c Coverage) int {
	switch c.State {
	case Complete:
		return 2
	case Partial:
		return 1
	case Unknown, Skipped:
	}
	return 0
}

// KnowsSomething reports whether any part of either side was read at all.
func (c *Comparison) KnowsSomething() bool {
	for _, coverages := range []*Coverages{&c.Source.Coverage, &c.Target.Coverage} {
		for _, one := range coverages {
			if known(one) > 0 {
				return true
			}
		}
	}
	return false
}

// records counts what was read of each part.
func (d *Directory) records() (n [partCount]int) {
	n[PartUsers], n[PartGroups], n[PartMemberships] = len(d.Users), len(d.Groups), d.Members.Total()
	return n
}

func (s *Source) records() (n [partCount]int) {
	n = s.Directory.records()
	n[PartRules], n[PartEvents] = len(s.Rules), len(s.Events)
	return n
}
