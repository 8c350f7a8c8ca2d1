package main

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
)

// awsFaults are what can go wrong at Identity Store and SSO Admin beyond what is tried again, which takes its time.
func awsFaults() map[string]fault.Fault {
	return map[string]fault.Fault{
		"forbidden":    {Kind: fault.Forbidden},
		"truncated":    {Kind: fault.Truncate},
		"empty object": {Kind: fault.Answer, Body: "{}"},
		"sign-in page": {Kind: fault.Answer, Body: "<html>sign in</html>"},
		"empty lists":  {Kind: fault.Empty},
		"wrong instance": {
			Kind: fault.Answer, Status: http.StatusBadRequest,
			Body: `{"__type":"ResourceNotFoundException","message":"Instance not found."}`,
		},
		"expired": {
			Kind: fault.Answer, Status: http.StatusBadRequest,
			Body: `{"__type":"ExpiredTokenException","message":"expired"}`,
		},
	}
}

func awsFault(f fault.Fault) fault.Fault {
	f.Service = fault.AWS
	return f
}

// Faults while assignments are taken away leave the group where it is, and nothing dangles: the group is deleted when
// reading has shown that nothing hangs on it, or not at all.
func TestFaultsOfTheLensTakeNoGroup(t *testing.T) {
	t.Parallel()
	for _, name := range sample.Of(t, slices.Sorted(maps.Keys(awsFaults()))) {
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
			if err := b.Faults.Add(f); err != nil {
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
