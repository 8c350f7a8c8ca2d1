package repair

import (
	"context"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// place is where a record that the run deleted is by now: under the id that an undo gave it, or under the one that an
// item of this plan will, which ref names.
type place struct{ id, ref string }

// heirs gives the ids that undos on this connection gave to records which they made again, by the ids that these had
// before, the latest first. An undo whose answer told no id made nothing that could be known again.
func (r *Repairer) heirs() (map[string][]string, error) {
	runs, err := r.opts.Journal.Runs(r.opts.Fingerprint)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for i := range runs {
		undo := &runs[i]
		at := slices.IndexFunc(runs, func(run model.Run) bool {
			return undo.Plan.Undoes != "" &&
				run.ID == undo.Plan.Undoes
		})
		if at < 0 {
			continue
		}
		for n := range undo.Steps {
			step := undo.StepOf(n)
			undone := slices.IndexFunc(runs[at].Steps, func(rec model.StepRecord) bool { return rec.ID == step.Undoes })
			if undo.Steps[n].CreatedID == "" || undone < 0 {
				continue
			}
			for _, kept := range runs[at].Steps[undone].Backup {
				out[kept.ID] = append(out[kept.ID], undo.Steps[n].CreatedID)
			}
		}
	}
	return out, nil
}

// heir finds the record that undos made in place of a deleted one, whatever became of those between.
func heir[T any](ctx context.Context, b *back, id string,
	get func(ctx context.Context, id string) (T, bool, error),
) (now T, found bool, err error) {
	known := map[string]bool{id: true}
	for next := slices.Clone(b.heirs[id]); len(next) > 0; next = next[1:] {
		if known[next[0]] {
			continue
		}
		known[next[0]] = true
		if now, found, err = get(ctx, next[0]); found || err != nil {
			return now, found, err
		}
		next = append(next, b.heirs[next[0]]...)
	}
	return now, false, nil
}
