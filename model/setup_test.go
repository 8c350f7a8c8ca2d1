package model_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// setupAt is when the log of the tests was read.
var setupAt = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// checkOf runs a comparison and gives one check, and the finding of its name if there is one.
func checkOf(t *testing.T, id model.Kind, change func(w *world, o *drift.Options)) (model.Check, *model.Finding) {
	t.Helper()
	w := syncedWorld(8, 3, false, rand.New(rand.NewPCG(1, 1)))
	w.app.Name = "AWS IAM Identity Center"
	opts := testOptions()
	if change != nil {
		change(w, &opts)
	}
	src, tgt := w.sides(opts)
	src.ReadAt = setupAt
	c := asked(src, tgt, opts)
	var found *model.Finding
	for i := range c.Findings {
		if c.Findings[i].Kind == id {
			found = &c.Findings[i]
		}
	}
	for _, check := range c.Checks {
		if check.ID == id {
			return check, found
		}
	}
	t.Fatalf("there is no check %s", id)
	return model.Check{}, nil
}

func TestEverythingToMendIsAFindingOfTheSameName(t *testing.T) {
	t.Parallel()
	w := syncedWorld(8, 3, false, rand.New(rand.NewPCG(1, 1)))
	w.app.Provisioning, w.app.GroupsIncluded = model.No, model.No
	w.events = []model.Event{{ID: "1", At: setupAt, Type: model.EventRuleUpdated, AppID: "5"}}
	opts := testOptions()
	opts.Facts.Target.Refusals = []model.Refusal{{What: "/Users", Status: 401}}
	opts.Locate = func(app string, _ model.Place) model.Location {
		return model.Location{Link: "https://x/" + app, Menu: "menu"}
	}
	src, tgt := w.sides(opts)
	c := asked(src, tgt, opts)
	mends, findings := map[model.Kind]bool{}, map[model.Kind]bool{}
	var order []model.Kind
	for _, check := range c.Checks {
		order = append(order, check.ID)
		if check.Result == model.CheckMend {
			mends[check.ID] = true
		}
		if check.Seen == "" || (check.Todo == "") != (check.Result == model.CheckFine) {
			t.Errorf("%s (%s): seen %q, todo %q", check.ID, check.Result, check.Seen, check.Todo)
		}
		if check.Link != "https://x/5" || check.Menu != "menu" {
			t.Errorf("%s leads to %q, %q", check.ID, check.Link, check.Menu)
		}
	}
	for _, f := range c.Findings {
		if !strings.HasPrefix(string(f.Kind), "setup-") {
			continue
		}
		findings[f.Kind] = true
		if f.Subject.Type != model.SubjectConnection || f.Cause != model.Cause(f.Kind) || f.Source != model.None ||
			f.Target != model.None || f.Check == nil {
			t.Errorf("a finding that is not about the connection: %+v", f)
		}
		if !strings.HasPrefix(f.ID, string(f.Kind)+"/") {
			t.Errorf("id %q", f.ID)
		}
	}
	if diff := cmp.Diff(mends, findings); diff != "" {
		t.Errorf("what is to mend is not what is found (-mend +found):\n%s", diff)
	}
	if len(mends) != 4 {
		t.Errorf("to mend: %v, want 4", mends)
	}
	if diff := cmp.Diff(model.SetupKinds(), order); diff != "" {
		t.Errorf("the order is not that of the table:\n%s", diff)
	}
}

func TestASyncedConnectionHasNothingToMend(t *testing.T) {
	t.Parallel()
	w := syncedWorld(8, 3, false, rand.New(rand.NewPCG(1, 1)))
	c := w.compare()
	for _, f := range c.Findings {
		t.Errorf("found %s: %v", f.ID, f.Evidence)
	}
}

// TestAPartThatWasNotReadIsNeverFine: every check that rests on a part says that it does not know.
func TestAPartThatWasNotReadIsNeverFine(t *testing.T) {
	t.Parallel()
	w := syncedWorld(8, 3, false, rand.New(rand.NewPCG(1, 1)))
	const why = "the service was down; read again"
	for p := range w.cover {
		w.cover[p], w.tcover[p] = model.UnknownCoverage(why), model.UnknownCoverage(why)
	}
	w.users, w.tusers, w.tgroups, w.roles, w.app = nil, nil, nil, nil, model.App{}
	c := w.compare()
	allowed := map[model.Kind]bool{model.SetupSharedTarget: true} // the configuration was read
	for _, check := range c.Checks {
		if check.Result == model.CheckFine && !allowed[check.ID] || check.Result == model.CheckMend {
			t.Errorf("%s says %s (%s) of what nobody read", check.ID, check.Result, check.Seen)
		}
	}
}

// TestWhatNobodyAnsweredIsNotFineAnyMore: where a later read brings no answer, nothing is fine by the answers of the
// one before it; what the configuration decides alone is, and what is to mend or to look at stays so until somebody
// looks again.
func TestWhatNobodyAnsweredIsNotFineAnyMore(t *testing.T) {
	t.Parallel()
	w := syncedWorld(8, 3, false, rand.New(rand.NewPCG(1, 1)))
	w.app.Provisioning = model.No
	before := w.compare().Checks
	after := model.Unanswered(before, "the read at 12:03 was cancelled")
	for i := range after {
		was, is := &before[i], &after[i]
		switch {
		case is.Result == model.CheckFine && is.ID != model.SetupTargetURL && is.ID != model.SetupSharedTarget:
			t.Errorf("%s is fine: %s", is.ID, is.Seen)
		case was.Result != model.CheckFine && (is.Result != was.Result || is.Seen != was.Seen):
			t.Errorf("%s was %s and is %s", is.ID, was.Result, is.Result)
		case is.Result == was.Result:
		case !strings.Contains(is.Seen, "was cancelled") || !strings.Contains(is.Seen, was.Seen) || is.Todo == "":
			t.Errorf("%s does not say why, or what was known: %q, %q", is.ID, is.Seen, is.Todo)
		}
	}
	if before[slices.Index(model.SetupKinds(), model.SetupMispaired)].Result != model.CheckFine {
		t.Error("the checks of the read before were changed")
	}
}

func TestSkippedPartsAreNotKnown(t *testing.T) {
	t.Parallel()
	skip := func(w *world, _ *drift.Options) {
		w.cover[model.PartRules], w.cover[model.PartEvents] = model.SkippedCoverage(), model.SkippedCoverage()
	}
	for _, id := range []model.Kind{
		model.SetupReapplyDue, model.SetupNoGroupRule, model.SetupRuleRedundant,
		model.SetupAppToken, model.SetupJobsStuck,
	} {
		if check, _ := checkOf(t, id, skip); check.Result != model.CheckUnknown ||
			!strings.Contains(check.Seen, "configuration says not to read") {
			t.Errorf("%s: %s, %q", id, check.Result, check.Seen)
		}
	}
}

// setupCase is one row: a world, and what one check must say of it.
type setupCase struct {
	name   string
	id     model.Kind
	change func(w *world, o *drift.Options)
	want   model.CheckResult
	// seen and todo must be in the words.
	seen, todo string
	// severity is that of the finding, where one must be.
	severity   model.Severity
	confidence model.Confidence
}

func runSetupCases(t *testing.T, cases []setupCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(string(c.id)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			check, f := checkOf(t, c.id, c.change)
			if check.Result != c.want || !strings.Contains(check.Seen, c.seen) ||
				!strings.Contains(check.Todo, c.todo) {
				t.Errorf("%s\nseen: %s\ntodo: %s\nwant %s with %q and %q", check.Result, check.Seen, check.Todo, c.want,
					c.seen, c.todo)
			}
			switch {
			case (f != nil) != (c.want == model.CheckMend):
				t.Errorf("result %s, finding %v", check.Result, f)
			case f != nil && (f.Severity != c.severity || f.Confidence != cmpOr(c.confidence)):
				t.Errorf("the finding is %s and %s, want %s", f.Severity, f.Confidence, c.severity)
			}
		})
	}
}

func cmpOr(c model.Confidence) model.Confidence {
	if c == model.Unsure {
		return model.Certain
	}
	return c
}
