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

// sizedParts are the parts whose sizes are remembered. Rules and events may be empty at any time.
func sizedParts() []model.Part {
	return []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships}
}

// restoreBaseline begins with what an earlier program remembered: what it has read is not suddenly empty in this one
// either.
func (l *Loader) restoreBaseline(b *model.Baseline) {
	if b == nil {
		return
	}
	for side, sizes := range []map[string]int{b.Source, b.Target} {
		for _, part := range sizedParts() {
			l.lastPartSizes[side][part] = drift.PartSize{
				N:   max(sizes[part.String()], 0),
				IDs: b.IDs[model.Side(side).String()+" "+part.String()],
			}
		}
	}
	remembered := cloneBaseline(b)
	l.lastRemembered, l.baseline = remembered, &remembered
}

// remember keeps what the parts of a reading held that were read completely, and gives it to Options.Remember beside
// what the others held when they were. Nothing is given that was given already.
func (l *Loader) remember(r *reading) {
	now, next := partSizesOf(r), cloneBaseline(&l.lastRemembered)
	next.At = r.oldestPart()
	complete, whole, digest := false, map[string]int{}, ""
	l.mu.Lock()
	for side, coverages := range []model.Coverages{r.Source.Coverage, r.Target.Coverage} {
		sizes := []map[string]int{next.Source, next.Target}[side]
		for _, part := range sizedParts() {
			if !coverages[part].Complete() {
				continue
			}
			has := now[side][part]
			l.lastPartSizes[side][part], complete = has, true
			sizes[part.String()], next.IDs[model.Side(side).String()+" "+part.String()] = has.N, has.IDs
			if model.Side(side) == model.SourceSide {
				whole[part.String()] = has.N
			}
		}
	}
	l.mu.Unlock()
	if !complete {
		return
	}
	if r.Source.Coverage[model.PartGroups].Complete() {
		digest = l.opts.Groups.Digest()
		next.Groups = digest
	}
	next.Remember(r.oldestPart(), whole, digest)
	same := next.At.Equal(l.lastRemembered.At) && next.Groups == l.lastRemembered.Groups &&
		maps.Equal(next.Source, l.lastRemembered.Source) && maps.Equal(next.Target, l.lastRemembered.Target)
	l.lastRemembered = next
	l.mu.Lock()
	if l.baseline == nil {
		first := cloneBaseline(&next)
		l.baseline = &first
	}
	l.mu.Unlock()
	if l.opts.Remember != nil && !same {
		l.opts.Remember(cloneBaseline(&next))
	}
}

// cloneBaseline is a copy that nobody else writes to.
func cloneBaseline(b *model.Baseline) model.Baseline {
	c := *b
	c.IDs, c.Source, c.Target, c.Most = copyMap(b.IDs), copyMap(b.Source), copyMap(b.Target), maps.Clone(b.Most)
	return c
}

// copyMap can be written to even if there was nothing.
func copyMap[V any](of map[string]V) map[string]V {
	out := make(map[string]V, len(of))
	maps.Copy(out, of)
	return out
}
