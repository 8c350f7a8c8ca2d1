package repair

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// withVersion puts the version that the check has read in place of the reference to it, where the request has one: what
// changes the record afterwards makes the target refuse the write. Without a version nothing holds it.
func withVersion(req model.Request, tag string) model.Request {
	if req.Headers[model.HeaderVersion] == model.VersionRef {
		req.Headers = maps.Clone(req.Headers)
		req.Headers[model.HeaderVersion] = tag
		if tag == "" {
			delete(req.Headers, model.HeaderVersion)
		}
	}
	return req
}

// versionsMeaningless reports whether versions mean nothing at a target that refused a write as meant for another one:
// its record is as it was, so that it makes up another version at each read, or compares by the letter of HTTP, by
// which no weak one matches. Such a write is checked again and sent without a version. Else nothing is sent again: only
// a new plan shows what would be written now.
func (r *Repairer) versionsMeaningless(
	ctx context.Context, of model.SubjectType, id string, before model.RecordVersion,
) bool {
	now, found, err := r.opts.Target.Record(context.WithoutCancel(ctx), of, id, false)
	return err == nil && found && before.Tag != "" && now.Version.Digest == before.Digest
}

// readRevisions reads the revisions of the records that some items delete, switch off or give another name. AWS has
// them since September 2026 (aws-sdk-go-v2, service/identitystore v1.47.0); where one cannot be read, the plan says
// that nothing holds those steps to it.
func (r *Repairer) readRevisions(ctx context.Context, plan *model.Plan, items []item) map[string]string {
	out := map[string]string{}
	if r.opts.Lens == nil {
		return out
	}
	for i := range items {
		of := takenRecord(&items[i])
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

// takenRecord is the record that an item takes from somebody; its id is empty for any other item, and for a record that
// the plan creates. Steps that give, and those that change single memberships, say in full by themselves what they rest
// on: a push of OneLogin to the same record is no reason to leave them out.
func takenRecord(in *item) model.Principal {
	if !in.Takes() {
		return model.Principal{}
	}
	return in.recordChangedBy(model.DeleteGroup, model.RenameGroup, model.DeleteUser, model.DeactivateUser,
		model.UpdateUser)
}

// pinRevision lets a step that takes go ahead only while the record is the version that the plan was made for. SCIM
// itself has nothing of the kind. A record that an earlier step of the plan may change gets another revision by that.
func (k *compiler) pinRevision(in *item) {
	of := takenRecord(in)
	revision := k.revisions[of.ID]
	mayChange := func(s model.Step) bool { return mayChangeRevision(&s, of) }
	if revision == "" || slices.ContainsFunc(k.plan.Steps, mayChange) {
		return
	}
	in.Before = append(slices.Clone(in.Before),
		model.RevisionIs.On(of.ID, in.Subject.Name).Being(string(of.Type), revision))
}

// mayChangeRevision reports whether a step may give a record another revision. Account assignments do not.
func mayChangeRevision(s *model.Step, of model.Principal) bool {
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
