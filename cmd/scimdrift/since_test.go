package main

import (
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for since, want := range map[string]time.Duration{
		"": 14 * 24 * time.Hour, "72h": 72 * time.Hour, "90m": 90 * time.Minute, "30d": 30 * 24 * time.Hour,
		"1d": 24 * time.Hour, "1.5d": 36 * time.Hour,
		"2026-11-22": 32 * time.Hour, "2026-11-23T07:00:00Z": time.Hour, "2026-11-23T08:00:00+02:00": 2 * time.Hour,
	} {
		if got, err := parseWindow(since, now); err != nil || got != want {
			t.Errorf("--since %q is %v, %v; want %v", since, got, err, want)
		}
	}
	for _, since := range []string{
		"-1h", "0d", "d", "-3d", "2026-11-24", "2026-13-01", "yesterday", "99999999d", "1000000d",
		"0s",
	} {
		if got, err := parseWindow(since, now); err == nil {
			t.Errorf("--since %q is taken for %v", since, got)
		}
	}
}

// A span that is no span is told before anything is asked of anybody.
func TestSinceIsCheckedFirst(t *testing.T) {
	t.Parallel()
	out, errs, code := runCLI(t, "check", "--demo", "--since", "soon")
	if code != exitFailed || out != "" || errs != "scimdrift: "+errSince.Error()+"\n" {
		t.Errorf("exit %d\n%s\n%s", code, out, errs)
	}
}
