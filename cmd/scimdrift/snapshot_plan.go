package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
)

// errStill is why nothing is read for a plan from a snapshot.
var errStill = errors.New("it would have to be read first, and nothing is read from a snapshot; open the connection itself")

// snapshotPrint is the fingerprint of a plan from a snapshot: that of no connection, so that none runs it.
const snapshotPrint = "snapshot"

// Plan says what ending findings would have sent. Neither the limits of the guard nor the journal are known, so that the screen does
// not show what the guard says of it.
func (o still) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	return repair.New(repair.Options{
		Connection: o.snap.Connection, Fingerprint: snapshotPrint, Source: stillSource{}, Target: stillTarget{scim.NewDraft(o.compared.Target.Kind)},
		Reader: stillReader{o.compared}, Guard: model.DefaultGuard(), Groups: o.snap.Options.Groups, Locate: o.Place, Now: time.Now,
	}).Plan(ctx, picks, allow)
}

// stillReader has read all that it ever will.
type stillReader struct{ compared *model.Comparison }

func (r stillReader) Last() *model.Comparison                         { return r.compared }
func (r stillReader) Baseline() *model.Baseline                       { return nil }
func (r stillReader) Read(context.Context) (*model.Comparison, error) { return nil, errStill }

func (r stillReader) Refresh(context.Context, model.Subject) (*model.Comparison, error) {
	return nil, errStill
}

// BearOut asks nobody: the services of a snapshot are not there.
func (r stillReader) BearOut(context.Context, ...string) (*model.Comparison, error) {
	return r.Last(), nil
}

func (r stillReader) ReadsInFull() string { return "" }

func (r stillReader) Renew(context.Context, string) (*model.Comparison, string, error) {
	return nil, "", errStill
}

func (r stillReader) Recheck(
	context.Context, model.Question, func(context.Context) (*model.Sight, error),
) (*model.Comparison, error) {
	return nil, errStill
}

// stillSource is a OneLogin that nobody asks. A snapshot does not hold the name of the attribute that a nudge writes.
type stillSource struct{}

func (stillSource) Encode(*model.Intent, string) ([]model.Encoded, error) { return nil, errStill }
func (stillSource) Left() model.Budget                                    { return model.Budget{} }

func (stillSource) Tail(context.Context, time.Time) ([]model.Event, error) { return nil, errStill }
func (stillSource) Login(context.Context, string) (model.Login, error) {
	return model.Login{}, errStill
}

func (stillSource) Write(context.Context, model.Request) (model.Answer, error) {
	return model.Answer{}, errStill
}

// stillTarget words requests, and neither reads nor writes.
type stillTarget struct{ scim.Draft }

func (stillTarget) Prepare(context.Context) error { return nil }

func (stillTarget) Write(context.Context, model.Request) (model.Answer, error) {
	return model.Answer{}, errStill
}

func (stillTarget) FindUser(context.Context, string, string) (model.User, bool, error) {
	return model.User{}, false, errStill
}

func (stillTarget) FindGroup(context.Context, string, string) (model.Group, bool, error) {
	return model.Group{}, false, errStill
}

func (stillTarget) GetUser(context.Context, string) (model.User, bool, error) {
	return model.User{}, false, errStill
}

func (stillTarget) GetGroup(context.Context, string) (model.Group, bool, error) {
	return model.Group{}, false, errStill
}

func (stillTarget) MembersOf(context.Context, string) (model.MemberList, error) {
	return model.MemberList{}, errStill
}

func (stillTarget) Lists(context.Context, model.SubjectType, string, string) (bool, error) {
	return false, errStill
}

func (stillTarget) Listed(context.Context, model.SubjectType, string, string) (json.RawMessage, bool, error) {
	return nil, false, errStill
}

func (stillTarget) Record(context.Context, model.SubjectType, string, bool) (model.TargetRecord, bool, error) {
	return model.TargetRecord{}, false, errStill
}

func (stillTarget) GroupsOf(context.Context, string) (groups []model.GroupRef, incomplete string, err error) {
	return nil, "", errStill
}
