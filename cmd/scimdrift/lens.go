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

// connectTarget makes the SCIM client, the lens where one is configured, and what is read of both.
func (s *session) connectTarget(roots *x509.CertPool) (err error) {
	c := s.connection
	wire := transport.Options{
		UserAgent: userAgent(), RootCAs: roots, Observe: s.observe(model.TargetSide),
		Recorder: s.recorders[model.TargetSide],
		Secrets:  []string{c.OneLogin.ClientID, c.OneLogin.ClientSecret},
	}
	if c.AWS.Configured() {
		lens := wire
		lens.Recorder = s.recorders[2]
		if c.AWS.Simulated() { // it is ready again at once, and nobody else asks it
			lens.Backoff, lens.MaxBackoff = 5*time.Millisecond, 20*time.Millisecond
		}
		s.lens = identitycenter.New(identitycenter.Options{
			Credentials: simulatedCredentials(c.AWS),
			Region:      c.AWS.Region, Profile: c.AWS.Profile, IdentityStoreID: c.AWS.IdentityStoreID,
			InstanceARN: c.AWS.InstanceARN, Endpoint: c.AWS.Endpoint, RateShare: c.Target.RateShare, HTTP: lens,
		})
	}
	if c.Target.Token == "" {
		s.target = lensOnly{s.lens}
		return nil
	}
	s.scim, err = scim.New(scim.Options{
		URL: c.Target.URL, Token: c.Target.Token, Dialect: c.Target.Dialect, RateShare: c.Target.RateShare,
		Write: c.Target.Write, NoGroups: c.Target.SkipGroups(),
		HTTP: wire,
	})
	if err != nil {
		return err
	}
	s.target = s.scim
	if s.lens != nil {
		both := load.NewLensed(s.scim, s.lens)
		s.lens.Require(both.Proven) // or it may read another directory than the token writes to
		s.target = lensed{both, s.scim}
	}
	return nil
}

// simulatedCredentials are credentials for a simulator of this machine: nobody's own are shown to it, nor looked for.
// nil is AWS's own chain.
func simulatedCredentials(c config.AWS) aws.CredentialsProvider {
	if !c.Simulated() {
		return nil
	}
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID: "SIMULATED", SecretAccessKey: "simulated", Source: "made up for a simulator",
		}, nil
	})
}

// directTarget is what is asked of a target itself although a lens stands before it.
type directTarget interface {
	repair.Writer
	load.TargetProber

	Listed(ctx context.Context, of model.SubjectType, id, name string) (json.RawMessage, bool, error)
	Record(ctx context.Context, of model.SubjectType, id string, members bool) (model.TargetRecord, bool, error)
	Recall(ctx context.Context, users []model.User, groups []model.Group)
	Budget() model.Budget
}

// lensed is a target with a lens before it: the lists come through the lens, everything else straight from the target.
type lensed struct {
	*load.Lensed
	directTarget
}

func (l lensed) Recall(ctx context.Context, users []model.User, groups []model.Group) {
	l.Lensed.Recall(ctx, users, groups)
	l.directTarget.Recall(ctx, users, groups)
}

// Record has the members of a group come through the lens too.
func (l lensed) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (model.TargetRecord, bool, error) {
	t, found, err := l.directTarget.Record(ctx, of, id, false)
	if err == nil && found && members {
		t.Members, err = l.MembersOf(ctx, id)
	}
	return t, found, err
}

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
