package drift

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// compareRules says what is wrong with the rules, and holds what was said of groups before against what they leave
// open.
func (c *Comparer) compareRules() {
	if c.Source.Book == nil {
		return // the source was put together without Expect
	}
	found, unproven := c.Findings, c.Unproven()
	c.Findings = make([]model.Finding, 0, len(found))
	for _, f := range found {
		if f.Subject.Type == model.SubjectGroup && !c.confirmByRules(&f, unproven) {
			c.markGroupUnsettled(f.Source, f.Target,
				cmp.Or(c.WhyGroupUnsettled(f.Target), "the rules do not tell whether OneLogin yields it"))
			continue
		}
		c.Findings = append(c.Findings, f)
	}
	if c.Source.Origin == rules.FromRules && c.Source.Book.Empty() {
		c.addFinding(model.Finding{ // all that there is to say of groups then
			Kind: model.SetupNoGroupRule, Confidence: model.Certain, Cause: model.Cause(model.SetupNoGroupRule),
			Source: model.None, Target: model.None, Subject: c.AppSubject(),
		})
	}
	c.opaqueRules()
	c.redundantRules(unproven)
}

// confirmByRules reports whether something said of a group stands, and takes back of it what the rules do not bear out.
func (c *Comparer) confirmByRules(f *model.Finding, unproven []bool) bool {
	var doubted, broadly bool
	if f.Source == model.None {
		var rule *model.Rule
		rule, broadly = c.Source.Book.PossibleYields.Matching(f.Subject.Name)
		doubted = rule != nil
		if _, title := c.Source.Book.Names.FirstNaming(f.Subject.Name); title != nil { // which may be meant to give it
			f.Confidence = min(f.Confidence, model.Likely)
			f.Evidence = append(f.Evidence, listEvidence("the title or a comment of a rule names it",
				title.Subject().Name))
		}
	}
	switch c.Source.Origin {
	case rules.FromRoles:
		if broadly {
			c.weaken(f, "a rule that cannot be evaluated may name it all the same")
		}
		return !doubted || broadly
	case rules.FromNothing:
		return false
	case rules.FromRolesInstead:
		c.weaken(f, "the rules were not read, and one could say otherwise of every group")
		return !doubted || broadly
	case rules.FromRules:
	}
	if c.Source.Book.Empty() {
		return false // one deleted rule must not doom every group; setup-no-group-rule says what there is to say
	}
	if !c.SourceRead(model.PartRules) {
		c.weaken(f, c.SourceUnread(model.PartRules))
	}
	if f.Source == model.None {
		if doubted {
			return false
		}
		if f.Kind == model.GroupLingering && slices.Contains(unproven, true) {
			f.Confidence = min(f.Confidence, model.Likely) // what we take for nobody's may be what we misread
		}
		return true
	}
	if slices.ContainsFunc(c.Source.Book.Ways[f.Source],
		func(r int32) bool { return r != rules.ByDefault && unproven[r] }) {
		f.Confidence = min(f.Confidence, model.Likely)
	}
	if f.Kind == model.GroupRenamed && c.Source.Groups[f.Source].Expectation == model.Undecided {
		c.weaken(f, "whether anybody is in it could not be read")
	}
	return true
}

// weaken makes a finding likely at most and takes from it the repairs that take something away, and says why.
func (c *Comparer) weaken(f *model.Finding, why string) {
	f.Confidence, f.Blocked = min(f.Confidence, model.Likely), cmp.Or(f.Blocked, why)
	f.Repairs = repairsFor(f, c.Options.Nudge)
}

// Unproven reports, by rule, whether its shape is not confirmed, and under half of what it yields at the target.
func (c *Comparison) Unproven() []bool {
	rules := c.Source.Book.Rules
	out := make([]bool, len(rules))
	var there map[string]bool
	for i := range rules {
		if !rules[i].Unconfirmed {
			continue
		}
		if there == nil {
			there = model.SetOf(c.Target.Groups, (*model.Group).Folded)
		}
		found := 0
		for _, name := range rules[i].Yields {
			if there[name] {
				found++
			}
		}
		out[i] = found == 0 || 2*found < len(rules[i].Yields)
	}
	return out
}

// opaqueRules names every rule that cannot be evaluated as a whole, with its JSON.
func (c *Comparer) opaqueRules() {
	problems := c.ruleProblems()
	for i := range c.Source.Book.Rules {
		r := &c.Source.Book.Rules[i]
		problems[r.Rule] = append(slices.Clone(r.Problems), problems[r.Rule]...)
	}
	for _, r := range c.Source.Book.Names.Rules {
		if len(problems[r]) > 0 {
			f := newRuleFinding(model.RuleOpaque, model.CauseUnreadableRule, r)
			f.Evidence = slices.Concat(problems[r],
				[]model.Evidence{listEvidence("the rule as OneLogin gives it", r.JSON())})
			c.addFinding(f)
		}
	}
}

func newRuleFinding(kind model.Kind, cause model.Cause, r *model.Rule) model.Finding {
	return model.Finding{
		Kind: kind, Confidence: model.Certain, Cause: cause, Subject: r.Subject(), Source: model.None,
		Target: model.None,
	}
}

// EvidenceNamed is what a finding says of a group that a rule names and may mean; its text is the group's name.
const EvidenceNamed = "it may mean a group that it names"

// ruleProblems says of rules what of them is not understood and touches a group: an action, or that they name it.
func (c *Comparer) ruleProblems() map[*model.Rule][]model.Evidence {
	problems := map[*model.Rule][]model.Evidence{}
	book := c.Source.Book
	for r, actions := range book.PossibleYields.UnknownActions {
		for _, action := range actions {
			problems[r] = append(problems[r], listEvidence("an action is not understood, and may give groups", action))
		}
	}
	touched := map[*model.Rule]bool{}
	touch := func(r *model.Rule, group string) {
		touched[r] = true
		if len(problems[r]) < maxNamedGroups {
			problems[r] = append(problems[r], listEvidence(EvidenceNamed, group))
		}
	}
	for t := range c.Target.Groups {
		name := c.Target.Groups[t].Name
		if s := c.Groups.ToSource[t]; s != model.None && c.Source.OnlyNamed(s) {
			for _, r := range book.Names.RulesMeaning(&c.Target.Groups[t]) {
				touch(r, name)
			}
		} else if r, broad := book.PossibleYields.Matching(name); r != nil && !broad &&
			len(book.PossibleYields.UnknownActions[r]) > 0 {
			touch(r, name)
		}
	}
	maps.DeleteFunc(problems, func(r *model.Rule, _ []model.Evidence) bool {
		return !touched[r] && !book.PossibleYields.Opaque(r)
	})
	return problems
}

// maxNamedGroups bounds the groups that one finding names.
const maxNamedGroups = 20

// redundantRules names every rule that gives groups which an earlier one, or the parameter's default, gives already.
func (c *Comparer) redundantRules(unproven []bool) {
	byRule := map[int32][]rules.Overlap{}
	for _, o := range c.Source.Book.Overlaps {
		byRule[o.Rule] = append(byRule[o.Rule], o)
	}
	for _, i := range slices.Sorted(maps.Keys(byRule)) {
		found := byRule[i]
		slices.SortFunc(found, func(a, b rules.Overlap) int {
			return cmp.Or(model.ByFolded(a.Group, b.Group), cmp.Compare(a.Other, b.Other))
		})
		f, doubtful := newRuleFinding(model.RuleRedundant, model.CauseRuleAndDefault, c.Source.Book.Rules[i].Rule),
			unproven[i]
		for n, o := range found {
			if o.Other != rules.ByDefault {
				f.Cause, doubtful = model.CauseTwoRules, doubtful || unproven[o.Other]
			}
			if n < maxNamedGroups {
				f.Evidence = append(f.Evidence, c.overlapEvidence(o)...)
			}
		}
		if doubtful {
			f.Confidence = model.Likely
		}
		if more := len(found) - maxNamedGroups; more > 0 {
			f.Evidence = append(f.Evidence, model.Evidence{What: fmt.Sprintf("and %d more groups", more)})
		}
		c.addFinding(f)
	}
}

func (c *Comparer) overlapEvidence(o rules.Overlap) []model.Evidence {
	by, text := "the default value of the Groups parameter", ""
	if o.Other != rules.ByDefault {
		by, text = "another rule", c.Source.Book.Rules[o.Other].Subject().Name
	}
	return []model.Evidence{
		{What: fmt.Sprintf("group given to %d users by this rule", o.Users), Text: o.Group},
		{What: fmt.Sprintf("given to %d users by %s, %d of them the same", o.Others, by, o.Both), Text: text},
	}
}
