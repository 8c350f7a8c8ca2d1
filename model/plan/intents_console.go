package plan

import (
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// affectedUsers are the source users whom a finding is about, or who are in the group that it is about.
func (d *drafter) affectedUsers(f *model.Finding) []int32 {
	switch f.Kind { //nolint:exhaustive // the others are about no users
	case model.UserUnsynced, model.UserStillActive, model.UserInactive, model.UserRenamed, model.UserAttributes:
		return []int32{f.Source}
	case model.MembersMissing, model.MembersExtra:
		return f.People
	case model.GroupMissing, model.GroupRenamed:
		return d.Source.Members.Of(int(f.Source))
	}
	return nil
}

// asMember is a source user as a handoff or nudge means him.
func (d *drafter) asMember(s int32) model.Member {
	m := model.Member{UserName: d.Source.Users[s].Called(), SourceID: d.Source.Users[s].ID}
	if t := d.Users.ToTarget[s]; t != model.None {
		m.ID = d.Target.Users[t].ID
	}
	return m
}

// batch is what several findings share: one intent in the making.
type batch struct {
	in    model.Intent
	users []int32
}

// addToBatch adds a finding to the batch of a key.
func addToBatch(batches map[string]*batch, key string, p choice, users ...int32) *batch {
	b := batches[key]
	if b == nil {
		b = &batch{in: newIntent(p)}
		b.in.Key, b.in.Findings = key, nil
		batches[key] = b
	}
	if n := len(b.in.Findings); n == 0 || b.in.Findings[n-1] != p.finding.ID { // they come one after the other
		b.in.Findings = append(b.in.Findings, p.finding.ID)
	}
	b.in.Confidence = min(b.in.Confidence, p.finding.Confidence)
	b.users = append(b.users, users...)
	return b
}

func (d *drafter) finishBatches(batches map[string]*batch) []model.Intent {
	out := make([]model.Intent, 0, len(batches))
	for _, b := range batches {
		slices.Sort(b.users)
		for _, s := range slices.Compact(b.users) {
			b.in.Members = append(b.in.Members, d.asMember(s))
		}
		sortMembers(b.in.Members)
		out = append(out, b.in)
	}
	slices.SortFunc(out, compareIntents)
	return out
}

// addHandoffs makes one intent of all picks of a console repair on one page: a press of its button is for all of them,
// and approvals are given one after the other. Settings on two pages are two steps, each with its own way there.
func (d *drafter) addHandoffs() {
	batches := map[string]*batch{}
	key := func(r model.RepairName, on model.Place) string { return fmt.Sprintf("%s console %d", r, on) }
	for _, p := range d.chosen {
		if p.option.Channel != model.Console {
			continue
		}
		b := addToBatch(batches, key(p.option.Repair, p.finding.Place(p.option.Repair)), p,
			d.affectedUsers(p.finding)...)
		if len(b.in.Findings) > 1 {
			b.in.Subject = d.AppSubject()
		}
	}
	for _, r := range d.buttons {
		if key := key(r, r.Place()); batches[key] == nil {
			batches[key] = &batch{in: model.Intent{
				Key: key, Option: model.Option{Repair: r, Channel: model.Console},
				Subject: d.AppSubject(), Confidence: model.Certain,
			}}
		}
	}
	d.intents = append(d.intents, d.finishBatches(batches)...)
}

// addNudges makes one intent a user. The first is the canary: until it has worked, the others are not touched.
func (d *drafter) addNudges() {
	batches := map[string]*batch{}
	for _, p := range d.chosen {
		if p.option.Channel != model.Nudge {
			continue
		}
		users := d.affectedUsers(p.finding)
		for _, s := range users {
			b := addToBatch(batches, string(p.option.Repair)+" nudge "+d.Source.Users[s].ID, p, s)
			b.in.Subject = d.UserSubject(s, d.Users.ToTarget[s])
			u := &d.Source.Users[s]
			b.in.Before = []model.Condition{model.Wants.On("", "").Being(model.FieldUserName, u.UserName).With(
				model.Member{UserName: u.Called(), SourceID: u.ID})}
		}
		if len(users) == 0 {
			d.leaveOut(p.finding.ID, "it is about no user whom a nudge could touch; use the button in the console")
		}
	}
	all := d.finishBatches(batches)
	for i := range all {
		if i > 0 {
			all[i].WaitFor(all[0].Key)
		}
	}
	d.intents = append(d.intents, all...)
}

// PlaceOf is where an intent's console repair is done: where its findings are mended, else where the repair is.
func PlaceOf(c *drift.Comparison, in *model.Intent) model.Place {
	for f := range in.Ends(c.Findings) {
		return f.Place(in.Repair)
	}
	return in.Repair.Place()
}
