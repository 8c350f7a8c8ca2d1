package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// rules says what is wrong with the rules, and holds what was said of groups against what the rules leave open. It comes
// after all that is said of groups.
func (c *comparer) rules() {
	if c.Source.book == nil {
		return // the source was put together without Expect
	}
	said, unproven := c.Findings, c.unproven()
	c.Findings = make([]Finding, 0, len(said))
	for i := range said {
		f := said[i]
		if f.Subject.Type == SubjectGroup && !c.borneOut(&f, unproven) {
			c.openGroup(f.Source, f.Target, c.groupDoubt(&f))
			continue
		}
		c.Findings = append(c.Findings, f)
	}
	if c.Source.Origin == FromRules && c.Source.book.empty() {
		c.noGroupRule()
	}
	c.opaqueRules()
	c.redundantRules(unproven)
}

// borneOut reports whether something said of a group stands, and takes back of it what the rules do not bear out.
func (c *comparer) borneOut(f *Finding, unproven []bool) bool {
	var doubted, broadly bool
	if f.Source == None {
		var rule *Rule
		rule, broadly = c.Source.book.doubts.reach(f.Subject.Name)
		doubted = rule != nil
		c.titled(f)
	}
	switch c.Source.Origin {
	case FromRoles:
		if broadly {
			c.weaken(f, "a rule that cannot be evaluated may name it all the same")
		}
		return !doubted || broadly
	case FromNothing:
		return false
	case FromRolesInstead:
		c.weaken(f, "the rules were not read, and one could say otherwise of every group")
		return !doubted || broadly
	case FromRules:
	}
	if c.Source.book.empty() {
		return false // one deleted rule must not doom every group; setup-no-group-rule says what there is to say
	}
	if !c.source(PartRules) {
		c.weaken(f, notAll(AtSource, c.Source.Coverage, PartRules))
	}
	if f.Source == None {
		if doubted {
			return false
		}
		if f.Kind == GroupLingering && slices.Contains(unproven, true) {
			f.Confidence = min(f.Confidence, Likely) // what we take for nobody's may be what we misread
		}
		return true
	}
	if slices.ContainsFunc(c.Source.book.ways[f.Source], func(r int32) bool { return r != byDefault && unproven[r] }) {
		f.Confidence = min(f.Confidence, Likely)
	}
	if f.Kind == GroupRenamed && c.Source.Groups[f.Source].Expectation == Undecided {
		c.weaken(f, "whether anybody is in it could not be read")
	}
	return true
}

// titled: a rule is called after the group, so that somebody may have meant it to give the group.
func (c *comparer) titled(f *Finding) {
	if _, title := c.Source.book.names.naming(f.Subject.Name); title != nil {
		f.Confidence = min(f.Confidence, Likely)
		said := Evidence{What: "the title or a comment of a rule names it", Text: title.subject().Name}
		f.Evidence = append(f.Evidence, said)
	}
}

// weaken makes a finding likely at most and takes from it the repairs that take something away, and says why.
func (c *comparer) weaken(f *Finding, why string) {
	f.Confidence, f.Blocked = min(f.Confidence, Likely), cmp.Or(f.Blocked, why)
	f.Repairs = offer(f, c.opts.Nudge)
}

// unproven reports, by rule, whether its shape is not confirmed and not borne out by the target either: fewer than half of
// the groups that we read out of it exist there.
func (c *Comparison) unproven() []bool {
	rules := c.Source.book.rules
	out := make([]bool, len(rules))
	var there map[string]bool
	for i := range rules {
		if !rules[i].unconfirmed {
			continue
		}
		if there == nil {
			there = make(map[string]bool, len(c.Target.Groups))
			for t := range c.Target.Groups {
				there[Fold(c.Target.Groups[t].Name)] = true
			}
		}
		found := 0
		for _, name := range rules[i].yields {
			if there[name] {
				found++
			}
		}
		out[i] = found == 0 || 2*found < len(rules[i].yields)
	}
	return out
}

// noGroupRule says that nothing in the app sets groups, which is all there is to say of groups then.
func (c *comparer) noGroupRule() {
	c.add(Finding{
		Kind: SetupNoGroupRule, Severity: High, Confidence: Certain, Cause: Cause(SetupNoGroupRule), Source: None, Target: None,
		Subject: Subject{Type: SubjectConnection, Name: cmp.Or(c.Source.App.Name, c.Source.Name, "connection")},
	})
}

// opaqueRules names every rule that cannot be evaluated as a whole, with its JSON.
func (c *comparer) opaqueRules() {
	problems := c.strangeRules()
	for i := range c.Source.book.rules {
		r := &c.Source.book.rules[i]
		problems[r.Rule] = append(slices.Clone(r.problems), problems[r.Rule]...)
	}
	for _, r := range c.Source.book.names.rules {
		if len(problems[r]) == 0 {
			continue
		}
		f := Finding{
			Kind: RuleOpaque, Confidence: Certain, Cause: CauseUnreadableRule, Subject: r.subject(), Source: None, Target: None,
			Evidence: append(problems[r], Evidence{What: "the rule as OneLogin gives it", Text: r.json()}),
		}
		c.add(f)
	}
}

// EvidenceNamed is what a finding says of a group that a rule names and may mean; its text is the group's name.
const EvidenceNamed = "it may mean a group that it names"

// strangeRules says of rules what of them is not understood and touches a group: an action, or that they name it at
// all.
func (c *comparer) strangeRules() map[*Rule][]Evidence {
	problems := map[*Rule][]Evidence{}
	book := c.Source.book
	for r, actions := range book.doubts.strange {
		for _, action := range actions {
			said := Evidence{What: "an action is not understood, and may give groups", Text: action}
			problems[r] = append(problems[r], said)
		}
	}
	touched := map[*Rule]bool{}
	touch := func(r *Rule, group string) {
		touched[r] = true
		if len(problems[r]) < overlapsNamed {
			problems[r] = append(problems[r], Evidence{What: EvidenceNamed, Text: group})
		}
	}
	for t := range c.Target.Groups {
		name := c.Target.Groups[t].Name
		if s := c.Groups.ToSource[t]; s != None && c.Source.onlyNamed(s) {
			for _, r := range book.names.meaning(&c.Target.Groups[t]) {
				touch(r, name)
			}
		} else if r, broad := book.doubts.reach(name); r != nil && !broad && len(book.doubts.strange[r]) > 0 {
			touch(r, name)
		}
	}
	maps.DeleteFunc(problems, func(r *Rule, _ []Evidence) bool { return !touched[r] && !book.doubts.opaque(r) })
	return problems
}

func (r *Rule) subject() Subject {
	return Subject{Type: SubjectRule, Name: cmp.Or(r.Name, "rule "+r.ID), SourceID: r.ID}
}

// json is the rule on one line, as far as it is JSON.
func (r *Rule) json() string {
	var b bytes.Buffer
	if json.Compact(&b, r.Raw) != nil {
		return string(r.Raw)
	}
	return b.String()
}

// overlapsNamed bounds the groups that one finding names.
const overlapsNamed = 20

// redundantRules names every rule that gives groups which an earlier one, or the parameter's default, gives already.
func (c *comparer) redundantRules(unproven []bool) {
	byRule := map[int32][]overlap{}
	for _, o := range c.Source.book.overlaps {
		byRule[o.rule] = append(byRule[o.rule], o)
	}
	for i := range c.Source.book.rules {
		found := byRule[int32(i)]
		if len(found) == 0 {
			continue
		}
		slices.SortFunc(found, func(a, b overlap) int { return cmp.Or(byFolded(a.group, b.group), cmp.Compare(a.other, b.other)) })
		r := &c.Source.book.rules[i]
		f := Finding{
			Kind: RuleRedundant, Confidence: Certain, Cause: CauseRuleAndDefault, Subject: r.subject(), Source: None, Target: None,
		}
		if unproven[i] {
			f.Confidence = Likely
		}
		for n, o := range found {
			if o.other != byDefault {
				f.Cause = CauseTwoRules
				if unproven[o.other] {
					f.Confidence = Likely
				}
			}
			if n < overlapsNamed {
				f.Evidence = append(f.Evidence, c.overlap(o)...)
			}
		}
		if more := len(found) - overlapsNamed; more > 0 {
			f.Evidence = append(f.Evidence, Evidence{What: fmt.Sprintf("and %d more groups", more)})
		}
		c.add(f)
	}
}

// GivesTwice says of a redundant rule which group it gives, and which other way gives it too: the first, where there are more.
func (f *Finding) GivesTwice() string {
	if len(f.Evidence) < 2 {
		return "gives a group that users have in another way already"
	}
	other := "by the default value of the Groups parameter"
	if by := f.Evidence[1].Text; by != "" {
		other = "by the rule " + by
	}
	return "gives " + f.Evidence[0].Text + " to users who have it already " + other
}

// overlap tells both ways of one group, and how many users each covers.
func (c *comparer) overlap(o overlap) []Evidence {
	other := Evidence{What: fmt.Sprintf("given to %d users by the default value of the Groups parameter, %d of them the same", o.others, o.both)}
	if o.other != byDefault {
		other = Evidence{
			What: fmt.Sprintf("given to %d users by another rule, %d of them the same", o.others, o.both),
			Text: c.Source.book.rules[o.other].subject().Name,
		}
	}
	return []Evidence{{What: fmt.Sprintf("group given to %d users by this rule", o.users), Text: o.group}, other}
}
