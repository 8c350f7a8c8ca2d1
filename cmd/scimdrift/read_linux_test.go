package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// BenchmarkRead is what a full read costs the program itself, which runs in a process of its own; the services are in
// this one. Run it with -benchtime 1x: the largest takes a minute.
func BenchmarkRead(b *testing.B) {
	for _, size := range []struct{ users, groups int }{{1_000, 100}, {10_000, 200}, {100_000, 2_000}} {
		config := filepath.Join(b.TempDir(), "sim.toml")
		of := tenants.Options{Scenario: "large", Users: size.users, Groups: size.groups, Seed: 1}
		services, err := newRig(b.Context(), tenantFlags{Options: of}, config)
		if err != nil {
			b.Fatal(err)
		}
		services.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.HourlyLimit = -1 })
		for name, args := range map[string][]string{
			"measured": {"check", "--quiet", "--config", config, "-o", "json"}, "readTwice": {config},
		} {
			b.Run(fmt.Sprintf("%s/%d users", name, size.users), func(b *testing.B) { benchmarkProgram(b, name, args) })
		}
		if err := services.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkProgram(b *testing.B, name string, args []string) {
	b.Helper()
	for b.Loop() {
		cmd := process(b.Context(), b, args...)
		cmd.Args[0] = name
		peak := filepath.Join(b.TempDir(), "peak")
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+b.TempDir(), peakFile+"="+peak)
		var said, failed bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &failed
		_ = cmd.Run() // drift is an exit code too
		var report struct{ Source, Target struct{ Requests int } }
		if err := json.Unmarshal(said.Bytes(), &report); err != nil {
			b.Fatalf("%v: %s", err, failed.String())
		}
		requests := report.Source.Requests + report.Target.Requests
		used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		b.ReportMetric(float64(requests), "requests")
		b.ReportMetric(float64(used.Microseconds())/1000/float64(requests), "cpu-ms/request")
		told, err := os.ReadFile(peak)
		kilobytes, wrong := strconv.Atoi(string(told))
		if err != nil || wrong != nil {
			b.Fatal(err, wrong)
		}
		b.ReportMetric(float64(kilobytes)/1024, "peak-MB")
	}
}
