package repair

import (
	"context"
	"maps"

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
