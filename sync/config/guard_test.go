package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

func TestGuardDefaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want model.Guard
	}{
		"none": {"", model.DefaultGuard()},
		"one key leaves the others": {
			"[connections.only.guard]\nmax_deletes = 3\n", model.Guard{
				MaxDeletes: 3, MaxRemovals: 200, MaxGrants: 200,
				MaxPercent: 20,
			},
		},
		"nought is a limit": {
			"[connections.only.guard]\nmax_deletes = 0\nmax_removals = 0\nmax_grants = 0\nmax_delete_percent = 0\n",
			model.Guard{},
		},
		"all of a type": {
			"[connections.only.guard]\nmax_delete_percent = 100\n",
			model.Guard{MaxDeletes: 10, MaxRemovals: 200, MaxGrants: 200, MaxPercent: 100},
		},
		"names to protect": {
			"[connections.only.guard]\nprotect_groups = ['AWS-x/*']\nprotect_users = ['root@*']\n",
			model.Guard{
				MaxDeletes: 10, MaxRemovals: 200, MaxGrants: 200, MaxPercent: 20, ProtectGroups: []string{"AWS-x/*"},
				ProtectUsers: []string{"root@*"},
			},
		},
		"read-only": {
			"[connections.only]\nread_only = true\n", model.Guard{
				MaxDeletes: 10, MaxRemovals: 200, MaxGrants: 200,
				MaxPercent: 20, ReadOnly: true,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(t, short+c.text).Connection(t.Context(), "", secrets())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Guard); diff != "" {
				t.Errorf("guard (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandoffDeadline(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"": 0, "10s": 10 * time.Second, "1h30m": 90 * time.Minute,
		"24h": 24 * time.Hour,
	} {
		got, err := parse(t, short+"[ui]\nhandoff_deadline = '"+text+"'\n").Connection(t.Context(), "", secrets())
		if err != nil || got.HandoffDeadline != want {
			t.Errorf("%q is watched for %s, %v; want %s", text, got.HandoffDeadline, err, want)
		}
	}
	for _, text := range []string{"ten minutes", "0s", "9s", "-10m", "25h", "10"} {
		_, err := parse(t, short+"[ui]\nhandoff_deadline = '"+text+"'\n").Connection(t.Context(), "", secrets())
		if want := `c.toml:10: ui.handoff_deadline is "` + text +
			`"; write a time span between 10s and 24h`; err == nil ||
			!strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q is answered with %v, want %s", text, err, want)
		}
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		every  time.Duration
		notify string
	}{
		"":                                {0, "critical"},
		"watch = 'off'\nnotify = 'off'":   {0, "off"},
		"watch = '5m'\nnotify = 'high'":   {5 * time.Minute, "high"},
		"watch = '1m'\nnotify='critical'": {time.Minute, "critical"},
	} {
		got, err := parse(t, short+"[ui]\n"+text+"\n").Connection(t.Context(), "", secrets())
		if err != nil || got.Watch != want.every || got.Notify != want.notify {
			t.Errorf("%q is watched every %s for %s, %v; want %v", text, got.Watch, got.Notify, err, want)
		}
	}
	for text, want := range map[string]string{
		"watch = '10s'":   `c.toml:10: ui.watch is "10s"; write a time span between 1m and 24h`,
		"watch = 'often'": `c.toml:10: ui.watch is "often"; write a time span between 1m and 24h`,
		"notify = 'low'":  `c.toml:10: ui.notify is "low"; write "off" or "critical" or "high"`,
	} {
		_, err := parse(t, short+"[ui]\n"+text+"\n").Connection(t.Context(), "", secrets())
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q is answered with %v, want %s", text, err, want)
		}
	}
}
