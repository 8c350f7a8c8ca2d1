package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/adrg/xdg"
	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/model/drift"
)

// TestMain lets the scripts run this program as "scimdrift", and fails if anything is left running after the tests.
func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){"scimdrift": main, "measured": measured, "readTwice": readTwice})
}

// waiting is how many tests run at once at least.
const waiting = 8

type leakChecked struct{ m *testing.M }

func (l leakChecked) Run() int {
	// Commands that run in this process keep their runs in a folder of the tests, not in that of whoever runs these.
	state, err := os.MkdirTemp("", "scimdrift-state-")
	if err == nil {
		err = os.Setenv("XDG_STATE_HOME", state)
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	defer os.RemoveAll(state)
	xdg.Reload()
	// These tests wait for retries, terminals and browsers more than they work.
	if err := flag.Set("test.parallel", strconv.Itoa(max(waiting, runtime.GOMAXPROCS(0)))); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	debug.SetGCPercent(400) // many small worlds
	code := l.m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return code
}

// measured is the program that tells how much memory it took at most.
func measured() {
	code := run()
	tellPeak()
	os.Exit(code)
}

// tellPeak leaves the most memory that this process held, as Linux counts it, in the file that peakFile names. The
// rusage of an ended process does not tell: it begins with what its parent held when it was started (getrusage(2),
// kernel/exec).
func tellPeak() {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if size, is := strings.CutPrefix(line, "VmHWM:"); is {
			_ = os.WriteFile(os.Getenv(peakFile), []byte(strings.Fields(size)[0]), 0o600)
		}
	}
}

const peakFile = "SCIMDRIFT_TEST_PEAK"

// readTwice is a program that reads the connection of a configuration file twice, as a board that is reloaded does.
func readTwice() {
	collectSooner()
	ctx := context.Background()
	p := newProgram(os.Stdout, io.Discard)
	p.flags.config, p.flags.quiet = os.Args[1], true
	s, err := p.open(ctx)
	for range 2 {
		if err == nil {
			_, err = s.loader.Load(ctx, drift.Watch{})
		}
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"source": map[string]int{"requests": s.source.Requests()},
		"target": map[string]int{"requests": s.scim.Requests()},
	})
	s.close()
	tellPeak()
}
