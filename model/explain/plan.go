package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// AccessLine says of one person what a plan takes, gives and leaves, and what that closes and opens.
func AccessLine(a *model.AccessChange) string {
	var said []string
	add := func(verb string, names []string) {
		if len(names) > 0 {
			said = append(said, verb+" "+strings.Join(names, ", "))
		}
	}
	switch a.Account {
	case model.AccountCreated:
		said = append(said, "gets an account")
	case model.AccountActivated:
		said = append(said, "can sign in again")
	case model.AccountDeactivated:
		said = append(said, "cannot sign in any more")
	case model.AccountDeleted:
		said = append(said, "loses the account")
	}
	if a.RenamedTo != "" {
		said = append(said, "is called "+model.SpellEdges(a.RenamedTo))
	}
	add("loses", a.Loses)
	add("gains", a.Gains)
	if a.Account != model.AccountCreated && a.Account != model.AccountDeleted {
		other := ""
		if len(a.Loses)+len(a.Gains) > 0 {
			other = "other "
		}
		keeps := "no " + other + "group"
		if a.Keeps > 0 {
			keeps = model.Counted(a.Keeps, other+"group", other+"groups")
		}
		said = append(said, "keeps "+keeps)
	}
	add("that closes", a.Closes)
	add("that opens", a.Opens)
	return model.SpellEdges(a.Person) + ": " + strings.Join(said, "; ")
}

// Access says whose access a plan changes, a line a person.
func Access(p *model.Plan) []string {
	lines := append(model.Map(p.Access, AccessLine), unknownLosses(p)...)
	var parts []string
	for _, part := range []struct {
		channel   model.Channel
		one, many string
	}{{model.Console, "console step", "console steps"}, {model.Nudge, "nudge", "nudges"}} {
		n := model.CountIf(p.Steps, func(s model.Step) bool { return s.Channel == part.channel })
		if n > 0 {
			parts = append(parts, model.Counted(n, part.one, part.many))
		}
	}
	if len(parts) == 0 {
		return lines
	}
	after := "what OneLogin itself changes after " + strings.Join(parts, " and ") + "."
	if len(lines) == 0 {
		return []string{"Nobody's access changes by these requests themselves, only by " + after}
	}
	return append(lines, "Beside this comes "+after)
}

// unknownLosses say of what more people may lose something than could be read, each once.
func unknownLosses(p *model.Plan) []string {
	var r model.Reasons
	for i := range p.Steps {
		if s := &p.Steps[i]; s.BlastRadius != nil && s.BlastRadius.Unknown != "" {
			r.Add(s.Subject.Called(), "it may be more: "+s.BlastRadius.Unknown)
		}
	}
	return r.Lines()
}

// FindingsLeft says what a plan leaves of the findings; "" where it was not worked out.
func FindingsLeft(p *model.Plan) string {
	f := p.Forecast
	if f == nil {
		return ""
	}
	text := "Of " + model.Counted(f.Before, "finding", "findings") + " none would be left"
	if f.Left > 0 {
		text = "Of " + model.Counted(f.Before, "finding", "findings") + " " +
			model.Counted(f.Left, "would be left", "would be left")
		if f.Left > f.Before { // an undo brings back what was wrong
			text = model.Counted(f.Left, "finding", "findings") + " in place of " + model.Number(f.Before)
		}
		text += " (" + model.BySeverity(func(s model.Severity) int { return f.BySeverity[s.String()] }) + ")"
	}
	if f.ByOneLogin > 0 {
		text += "; " + model.Counted(f.ByOneLogin, "of those that end does so", "of those that end do so") +
			" only if OneLogin does its part"
	}
	text += "."
	if len(f.New) > 0 {
		text += " New: " + model.FirstOf(f.New, 5) + "."
	}
	if !p.Complete {
		text += " As far as was read: not everything was."
	}
	return text
}

// Loss is a part of what a step takes or opens, in labelled words.
type Loss struct{ Label, Words string }

// Losses is the blast radius in labelled words: all of it, because who is not named is not thought of. An account
// assignment that is made is named too: its request holds ids alone.
func Losses(s *model.Step) (out []Loss) {
	if a := s.Assignment(); a != nil && s.Grants {
		out = append(out, Loss{"Opens", "1 account assignment: " + a.String()})
	}
	b := s.BlastRadius
	if b == nil {
		return out
	}
	for _, part := range []struct {
		label, one, many string
		names            []string
	}{
		{"Hits", "member loses it", "members lose it", b.Members},
		{"Leaves", "group", "groups", b.Groups},
		{"Revokes", "account assignment", "account assignments", b.Assignments},
	} {
		if len(part.names) > 0 {
			out = append(out, Loss{part.label, model.Counted(len(part.names), part.one, part.many) + ": " +
				strings.Join(part.names, ", ")})
		}
	}
	if b.Unknown != "" {
		out = append(out, Loss{"Unknown", b.Unknown})
	}
	return out
}
