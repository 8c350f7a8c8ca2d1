package explain

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// ruleSummary says what is wrong with a rule, or with having none. Its first piece of evidence says it in full.
func ruleSummary(f model.Finding) string {
	if f.Kind == model.RuleOpaque {
		if len(f.Evidence) > 0 && f.Evidence[0].What == drift.EvidenceNamed {
			return "names the group " + f.Evidence[0].Text +
				", and whether it gives it is not known; it is not called lingering"
		}
		out := "sets groups and cannot be evaluated"
		if len(f.Evidence) > 0 {
			out += ": " + f.Evidence[0].What
			if text := f.Evidence[0].Text; text != "" {
				out += " (" + text + ")"
			}
		}
		return out + "; nothing is said of the groups that it may name"
	}
	if f.Kind == model.SetupNoGroupRule {
		return "none of the app's rules sets groups, so OneLogin pushes none, and nothing is said of the groups at " +
			"the target"
	}
	return f.GivesTwice()
}

// ruleNext says what to do about a rule; how the rules are reached is the same for all.
func ruleNext(f model.Finding) string {
	if f.Kind == model.RuleOpaque {
		return "Read the rule in OneLogin (the app > Rules), and judge its groups by hand."
	}
	if f.Kind == model.SetupNoGroupRule {
		return "Add a rule that sets groups (OneLogin > the app > Rules), then reapply the mappings."
	}
	return "Delete one of the two ways (OneLogin > the app > Rules), then reapply the mappings: while both stand, " +
		"taking the group away in one place changes nothing."
}
