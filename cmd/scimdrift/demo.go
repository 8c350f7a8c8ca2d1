package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

const demoName = "demo"

func (p *program) demoCommand() *cobra.Command {
	var at boardStart
	cmd := command("demo", "Look at a built-in tenant full of drift; nothing leaves this machine", cobra.NoArgs,
		func(ctx context.Context, _ []string) error {
			p.flags.demo = true
			return p.board(ctx, at)
		})
	p.startFlags(cmd, &at)
	return cmd
}

func (p *program) simulate(ctx context.Context, _ []string) error {
	server, _, err := startTenant(ctx, p.flags.tenant, nil)
	if err != nil {
		return err
	}
	if err := p.print("%s", server.Config()); err != nil {
		return err
	}
	<-ctx.Done()
	p.stopped = true
	if err := server.Close(); err != nil {
		return fmt.Errorf("stop the simulation: %w", err)
	}
	return nil
}

// startTenant serves a tenant; target bends the SCIM side, nil is a current AWS endpoint. config is what the server's
// Config gives, at once: a large tenant takes seconds to make, and every request and Config wait until it is there.
func startTenant(
	ctx context.Context, f tenantFlags, target *scim.Knobs,
) (server *sim.Server, config string, err error) {
	t, fill, err := tenants.Begin(f.Options)
	if err != nil {
		return nil, "", fmt.Errorf("make the tenant: %w", err)
	}
	server, err = sim.Start(ctx, sim.Options{
		World: t.World, AppID: t.AppID, Latency: f.latency, SCIM: target,
		Connection: sim.Connection{
			From: cmp.Or(f.from, "roles"), Roles: tenants.RolesPattern,
			NudgeAttribute: tenants.NudgeAttribute, Lens: f.lens,
		},
	})
	if err != nil {
		return nil, "", fmt.Errorf("start the simulation: %w", err)
	}
	config = server.Config()
	t.World.Lock()
	go func() {
		defer t.World.Unlock()
		fill()
	}()
	return server, config, nil
}

func (p *program) demoConnection(ctx context.Context) (config.Connection, *sim.Server, error) {
	unhurried := scim.Current().Unlimited() // a person waits for this one
	server, text, err := startTenant(ctx, p.flags.tenant, &unhurried)
	if err != nil {
		return config.Connection{}, nil, err
	}
	if !p.onBoard { // how long the tenant takes to make is no part of what a read takes
		text = server.Config()
	}
	file, err := config.Parse([]byte(text), "the demo's configuration")
	if err != nil {
		return config.Connection{}, nil, err
	}
	c, err := file.Connection(ctx, "", config.Sources{})
	c.Name = demoName
	c.OneLogin.RateShare, c.Target.RateShare = 1, unlimited
	return c, server, err
}

// pressTime is more than a simulation on this machine takes.
const pressTime = 10 * time.Second

// press asks the simulation on this machine. No service that is not simulated has such an address.
func (s *session) press(ctx context.Context, app string, step *model.Step) error {
	ctx, cancel := context.WithTimeout(ctx, pressTime)
	defer cancel()
	if step.Handoff.BoxesOff {
		if err := s.pressButton(ctx, app, "boxes/no-approval"); err != nil {
			return err
		}
	}
	return s.pressButton(ctx, app, map[model.RepairName]string{ // all that have a place in the console
		model.RefreshEntitlements: "refresh", model.ReapplyMappings: "reapply", model.SyncLogins: "sync-logins",
		model.ApprovePending: "approve-all", model.OpenApp: "boxes/settings", model.OpenRules: "boxes/rules",
	}[step.Repair])
}

func (s *session) pressButton(ctx context.Context, app, button string) error {
	address := s.connection.OneLogin.URL + "/__sim/console/apps/" + url.PathEscape(app) + "/" + button
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
	if err != nil {
		return fmt.Errorf("the simulation has no such address: %w", err)
	}
	answer, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		return fmt.Errorf("the simulation does not answer: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // nothing of it is read
	if answer.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("the simulation answered %s; do it on the page that o opens", answer.Status)
	}
	return nil
}
