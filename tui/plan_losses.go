package tui

import (
	"cmp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// lossLines name who loses which group, and which assignments go with it: each group or user once, however many steps take
// something from it. Four steps that repeat the same four members hide what differs between them.
func lossLines(p *model.Plan, width int) []string {
	var lines []string
	for _, l := range lossesOf(p) {
		say := func(text string) { lines = append(lines, indent("  ", style.Name(text), width-1)...) }
		if len(l.Members) > 0 {
			say(l.of + " is lost by " + style.Count(len(l.Members), "member") + ": " + strings.Join(l.Members, ", "))
		}
		if len(l.Groups) > 0 {
			say(l.of + " loses " + style.Count(len(l.Groups), "group") + ": " + strings.Join(l.Groups, ", "))
		}
		switch len(l.Assignments) {
		case 0:
		case 1:
			say("with " + l.of + " goes " + l.Assignments[0])
		default:
			say("with " + l.of + " go " + style.Count(len(l.Assignments), "account assignment") + ":")
			for _, assignment := range l.Assignments {
				lines = append(lines, indent("    ", style.Name(assignment), width-1)...)
			}
		}
		if l.Unknown != "" {
			say(l.of + ": it may be more: " + l.Unknown)
		}
	}
	return lines
}

// loss is all that a plan takes from one group or user.
type loss struct {
	model.BlastRadius

	of string
}

// lossesOf adds up the blast radii of a plan's steps, in the order in which the plan comes to them.
func lossesOf(p *model.Plan) []*loss {
	type key struct{ kind, name, part, lost string }
	var all []*loss
	of := map[key]*loss{}
	seen := map[key]bool{} // what a loss holds already: a group of 5,000 is not searched 5,000 times
	for i := range p.Steps {
		step := &p.Steps[i]
		b := step.BlastRadius
		if b == nil {
			continue
		}
		k := key{kind: string(step.Subject.Type), name: lossOf(step)}
		l := of[k]
		if l == nil {
			l = &loss{of: k.name}
			of[k] = l
			all = append(all, l)
		}
		join := func(list []string, part string, other []string) []string {
			for _, name := range other {
				if known := (key{k.kind, k.name, part, name}); !seen[known] {
					seen[known] = true
					list = append(list, name)
				}
			}
			return list
		}
		l.Members = join(l.Members, "member", b.Members)
		l.Groups = join(l.Groups, "group", b.Groups)
		l.Assignments = join(l.Assignments, "assignment", b.Assignments)
		l.Unknown = cmp.Or(l.Unknown, b.Unknown)
	}
	return all
}

// gainLines name who is given which group, and which account assignments are made, each below its group's or user's name.
func gainLines(p *model.Plan, width int) []string {
	var lines []string
	say := func(margin, text string) { lines = append(lines, indent(margin, style.Name(text), width-1)...) }
	opened := "" // whose assignments stand last
	for i := range p.Steps {
		step := &p.Steps[i]
		switch step.Repair { //nolint:exhaustive // nothing else gives access by itself
		case model.AddMembers:
			names := make([]string, len(step.Members))
			for m := range step.Members {
				names[m] = step.Members[m].UserName
			}
			say("  ", lossOf(step)+" is given to "+style.Count(len(names), "user")+": "+strings.Join(names, ", "))
		case model.RestoreAssignments, model.MoveAssignments:
			if of := lossOf(step); opened != of {
				opened = of
				say("  ", of+" is assigned again:")
			}
			if assignment := step.Assignment(); assignment != nil {
				say("    ", assignment.String())
			}
		case model.CreateUser, model.ActivateUser:
			say("  ", step.Subject.Called()+" can sign in")
		}
	}
	return lines
}

// lossOf is what a step's loss is about: the group whose members lose it, or the user who loses groups.
func lossOf(step *model.Step) string {
	if step.Group != nil && step.Group.Name != "" && step.Subject.Type == model.SubjectGroup {
		return model.SpellEdges(step.Group.Name)
	}
	return step.Subject.Called()
}
