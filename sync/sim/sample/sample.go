// Package sample chooses what a usual run takes of tests that hold long tables, random worlds and every moment at which
// a machine can go down against whole runs, which takes minutes. A usual run takes a share, the one that its seed
// chooses: many runs take all of them. EXHAUSTIVE=1 takes all at once; SAMPLE=N takes what the run took that logged
// this seed. A short run, which is one under the race detector, takes a quarter of that share: what the detector looks
// for is the same in all.
package sample

import (
	"flag"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// sampleShare is how many usual runs it takes to take everything.
const sampleShare = 4

// drawnSeed chooses what this run takes, unless SAMPLE does.
var drawnSeed = rand.Uint64N(sampleShare)

func seed() uint64 {
	if again, err := strconv.ParseUint(os.Getenv("SAMPLE"), 10, 64); err == nil {
		return again
	}
	return drawnSeed
}

// All reports whether this run takes everything.
func All() bool { return os.Getenv("EXHAUSTIVE") != "" }

// Every says which of 0, 1, 2 and so on this run takes: each step-th from first.
func Every(t *testing.T) (first, step int) {
	t.Helper()
	if All() {
		return 0, 1
	}
	t.Logf("a part of this test: again with SAMPLE=%d, all with EXHAUSTIVE=1", seed())
	step = sampleShare
	if testing.Short() {
		step *= sampleShare
	}
	return int(seed() % sampleShare), step
}

// Of gives the rows of a table that this run takes.
func Of[T any](t *testing.T, rows []T) (out []T) {
	t.Helper()
	first, step := Every(t)
	for i := first; i < len(rows); i += step {
		out = append(out, rows[i])
	}
	return out
}

// Worlds has the random worlds of pgregory.net/rapid drawn by share too, unless somebody asks for a number of them. It
// parses the flags, and belongs into TestMain.
func Worlds() error {
	flag.Parse()
	asked := All()
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if asked {
		return nil
	}
	checks := 100 / sampleShare
	if testing.Short() {
		checks /= sampleShare
	}
	return flag.Set("rapid.checks", strconv.Itoa(checks))
}
