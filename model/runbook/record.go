package runbook

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Header is what a record says above its steps. Strings are raw.
type Header struct {
	Connection, Who, Host, Version string
	// At is when the record is made.
	At time.Time
}

// Record writes the case as Markdown for a ticket: what was looked at, what was done by which run, how it stands, and
// the advice for next time.
func (b Book) Record(w io.Writer, h Header, c Case) error {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format, args...) }
	say("# %s\n\n", b.Title)
	say("| | |\n|---|---|\n| connection | %s |\n", cell(h.Connection))
	if c.Group != "" {
		say("| group | %s |\n", cell(c.Group))
	}
	say("| begun | %s |\n| recorded | %s by %s on %s |\n\n", model.ToTheMinute(c.Begun), model.ToTheMinute(h.At),
		cell(h.Who), cell(h.Host))
	verdicts := b.Walk(c)
	say("## Steps\n\n")
	for i, v := range verdicts {
		box := " "
		if v.State == Done || v.State == Needless {
			box = "x"
		}
		say("- [%s] **%s**: %s", box, b.Steps[i].Title, v.State)
		if v.Seen != "" {
			say(" (%s)", cell(v.Seen))
		}
		if v.Todo != "" && !v.State.Settled() {
			say(". %s", cell(v.Todo))
		}
		say("\n")
	}
	say("\n## Runs\n\n")
	runs(say, &c)
	say("\n## Result\n\n%s\n", result(verdicts, b))
	if len(b.Advice) > 0 {
		say("\n## For next time\n\n")
		for _, a := range b.Advice {
			say("- %s\n", a)
		}
	}
	say("\nscimdrift %s\n", h.Version)
	_, err := io.WriteString(w, out.String())
	if err != nil {
		return fmt.Errorf("the record could not be written: %w", err)
	}
	return nil
}

func runs(say func(string, ...any), c *Case) {
	mine := slices.DeleteFunc(slices.Clone(c.Runs),
		func(r model.Run) bool { return r.StartedAt.Before(c.Begun) || r.Plan == nil })
	slices.SortStableFunc(mine, func(x, y model.Run) int { return x.StartedAt.Compare(y.StartedAt) })
	for i := range mine {
		r := &mine[i]
		why := ""
		if r.Reason != "" {
			why = ": " + cell(r.Reason)
		}
		say("- `%s` at %s, %s, plan `%.12s`%s\n", r.ID, model.ToTheMinute(r.StartedAt), r.State, r.Plan.Checksum, why)
		for j := range r.Plan.Steps {
			s := &r.Plan.Steps[j]
			state := model.StepQueued
			if j < len(r.Steps) {
				state = r.Steps[j].State
			}
			say("  - %s %s: %s%s\n", s.Repair, cell(s.Subject.Name), state, lost(s))
		}
	}
	if len(mine) == 0 {
		say("None.\n")
	}
}

// lost says who loses what with a step, because afterwards nobody can read it any more.
func lost(s *model.Step) string {
	b := s.BlastRadius
	if b == nil {
		return ""
	}
	var text strings.Builder
	for _, of := range []struct {
		what  string
		names []string
	}{{"members", b.Members}, {"groups", b.Groups}, {"assignments", b.Assignments}} {
		if len(of.names) > 0 {
			text.WriteString("; " + of.what + ": " + cell(strings.Join(of.names, ", ")))
		}
	}
	return text.String()
}

func result(verdicts []Verdict, b Book) string {
	var open []string
	for i, v := range verdicts {
		if !v.State.Settled() {
			open = append(open, b.Steps[i].Title)
		}
	}
	if len(open) == 0 {
		return "Everything that can be read agrees."
	}
	return "Not finished: " + strings.Join(open, "; ") + "."
}

// cell makes strangers' text harmless in a table and in a list.
func cell(s string) string {
	s = model.Visible(s)
	return strings.NewReplacer("|", `\|`, "`", "'", "*", `\*`, "_", `\_`, "[", `\[`, "<", "&lt;", "#", `\#`).Replace(s)
}
