package onelogin

import (
	"context"
	"time"
)

// Afresh makes the next reads of the app and of the rules ask OneLogin again. The parts of one load share what was read
// seconds or more ago; what a write is about to rest on must not.
func (c *Client) Afresh(ctx context.Context) error {
	releaseApp, err := c.appTurn.Take(ctx)
	if err != nil {
		return err
	}
	c.appRead = time.Time{}
	releaseApp()
	releaseRules, err := c.ruleTurn.Take(ctx)
	if err != nil {
		return err
	}
	c.rules.at = time.Time{}
	c.controls.forget()
	releaseRules()
	return nil
}
