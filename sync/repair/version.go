package repair

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// held puts the version that the check has read in place of the reference to it, where the request has one: what
// changes the record afterwards makes the target refuse the write. unversioned: this target makes up another version
// at each read, so that none can hold a write, which unheld says.
func held(req model.Request, v model.RecordVersion, unversioned bool) (out model.Request, unheld string) {
	if req.Headers[model.HeaderVersion] != model.VersionRef {
		return req, ""
	}
	req.Headers = maps.Clone(req.Headers)
	req.Headers[model.HeaderVersion] = v.Tag
	if v.Tag == "" || unversioned {
		delete(req.Headers, model.HeaderVersion)
	}
	if unversioned {
		unheld = "the target shows another version of the record at each read, so that none could hold the write"
	}
	return req, unheld
}

// overtaken says what became of a write that the target refused as meant for another version. A record that is as it
// was, under another version, is one whose versions mean nothing: it is checked again and written without one. Else
// nothing is sent again: only a new plan shows what would be written now.
func (r *Repairer) overtaken(
	ctx context.Context, of model.SubjectType, id string, before model.RecordVersion, detail string,
) (unversioned bool, said string) {
	now, found, err := r.opts.Target.Record(context.WithoutCancel(ctx), of, id, false)
	switch {
	case err != nil || !found || before.Tag == "" || now.Version.Digest != before.Digest:
		return false, detail
	case now.Version.Tag != before.Tag:
		return true, detail
	}
	return false, "nothing was written: the target refused the write as meant for another version of the record " +
		"(412), and yet it shows the record in that very version, " + model.Visible(before.Tag) +
		"; what stands between may change versions on the way, such as a proxy that compresses: ask who runs the target"
}

// revisions reads the revisions of the records that some items delete, switch off or give another name. AWS has them
// since September 2026 (aws-sdk-go-v2, service/identitystore v1.47.0); where one cannot be read, the plan says that
// nothing holds those steps to it.
func (r *Repairer) revisions(ctx context.Context, plan *model.Plan, items []item) map[string]string {
	out := map[string]string{}
	if r.opts.Lens == nil {
		return out
	}
	for i := range items {
		of := taken(&items[i])
		if _, known := out[of.ID]; known || of.ID == "" {
			continue
		}
		revision, err := r.opts.Lens.Revision(ctx, of)
		if err != nil {
			plan.Warnings = append(plan.Warnings, fmt.Sprintf("Whether somebody changes in the meantime what is "+
				"deleted, switched off or renamed shows by what "+
				"SCIM tells of it alone, because its revision could not be read: %s", err))
			return out
		}
		out[of.ID] = revision
	}
	return out
}

// taken is the record that an item takes from somebody; its id is empty for any other item, and for a record that the
// plan creates. Steps that give, and those that change single memberships, say in full by themselves what they rest
// on: a push of OneLogin to the same record is no reason to leave them out.
func taken(in *item) model.Principal {
	if !in.Takes() {
		return model.Principal{}
	}
	switch in.Repair { //nolint:exhaustive // the others change no record itself
	case model.DeleteGroup, model.RenameGroup:
		return model.Principal{Type: model.SubjectGroup, ID: in.Group.ID}
	case model.DeleteUser, model.DeactivateUser, model.UpdateUser:
		return model.Principal{Type: model.SubjectUser, ID: in.Subject.TargetID}
	}
	return model.Principal{}
}

// pin lets a step that takes go ahead only while the record is the version that the plan was made for. SCIM itself
// has nothing of the kind. A record that an earlier step of the plan may change gets another revision by that.
func (k *compiler) pin(in *item) {
	of := taken(in)
	revision := k.revisions[of.ID]
	if revision == "" || slices.ContainsFunc(k.plan.Steps, func(s model.Step) bool { return changes(&s, of) }) {
		return
	}
	in.Before = append(slices.Clone(in.Before), model.Condition{
		Side: model.AtTarget, Fact: model.RevisionIs, ID: of.ID, Name: in.Subject.Name,
		Field: string(of.Type), Value: revision,
	})
}

// changes reports whether a step may give a record another revision: its own attributes and memberships do. Account
// assignments are no part of it.
func changes(s *model.Step, of model.Principal) bool {
	switch {
	case s.Channel != model.Direct || s.Repair.OfAssignments():
		return false
	case s.Subject.TargetID == of.ID || s.Group != nil && s.Group.ID == of.ID:
		return true
	case of.Type == model.SubjectGroup:
		return s.Repair == model.DeleteUser
	}
	return s.Repair == model.DeleteGroup || slices.ContainsFunc(s.Members,
		func(m model.Member) bool { return m.ID == of.ID })
}
