//go:build !race

package main

const underRace = false

// some gives all rows: only under the race detector is a part of them enough.
func some[T any](rows []T) []T { return rows }
