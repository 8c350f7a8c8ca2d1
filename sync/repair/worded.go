package repair

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// worded holds every step of a plan against what this program makes of such a step. The checksum shows that a plan was damaged and
// not who wrote it: anybody who edits the file can seal it again. So a step must rest on what its repair rests on, and its
// request must be, byte for byte, the one that the adapter words for what the step says of itself.
func (r *Repairer) worded(ctx context.Context, plan *model.Plan, c *model.Comparison) error {
	var undone *model.Run
	if plan.Undoes != "" {
		run, err := r.opts.Journal.Run(plan.Undoes)
		if err == nil {
			err = r.mine(&run)
		}
		if err != nil {
			return fmt.Errorf("the plan takes back a run that the journal does not tell of: %w", err)
		}
		undone = &run
	}
	k := compiler{r: r, c: c, index: newTargetIndex(c), records: map[string]json.RawMessage{}, rewritten: map[string]bool{}}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		err := numbered(s, i)
		if err == nil {
			err = grounded(s, undone != nil)
		}
		if err == nil && undone != nil {
			err = (&back{r: r, run: undone, created: createdBy(undone)}).answers(s)
		}
		if err == nil {
			err = k.sends(ctx, s, undone, plan.MadeAt.Format(time.RFC3339))
		}
		if err != nil {
			return fmt.Errorf("step %s of the plan is none that this program makes, so nothing was written: it %w; make the plan again", model.Visible(s.ID), err)
		}
	}
	return nil
}

// numbered: ids are told on terminals and in the journal, and are ours.
func numbered(s *model.Step, at int) error {
	if want := "s" + strconv.Itoa(at+1); s.ID != want {
		return errors.New("is not called " + want)
	}
	return nil
}

// sends reports whether the step sends what its repair sends.
func (k *compiler) sends(ctx context.Context, s *model.Step, undone *model.Run, stamp string) error {
	r := k.r
	if s.Request == nil {
		return r.leads(s, k.c.Source.App.ID)
	}
	in := intentOf(s)
	record, moot, err := k.again(ctx, s, &in)
	if err != nil || moot {
		return err
	}
	defer k.keep(&item{Intent: in}, record, []model.Encoded{{Request: *s.Request}})
	var requests []model.Encoded
	switch {
	case s.Channel == model.Nudge:
		requests, err = r.opts.Source.Encode(&in, stamp)
	case s.Repair == model.RemoveAssignments || s.Repair == model.RestoreAssignments:
		if r.opts.Lens == nil {
			return nil // without it nothing can be sent, which the step will say
		}
		requests, err = r.opts.Lens.Encode(ctx, &in)
	default:
		requests, err = r.opts.Target.Encode(&in)
	}
	if err != nil {
		return fmt.Errorf("cannot be worded here: %w", err)
	}
	if len(requests) == 1 && alike(requests[0].Request, *s.Request) {
		return rests(s, requests[0].Before)
	}
	if undone != nil && len(requests) == 1 && (s.Repair == model.CreateUser || s.Repair == model.CreateGroup) {
		for i := range undone.Steps {
			for _, kept := range undone.Steps[i].Backup {
				again, err := rebuilt(slices.Clone(requests), kept.Raw)
				if err == nil && alike(again[0].Request, *s.Request) {
					return nil
				}
			}
		}
	}
	return fmt.Errorf("sends something else than %s of %s", s.Repair, model.Visible(s.Subject.Name))
}

// again gives an intent the record that its request was built on, as it is now. moot: it has gone or changed since, which the
// conditions of the step will say when its turn comes, so that there is nothing to compare its request with.
func (k *compiler) again(ctx context.Context, s *model.Step, in *model.Intent) (record string, moot bool, err error) {
	it := item{Intent: *in}
	k.gone = false
	_, known := k.records[s.Subject.TargetID]
	if s.Group != nil {
		_, known = k.records[cmp.Or(s.Group.ID, s.Group.Ref)]
	}
	if record, err = k.hand(ctx, &it); err != nil {
		if ctx.Err() == nil && k.gone {
			return "", true, nil
		}
		return "", false, fmt.Errorf("changes a record that could not be read: %w", err)
	}
	*in = it.Intent
	at := slices.IndexFunc(s.Precondition, func(st model.Statement) bool { return st.Fact == model.RecordIs })
	if record == "" || known || at < 0 {
		return record, false, nil
	}
	sight := model.Sight{Records: map[string]json.RawMessage{record: in.Record}}
	if sight.Broken(s.Precondition[at:at+1]) == "" {
		return record, false, nil
	}
	k.keep(&it, record, []model.Encoded{{Request: *s.Request}})
	return record, true, nil
}

// rests reports whether a step has the conditions that come with its request.
func rests(s *model.Step, conditions []model.Statement) error {
	for _, c := range conditions {
		if !slices.ContainsFunc(s.Precondition, func(st model.Statement) bool {
			return st.Side == c.Side && st.Fact == c.Fact && st.Field == c.Field && st.ID == c.ID && st.Ref == c.Ref && st.Value == c.Value &&
				len(st.Users) == len(c.Users)
		}) {
			return fmt.Errorf("does not rest on %s, as its request does", c.Fact)
		}
	}
	return nil
}

// alike reports whether two requests are the same on the wire.
func alike(a, b model.Request) bool {
	var left, right bytes.Buffer
	for body, out := range map[*json.RawMessage]*bytes.Buffer{&a.Body: &left, &b.Body: &right} {
		if len(*body) > 0 && string(*body) != "null" && json.Compact(out, *body) != nil {
			return false
		}
	}
	return a.Service == b.Service && a.Method == b.Method && a.Path == b.Path && maps.Equal(a.Headers, b.Headers) && bytes.Equal(left.Bytes(), right.Bytes())
}

// leads reports whether a handoff leads to the page of its repair: it is opened in a browser. A demo's has another port each time.
func (r *Repairer) leads(s *model.Step, app string) error {
	if s.Handoff == nil || s.Handoff.URL == "" || r.opts.Locate == nil {
		return nil
	}
	link := r.opts.Locate(app, model.Subject(s.Subject), s.Repair).Link
	if link == s.Handoff.URL {
		return nil
	}
	ours, err := url.Parse(link)
	theirs, err2 := url.Parse(s.Handoff.URL)
	if err == nil && err2 == nil && ours.Hostname() == "127.0.0.1" && theirs.Hostname() == ours.Hostname() {
		ours.Host = theirs.Host
		if ours.String() == theirs.String() {
			return nil
		}
	}
	return errors.New("leads to another page than that of " + string(s.Repair))
}

// intentOf is the intent that a step was made of, as far as an adapter needs it to word the request.
func intentOf(s *model.Step) model.Intent {
	in := model.Intent{
		Key: s.ID, Option: model.Option{Repair: s.Repair, Channel: s.Channel}, Findings: s.Findings,
		Subject: model.Subject(s.Subject), Members: s.Members,
	}
	if s.Group != nil {
		in.Group = *s.Group
	}
	switch s.Repair { //nolint:exhaustive // the others are told by their members and their subject
	case model.CreateUser:
		if user, err := personOf(&model.Backup{Raw: s.Request.Body}); err == nil {
			in.User = &user
		}
	case model.UpdateUser, model.RenameGroup:
		in.Changes = changesOf(s)
	case model.RemoveAssignments, model.RestoreAssignments:
		for _, st := range slices.Concat(s.Precondition, s.Afterwards) {
			if st.Fact != model.AssignmentIs || st.Assignment == nil {
				continue
			}
			a := *st.Assignment
			a.PrincipalID, a.PrincipalRef = st.ID, st.Ref
			in.Assignments = []model.Assignment{a}
		}
	}
	return in
}

// changesOf are the values that the step brings about and that were others before.
func changesOf(s *model.Step) (changes []model.FieldDiff) {
	for _, after := range s.Afterwards {
		name, value := after.Field, after.Value
		switch after.Fact {
		case model.UserIs:
			name, value = fieldUserName, after.Name
		case model.GroupIs:
			name, value = model.FieldDisplayName.String(), after.Name
		case model.FieldIs:
		default:
			continue
		}
		then, known := was(s.Precondition, after.Fact, after.Field)
		before := then.Value
		if after.Fact != model.FieldIs {
			before = then.Name
		}
		if !known || before != value {
			changes = append(changes, model.FieldDiff{Name: name, Source: value, Target: before})
		}
	}
	return changes
}

// answers reports whether a step of the way back takes only what the run gave, and changes only what the run changed.
func (b *back) answers(s *model.Step) error {
	for i := range b.run.Steps {
		did := &b.run.Plan.Steps[i]
		if state := b.run.Steps[i].State; state != model.StepConfirmed && state != model.StepUnconfirmed {
			continue
		}
		switch s.Repair {
		case model.DeleteUser, model.DeleteGroup:
			made := map[model.RepairName]model.RepairName{model.DeleteUser: model.CreateUser, model.DeleteGroup: model.CreateGroup}[s.Repair]
			if did.Repair == made && b.run.Steps[i].CreatedID != "" && b.run.Steps[i].CreatedID == s.Subject.TargetID {
				return nil
			}
		case model.RemoveMembers:
			if did.Repair == model.AddMembers && s.Group != nil && b.groupID(did) == s.Group.ID &&
				!slices.ContainsFunc(s.Members, func(m model.Member) bool {
					return !slices.ContainsFunc(did.Members, func(put model.Member) bool { return b.memberID(put) == m.ID })
				}) {
				return nil
			}
		case model.DeactivateUser:
			if did.Repair == model.ActivateUser && did.Subject.TargetID == s.Subject.TargetID {
				return nil
			}
		case model.UpdateUser:
			if did.Repair == model.UpdateUser && did.Subject.TargetID == s.Subject.TargetID {
				return nil
			}
		case model.RenameGroup:
			if did.Repair == model.RenameGroup && did.Group != nil && s.Group != nil && did.Group.ID == s.Group.ID {
				return nil
			}
		case model.RemoveAssignments:
			return errors.New("takes account assignments away, which no undo does")
		default:
			return nil
		}
	}
	return errors.New("takes back what that run did not do")
}
