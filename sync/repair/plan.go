package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// spentWithin is how far back the guard counts what earlier runs took and granted.
const spentWithin = 24 * time.Hour

var errNothingRead = errors.New("nothing has been read yet, so nothing can be planned; load both sides first")

// Plan makes a plan of what was picked, from the last comparison. A plan without a step is no error: LeftOut says
// why. Its Guard tells whether it may be run; allow are the rules that the operator overrides.
func (r *Repairer) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	plan, k, err := r.plan(transport.BeginLoad(ctx), picks, r.opts.Now())
	if err != nil {
		return nil, err
	}
	plan.Warnings = append(plan.Warnings, r.warnings(plan, k.c)...)
	if plan.Writes() > 0 {
		plan.Warnings = append(plan.Warnings, r.readsFirst(k.c)...)
	}
	k.addForecast()
	return plan, r.seal(plan, k.c, allow)
}

const readsInFullWarning = "Running it reads both sides in full first"

// readsFirst says beforehand that a run reads both sides in full, or when it will have to.
func (r *Repairer) readsFirst(c *drift.Comparison) []string {
	why := r.opts.Reader.ReadsInFull()
	switch {
	case why != "":
		return []string{readsInFullWarning + ": " + why + "."}
	case r.opts.Forgets:
		return []string{readsInFullWarning + ": nothing is kept of this connection for another start of the program."}
	case model.NamesFromAttributes(c.Source.Rules):
		return []string{readsInFullWarning +
			" where OneLogin cannot tell which users have changed since: a rule makes names of groups " +
			"out of their attributes."}
	}
	return nil
}

func (r *Repairer) plan(ctx context.Context, picks []model.Pick, at time.Time) (*model.Plan, *compiler, error) {
	c := r.opts.Reader.Last()
	if c == nil {
		return nil, nil, errNothingRead
	}
	var ids []string // a button in the console writes nothing of ours, and may be for ten thousand who wait
	for _, p := range picks {
		if p.Channel != model.Console {
			ids = append(ids, p.Finding)
		}
	}
	if len(ids) > 0 {
		var err error
		if c, err = r.opts.Reader.BearOut(ctx, ids...); err != nil {
			return nil, nil, err
		}
	}
	intents, left := plan.Intend(c, picks)
	items := model.Map(intents, func(in *model.Intent) item { return item{Intent: *in} })
	plan := r.newPlan(c, at)
	plan.Picks, plan.LeftOut = slices.Clone(picks), left
	return plan, r.compile(ctx, plan, c, items), nil
}

func (r *Repairer) newPlan(c *drift.Comparison, at time.Time) *model.Plan {
	return &model.Plan{
		Schema: model.PlanSchema, Connection: r.opts.Connection, Fingerprint: r.opts.Fingerprint,
		MadeAt: at.UTC().Truncate(time.Second), ReadAt: c.AsOf().UTC().Truncate(time.Second),
		Complete: c.Complete(), Steps: []model.Step{},
	}
}

func (r *Repairer) seal(plan *model.Plan, c *drift.Comparison, allow []model.GuardRule) error {
	verdict, err := r.askGuard(plan, c, allow)
	if err != nil {
		return err
	}
	plan.Guard = verdict
	plan.Seal()
	return nil
}

// askGuard asks the guard. A journal that cannot be read is an error: what earlier runs took is then not known.
func (r *Repairer) askGuard(
	made *model.Plan, c *drift.Comparison, allow []model.GuardRule,
) (model.GuardVerdict, error) {
	around := plan.Circumstances{
		Comparison: c, Guard: r.opts.Guard, Groups: r.opts.Groups, Allow: allow, Baseline: r.opts.Reader.Baseline(),
		SharedWith: r.opts.SharedWith, Now: r.opts.Now(),
	}
	if r.opts.Journal != nil {
		id, found, err := r.opts.Journal.Unsettled(r.opts.Fingerprint)
		if err != nil {
			return model.GuardVerdict{},
				fmt.Errorf("whether an earlier run left something in doubt cannot be told: %w", err)
		}
		if found {
			around.Unsettled = id
		}
		if around.Spent, err = r.opts.Journal.Spent(r.opts.Fingerprint, around.Now.Add(-spentWithin)); err != nil {
			return model.GuardVerdict{}, fmt.Errorf("what earlier runs took cannot be told: %w", err)
		}
	}
	return plan.Judge(made, around), nil
}

// editsNamed is how many rule edits a warning names one by one.
const editsNamed = 5

func (r *Repairer) warnings(plan *model.Plan, c *drift.Comparison) (out []string) {
	var reapplied, nudged, whole, heldUp int
	for i := range plan.Steps {
		switch s := &plan.Steps[i]; {
		case s.Repair == model.OpenApp || s.Repair == model.RefreshEntitlements:
			heldUp += model.CountIf(s.Findings, func(id string) bool { return !model.KindOf(id).Setup() })
		case s.Repair == model.ReapplyMappings && s.Channel == model.Console:
			reapplied++
		case s.Channel == model.Nudge:
			nudged++
		case s.Request != nil && s.Request.Method == http.MethodPut && s.Request.Service == model.ServiceTarget:
			whole++
		}
	}
	if whole > 0 {
		out = append(out, "This target changes no part of a record, so that records are written whole (PUT), as "+
			"they were read: what it never shows, such as a password, may be lost.")
	}
	if reapplied > 0 {
		out = append(out, "Reapply entitlement mappings acts on every user of the app, not only on those of this "+
			"plan, and puts every pending edit of its rules and parameters into effect.")
	}
	if nudged > 0 {
		out = append(out, "A nudge makes OneLogin run all mappings and rules for that user, for every app that they "+
			"have.", r.nudgeCost(nudged))
	}
	if reapplied+nudged > 0 {
		out = append(out, blockingSettings(c)...)
		out = append(out, editsSince(c))
	}
	if heldUp > 0 && reapplied == 0 {
		out = append(out, "A setting or a refresh alone pushes nothing: reapply the mappings after it.")
	}
	return out
}

// blockingSettings says which settings of the app make a reapply or nudge push nothing, or no group.
func blockingSettings(c *drift.Comparison) (out []string) {
	for i := range c.Findings {
		switch c.Findings[i].Kind {
		case model.SetupProvisioningOff:
			out = append(out, "Provisioning is switched off, and OneLogin pushes nothing until it is on: switch "+
				"it on first.")
		case model.SetupGroupsNotIncluded:
			out = append(out, "Groups are not included in user provisioning, and OneLogin pushes no group until they "+
				"are: include them first.")
		default:
		}
	}
	return out
}

// nudgeRunCalls and nudgeUserCalls are how many of OneLogin's calls a run of nudges takes by itself, and for each user:
// a check, the write, and a look at what came of it.
const nudgeRunCalls, nudgeUserCalls = 10, 6

func (r *Repairer) nudgeCost(users int) string {
	calls := nudgeRunCalls + nudgeUserCalls*users
	said := fmt.Sprintf("If OneLogin acts at once, it takes about %d calls of OneLogin's hourly budget, %d for each "+
		"user; while nothing comes of it, one more every %s. ", calls, nudgeUserCalls, model.Lasting(watchInterval))
	left := r.opts.Source.Budget()
	if !left.Known {
		return said + "How many are left is not known."
	}
	said += fmt.Sprintf("%d are left", left.Remaining)
	switch left.SufficiencyFor(calls) {
	case model.Short:
		return said + ": it will not get through, so nudge fewer users or wait for the hour's end."
	case model.Tight:
		return said + ": OneLogin's own provisioner, which shares them and has to act on each nudge, may be left " +
			"without."
	case model.Unreckoned, model.Enough:
	}
	return said + "."
}

// editsSince names the edits that come into effect with a reapply or nudge.
func editsSince(c *drift.Comparison) string {
	if coverage := c.Source.Coverage[model.PartEvents]; !coverage.Complete() {
		return "Which edits of rules and parameters come into effect with it cannot be told, because the events " +
			"were not read in full (" + coverage.String() + ")."
	}
	edits := c.Source.EditsSince()
	since := "in the log"
	if last, ok := c.Source.LastReapply(); ok {
		since = "since the last reapply on " + model.ToTheMinute(last.At)
	}
	if len(edits) == 0 {
		return "There is no edit of rules or parameters " + since + "."
	}
	said := make([]string, 0, len(edits))
	for i := range edits {
		e := &edits[i]
		said = append(said, fmt.Sprintf("%s by %s on %s", e.TypeName(), cmp.Or(e.Actor, "somebody"),
			model.ToTheMinute(e.At)))
	}
	return fmt.Sprintf("Edits of rules and parameters %s, which come into effect with it: %s.", since,
		model.FirstOf(said, editsNamed))
}
