package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// demoName is the name of the connection to the built-in tenant.
const demoName = "demo"

func (p *program) demoCommand() *cobra.Command {
	var at start
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Look at a built-in tenant full of drift; nothing leaves this machine",
		Long: "Look at a built-in tenant full of drift. Both services are simulated on this machine; nothing leaves " +
			"it.\nWith --lens account assignments show too, and lingering groups that open an account are critical.\n" +
			"\nScenarios:\n" + scenarios(),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.flags.demo = true
			return p.board(cmd.Context(), at)
		},
	}
	p.startFlags(cmd, &at)
	return cmd
}

func (p *program) simulateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "simulate",
		Short: "Serve both simulated services until stopped, and print the configuration that connects to them",
		Long: "Serve a simulated OneLogin and SCIM target on loopback until stopped. Standard output is exactly the " +
			"configuration that\nconnects to them, written once they answer:\n\n  scimdrift simulate > sim.toml &\n  " +
			"scimdrift check --config sim.toml\n\nWith --lens the configuration has the AWS lens, which signs its " +
			"requests to the simulator with made-up credentials.\n\nScenarios:\n" + scenarios(),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.simulate(cmd.Context()) },
	}
}

func (p *program) simulate(ctx context.Context) error {
	server, err := startTenant(ctx, p.flags.tenant, nil)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(p.stdout, server.Config()); err != nil {
		return fmt.Errorf("print the configuration: %w", err)
	}
	<-ctx.Done()
	p.stopped = true
	if err := server.Close(); err != nil {
		return fmt.Errorf("stop the simulation: %w", err)
	}
	return nil
}

// options are what the built-in tenant is made of.
func (f *tenantFlags) options() tenants.Options {
	return tenants.Options{Scenario: f.scenario, Users: f.users, Groups: f.groups, Seed: f.seed}
}

// startTenant builds a tenant and serves it; target bends the SCIM side, nil is a current AWS endpoint.
func startTenant(ctx context.Context, f tenantFlags, target *scim.Options) (*sim.Server, error) {
	if !slices.Contains([]string{"", "roles", "rules", "auto"}, f.from) {
		return nil, fmt.Errorf("--from takes roles, rules or auto, and not %s", model.Visible(f.from))
	}
	t, err := tenants.Build(f.options())
	if err != nil {
		return nil, fmt.Errorf("make the tenant: %w", err)
	}
	server, err := sim.Start(ctx, sim.Options{
		World: t.World, AppID: t.AppID, Latency: f.latency, SCIM: target,
		Connection: sim.Connection{
			From: cmp.Or(f.from, "roles"), Roles: t.RolesPattern,
			NudgeAttribute: t.Connection.NudgeAttribute, Lens: f.lens,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("start the simulation: %w", err)
	}
	return server, nil
}

// demoConnection starts the built-in tenant in this process and gives the connection to it.
func (p *program) demoConnection(ctx context.Context) (config.Connection, *sim.Server, error) {
	unhurried := scim.Current()
	unhurried.ReadRate, unhurried.WriteRate, unhurried.MembershipRate = 0, 0, 0 // a person waits for this one
	server, err := startTenant(ctx, p.flags.tenant, &scim.Options{Knobs: &unhurried})
	if err != nil {
		return config.Connection{}, nil, err
	}
	file, err := config.Parse([]byte(server.Config()), "the demo's configuration")
	if err != nil {
		return config.Connection{}, nil, err
	}
	c, err := file.Connection(ctx, "", config.Sources{})
	c.Name = demoName
	c.OneLogin.RateShare, c.Target.RateShare = 1, unlimited
	return c, server, err
}

// scenarios lists them for the help.
func scenarios() string {
	var b strings.Builder
	for _, s := range tenants.Scenarios() {
		fmt.Fprintf(&b, "  %-22s %s\n", s.Name, s.About)
	}
	return b.String()
}
