package load

import (
	"maps"

	"github.com/scimdrift/scimdrift/model"
)

// Baseline is what is known of the last complete read before this program began. Where nothing is, it is the first one of
// this program: a long session notices a source that shrank as a later one does. nil before that.
func (l *Loader) Baseline() *model.Baseline {
	l.watching.Lock()
	defer l.watching.Unlock()
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
			l.seen[side][part] = max(sizes[part.String()], 0)
		}
	}
	remembered := model.Baseline{At: b.At, Source: maps.Clone(b.Source), Target: maps.Clone(b.Target), Groups: b.Groups}
	l.told, l.baseline = remembered, &remembered
}

// tellBaseline gives what should be remembered of a reading: the sizes of its complete parts, beside those that the others
// had when they were complete. Nothing is told that was told already.
func (l *Loader) tellBaseline(r *reading) {
	next := model.Baseline{At: r.at, Source: known(l.told.Source), Target: known(l.told.Target), Groups: l.told.Groups}
	complete := false
	for side, coverages := range []model.Coverages{r.source, r.target} {
		sizes := []map[string]int{next.Source, next.Target}[side]
		for _, part := range sized() {
			if coverages[part].Complete() {
				sizes[part.String()], complete = l.seen[side][part], true
			}
		}
	}
	if !complete {
		return
	}
	if r.source[model.PartGroups].Complete() {
		next.Groups = l.opts.Groups.Digest()
	}
	same := next.At.Equal(l.told.At) && next.Groups == l.told.Groups && maps.Equal(next.Source, l.told.Source) && maps.Equal(next.Target, l.told.Target)
	l.told = next
	l.watching.Lock()
	if l.baseline == nil {
		l.baseline = &model.Baseline{At: next.At, Source: maps.Clone(next.Source), Target: maps.Clone(next.Target), Groups: next.Groups}
	}
	l.watching.Unlock()
	if l.opts.Remember != nil && !same {
		l.opts.Remember(model.Baseline{At: next.At, Source: maps.Clone(next.Source), Target: maps.Clone(next.Target), Groups: next.Groups})
	}
}

// known is a copy that can be written to.
func known(sizes map[string]int) map[string]int {
	out := make(map[string]int, len(sized()))
	maps.Copy(out, sizes)
	return out
}
