package model

import (
	"fmt"
	"slices"
)

// noGroupRule: without a rule that sets groups, OneLogin pushes users and no group. Whether that ends every group finding is
// for comparing to say; where the configuration takes the groups from roles, it vouches for them, and this is worth a look.
func (s *setup) noGroupRule() judgement {
	c := s.Source.Coverage[PartRules]
	on, off := 0, 0
	for i := range s.Source.Rules {
		switch r := &s.Source.Rules[i]; {
		case !r.setsGroups():
		case r.Enabled:
			on++
		default:
			off++
		}
	}
	todo := publishing(&s.Source, s.opts.Groups) + " Then reapply the entitlement mappings."
	var opaque []string
	for i := range s.Findings {
		if s.Findings[i].Kind == RuleOpaque {
			opaque = append(opaque, s.Findings[i].Subject.Name)
		}
	}
	found := slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Kind == SetupNoGroupRule })
	switch {
	case found:
		return mend(fmt.Sprintf("none of the app's %d rules sets groups, so OneLogin pushes none", len(s.Source.Rules)), todo)
	case on > 0 && len(opaque) > 0:
		return look(Counted(on, "enabled rule sets groups", "enabled rules set groups")+"; what cannot be worked out: "+few(opaque),
			"Read it in the console. A rule that everybody understands: "+todo)
	case on > 0:
		return fine(Counted(on, "enabled rule sets groups", "enabled rules set groups"))
	case c.State == Skipped:
		return unclear("the configuration says not to read the rules", "Look whether a rule sets groups.")
	case !c.Complete():
		return unclearFor("the rules were not read in full", c.Reason, "Look whether a rule sets groups.")
	case off > 0:
		return look(Counted(off, "rule sets groups, and it is", "rules set groups, and all are")+" disabled", "Enable the rule that should set the groups, and reapply the entitlement mappings.")
	}
	return look("no rule sets groups; the configuration takes them from roles all the same", todo)
}

// ruleRedundant says what comparing found of each such rule.
func (s *setup) ruleRedundant() judgement {
	var twice []string
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Kind == RuleRedundant {
			twice = append(twice, f.Subject.Name+" "+f.GivesTwice())
		}
	}
	c := s.Source.Coverage[PartRules]
	switch {
	case len(twice) > 0:
		return mend(Counted(len(twice), "rule publishes a group", "rules publish groups")+" that another way publishes already: "+few(twice),
			"Remove one of the two ways. While both stand, taking one away changes nothing, and nobody can tell which is meant.")
	case c.State == Skipped:
		return unclear("the configuration says not to read the rules", "Look for two rules that set the same group.")
	case !c.Complete():
		return unclearFor("the rules were not read in full", c.Reason, "Look for two rules that set the same group.")
	}
	return fine("no group is published twice")
}

// staleEntitlements compares OneLogin's cache of group names with the target. A name that is cached and gone makes every
// push to that group fail with a 404 until somebody presses Refresh.
func (s *setup) staleEntitlements() judgement {
	if s.Target.Coverage[PartGroups].State == Skipped {
		return fine("the target has no groups, so that none can be stale")
	}
	if !s.target(PartGroups) {
		return unclearFor("the target's groups were not read in full", s.Target.Coverage[PartGroups].Reason, "Refresh the entitlements if a group was deleted at the target.")
	}
	cached := s.Source.Entitlements
	if c := s.Source.Coverage[PartRules]; len(cached) == 0 && c.State == Unknown { // the cache is read with the rules
		return unclearFor("OneLogin was not asked for its cache of group names, because the rules were not read", c.Reason,
			"Refresh the entitlements if a group was deleted at the target.")
	}
	if len(cached) == 0 {
		return look("OneLogin does not show its cache of group names", "Refresh the entitlements if a group was deleted at the target.")
	}
	there, wanted := map[string]bool{}, map[string]bool{}
	for i := range s.Target.Groups {
		there[Fold(s.Target.Groups[i].Name)] = true
	}
	for i := range s.Source.Groups {
		name := Fold(s.Source.Groups[i].Name)
		wanted[name] = s.Source.Groups[i].Expectation == Expected
		there[name] = there[name] || s.Groups.ToTarget[i] != None // under another name
	}
	var stale, harmless []string
	for _, name := range cached {
		switch folded := Fold(name); {
		case there[folded] || s.opts.Groups.Ignores(name):
		case wanted[folded]:
			stale = append(stale, name)
		default:
			harmless = append(harmless, name)
		}
	}
	const refresh = "Refresh the entitlements, then reapply the entitlement mappings. Refresh is known to need a second try."
	switch {
	case len(stale) > 0:
		v := mend("OneLogin still remembers "+Counted(len(stale), "group that is", "groups that are")+" gone from the target and should be there: "+few(stale), refresh)
		v.likely = true // that this list is the cache is not documented
		return v
	case len(harmless) > 0:
		return look("OneLogin still remembers "+Counted(len(harmless), "group that is", "groups that are")+" gone from the target and nobody needs: "+few(harmless), refresh)
	}
	return fine("every group that OneLogin remembers is at the target")
}
