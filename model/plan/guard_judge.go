package plan

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/rules"
)

// Circumstances are what a plan is judged by.
type Circumstances struct {
	Comparison *drift.Comparison
	Guard      model.Guard
	// Groups is the configuration of groups that the comparison was made with.
	Groups rules.GroupsConfig
	Allow  []model.GuardRule
	// Spent is what this connection's runs took and granted in the last 24 hours.
	Spent model.Spent
	// Baseline is nil if no complete read is remembered.
	Baseline *model.Baseline
	// SharedWith are other connections on the same target.
	SharedWith []string
	// Unsettled is the id of a run with steps in doubt; empty if there is none.
	Unsettled string
	Now       time.Time
}

// GuardRules lists every rule, those that nothing overrides first: the order in which refusals are shown.
func GuardRules() []model.GuardRule {
	return model.Map(guardTable(), func(row *guardRow) model.GuardRule { return row.rule })
}

// Overridable reports whether --allow lets a plan pass that the rule refuses.
func Overridable(r model.GuardRule) bool {
	return slices.ContainsFunc(guardTable(), func(row guardRow) bool { return row.rule == r && row.overridable })
}

// guardRow is one rule, and what it looks at.
type guardRow struct {
	rule        model.GuardRule
	overridable bool
	judge       func(*guardian) objection
}

// objection is why a rule refuses; it does not where the text is empty. No steps: it is about the whole plan.
type objection struct {
	text  string
	steps []string
}

func guardTable() []guardRow {
	return []guardRow{
		{model.RuleReadOnly, false, (*guardian).readOnly},
		{model.RuleProtected, false, (*guardian).protected},
		{model.RuleCoverage, false, (*guardian).coverage},
		{model.RuleContradicted, false, (*guardian).contradicted},
		{model.RuleMispaired, false, (*guardian).mispaired},
		{model.RuleAll, false, (*guardian).allRecords},
		{model.RuleUnsettled, false, (*guardian).unsettled},
		{model.RuleMaxDeletes, true, (*guardian).maxDeletes},
		{model.RuleMaxRemovals, true, (*guardian).maxRemovals},
		{model.RuleMaxGrants, true, (*guardian).maxGrants},
		{model.RuleMaxPercent, true, (*guardian).maxPercent},
		{model.RuleNotCertain, true, (*guardian).notCertain},
		{model.RuleUnclaimed, true, (*guardian).unclaimed},
		{model.RuleShrunk, true, (*guardian).shrunk},
		{model.RuleNoBackup, true, (*guardian).noBackup},
		{model.RuleAssigned, true, (*guardian).assigned},
		{model.RuleStillYielded, true, (*guardian).stillYielded},
		{model.RuleSharedTarget, true, (*guardian).sharedTarget},
		{model.RuleOldPlan, true, (*guardian).oldPlan},
	}
}

// Judge says whether a plan may run, by every rule of the guard. It is asked when the plan is made and again, with
// the reads and the configuration of that moment, when it is run. A further step never makes a refusal go away, and
// what is allowed moves a refusal to those that are overridden.
func Judge(p *model.Plan, c Circumstances) model.GuardVerdict {
	v := model.GuardVerdict{Allowed: true, Refusals: []model.GuardRefusal{}}
	if len(p.Steps) == 0 {
		return v
	}
	g := newGuardian(p, c)
	for _, row := range guardTable() {
		o := row.judge(g)
		if o.text == "" {
			continue
		}
		refusal := model.GuardRefusal{
			Rule: row.rule, Text: o.text, Way: explain.RefusalAdvice(row.rule), Steps: model.NoneIfEmpty(o.steps),
		}
		allowed := slices.Contains(c.Allow, row.rule)
		switch {
		case row.overridable:
			refusal.Way += ", or allow it with --allow " + string(row.rule)
		case allowed:
			refusal.Way = "nothing overrides this rule: " + refusal.Way
		}
		if row.overridable && allowed {
			v.Overridden = append(v.Overridden, refusal)
			continue
		}
		v.Allowed = false
		v.Refusals = append(v.Refusals, refusal)
	}
	return v
}
