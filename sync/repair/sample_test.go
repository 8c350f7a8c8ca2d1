package repair_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// These tests hold long tables, random worlds and every moment at which a machine can go down against whole runs,
// which takes minutes. A usual run takes a share, the one that its seed chooses: many runs take all of them.
// EXHAUSTIVE=1 takes all at once, as .ci/run does; SAMPLE=N takes what the run took that logged this seed. A short
// run, which is one under the race detector, takes a quarter of that share: what the detector looks for is the same
// in all.
const share = 4

// seed chooses what this run takes.
var seed = rand.Uint64N(share)

func exhaustive() bool { return os.Getenv("EXHAUSTIVE") != "" }

// TestMain draws a quarter of the random worlds, unless somebody asks for all or for a number of them.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := exhaustive()
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	var err error
	if !asked {
		err = flag.Set("rapid.checks", strconv.Itoa(100/share))
	}
	if again := os.Getenv("SAMPLE"); again != "" && err == nil {
		seed, err = strconv.ParseUint(again, 10, 64)
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// sampled says which of 0, 1, 2 and so on this run takes: each step-th from first.
func sampled(t *testing.T) (first, step int) {
	t.Helper()
	if exhaustive() {
		return 0, 1
	}
	t.Logf("a part of this test: again with SAMPLE=%d, all with EXHAUSTIVE=1", seed)
	step = share
	if testing.Short() {
		step *= share
	}
	return int(seed % share), step
}

// sample gives the rows of a table that this run takes.
func sample[T any](t *testing.T, rows []T) (out []T) {
	t.Helper()
	first, step := sampled(t)
	for i := first; i < len(rows); i += step {
		out = append(out, rows[i])
	}
	return out
}
