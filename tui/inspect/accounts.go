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
	said := model.AssignmentNames(assigned.List)
	switch {
	case !asked:
		said = []string{"Not asked for yet: " + c.Key("refresh") + " reads them."}
	case assigned.Unknown != "":
		said = append([]string{"They could not be read: " + assigned.Unknown}, said...)
	case len(assigned.List) == 0:
		said = []string{"None."}
	}
	out := text("AWS accounts", style.Paragraphs("  ", width, said...))
	if asked && assigned.Unknown == "" {
		out.total = len(assigned.List)
	}
	return out
}
