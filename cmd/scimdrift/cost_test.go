package main

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// The second look knows what the first one took: where the hour's calls will not do for another, check and doctor say
// so before they read, and go on.
func TestAReadThatWillNotGetThroughIsSaidBeforehand(t *testing.T) {
	t.Parallel()
	tenant := paged(t)
	var limit func(int)
	path := serve(t, tenant, &faulty{arrange: func(_ *testing.T, s *sim.Server) {
		limit = func(n int) { s.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.HourlyLimit = n }) }
	}})
	look := func(command string) (said string, code int) {
		_, said, code = runCLI(t, command, "--config", path)
		return said, code
	}
	for _, which := range []string{
		"the first look, before which nothing is known",
		"the second, for which there are calls enough",
	} {
		if said, _ := look("check"); strings.Contains(said, "calls an hour") {
			t.Errorf("%s, says: %s", which, said)
		}
	}
	limit(1)
	_, _ = look("check") // sees that nothing is left
	for _, command := range []string{"check", "plan", "doctor"} {
		said, _ := look(command)
		if !strings.Contains(said, "note: Reading both sides takes about ") ||
			!strings.Contains(said, "it will not get through") {
			t.Errorf("%s says: %s", command, said)
		}
	}
	if _, code := look("check"); code != exitIncomplete {
		t.Errorf("exit %d, want %d: what could be read is told all the same", code, exitIncomplete)
	}
}
