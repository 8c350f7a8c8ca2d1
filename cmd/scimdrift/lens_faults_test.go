package main

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
)

// TestFaultsNeverBecomeDriftWithTheLens are the faults once more with the lens before the target: what it completes has
// to be right, and what it cannot complete stays admitted.
func TestFaultsNeverBecomeDriftWithTheLens(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			b := lensBehind(t, &f)
			if f.dead {
				// The lens still reads the target; without the token there is nothing to prove it by.
				out, _ := b.command(t.Context(), nil, "check", "--quiet")
				if strings.Contains(out, "lingers") || strings.Contains(out, "unsynced") {
					t.Error("drift out of nothing")
				}
				return
			}
			c, code := checkJSON(t, "--config", b.config, "--quiet")
			f.may = f.may || onlyTarget(f.lost)
			b.open(&c)
			f.judge(t, c, code, b.truth)
		})
	}
}

// onlyTarget: all that the fault costs is at the target, where the lens may make up for it.
func onlyTarget(lost []string) bool {
	for _, part := range lost {
		if !strings.HasPrefix(part, "target.") {
			return false
		}
	}
	return len(lost) > 0
}

// lensBehind serves the tenant of the table of faults with the lens.
func lensBehind(t *testing.T, f *faulty) *lensBench {
	t.Helper()
	bend := func(text string) string {
		if f.config != nil {
			text = f.config(text)
		}
		return text
	}
	tenant := paged(t, f.world)
	knobs := scim.Current().Unlimited()
	if f.scim != nil {
		knobs = *f.scim
	}
	s, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, SCIM: &scim.Options{Knobs: &knobs}, Manual: true,
		Connection: sim.Connection{From: "roles", Roles: tenant.RolesPattern, Lens: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if f.arrange != nil {
		f.arrange(t, s)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "sim.toml")
	if err := os.WriteFile(path, []byte(bend(replaceLine("dialect", "dialect = \"aws\"\nrate_share = 100")(s.Config()))), 0o600); err != nil {
		t.Fatal(err)
	}
	return &lensBench{&bench{rig: &rig{Server: s, config: path}, t: t, state: filepath.Join(dir, "state")}, tenant.World, tenant.Truth}
}

// open takes the lens's own word out of a check: that a lingering group opens an account makes it worse than the truth says.
func (b *lensBench) open(c *checked) {
	for i := range c.Findings {
		f := &c.Findings[i]
		if _, _, assignments := b.opens(f.Subject.Name); f.Kind == "group-lingering" && f.Severity == "critical" && len(assignments) > 0 {
			f.Severity = "high"
		}
	}
}

// awsFaults are what can go wrong at Identity Store and SSO Admin beyond what is tried again, which takes its time.
func awsFaults() map[string]fault.Fault {
	return map[string]fault.Fault{
		"forbidden":      {Kind: fault.Forbidden},
		"truncated":      {Kind: fault.Truncate},
		"empty object":   {Kind: fault.Answer, Body: "{}"},
		"sign-in page":   {Kind: fault.Answer, Body: "<html>sign in</html>"},
		"empty lists":    {Kind: fault.Empty},
		"wrong instance": {Kind: fault.Answer, Status: http.StatusBadRequest, Body: `{"__type":"ResourceNotFoundException","message":"Instance not found."}`},
		"expired":        {Kind: fault.Answer, Status: http.StatusBadRequest, Body: `{"__type":"ExpiredTokenException","message":"expired"}`},
	}
}

// Faults of AWS's own APIs are never drift, whatever the SCIM endpoint leaves for them to read.
func TestFaultsOfTheLensNeverBecomeDrift(t *testing.T) {
	t.Parallel()
	old := scim.Legacy().Unlimited()
	for _, name := range slices.Sorted(maps.Keys(awsFaults())) {
		f := awsFaults()[name]
		for generation, knobs := range map[string]*scim.Knobs{"today": nil, "old": &old} {
			if knobs == nil && f.Kind != fault.Forbidden && f.Kind != fault.Empty {
				continue // an endpoint of today leaves little for AWS to read
			}
			t.Run(name+", endpoint of "+generation, func(t *testing.T) {
				t.Parallel()
				f := awsFault(f)
				f.Path = `\.List` // the proof of the directory is not what is at stake
				if f.Kind == fault.Empty {
					f.Path = `\.List(Users|Groups)$` // groups without members are believed of a target, because nothing is taken for it
				}
				row := faulty{scim: knobs, arrange: arm(f)}
				if knobs != nil {
					row.lost = []string{"target.users"}
				}
				b := lensBehind(t, &row)
				c, code := checkJSON(t, "--config", b.config, "--quiet")
				b.open(&c)
				row.judge(t, c, code, b.truth)
			})
		}
	}
}

func awsFault(f fault.Fault) fault.Fault {
	f.Service = fault.AWS
	return f
}

// Faults while assignments are taken away leave the group where it is, and nothing dangles: the group is deleted when reading has
// shown that nothing hangs on it, or not at all.
func TestFaultsOfTheLensTakeNoGroup(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(awsFaults())) {
		f := awsFaults()[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newLensBench(t, drifted(), nil, nil)
			finding := b.critical()
			_, members, _ := b.opens(finding.Subject.Name)
			plan, file := b.plan("--finding", finding.ID, "--repair", "remove-assignments")
			f := awsFault(f)
			f.Path = "Assignment" // of reads, writes and their status alike, from the second removal on
			f.After += len(b.namesOf(finding.Subject.Name)) + 4
			if _, err := b.Faults.Add(f); err != nil {
				t.Fatal(err)
			}
			out, code := b.apply(t.Context(), nil, plan, file)
			there, now, left := b.opens(finding.Subject.Name)
			switch {
			case b.dangling() > 0:
				t.Errorf("%d account assignments dangle:\n%s", b.dangling(), out)
			case code == exitOK && (there || len(left) > 0):
				t.Errorf("it is called done, and is not:\n%s", out)
			case code != exitOK && !there:
				t.Errorf("exit %d, and the group is gone:\n%s", code, out)
			case there && len(now) != len(members):
				t.Errorf("members are gone: %v", now)
			}
		})
	}
}
