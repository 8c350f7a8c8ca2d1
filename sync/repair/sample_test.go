package repair_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
)

func TestMain(m *testing.M) {
	if err := sampleWorlds(); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	debug.SetGCPercent(400) // many small worlds
	os.Exit(m.Run())
}

func exhaustive() bool { return os.Getenv("EXHAUSTIVE") != "" }

// sampleWorlds has the random worlds of pgregory.net/rapid drawn by share too, unless somebody asks for a number of
// them.
func sampleWorlds() error {
	flag.Parse()
	asked := exhaustive()
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if asked {
		return nil
	}
	checks := 100 / share
	if testing.Short() {
		checks /= share
	}
	return flag.Set("rapid.checks", strconv.Itoa(checks))
}

// share is how many usual runs of a long test it takes to take all of it.
const share = 4

// drawn chooses what this run takes, unless SAMPLE does.
var drawn = rand.Uint64N(share)

// every says which of 0, 1, 2 and so on of a long test this run takes: each step-th from first. Many runs take all of
// them; EXHAUSTIVE=1 takes all at once, and SAMPLE=N what the run took that logged this seed. A short run, which is one
// under the race detector, takes a quarter of that share: what the detector looks for is the same in all.
func every(t *testing.T) (first, step int) {
	t.Helper()
	if exhaustive() {
		return 0, 1
	}
	seed := drawn
	if again, err := strconv.ParseUint(os.Getenv("SAMPLE"), 10, 64); err == nil {
		seed = again
	}
	t.Logf("a part of this test: again with SAMPLE=%d, all with EXHAUSTIVE=1", seed)
	step = share
	if testing.Short() {
		step *= share
	}
	return int(seed % share), step
}

// sampled gives the rows of a table that this run takes.
func sampled[T any](t *testing.T, rows []T) (out []T) {
	t.Helper()
	first, step := every(t)
	for i := first; i < len(rows); i += step {
		out = append(out, rows[i])
	}
	return out
}
