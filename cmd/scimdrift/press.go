package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui"
)

// pressTime is more than a simulation on this machine takes.
const pressTime = 10 * time.Second

// simulatedButtons are the buttons of the simulated console that repairs by hand ask for.
func simulatedButtons() map[model.RepairName]string {
	return map[model.RepairName]string{
		model.RefreshEntitlements: "refresh", model.ReapplyMappings: "reapply", model.SyncLogins: "sync-logins",
		model.ApprovePending: "approve-all", model.OpenApp: "boxes/settings", model.OpenRules: "boxes/rules",
	}
}

// presser presses buttons where the connection's console is simulated; nil where it is a real one.
func (s *session) presser() tui.Press {
	if !s.connection.OneLogin.Simulated() {
		return nil
	}
	return s.press
}

func (o *outside) press(ctx context.Context, app string, repair model.RepairName) error {
	s, err := o.session(ctx)
	if err != nil {
		return err
	}
	return s.press(ctx, app, repair)
}

// press asks the simulation on this machine. No service that is not simulated has such an address.
func (s *session) press(ctx context.Context, app string, repair model.RepairName) error {
	button, ok := simulatedButtons()[repair]
	if !ok {
		return errors.New("this step is more than one button; do it on the page that o opens")
	}
	ctx, cancel := context.WithTimeout(ctx, pressTime)
	defer cancel()
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
