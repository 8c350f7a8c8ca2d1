package plan

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
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

// guardRow is one rule: what it looks at, and the way on where it refuses.
type guardRow struct {
	rule        model.GuardRule
	overridable bool
	look        func(*guardian) objection
	way         string
}

// objection is why a rule refuses; it does not where the text is empty. No steps: it is about the whole plan.
type objection struct {
	text  string
	steps []string
}

func guardTable() []guardRow {
	return []guardRow{
		{
			model.RuleReadOnly, false, (*guardian).readOnly,
			"run what a person presses in the console, or plan on a connection without read_only",
		},
		{
			model.RuleProtected, false, (*guardian).protected,
			"leave it out, or change guard.protect_groups or guard.protect_users",
		},
		{
			model.RuleCoverage, false, (*guardian).coverage,
			"mend what could not be read, read again and make the plan again",
		},
		{
			model.RuleContradicted, false, (*guardian).contradicted,
			"look which of them is right, mend the other, read again",
		},
		{
			model.RuleMispaired, false, (*guardian).mispaired,
			"check that app and target belong together, and which field is sent as userName, before anything is " +
				"repaired",
		},
		{model.RuleAll, false, (*guardian).allRecords, "look whether the source was read right, and choose fewer"},
		{
			model.RuleUnsettled, false, (*guardian).unsettled,
			"settle that run first, with scimdrift history RUN --settle",
		},
		{model.RuleMaxDeletes, true, (*guardian).maxDeletes, "take fewer, raise guard.max_deletes"},
		{model.RuleMaxRemovals, true, (*guardian).maxRemovals, "take fewer, raise guard.max_removals"},
		{model.RuleMaxGrants, true, (*guardian).maxGrants, "take fewer, raise guard.max_grants"},
		{model.RuleMaxPercent, true, (*guardian).maxPercent, "take fewer, raise guard.max_delete_percent"},
		{model.RuleNotCertain, true, (*guardian).notCertain, "look at both sides yourself"},
		{model.RuleUnclaimed, true, (*guardian).unclaimed, "ask who made it"},
		{
			model.RuleShrunk, true, (*guardian).shrunk,
			"look whether the source and the groups configuration are what they should be",
		},
		{model.RuleNoBackup, true, (*guardian).noBackup, "mend what could not be read, or write down who is in it"},
		{
			model.RuleAssigned, true, (*guardian).assigned,
			"choose remove-assignments, which takes them away first and then deletes the group",
		},
		{
			model.RuleStillYielded, true, (*guardian).stillYielded,
			"end what yields it in OneLogin first, because OneLogin would push it again",
		},
		{
			model.RuleSharedTarget, true, (*guardian).sharedTarget,
			"look whose records these are on the other connection",
		},
		{model.RuleOldPlan, true, (*guardian).oldPlan, "make the plan again"},
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
		o := row.look(g)
		if o.text == "" {
			continue
		}
		refusal := model.GuardRefusal{Rule: row.rule, Text: o.text, Way: row.way, Steps: model.NoneIfEmpty(o.steps)}
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

// guardian is a plan with what it is judged by, and the records of the target by id.
type guardian struct {
	Circumstances

	plan *model.Plan
	// target finds the target's records.
	target Index
	// found are the findings of this moment by id, about those of a record by its type and id.
	found map[string]*model.Finding
	about map[recordID][]*model.Finding
}

type recordID struct {
	side string
	kind model.SubjectType
	id   string
}

// records are those of a subject, on each side that has one.
func records(s model.Subject) (ids []recordID) {
	if s.TargetID != "" {
		ids = append(ids, recordID{model.AtTarget, s.Type, s.TargetID})
	}
	if s.SourceID != "" {
		ids = append(ids, recordID{model.AtSource, s.Type, s.SourceID})
	}
	return ids
}

func newGuardian(p *model.Plan, c Circumstances) *guardian {
	g := &guardian{
		plan: p, Circumstances: c, target: NewIndex(&model.Directory{}),
		found: map[string]*model.Finding{}, about: map[recordID][]*model.Finding{},
	}
	if c.Comparison == nil || p.Writes() == 0 {
		return g
	}
	for i := range c.Comparison.Findings {
		f := &c.Comparison.Findings[i]
		g.found[f.ID] = f
		for _, at := range records(f.Subject) {
			g.about[at] = append(g.about[at], f)
		}
	}
	g.target = NewIndex(&c.Comparison.Target)
	return g
}

func (g *guardian) stepsThat(is func(*model.Step) bool) (ids []string) {
	for i := range g.plan.Steps {
		if is(&g.plan.Steps[i]) {
			ids = append(ids, g.plan.Steps[i].ID)
		}
	}
	return ids
}

func (g *guardian) writes() []string {
	return g.stepsThat(func(s *model.Step) bool { return s.Request != nil })
}

// counts reports whether the guard counts a step: what an undone run made itself may go again.
func (g *guardian) counts(s *model.Step) bool { return !g.plan.Own(s) }

// said objects if there is any step, with a sentence in the singular or plural.
func said(steps []string, one, many string) objection {
	return against(steps, model.Counted(len(steps), one, many))
}

// against objects if there is any step that it is about.
func against(steps []string, text string) objection {
	if len(steps) == 0 {
		return objection{}
	}
	return objection{text, steps}
}
