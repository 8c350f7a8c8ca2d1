package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
)

// repairs makes the repairer of the connection when it is first wanted. A connection that names its app by a pattern is told
// apart by the app that was found, so that OneLogin may be asked for it.
func (s *session) repairs(ctx context.Context) (*repair.Repairer, error) {
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return nil, err
	}
	s.repairing.Lock()
	defer s.repairing.Unlock()
	if s.repairer == nil {
		c := s.connection
		out, who, host := outside{s}, s.who(), s.host()
		s.repairer = repair.New(repair.Options{
			Connection: c.Name, Fingerprint: fingerprint, Source: s.source, Target: s.reach, Lens: s.assignments(), Reader: s.loader, Journal: s.journal,
			Guard: c.Guard, Groups: c.Groups, SharedWith: s.shared, Locate: out.Place, Open: out.Open,
			HandoffDeadline: c.HandoffDeadline, Who: who, Host: host, Version: version, Now: time.Now, Forgets: s.forgets,
		})
	}
	return s.repairer, nil
}

// fingerprint tells the connection apart by its addresses and app. A demo listens on another port each time and is told by what
// its tenant is made of, so that a plan of one demo can be run by the next.
func (s *session) fingerprint(ctx context.Context) (string, error) {
	if s.sim != nil {
		return s.tenant.fingerprint(), nil
	}
	if id := s.connection.OneLogin.AppID; id != 0 {
		return s.connection.Fingerprint(strconv.FormatInt(id, 10)), nil
	}
	if c := s.loader.Last(); c != nil && c.Source.App.ID != "" {
		return s.connection.Fingerprint(c.Source.App.ID), nil
	}
	app, err := s.source.App(ctx)
	if err != nil {
		return "", fmt.Errorf("the app of connection %s: %w", s.connection.Name, err)
	}
	return s.connection.Fingerprint(app.ID), nil
}

// fingerprint tells a built-in tenant by what it is made of, however much of that was left to the scenario.
func (f *tenantFlags) fingerprint() string {
	o := f.options()
	if filled, err := o.Filled(); err == nil {
		o = filled
	}
	return model.Fingerprint("demo", o.Scenario, strconv.Itoa(o.Users), strconv.Itoa(o.Groups), strconv.FormatUint(o.Seed, 10))
}

// who is the user whom the journal names; the system may know none. A demo is made up, and its pictures name nobody.
func (s *session) who() string {
	if s.sim != nil {
		return "you"
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

// host is the machine that the journal names; empty in a demo.
func (s *session) host() string {
	if s.sim != nil {
		return ""
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "unknown"
}
