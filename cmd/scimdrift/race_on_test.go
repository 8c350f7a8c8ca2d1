//go:build race

package main

// underRace: the race detector makes a test several times as long.
const underRace = true
