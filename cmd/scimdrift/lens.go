package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// target is everything that is asked of the target, in whatever way.
type target interface {
	load.Target
	load.TargetProber
	repair.Target

	Budget() model.Budget
}

// wireTarget makes the SCIM client, the lens where one is configured, and what is read of both.
func (s *session) wireTarget(roots *x509.CertPool) (err error) {
	c := s.connection
	wire := transport.Options{
		UserAgent: agent(), RootCAs: roots, Observe: s.observe(model.TargetSide), Recorder: s.recorder,
		Secrets: []string{c.OneLogin.ClientID, c.OneLogin.ClientSecret},
	}
	if c.AWS.Configured() {
		lens := wire
		if c.AWS.Simulated() { // it is ready again at once, and nobody else asks it
			lens.Backoff, lens.MaxBackoff = 5*time.Millisecond, 20*time.Millisecond
		}
		if s.lens, err = identitycenter.New(identitycenter.Options{
			Credentials: madeUp(c.AWS),
			Region:      c.AWS.Region, Profile: c.AWS.Profile, IdentityStoreID: c.AWS.IdentityStoreID,
			InstanceARN: c.AWS.InstanceARN, Endpoint: c.AWS.Endpoint, RateShare: c.Target.RateShare, HTTP: lens,
		}); err != nil {
			return err
		}
	}
	if c.Target.Token == "" {
		s.target = lensOnly{s.lens}
		return nil
	}
	s.scim, err = scim.New(scim.Options{
		URL: c.Target.URL, Token: c.Target.Token, Dialect: c.Target.Dialect, RateShare: c.Target.RateShare,
		Write: c.Target.Write, NoGroups: c.Target.SkipGroups,
		HTTP: wire,
	})
	if err != nil {
		return err
	}
	s.target = s.scim
	if s.lens != nil {
		s.target = lensed{load.NewLensed(s.scim, s.lens), s.scim}
	}
	return nil
}

// madeUp are credentials for a simulator of this machine: nobody's own are shown to it, nor looked for. nil is AWS's
// own chain.
func madeUp(c config.AWS) aws.CredentialsProvider {
	if !c.Simulated() {
		return nil
	}
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID: "SIMULATED", SecretAccessKey: "simulated", Source: "made up for a simulator",
		}, nil
	})
}

// lensed is a target with a lens before it: the lists come through the lens, everything else straight from the target.
type lensed struct {
	*load.Lensed

	scim *scim.Client
}

func (l lensed) Prepare(ctx context.Context) error                { return l.scim.Prepare(ctx) }
func (l lensed) Needs(in *model.Intent) model.RecordRef           { return l.scim.Needs(in) }
func (l lensed) Encode(in *model.Intent) ([]model.Encoded, error) { return l.scim.Encode(in) }

func (l lensed) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	return l.scim.Write(ctx, r)
}

func (l lensed) Recall(users []model.User, groups []model.Group) {
	l.Lensed.Recall(users, groups)
	l.scim.Recall(users, groups)
}

func (l lensed) Listed(ctx context.Context, of model.SubjectType, id, name string) (json.RawMessage, bool, error) {
	return l.scim.Listed(ctx, of, id, name)
}

// Record has the members of a group come through the lens too.
func (l lensed) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (model.TargetRecord, bool, error) {
	t, found, err := l.scim.Record(ctx, of, id, false)
	if err == nil && found && members {
		t.Members, err = l.MembersOf(ctx, id)
	}
	return t, found, err
}

func (l lensed) Capabilities(ctx context.Context) model.Capabilities { return l.scim.Capabilities(ctx) }
func (l lensed) Budget() model.Budget                                { return l.scim.Budget() }

// lensOnly is a target without a token: it is read through AWS's own APIs, and nothing can be written.
type lensOnly struct{ *identitycenter.Client }

var errNoToken = errors.New("this connection has no SCIM token and is therefore read-only; set target.token")

func (lensOnly) Prepare(context.Context) error                 { return nil }
func (lensOnly) Needs(*model.Intent) model.RecordRef           { return model.RecordRef{} }
func (lensOnly) Encode(*model.Intent) ([]model.Encoded, error) { return nil, errNoToken }

func (lensOnly) Write(context.Context, model.Request) (model.Answer, error) {
	return model.Answer{}, &model.WriteError{Fate: model.WriteNotSent, Err: errNoToken}
}

func (lensOnly) Listed(context.Context, model.SubjectType, string, string) (json.RawMessage, bool, error) {
	return nil, false, errNoToken
}

func (lensOnly) Record(context.Context, model.SubjectType, string, bool) (model.TargetRecord, bool, error) {
	return model.TargetRecord{}, false, errNoToken
}

func (lensOnly) Capabilities(context.Context) model.Capabilities {
	return model.Capabilities{Trouble: "there is no token to ask the SCIM endpoint with; the AWS lens reads in " +
		"its place"}
}

func (lensOnly) Budget() model.Budget { return model.Budget{} }

// assignments is what knows account assignments; nil without a lens.
func (s *session) assignments() repair.Lens {
	if s.lens == nil {
		return nil
	}
	return proven{s.lens, s.target}
}

// proven holds the lens back until it is known to read the directory that the token writes to.
type proven struct {
	*identitycenter.Client

	target target
}

// proof fails unless both are one directory; without a token there is nothing to tell apart.
func (p proven) proof(ctx context.Context) error {
	if both, ok := p.target.(lensed); ok {
		return both.Proven(ctx)
	}
	return nil
}

// once asks the lens after the proof.
func once[Q, A any](ctx context.Context, p proven, ask func(context.Context, Q) (A, error), q Q) (none A, err error) {
	if err := p.proof(ctx); err != nil {
		return none, err
	}
	return ask(ctx, q)
}

func (p proven) Assignments(ctx context.Context, of model.Principal) ([]model.Assignment, error) {
	return once(ctx, p, p.Client.Assignments, of)
}

func (p proven) Assigned(ctx context.Context, a model.Assignment) (bool, error) {
	return once(ctx, p, p.Client.Assigned, a)
}

func (p proven) Revision(ctx context.Context, of model.Principal) (string, error) {
	return once(ctx, p, p.Client.Revision, of)
}

func (p proven) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	if err := p.proof(ctx); err != nil {
		return model.Answer{}, &model.WriteError{Fate: model.WriteNotSent, Err: err}
	}
	return p.Client.Write(ctx, r)
}

func (p proven) Dangling(ctx context.Context, known map[string]bool, most int) ([]model.Assignment, string, error) {
	if err := p.proof(ctx); err != nil {
		return nil, "", err
	}
	return p.Client.Dangling(ctx, known, most)
}

func (p proven) AccessControl(ctx context.Context, most int) model.AccessFacts {
	if err := p.proof(ctx); err != nil {
		return model.AccessFacts{Trouble: err.Error(), Conditions: model.ConditionFacts{Trouble: err.Error()}}
	}
	return p.Client.AccessControl(ctx, most)
}

// Groups and GetUser tell who made records.
func (p proven) Groups(ctx context.Context, progress func(done, expected int)) ([]model.Group, model.Coverage) {
	if err := p.proof(ctx); err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	return p.Client.Groups(ctx, progress)
}

func (p proven) GetUser(ctx context.Context, id string) (model.User, bool, error) {
	if err := p.proof(ctx); err != nil {
		return model.User{}, false, err
	}
	return p.Client.GetUser(ctx, id)
}

// formerByJournal is what the runs of this connection say of groups that may be gone by now.
func (s *session) formerByJournal() ([]model.FormerName, error) {
	fingerprint, err := s.fingerprint(context.Background())
	if err != nil {
		return nil, err
	}
	runs, err := s.journal.Runs(fingerprint)
	if err != nil {
		return nil, err
	}
	return model.FormerByRuns(runs), nil
}

// formerByReading is what the last reading that was kept says of the groups at the target. One that cannot be read is
// as good as none, which the start of the board says.
func (s *session) formerByReading() []model.FormerName {
	if !s.connection.Remember {
		return nil
	}
	kept, err := s.store.Reading()
	if err != nil || kept == nil {
		return nil
	}
	return append(kept.Target.Former, model.NamesOf(kept.Target.Groups, kept.Target.At[model.PartGroups])...)
}

// deepened adds what only the lens can tell to what the loader is asked; nothing without a lens.
func (s *session) deepened(o load.Options) load.Options {
	if s.lens != nil {
		p := proven{s.lens, s.target}
		o.Assignments, o.Dangling, o.Access, o.Origin = p.Assignments, p.Dangling, p.AccessControl, p
		o.Former = load.Former{Journal: s.formerByJournal, LastKnown: s.formerByReading}
	}
	return o
}
