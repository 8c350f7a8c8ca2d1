package main

import (
	"context"
	"strconv"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/tui"
	"github.com/scimdrift/scimdrift/tui/connections"
)

// configuredConnections lists the configured connections for the board and opens the one that the operator goes to.
type configuredConnections struct {
	*program

	mu     sync.Mutex
	opened []*session
}

var _ tui.Connections = (*configuredConnections)(nil)

// List reads the configuration anew, so that what was mended meanwhile shows. Secrets stay where they are.
func (c *configuredConnections) List(ctx context.Context) ([]connections.Info, error) {
	file, err := c.configuration()
	if err != nil {
		return nil, err
	}
	names := file.Names()
	out := make([]connections.Info, 0, len(names))
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, c.info(file, name))
	}
	return out, nil
}

func (c *configuredConnections) info(file *config.File, name string) connections.Info {
	connection, _ := file.Checked(name) // one that is wrong is listed too
	info := connections.Info{
		Face: model.Face{
			Connection: name, Accent: connection.Accent, ReadOnly: connection.Guard.ReadOnly || c.flags.readOnly,
			Sides: sideNames(sourceName(connection), connection.Target.Dialect, targetName(connection.Target.URL)),
		},
		SharedWith: file.Sharing(name),
	}
	var err error
	if info.Health, err = state.Open(state.OS(), c.state, stateKeyOf(&connection)).Health().Get(); err != nil {
		info.Trouble = err.Error()
	}
	if info.Unsettled, err = unsettledOf(c.journalStore(), &connection); err != nil {
		info.Trouble = err.Error()
	}
	return info
}

// unsettledOf finds a run with steps in doubt, by the fingerprint where the configuration tells it, else by the name:
// nothing is asked of OneLogin for a list.
func unsettledOf(store *journal.Store, c *config.Connection) (string, error) {
	if id := c.OneLogin.AppID; id != 0 {
		run, _, err := store.Unsettled(c.Fingerprint(strconv.FormatInt(id, 10)))
		return run, err
	}
	runs, err := store.Runs("")
	if err != nil {
		return "", err
	}
	for _, r := range runsOfConnection(runs, c.Name) {
		if r.InDoubt() {
			return r.ID, nil
		}
	}
	return "", nil
}

// Open connects to a connection; this is where its secrets are resolved.
func (c *configuredConnections) Open(ctx context.Context, name string) (tui.Opened, error) {
	s, err := c.openNamed(ctx, name)
	if err != nil {
		return tui.Opened{}, err
	}
	c.mu.Lock()
	c.opened = append(c.opened, s)
	c.mu.Unlock()
	return s.asOpened(), nil
}

// asOpened is a session as the board shows and asks it.
func (s *session) asOpened() tui.Opened {
	c := &s.connection
	out := tui.Opened{
		Outside: s,
		Face: model.Face{
			Connection: c.Name, Accent: c.Accent, ReadOnly: c.Guard.ReadOnly,
			Sides: sideNames(s.orInDemo(sourceName(*c), "simulated"), c.Target.Dialect, s.targetName()),
		},
	}
	if c.OneLogin.Simulated() {
		out.Press = s.press
	}
	return out
}

func sideNames(source, dialect, target string) [2]model.SideName {
	out := [2]model.SideName{
		{Title: "OneLogin", Short: "OneLogin", Detail: source}, {Title: "SCIM target", Short: "target", Detail: target},
	}
	if dialect == "aws" {
		out[model.TargetSide].Title, out[model.TargetSide].Short = "AWS IAM Identity Center", "AWS"
	}
	return out
}

// close ends what was opened. It comes after the board, when no read goes on any more.
func (c *configuredConnections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.opened {
		s.close()
	}
	c.opened = nil
}
