// Package report renders a comparison as text, JSON, Markdown and CSV. JSON keeps names raw, because scripts compare
// them; the other forms show every stranger's text through model.Visible.
package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
)

// Report is what `check` prints: one comparison and how it was read.
type Report struct {
	Connection string
	ReadAt     time.Time
	Duration   time.Duration
	// Age is how old it is where nothing was read for it; else 0.
	Age        time.Duration
	Comparison *drift.Comparison
	// Filter picks the findings that are reported; the zero one picks all.
	Filter filter.Query
}

func (r Report) findings() []model.Finding {
	if r.Filter.Empty() {
		return r.Comparison.Findings
	}
	var out []model.Finding
	for i, in := range r.Filter.Findings(r.Comparison) {
		if in {
			out = append(out, r.Comparison.Findings[i])
		}
	}
	return out
}

// headline counts the findings that are reported, and says which those are where they are not all.
func (r Report) headline(findings []model.Finding) string {
	out := headline(findings)
	if !r.Filter.Empty() {
		out += fmt.Sprintf(" (of %d, those that match %s)", len(r.Comparison.Findings), r.Filter.Text())
	}
	return out
}

// readAtText says when it was read: for it, or some time ago.
func (r Report) readAtText() string {
	if r.Age > 0 {
		return "As of " + model.ToTheSecond(r.ReadAt) + ", " + model.Lasting(r.Age) + " ago"
	}
	return "Read " + model.ToTheSecond(r.ReadAt)
}

// Complete reports whether every part of both sides is complete or skipped.
func (r Report) Complete() bool {
	return r.Comparison.Complete()
}

// Drift reports whether anything is found that is more than information.
func (r Report) Drift() bool {
	return slices.ContainsFunc(r.findings(), func(f model.Finding) bool { return f.Severity > model.Info })
}

func (r Report) unsettledRecords() int {
	return len(r.Comparison.UnsettledRecords(model.SubjectUser)) +
		len(r.Comparison.UnsettledRecords(model.SubjectGroup))
}

// unsettledLines say which records are not settled, and why, each reason once. Of what was not read the reason
// is said of the part.
func unsettledLines(c *drift.Comparison) (lines []string) {
	gaps := c.Gaps()
	for _, u := range c.UnsettledByReason() {
		what := model.Counted(len(u.Subjects), "user", "users")
		if u.Type == model.SubjectGroup {
			what = model.Counted(len(u.Subjects), "group", "groups")
		}
		if u.OnlyMembers {
			what = "the members of " + what
		}
		if slices.ContainsFunc(gaps, func(g drift.Gap) bool {
			return g.Coverage.Reason != "" && strings.Contains(u.Why, g.Coverage.Reason)
		}) {
			lines = append(lines, what+": not read completely")
			continue
		}
		lines = append(lines, what+": "+u.Why+" ("+
			model.Few(model.Map(u.Subjects, func(s *model.Subject) string { return s.Called() }))+")")
	}
	return lines
}

// Unreadable reports whether nothing of either side could be read, so that there is nothing to report on.
func (r Report) Unreadable() bool {
	return neitherRead(r.Comparison.Source.Coverage) && neitherRead(r.Comparison.Target.Coverage)
}

// neitherRead: neither users nor groups of a side could be read.
func neitherRead(c model.Coverages) bool {
	return c[model.PartUsers].State == model.Unknown && c[model.PartGroups].State == model.Unknown
}

// headline counts the findings by severity, the worst first: "14 findings: 1 critical, 9 high, 4 medium".
func headline(findings []model.Finding) string {
	if len(findings) == 0 {
		return "no findings"
	}
	by := map[model.Severity]int{}
	for i := range findings {
		by[findings[i].Severity]++
	}
	return model.Counted(len(findings), "finding", "findings") + ": " +
		model.BySeverity(func(s model.Severity) int { return by[s] })
}
