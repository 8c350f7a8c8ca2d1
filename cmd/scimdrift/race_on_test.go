//go:build race

package main

// underRace: the race detector makes a test several times as long.
const underRace = true

// some of the rows of a long table: a quarter, because what the race detector looks for is the same in all. Without it
// .ci/run has them whole.
func some[T any](rows []T) (out []T) {
	for i := 0; i < len(rows); i += 4 {
		out = append(out, rows[i])
	}
	return out
}
