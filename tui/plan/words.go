package plan

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// watchesSuffix ends what a person presses and the program then watches.
const watchesSuffix = ", and watches"

// planSentence says in one sentence what a plan does and whom it costs something.
func planSentence(p *model.Plan) string {
	if len(p.Steps) == 0 {
		return "There is nothing to do: no step came of it."
	}
	var order []model.Option
	count, members := map[model.Option]int{}, map[model.Option]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		o := model.Option{Repair: s.Repair, Channel: s.Channel}
		if !slices.Contains(order, o) {
			order = append(order, o)
		}
		count[o] += max(1, countApprovals(s))
		members[o] += len(s.Members)
	}
	parts := make([]string, len(order))
	for i, o := range order {
		parts[i] = verb(o, count[o], members[o])
	}
	watched := false // said once, at the last of what is watched
	for i := len(parts) - 1; i >= 0; i-- {
		if short, is := strings.CutSuffix(parts[i], watchesSuffix); is && watched {
			parts[i] = short
		} else {
			watched = watched || is
		}
	}
	text := strings.Join(parts, ", ")
	text = strings.ToUpper(text[:1]) + text[1:]
	if p.Undoes != "" {
		text = "Takes back the run " + style.Name(p.Undoes) + ": " + strings.Join(parts, ", ")
	}
	return text + lossText(p) + "."
}

// countApprovals counts the users whom one step in the console has approved.
func countApprovals(s *model.Step) (users int) {
	for _, id := range s.Findings {
		if s.Repair == model.ApprovePending && strings.HasPrefix(id, "user-") {
			users++
		}
	}
	return users
}

// lossText says how many lose something; empty if nobody does.
func lossText(p *model.Plan) string {
	losers, unknown := countLosers(p)
	count := func(deletes bool) int {
		return model.CountIf(p.Steps, func(s model.Step) bool {
			return s.BlastRadius != nil && (s.Repair == model.DeleteGroup) == deletes
		})
	}
	loses := " lose "
	if losers == 1 {
		loses = " loses "
	}
	switch {
	case losers == 0 && unknown:
		return "; who loses access by it could not be read"
	case losers == 0:
		return ""
	case count(false) > 0:
		return "; " + style.Count(losers, "user") + loses + "access by it"
	case count(true) == 1:
		return "; " + style.Count(losers, "member") + loses + "it"
	}
	return "; " + style.Count(losers, "member") + loses + "them"
}

// countLosers counts the users who lose something, each once; unknown says that it may be more.
func countLosers(p *model.Plan) (n int, unknown bool) {
	seen := map[string]bool{}
	for i := range p.Steps {
		b := p.Steps[i].BlastRadius
		if b == nil {
			continue
		}
		unknown = unknown || b.Unknown != ""
		for _, m := range b.Members {
			seen[m] = true
		}
		if len(b.Groups) > 0 {
			seen[p.Steps[i].Subject.Name] = true
		}
	}
	return len(seen), unknown
}

// verbs say what the steps of a repair do; %s is how many users, groups or others they are about.
var verbs = map[model.RepairName]struct{ words, noun string }{ //nolint:gochecknoglobals // a constant table
	model.DeleteGroup: {"deletes %s", "group"}, model.CreateGroup: {"creates %s", "group"},
	model.RenameGroup: {"renames %s", "group"}, model.AddMembers: {"adds %s", "membership"},
	model.RemoveMembers: {"removes %s", "membership"}, model.CreateUser: {"creates %s", "user"},
	model.ActivateUser: {"switches %s on", "user"}, model.DeactivateUser: {"switches %s off", "user"},
	model.UpdateUser: {"writes what differs to %s", "user"}, model.DeleteUser: {"deletes %s", "user"},
	model.ReapplyMappings:     {"has you reapply the mappings in OneLogin" + watchesSuffix, ""},
	model.RefreshEntitlements: {"has you refresh the entitlements in OneLogin" + watchesSuffix, ""},
	model.SyncLogins:          {"has you synchronise the logins in OneLogin" + watchesSuffix, ""},
	model.ApprovePending:      {"has you approve %s in OneLogin" + watchesSuffix, "user"},
	model.OpenApp:             {"has you mend the app's settings in OneLogin" + watchesSuffix, ""},
	model.OpenRules:           {"has you look at the rules in OneLogin", ""},
	model.RemoveAssignments:   {"removes %s", "account assignment"},
	model.ClearAssignments:    {"takes %s away", "account assignment"},
	model.MoveAssignments:     {"makes %s of the group's old id for the group", "account assignment"},
	model.RestoreAssignments:  {"makes %s again", "account assignment"},
}

// verb says what the steps of one repair do; members is how many members they are about.
func verb(o model.Option, steps, members int) string {
	v := verbs[o.Repair]
	switch {
	case o == (model.Option{Repair: model.ReapplyMappings, Channel: model.Nudge}):
		return "touches " + style.Count(steps, "user") + " in OneLogin, so that it pushes them again"
	case v.noun == "membership":
		steps = members
	}
	return strings.Replace(v.words, "%s", style.Count(steps, v.noun), 1)
}

// NameOrID is the first that is there of a name, an id and the step that makes the record.
func NameOrID(name, id, ref, noun string) string {
	switch {
	case name != "":
		return model.SpellEdges(name)
	case id != "":
		return noun + " " + id
	case ref != "":
		return noun + " that " + ref + " makes"
	}
	return noun
}

func memberLabels(all []model.Member) []string {
	return model.Map(all, func(m *model.Member) string { return NameOrID(m.UserName, m.ID, m.Ref, "the user") })
}

// MemberNames names a few of many.
func MemberNames(all []model.Member) string { return SomeNames(memberLabels(all)) }

// SomeNames names the first of many as they stand in a sentence.
func SomeNames(all []string) string {
	const most = 3
	switch n := len(all); {
	case n == 0:
		return "nobody"
	case n == 1:
		return all[0]
	case n <= most:
		return strings.Join(all[:n-1], ", ") + " and " + all[n-1]
	default:
		return strings.Join(all[:most], ", ") + " and " + style.Number(n-most) + " more"
	}
}
