//go:build race

package repair_test

// underRace: the race detector makes a test several times as long.
const underRace = true
