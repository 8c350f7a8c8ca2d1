package inspect

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// accounts are the AWS account assignments that name the user or group itself, and not what a user has by groups.
// They are asked for those whom findings are about; of any other a re-read asks.
func (s *Screen) accounts(c *screen.Context, width int) section {
	known := s.set.Comparison.Target.Assignments
	if known == nil || s.row.Target == model.None {
		return section{}
	}
	assigned, asked := known[s.set.Subject(s.row).TargetID]
	var lines []string
	say := func(text string) { lines = append(lines, style.Indent("  ", style.Name(text), width-1)...) }
	switch {
	case !asked:
		say("Not asked for yet: " + c.Key("refresh") + " reads them.")
	case assigned.Unknown != "":
		say("They could not be read: " + assigned.Unknown)
	case len(assigned.List) == 0:
		say("None.")
	}
	for _, name := range model.AssignmentNames(assigned.List) {
		say(name)
	}
	out := text("AWS accounts", lines)
	if asked && assigned.Unknown == "" {
		out.total = len(assigned.List)
	}
	return out
}
