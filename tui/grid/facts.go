package grid

import (
	"cmp"

	"github.com/scimdrift/scimdrift/tui/style"
)

// unbroken is wider than any sentence: what is read aloud is broken by the terminal alone.
const unbroken = 2000

// Facts says what stands at the cursor in place of the list and its preview, for who has the board read to them.
func (g *Grid) Facts() []string {
	line, ok := g.List.Current()
	if !ok {
		return nil
	}
	facts, severity := []string{"cause, open"}, ""
	if line.Heading != nil {
		if line.Folded {
			facts[0] = "cause, folded"
		}
		if line.Group != nil {
			severity = line.Group.Severity.String()
		}
	} else {
		r := line.Row
		subject, findings := g.Set.Subject(r), g.Set.FindingsOf(r)
		facts[0] = cmp.Or(string(subject.Type), "set-up") + ": " + style.Label(subject.Name)
		if g.Marks[g.Set.ID(r)] {
			facts = append(facts, "marked")
		}
		if len(findings) > 0 {
			severity = findings[0].Severity.String()
			facts = append(facts, g.Changed(findings[0].ID))
		}
	}
	if severity != "" {
		facts = append(facts, "severity: "+severity)
	}
	return append(facts, g.Preview(unbroken, 0)...)
}
