package repair

import (
	"context"
	"maps"

	"github.com/scimdrift/scimdrift/model"
)

// version reads the version of the record that a step writes, if its request is held to one. It comes before the precondition is
// checked: what changes the record before this read shows in that check, and what changes it afterwards makes the target refuse the
// write. It finishes the step where the read fails.
func (r *Repairer) version(ctx context.Context, u *running, i int) (v model.RecordVersion, ok bool) {
	request := u.plan.Steps[i].Request
	if request.Headers[model.HeaderVersion] != model.VersionRef {
		return v, true
	}
	req, err := resolve(*request, u.created)
	if err != nil {
		return v, true // the check says of what it waits for
	}
	u.phase(model.PhaseChecking)
	return r.readVersion(ctx, u, i, req)
}

func (r *Repairer) readVersion(ctx context.Context, u *running, i int, req model.Request) (v model.RecordVersion, ok bool) {
	v, err := r.opts.Target.Version(ctx, req)
	switch {
	case ctx.Err() != nil:
		u.finish(i, model.StepCancelled, "cancelled while it was checked; nothing was written")
	case err != nil:
		u.finish(i, model.StepSkipped, "the version of its record could not be read: "+err.Error()+"; nothing was written")
	default:
		return v, true
	}
	return v, false
}

// hold puts the version that the record was in before the check in place of the reference to it. A version that is another one by now
// is not believed at once: the record may have changed, which ends the step; or it changed in nothing that matters, and stays as it
// now is; or the target makes up another version at each read, and then none can hold a write, which unheld says.
func (r *Repairer) hold(ctx context.Context, u *running, i int, req *model.Request, before model.RecordVersion) (unheld string, ok bool) {
	if req.Headers[model.HeaderVersion] != model.VersionRef {
		return "", true
	}
	var now model.RecordVersion
	for range 2 {
		if now, ok = r.readVersion(ctx, u, i, *req); !ok {
			return "", false
		}
		if now.Digest != before.Digest {
			u.finish(i, model.StepSkipped, "somebody else changed its record while it was checked; nothing was written; reload both sides, then plan again")
			return "", false
		}
		if now.Tag == before.Tag {
			break
		}
		before, now = now, model.RecordVersion{}
	}
	req.Headers = maps.Clone(req.Headers)
	req.Headers[model.HeaderVersion] = now.Tag
	if now.Tag == "" {
		delete(req.Headers, model.HeaderVersion)
	}
	if before.Tag != now.Tag {
		return "the target shows another version of the record at each read, so that none could hold the write", true
	}
	return "", true
}

// overtaken adds to what is said of a write that the target refused for its version whether the record is in another one at all. It is
// not sent again either way: only a new plan shows what would be written now.
func (r *Repairer) overtaken(ctx context.Context, req model.Request, detail string) string {
	tag := req.Headers[model.HeaderVersion]
	now, err := r.opts.Target.Version(context.WithoutCancel(ctx), req)
	if err != nil || tag == "" || now.Tag != tag {
		return detail
	}
	return "nothing was written: the target refused the write as meant for another version of the record (412), and yet it shows the record in " +
		"that very version, " + model.Visible(tag) + "; what stands between may change versions on the way, such as a proxy that compresses: ask who runs the target"
}
