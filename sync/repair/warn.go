package repair

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// editsNamed is how many rule edits a warning names one by one.
const editsNamed = 5

// warnings are sentences on what a plan does beside ending its findings.
func (r *Repairer) warnings(plan *model.Plan, c *drift.Comparison) (out []string) {
	var reapplied, nudged, whole int
	for i := range plan.Steps {
		switch s := &plan.Steps[i]; {
		case s.Repair == model.ReapplyMappings && s.Channel == model.Console:
			reapplied++
		case s.Channel == model.Nudge:
			nudged++
		case s.Request != nil && s.Request.Method == http.MethodPut && s.Request.Service == model.ServiceTarget:
			whole++
		}
	}
	if whole > 0 {
		out = append(out, "This target changes no part of a record, so that records are written whole (PUT), as "+
			"they were read: what it never shows, such as a password, may be lost.")
	}
	if reapplied > 0 {
		out = append(out, "Reapply entitlement mappings acts on every user of the app, not only on those of this "+
			"plan, and puts every pending edit of its rules and parameters into effect.")
	}
	if nudged > 0 {
		out = append(out, "A nudge makes OneLogin run all mappings and rules for that user, for every app that he has.",
			r.nudgeCost(nudged))
	}
	if reapplied+nudged > 0 {
		out = append(out, editsSince(c))
	}
	return out
}

func (r *Repairer) nudgeCost(users int) string {
	calls := model.NudgeCalls(users)
	left := r.opts.Source.Budget()
	if !left.Known {
		return fmt.Sprintf("It takes about %d calls of OneLogin's hourly budget, two for each user; how many are "+
			"left is not known.", calls)
	}
	said := fmt.Sprintf("It takes about %d calls of OneLogin's hourly budget, two for each user; %d are left",
		calls, left.Remaining)
	switch left.For(calls) {
	case model.Short:
		return said + ": it will not get through, so nudge fewer users or wait for the hour's end."
	case model.Tight:
		return said + ": OneLogin's own provisioner, which shares them and has to act on each nudge, may be left " +
			"without."
	case model.Unreckoned, model.Enough:
	}
	return said + "."
}

// editsSince names the edits that come into effect with a reapply or nudge.
func editsSince(c *drift.Comparison) string {
	if coverage := c.Source.Coverage[model.PartEvents]; !coverage.Complete() {
		return "Which edits of rules and parameters come into effect with it cannot be told, because the events " +
			"were not read in full (" + coverage.String() + ")."
	}
	edits := c.Source.EditsSince()
	since := "in the log"
	if last, ok := c.Source.LastReapply(); ok {
		since = "since the last reapply on " + last.At.UTC().Format("2006-01-02 15:04 UTC")
	}
	if len(edits) == 0 {
		return "There is no edit of rules or parameters " + since + "."
	}
	said := make([]string, 0, editsNamed)
	for i := range edits[:min(len(edits), editsNamed)] {
		e := &edits[i]
		said = append(said, fmt.Sprintf("%s by %s on %s", e.TypeName(), cmp.Or(e.Actor, "somebody"),
			e.At.UTC().Format("2006-01-02 15:04 UTC")))
	}
	if more := len(edits) - len(said); more > 0 {
		said = append(said, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("Edits of rules and parameters %s, which come into effect with it: %s.", since,
		strings.Join(said, ", "))
}
