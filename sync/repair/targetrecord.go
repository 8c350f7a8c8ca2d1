package repair

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// recordFor gives an intent the record that its adapter needs: the one at the target, or what the steps so far make of
// it. The result names the record in the compiler's maps; empty if none is needed.
func (k *compiler) recordFor(ctx context.Context, in *item) (record model.RecordRef, err error) {
	if in.Channel != model.Direct || in.Repair.OfAssignments() {
		return record, nil
	}
	record = k.r.opts.Target.Needs(&in.Intent)
	if _, known := k.records[record]; !known && record.ID != "" {
		if k.records[record], err = k.readRecord(ctx, record); err != nil {
			delete(k.records, record)
			return record, err
		}
	}
	in.Record, in.Rewritten = k.records[record], k.rewritten[record]
	return record, nil
}

// readRecord reads a record that a request is built on. What the record leaves out that is known of it would be lost
// with the write, or be kept out of the list that is written, so that it has to show as much as the target's list does,
// and as both did when they were read.
func (k *compiler) readRecord(ctx context.Context, need model.RecordRef) (json.RawMessage, error) {
	t, found, err := k.r.opts.Target.Record(ctx, need.Type, need.ID, false)
	raw := t.Raw
	if err == nil && !found {
		err = fmt.Errorf("the %s %s is gone from the target; reload both sides", need.Type, model.Visible(need.ID))
	}
	if err == nil {
		err = k.errIfIncomplete(ctx, need, raw)
	}
	return raw, err
}

// errIfIncomplete is an error for a record that shows less than is known of it.
func (k *compiler) errIfIncomplete(ctx context.Context, need model.RecordRef, raw json.RawMessage) error {
	known, name, err := k.lastKnownRecord(need)
	if err != nil {
		return err
	}
	fuller := map[string]json.RawMessage{"when both sides were read": known}
	if name = cmp.Or(nameOf(raw), name); name != "" {
		row, listed, err := k.r.opts.Target.Listed(ctx, need.Type, need.ID, name)
		if err != nil {
			return fmt.Errorf("whether the record of the %s %s is shown whole cannot be told: %w; try again", need.Type,
				model.Visible(name), err)
		}
		if listed {
			fuller["in the target's list"] = row
		}
	}
	for _, where := range slices.Sorted(maps.Keys(fuller)) {
		lacks, err := model.MissingAttributes(fuller[where], raw)
		if err != nil {
			return err
		}
		if len(lacks) > 0 {
			return fmt.Errorf("the record of the %s %s is shown without what it had %s (%s), and to write it back "+
				"would take that away; change it at the target, or find out there why the record shows less and "+
				"reload both sides", need.Type, model.Visible(cmp.Or(name, need.ID)), where,
				model.Visible(strings.Join(model.Map(lacks, (*model.MissingAttribute).String), ", ")))
		}
	}
	return nil
}

// lastKnownRecord is a record as the last reading has it, in SCIM's words. A group of unknown members could lose some.
func (k *compiler) lastKnownRecord(need model.RecordRef) (record json.RawMessage, name string, err error) {
	said := map[string]any{}
	if need.Type == model.SubjectGroup {
		if g, ok := k.index.Group(need.ID); ok {
			group := &k.c.Target.Groups[g]
			if name = group.Name; group.MembersUnknown != "" {
				return nil, name, fmt.Errorf("who is in %s is not known (%s), and to write its record back could put "+
					"some of them out; change it at the target", model.Visible(name), group.MembersUnknown)
			}
			members := []any{}
			for _, u := range k.c.Target.Members.Of(int(g)) {
				members = append(members, k.c.Target.Users[u].ID)
			}
			said["members"] = members
		}
	} else if u, ok := k.index.User(need.ID); ok {
		user := &k.c.Target.Users[u]
		name = user.UserName
		said[fieldUserName], said[fieldExternalID], said["displayName"] = user.UserName,
			user.ExternalID, user.DisplayName
		said["name"] = map[string]any{"givenName": user.GivenName, "familyName": user.FamilyName}
		if user.Email != "" {
			said["emails"] = []any{user.Email}
		}
	}
	record, err = json.Marshal(said)
	return record, name, err
}

func nameOf(raw json.RawMessage) string {
	var record struct {
		UserName    string `json:"userName"`    //nolint:tagliatelle // SCIM's own names
		DisplayName string `json:"displayName"` //nolint:tagliatelle // SCIM's own names
	}
	_ = json.Unmarshal(raw, &record) // then it is looked for by the name that was read before
	return cmp.Or(record.UserName, record.DisplayName)
}

// rememberRecord remembers what an intent's requests make of its record, or no more than that it is not what it was.
func (k *compiler) rememberRecord(in *item, record model.RecordRef, requests []model.Encoded) {
	for _, encoded := range requests {
		switch q := encoded.Request; {
		case q.Method == http.MethodPost && in.Repair == model.CreateGroup:
			made := model.RecordRef{Type: model.SubjectGroup, Ref: in.Key}
			k.records[made], k.rewritten[made] = q.Body, true
		case record == (model.RecordRef{}):
		case q.Method == http.MethodPut:
			k.records[record], k.rewritten[record] = q.Body, true
		default:
			k.rewritten[record] = true
		}
	}
}
