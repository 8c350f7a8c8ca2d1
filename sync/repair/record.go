package repair

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/scimdrift/scimdrift/model"
)

// hand gives an intent the record that its adapter needs: the one at the target, or what the steps so far make of it. The
// result names the record in the compiler's maps; empty if none is needed.
func (k *compiler) hand(ctx context.Context, in *item) (record string, err error) {
	if in.Channel != model.Direct || in.Repair == model.RemoveAssignments || in.Repair == model.RestoreAssignments {
		return "", nil
	}
	need := k.r.opts.Target.Needs(&in.Intent)
	record = cmp.Or(need.ID, need.Ref)
	if record == "" {
		return "", nil
	}
	if _, known := k.records[record]; !known && need.ID != "" {
		if k.records[record], err = k.read(ctx, need); err != nil {
			delete(k.records, record)
			return "", err
		}
	}
	in.Record, in.Rewritten = k.records[record], k.rewritten[record]
	return record, nil
}

func (k *compiler) read(ctx context.Context, need model.RecordRef) (json.RawMessage, error) {
	from := k.r.opts.Target.RawUser
	if need.Type == model.SubjectGroup {
		from = k.r.opts.Target.RawGroup
	}
	raw, found, err := from(ctx, need.ID)
	if err == nil && !found {
		k.gone = true
		err = fmt.Errorf("the %s %s is gone from the target; reload both sides", need.Type, model.Visible(need.ID))
	}
	return raw, err
}

// keep remembers what an intent's requests make of its record: the whole of it where they say the whole, else no more than
// that it is not what it was.
func (k *compiler) keep(in *item, record string, requests []model.Encoded) {
	for _, encoded := range requests {
		switch q := encoded.Request; {
		case q.Method == http.MethodPost && (in.Repair == model.CreateUser || in.Repair == model.CreateGroup):
			k.records[in.Key], k.rewritten[in.Key] = q.Body, true
		case record == "":
		case q.Method == http.MethodPut:
			k.records[record], k.rewritten[record] = q.Body, true
		default:
			k.rewritten[record] = true
		}
	}
}
