//go:build !race

package repair_test

const underRace = false
