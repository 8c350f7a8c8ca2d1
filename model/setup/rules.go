package setup

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// noGroupRule: without a rule that sets groups, OneLogin pushes users and no group. Whether that ends group findings is
// for comparing to say; where the configuration takes groups from roles, it is worth a look.
func (s *Setup) noGroupRule() judgement {
	c := s.Source.Coverage[model.PartRules]
	on, off := 0, 0
	for i := range s.Source.Rules {
		switch r := &s.Source.Rules[i]; {
		case !r.SetsGroups():
		case r.Enabled:
			on++
		default:
			off++
		}
	}
	todo := rules.PublishingAdvice(&s.Source, s.Options.Groups) + " Then reapply the entitlement mappings."
	var opaque []string
	for i := range s.Findings {
		if s.Findings[i].Kind == model.RuleOpaque {
			opaque = append(opaque, s.Findings[i].Subject.Name)
		}
	}
	found := slices.ContainsFunc(s.Findings, func(f model.Finding) bool { return f.Kind == model.SetupNoGroupRule })
	switch {
	case found:
		return mend("no rule sets groups, so OneLogin pushes none; the app has "+
			model.Counted(len(s.Source.Rules), "rule", "rules"), todo)
	case on > 0 && len(opaque) > 0:
		return look(model.Counted(on, "enabled rule sets groups", "enabled rules set groups")+"; what cannot be "+
			"worked out: "+model.Few(opaque),
			"Read it in the console. A rule that everybody understands: "+todo)
	case on > 0:
		return fine(model.Counted(on, "enabled rule sets groups", "enabled rules set groups"))
	case c.State == model.Skipped:
		return unknown("the configuration says not to read the rules", "Look whether a rule sets groups.")
	case !c.Complete():
		return unknownBecause("the rules were not read in full", c.Reason, "Look whether a rule sets groups.")
	case off > 0:
		return look(model.Counted(off, "rule sets groups, and it is", "rules set groups, and all are")+" disabled",
			"Enable the rule that should set the groups, and reapply the entitlement mappings.")
	}
	return look("no rule sets groups; the configuration takes them from roles all the same", todo)
}

// ruleRedundant says what comparing found of each such rule.
func (s *Setup) ruleRedundant() judgement {
	var twice []string
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Kind == model.RuleRedundant {
			twice = append(twice, f.Subject.Name+" "+f.GivesTwice())
		}
	}
	c := s.Source.Coverage[model.PartRules]
	switch {
	case len(twice) > 0:
		return mend(model.Counted(len(twice), "rule publishes a group", "rules publish groups")+" that another way "+
			"publishes already: "+model.Few(twice),
			"Remove one of the two ways. While both stand, taking one away changes nothing, and nobody can tell "+
				"which is meant.")
	case c.State == model.Skipped:
		return unknown("the configuration says not to read the rules", "Look for two rules that set the same group.")
	case !c.Complete():
		return unknownBecause("the rules were not read in full", c.Reason,
			"Look for two rules that set the same group.")
	}
	return fine("no group is published twice")
}

// staleEntitlements compares OneLogin's cache of group names with the target. A name that is cached and gone makes
// every push to that group fail with a 404 until somebody presses Refresh.
func (s *Setup) staleEntitlements() judgement {
	if s.Target.Coverage[model.PartGroups].State == model.Skipped {
		return fine("the target has no groups, so that none can be stale")
	}
	if !s.TargetRead(model.PartGroups) {
		return unknownBecause("the target's groups were not read in full", s.Target.Coverage[model.PartGroups].Reason,
			"Refresh the entitlements if a group was deleted at the target.")
	}
	cached := s.Source.Entitlements
	if c := s.Source.Coverage[model.PartRules]; len(cached) == 0 &&
		c.State == model.Unknown { // the cache is read with the rules
		return unknownBecause("OneLogin was not asked for its cache of group names, because the rules were not read",
			c.Reason, "Refresh the entitlements if a group was deleted at the target.")
	}
	if len(cached) == 0 {
		return look("OneLogin does not show its cache of group names",
			"Refresh the entitlements if a group was deleted at the target.")
	}
	there, wanted := model.SetOf(s.Target.Groups, (*model.Group).Folded), map[string]bool{}
	for i := range s.Source.Groups {
		name := model.Fold(s.Source.Groups[i].Name)
		wanted[name] = s.Source.Groups[i].Expectation == model.Expected
		there[name] = there[name] || s.Groups.ToTarget[i] != model.None // under another name
	}
	var stale, harmless []string
	for _, name := range cached {
		switch folded := model.Fold(name); {
		case there[folded] || s.Options.Groups.Ignores(name):
		case wanted[folded]:
			stale = append(stale, name)
		default:
			harmless = append(harmless, name)
		}
	}
	const refresh = "Refresh the entitlements, then reapply the entitlement mappings. Refresh is known to need a " +
		"second try."
	switch {
	case len(stale) > 0:
		v := mend("OneLogin still remembers "+model.Counted(len(stale), "group that is", "groups that are")+
			" gone from the target and should be there: "+model.Few(stale), refresh)
		v.likely = true // that this list is the cache is not documented
		return v
	case len(harmless) > 0:
		return look("OneLogin still remembers "+model.Counted(len(harmless), "group that is",
			"groups that are")+" gone from the target and nobody needs: "+model.Few(harmless), refresh)
	}
	return fine("every group that OneLogin remembers is at the target")
}
