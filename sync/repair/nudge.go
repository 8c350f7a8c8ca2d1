package repair

import (
	"context"
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// nudged watches nudges that were written until the findings of each are gone, and gives a verdict for each step, in
// their order. began is when the first of them was written, by our clock. A user whom OneLogin says it could not push
// is not waited for. The first nudge of a plan is written and watched alone, because what it does not end the others
// will not end either: the others name it in After.
func nudged(ctx context.Context, o *Options, steps []*model.Step, began time.Time, say teller) []ending {
	w := newWatch(o, say)
	w.log = logSince(o, began)
	for _, s := range steps {
		w.expect(s)
	}
	w.show()
	judge := func() (verdicts []ending, all bool) {
		all = true
		for _, s := range steps {
			v, over := w.judgeNudge(s)
			all = all && over
			verdicts = append(verdicts, v)
		}
		return verdicts, all
	}
	cancelled, ended := w.look(ctx, func() bool { _, all := judge(); return all })
	verdicts, _ := judge()
	for i := range verdicts {
		switch {
		case verdicts[i].State != "":
		case ended:
			verdicts[i] = cancelled
		default:
			verdicts[i] = ending{model.StepUnconfirmed, w.unseenNudge(steps[i])}
		}
	}
	return verdicts
}

func (w *watch) judgeNudge(step *model.Step) (v ending, over bool) {
	mine, done := w.of(step), true
	for _, a := range mine {
		done = done && a.tick.Done
	}
	if done && len(mine) > 0 {
		return ending{State: model.StepConfirmed}, true
	}
	for _, m := range step.Members {
		e, failed := w.failures[m.SourceID]
		if !failed {
			continue
		}
		for _, a := range mine {
			if !a.tick.Done && !a.newsAt.IsZero() && !a.hasNews() { // it was looked at after the failure was logged
				return ending{model.StepFailed, "OneLogin could not push the user: " + quote(e)}, true
			}
		}
	}
	return ending{}, false
}

func (w *watch) unseenNudge(step *model.Step) string {
	mine := w.of(step)
	var names []string
	for _, a := range mine {
		if !a.tick.Done {
			names = append(names, a.name())
		}
	}
	return fmt.Sprintf("the user was touched, and within %s nothing came of it%s",
		w.o.Now().Sub(w.began).Round(time.Second), openWords(names, len(mine)))
}
