package load

import (
	"maps"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Baseline is what is known of the last complete read before this program began. Where nothing is, it is the first
// one of this program: a long session notices a source that shrank as a later one does. nil before that.
func (l *Loader) Baseline() *model.Baseline {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.baseline
}

// sized are the parts whose sizes are remembered. Rules and events may be empty at any time.
func sized() []model.Part {
	return []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships}
}

// recall begins with what an earlier program remembered: what it has read is not suddenly empty in this one either.
func (l *Loader) recall(b *model.Baseline) {
	if b == nil {
		return
	}
	for side, sizes := range []map[string]int{b.Source, b.Target} {
		for _, part := range sized() {
			l.seen[side][part] = drift.Held{
				N:   max(sizes[part.String()], 0),
				IDs: b.IDs[model.Side(side).String()+" "+part.String()],
			}
		}
	}
	remembered := own(b)
	l.told, l.baseline = remembered, &remembered
}

// tellBaseline gives what should be remembered of a reading: the sizes of its complete parts, beside those that the
// others had when they were complete. Nothing is told that was told already.
func (l *Loader) tellBaseline(r *reading) {
	next := model.Baseline{
		At: r.at(), Source: known(l.told.Source), Target: known(l.told.Target), Groups: l.told.Groups,
		Most: l.told.Most, Meant: l.told.Meant, IDs: map[string][]string{},
	}
	maps.Copy(next.IDs, l.told.IDs)
	complete, whole, digest := false, map[string]int{}, ""
	for side, coverages := range []model.Coverages{r.Source.Coverage, r.Target.Coverage} {
		sizes := []map[string]int{next.Source, next.Target}[side]
		for _, part := range sized() {
			if coverages[part].Complete() {
				held := l.seen[side][part]
				sizes[part.String()], complete = held.N, true
				next.IDs[model.Side(side).String()+" "+part.String()] = held.IDs
				if model.Side(side) == model.SourceSide {
					whole[part.String()] = held.N
				}
			}
		}
	}
	if !complete {
		return
	}
	if r.Source.Coverage[model.PartGroups].Complete() {
		digest = l.opts.Groups.Digest()
		next.Groups = digest
	}
	next.Remember(r.at(), whole, digest)
	same := next.At.Equal(l.told.At) && next.Groups == l.told.Groups && maps.Equal(next.Source, l.told.Source) &&
		maps.Equal(next.Target, l.told.Target)
	l.told = next
	l.mu.Lock()
	if l.baseline == nil {
		first := own(&next)
		l.baseline = &first
	}
	l.mu.Unlock()
	if l.opts.Remember != nil && !same {
		l.opts.Remember(own(&next))
	}
}

// own is a copy that nobody else writes to.
func own(b *model.Baseline) model.Baseline {
	c := *b
	c.IDs = maps.Clone(b.IDs)
	c.Source, c.Target, c.Most = maps.Clone(b.Source), maps.Clone(b.Target), maps.Clone(b.Most)
	return c
}

// known is a copy that can be written to.
func known(sizes map[string]int) map[string]int {
	out := make(map[string]int, len(sized()))
	maps.Copy(out, sizes)
	return out
}
