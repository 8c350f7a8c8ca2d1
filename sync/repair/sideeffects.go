package repair

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// wholeRecord names the record that the step writes whole; the type is empty for any other step.
func (p *verification) wholeRecord() (of model.SubjectType, id string) {
	if request := p.step.Request; request == nil || request.Method != http.MethodPut ||
		request.Service != model.ServiceTarget {
		return "", ""
	}
	return recordOf(p.step, p.created)
}

// sideEffects says what a write that shows did beside what its step says, and how much it took and gave by that: who
// left a group by a change of its members that was not about them, and what else is not in its record as it should be.
// Targets have been seen that take more out than they were asked to (github.com/lichti/aws-iam-scim-problem), and a PUT
// takes away whatever its server does not take from it: a step that costs others their access did not do what its plan
// shows.
func (p *verification) sideEffects(r *Repairer, observed *plan.Observation) (said string, n model.Beyond) {
	of, id := p.wholeRecord()
	kept := p.keptBackup()
	var parts []string
	say := func(list []string, one, many, of string) {
		if len(list) > 0 {
			slices.Sort(list)
			parts = append(parts, model.Counted(len(list), one, many)+of+": "+
				model.Visible(strings.Join(list[:min(len(list), maxNamedSideEffects)], ", ")))
		}
	}
	if gone, came, group := p.memberSideEffects(r, of, id, kept, observed); group != "" {
		n.Removals, n.Grants, n.Left = len(gone), len(came), gone
		name := model.Visible(group)
		say(model.MemberNames(gone), "other is", "others are", " not in "+name+" any more since")
		say(model.MemberNames(came), "other is", "others are", " in "+name+" since")
	}
	var raw json.RawMessage
	if kept != nil {
		raw = observed.Records[model.RecordRef{Type: kept.Type, ID: kept.ID}]
	}
	if raw != nil {
		lacks, changed, err := p.recordSideEffects(kept.Raw, raw)
		if err != nil {
			return "it shows, but what else became of the record cannot be told: " + err.Error(), n
		}
		lost := make([]string, 0, len(lacks))
		for _, l := range lacks {
			lost = append(lost, l.String())
			n.Removals += l.Count()
		}
		say(lost, "thing", "things", " of its record gone")
		say(changed, "thing", "things", " of its record new or changed")
	}
	if len(parts) == 0 {
		return "", model.Beyond{}
	}
	return "it shows, but " + strings.Join(parts, ", and ") +
		"; the backup in the journal has all that was there, so reload both sides and put back what belongs there", n
}

const maxNamedSideEffects = 10

// recordSideEffects says what a write did to the record beside what its step says. A write of single attributes leaves
// it open how others change meanwhile; but one that the record had and lacks now was taken away.
func (p *verification) recordSideEffects(
	before, after json.RawMessage,
) (gone []model.MissingAttribute, changed []string, err error) {
	if of, _ := p.wholeRecord(); of != "" {
		return model.UnintendedChanges(before, p.step.Request.Body, after)
	}
	var meant []string
	for _, c := range p.step.Afterwards {
		field, _, _ := strings.Cut(c.Field, ".")
		meant = append(meant, field)
	}
	if p.step.Group != nil && p.step.Repair != model.RenameGroup { // told by name, by another way to read them
		meant = append(meant, "members")
	}
	gone, err = model.MissingAttributes(before, after)
	return slices.DeleteFunc(gone, func(l model.MissingAttribute) bool {
		name, _, _ := strings.Cut(l.Attribute, ".")
		return slices.ContainsFunc(meant, func(m string) bool { return model.SameName(m, name) })
	}), nil, err
}

// keptBackup is what was kept of the record that the step changes; nil if that was made by the run itself.
func (p *verification) keptBackup() *model.Backup {
	_, id := recordOf(p.step, p.created)
	at := slices.IndexFunc(p.kept, func(kept model.Backup) bool { return kept.ID == id })
	if at < 0 {
		return nil
	}
	return &p.kept[at]
}

// memberSideEffects gives those who left a group and those who came into it without the step being about them; group is
// empty where that cannot be told, or is not asked. A write of single members says nothing of others who come
// meanwhile.
func (p *verification) memberSideEffects(
	r *Repairer, of model.SubjectType, id string, kept *model.Backup, observed *plan.Observation,
) (gone, came []model.Member, group string) {
	moves := p.step.Repair == model.AddMembers || p.step.Repair == model.RemoveMembers
	if p.step.Group == nil || of == "" && !moves {
		return nil, nil, ""
	}
	if kept != nil {
		id = kept.ID
	}
	now, read := observed.Members[id]
	before, known := p.membersBefore(kept)
	if !read || now.Unknown != "" || !known {
		return nil, nil, ""
	}
	mine := model.SetOf(p.step.Members, func(m *model.Member) string { return cmp.Or(m.ID, p.created[m.Ref]) })
	list := func(in, not []string) []model.Member {
		there := model.Set(not)
		return r.namedMembers(p.step, slices.DeleteFunc(slices.Clone(in),
			func(id string) bool { return there[id] || mine[id] }))
	}
	if of == "" {
		return list(before, now.IDs), nil, p.step.Group.Name
	}
	came = list(now.IDs, before)
	there := now.IDs
	if kept != nil { // groups in it, and members whom nobody has, stand in the record alone
		whole := observed.Records[model.RecordRef{Type: model.SubjectGroup, ID: id}]
		there = slices.Concat(there, recordMemberIDs(whole))
		before = slices.Concat(before, slices.DeleteFunc(recordMemberIDs(kept.Raw),
			func(id string) bool { return slices.Contains(before, id) }))
	}
	return list(before, there), came, p.step.Group.Name
}

func recordMemberIDs(raw json.RawMessage) []string {
	ids, _ := model.RecordMembers(raw)
	return ids
}

// membersBefore are those whom a group had; of one that the run made, whom it has put into it so far.
func (p *verification) membersBefore(kept *model.Backup) (ids []string, known bool) {
	if kept != nil {
		for _, m := range kept.Members {
			ids = append(ids, m.ID)
		}
		return ids, kept.Incomplete == ""
	}
	if of, _ := p.wholeRecord(); of == "" {
		return nil, false
	}
	request, err := resolve(*p.step.Request, p.created)
	if err == nil {
		ids, err = model.RecordMembers(request.Body)
	}
	return ids, err == nil
}

// stillListed says which record the target still lists although it is not found by its id. It takes that record out of
// the observation: what is there and not there at once must not be shown as gone.
func (p *verification) stillListed(
	ctx context.Context, r *Repairer, observed *plan.Observation, after []model.Condition,
) (broken string, err error) {
	for _, s := range after {
		of := model.SubjectUser
		if s.Fact == model.GroupAbsent {
			of = model.SubjectGroup
		}
		if s.ID == "" || s.Field != "" || s.Fact != model.UserAbsent && s.Fact != model.GroupAbsent {
			continue
		}
		name := nameInConditions(p.step.Precondition, s.ID, "")
		_, there, err := r.opts.Target.Listed(ctx, of, s.ID, name)
		if err != nil {
			return "", err
		}
		if there {
			delete(observed.Users, s.ID)
			delete(observed.Groups, s.ID)
			return visibleName(name) + " is not found by its id, and the target's list still has it", nil
		}
	}
	return "", nil
}

// onlyDeactivated: a user who was to be deleted is there still, and inactive (MicrosoftDocs/entra-docs issue 1).
func (p *verification) onlyDeactivated(observed *plan.Observation) string {
	user := observed.Users[p.step.Subject.TargetID]
	if p.step.Repair != model.DeleteUser || user == nil || user.Active {
		return ""
	}
	for i := range p.kept {
		if before, err := personOf(&p.kept[i]); err == nil && p.kept[i].ID == user.ID && !before.Active {
			return ""
		}
	}
	return fmt.Sprintf("the target only switched it off: %s is still there, inactive", visibleName(user.UserName))
}

// membersHidden: members were added to a group whose members the target does not show, so that waiting longer shows
// nothing.
func (p *verification) membersHidden(observed *plan.Observation, after []model.Condition) bool {
	return p.step.Repair == model.AddMembers && slices.ContainsFunc(after, func(s model.Condition) bool {
		list, read := observed.Members[s.ID]
		return s.Fact == model.MembersInclude && read && list.Hidden
	})
}
