package load_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
)

// TestARestoredReadingIsTheLastOne: another program gives the same comparison without asking anybody, and patches it as
// the first would.
func TestARestoredReadingIsTheLastOne(t *testing.T) {
	t.Parallel()
	src, tgt := inSync(5)
	tgt.users[2].DisplayName = "Other"
	first := load.New(src, tgt, options())
	want := mustLoad(t, first)
	kept, c, read := first.Kept()
	if !read || c != want {
		t.Fatal("what was read is not there to be kept")
	}
	before := src.Requests() + tgt.Requests()
	next := load.New(src, tgt, options())
	if _, _, read := next.Kept(); read {
		t.Error("something was read before anything was")
	}
	if err := next.Restore(t.Context(), kept, nil); err != nil {
		t.Fatal(err)
	}
	got := next.Last()
	if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }),
		cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if next.Last() != got || src.Requests()+tgt.Requests() != before {
		t.Error("it is not the last one, or somebody was asked")
	}
	tgt.users[2].DisplayName, tgt.users[3].Active = tgt.users[1].DisplayName, false
	for _, l := range []*load.Loader{first, next} {
		for _, id := range []string{"2", "3"} {
			if _, err := l.Refresh(t.Context(), user(id, "t"+id, "u"+id+"@corp.example")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(kinds(first.Last()), kinds(next.Last())); diff != "" {
		t.Errorf("patched it is another (-first +next):\n%s", diff)
	}
	if n := len(mustLoad(t, next).Findings); n == 0 {
		t.Error("it does not read")
	}
	newer := next.Last()
	if err := next.Restore(t.Context(), model.Reading{}, nil); err != nil || next.Last() != newer {
		t.Errorf("an older reading takes the place of a newer one: %v", err)
	}
}

// TestARestoredSetUpIsAsItWas: refusals that an earlier program met still show, until a load meets none.
func TestARestoredSetUpIsAsItWas(t *testing.T) {
	t.Parallel()
	src, tgt := inSync(3)
	opts := options()
	opts.Observer = load.NewObserver(model.Facts{TargetURL: "https://now.example"},
		func(string) (string, string) { return "", "" })
	l := load.New(src, tgt, opts)
	r := model.Reading{Facts: model.Facts{TargetURL: "https://then.example", Source: model.Service{
		Answered: true, Refusals: []model.Refusal{{What: "app rules", Scope: "Read all", Status: 403}},
	}}}
	if err := l.Restore(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	facts := opts.Observer.Facts()
	if diff := cmp.Diff(r.Facts.Source, facts.Source); diff != "" || facts.TargetURL != "https://now.example" {
		t.Errorf("%s: %s", facts.TargetURL, diff)
	}
	mustLoad(t, l)
	if facts := opts.Observer.Facts(); len(facts.Source.Refusals) > 0 {
		t.Errorf("a load does not begin anew: %+v", facts.Source)
	}
}

// What is known from before of groups that nothing yields any more makes them lingering.
func TestWhereAStrayGroupIsFromIsLookedUp(t *testing.T) {
	t.Parallel()
	src, tgt := inSync(5)
	opts := options()
	first := mustLoad(t, load.New(src, tgt, opts))
	opts.Provenance = func(app string) []model.Provenance {
		if app != first.Source.App.ID {
			t.Errorf("asked for app %q", app)
		}
		return first.Provenance()
	}
	l := load.New(src, tgt, opts)
	src.roles = src.roles[1:]
	want := kinds(mustLoad(t, l))
	if !slices.Contains(want, "group-lingering aws-all") {
		t.Errorf("found %v", want)
	}
	kept, _, _ := l.Kept()
	next := load.New(src, tgt, options())
	if err := next.Restore(t.Context(), kept, nil); err != nil || !slices.Equal(kinds(next.Last()), want) {
		t.Errorf("restored it is %v, %v", kinds(next.Last()), err)
	}
}

// Where all groups have their pairs it is handed on too, and roles that have swapped their names are seen.
func TestWhereGroupsAreFromCountsWhileAllHavePairs(t *testing.T) {
	t.Parallel()
	src, tgt := inSync(5)
	opts := options()
	known := mustLoad(t, load.New(src, tgt, opts)).Provenance()
	opts.Provenance = func(string) []model.Provenance { return known }
	members := tgt.members["g72"]
	tgt.members["g72"] = nil
	if got := mustLoad(t, load.New(src, tgt, opts)).Provenance(); !cmp.Equal(got, known) {
		t.Errorf("of %v is left %v", known, got)
	}
	tgt.members["g72"] = members
	src.roles[0].Name, src.roles[1].Name = src.roles[1].Name, src.roles[0].Name
	c := mustLoad(t, load.New(src, tgt, opts))
	want := []string{"group-duplicate aws-all", "group-duplicate aws-even"}
	if got := kinds(c); !slices.Equal(got, want) || !cmp.Equal(c.Provenance(), known) {
		t.Errorf("two roles that swapped their names give %v, and %v is kept", got, c.Provenance())
	}
}
