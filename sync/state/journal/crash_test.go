package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// memo is what a process was told about one run before it was killed, and what it was waiting for.
type memo struct {
	id       string
	steps    []string
	intents  map[string][]model.Backup
	outcomes map[string]model.StepRecord
	// waiting is the step whose intent or outcome was not acknowledged.
	waitingIntent string
	waiting       model.StepRecord
	ended         model.RunState
	waitingEnd    bool
}

// script runs a few plans, chosen by the seed, until the file system fails.
func script(store *journal.Store, seed uint64) (memos []*memo) {
	r := rand.New(rand.NewPCG(seed, 7))
	for range 1 + r.IntN(2) {
		m := &memo{intents: map[string][]model.Backup{}, outcomes: map[string]model.StepRecord{}}
		for i := range 1 + r.IntN(4) {
			m.steps = append(m.steps, fmt.Sprintf("s%d", i+1))
		}
		w, err := store.Begin(head(planOf(m.steps...)))
		if err != nil {
			return memos
		}
		m.id = w.ID()
		memos = append(memos, m)
		if !m.run(w, r) {
			return memos
		}
		w.Close()
	}
	return memos
}

func (m *memo) run(w *journal.Writer, r *rand.Rand) bool {
	states := []model.StepState{model.StepConfirmed, model.StepUnconfirmed, model.StepFailed}
	cancel, ended := r.IntN(4) == 0, model.RunDone
	for i, step := range m.steps {
		if cancel && i > 0 {
			ended = model.RunCancelled
			break
		}
		rec := model.StepRecord{ID: step, At: now, State: model.StepSkipped, Detail: "gone"}
		if r.IntN(4) > 0 {
			backup := []model.Backup{{Type: model.SubjectGroup, ID: "g-" + step, Name: "n", Raw: []byte(`{"a":"<é>"}`)}}
			if m.waitingIntent = step; w.Intent(step, backup) != nil {
				return false
			}
			m.waitingIntent = ""
			m.intents[step] = backup
			rec = model.StepRecord{ID: step, At: now, State: states[r.IntN(len(states))], CreatedID: "made-" + step}
		}
		if m.waiting = rec; w.Outcome(rec) != nil {
			return false
		}
		m.waiting = model.StepRecord{}
		m.outcomes[step] = rec
	}
	m.waitingEnd = true
	if w.End(ended) != nil {
		return false
	}
	m.ended = ended
	return true
}

// hold compares a run after the restart with what its process was told.
func (m *memo) hold(t *testing.T, run model.Run) {
	t.Helper()
	if got := stepIDs(run); !slices.Equal(got, m.steps) {
		t.Fatalf("steps %v, want %v: one was lost or doubled", got, m.steps)
	}
	rest := model.StepQueued
	switch {
	case m.ended != "" && run.State != m.ended:
		t.Fatalf("run is %s, want %s", run.State, m.ended)
	case m.ended == "" && run.State != model.RunInterrupted && !m.waitingEnd:
		t.Fatalf("run is %s, and it had not ended", run.State)
	}
	if run.State != model.RunInterrupted {
		rest = model.StepCancelled
	}
	for _, d := range run.Damage {
		if !strings.Contains(d, "cut short") {
			t.Fatalf("damage %q", d)
		}
	}
	for _, s := range run.Steps {
		var want []model.StepState
		switch _, announced := m.intents[s.ID]; {
		case m.outcomes[s.ID].ID != "":
			want = []model.StepState{m.outcomes[s.ID].State}
			if s.CreatedID != m.outcomes[s.ID].CreatedID || s.Detail != m.outcomes[s.ID].Detail {
				t.Fatalf("step %s is %+v", s.ID, s)
			}
		case announced:
			want = []model.StepState{model.StepInDoubt}
			if m.waiting.ID == s.ID {
				want = append(want, m.waiting.State)
			}
		case m.waitingIntent == s.ID:
			want = []model.StepState{rest, model.StepInDoubt}
		case m.waiting.ID == s.ID:
			want = []model.StepState{rest, m.waiting.State}
		default:
			want = []model.StepState{rest}
		}
		if !slices.Contains(want, s.State) {
			t.Fatalf("step %s is %s, want one of %v", s.ID, s.State, want)
		}
		if backup, ok := m.intents[s.ID]; ok && cmp.Diff(backup, s.Backup) != "" {
			t.Fatalf("backup of %s: %s", s.ID, cmp.Diff(backup, s.Backup))
		}
	}
}

// TestCrashes kills at every operation of many scripts, restarts from what a disk may have kept, settles, and is killed
// in that as well.
func TestCrashes(t *testing.T) {
	cases := 0
	for seed := range uint64(40) {
		whole := statetest.New(seed)
		script(open(whole, seed), seed)
		for at := 1; at <= whole.Ops(); at++ {
			cases++
			t.Run(fmt.Sprintf("seed %d operation %d", seed, at), func(t *testing.T) {
				disk := statetest.New(seed<<16 + uint64(at))
				disk.CrashAt(at)
				memos := script(open(disk, seed), seed)
				disk = disk.Restart()
				store := open(disk, seed+1)
				for _, m := range memos {
					run, err := store.Run(m.id)
					if err != nil {
						t.Fatal("a run is lost: ", err)
					}
					m.hold(t, run)
				}
				disk = settleThroughCrashes(t, disk, seed)
				w, err := open(disk, seed+2).Begin(head(planOf("s1")))
				if err != nil {
					t.Fatal("the next run does not begin: ", err)
				}
				w.Close()
			})
		}
	}
	if cases < 200 {
		t.Errorf("only %d cases", cases)
	}
}

// settleThroughCrashes settles what is in doubt, killed at one operation after the other until it gets through.
func settleThroughCrashes(t *testing.T, disk *statetest.Memory, seed uint64) *statetest.Memory {
	t.Helper()
	for at := 1; ; at++ {
		store := open(disk, seed+2)
		id, found, err := store.Unsettled(fp)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return disk
		}
		if _, err := store.Begin(head(planOf("s1"))); !errors.As(err, new(*journal.UnsettledError)) {
			t.Fatalf("a run begins before %s is settled: %v", id, err)
		}
		run, err := store.Run(id)
		if err != nil {
			t.Fatal(err)
		}
		var records []model.StepRecord
		want := map[string]model.StepState{}
		for _, s := range run.Steps {
			want[s.ID] = s.State
			switch s.State {
			case model.StepInDoubt:
				records = append(records, model.StepRecord{ID: s.ID, State: model.StepConfirmed, CreatedID: "found"})
				want[s.ID] = model.StepConfirmed
			case model.StepQueued:
				want[s.ID] = model.StepCancelled
			default: // what is known stays as it is
			}
		}
		disk.CrashAt(at)
		err = store.Settle(id, records, model.RunIncomplete)
		if err != nil {
			if !errors.Is(err, statetest.ErrCrashed) {
				t.Fatal(err)
			}
			disk = disk.Restart()
			continue
		}
		disk = disk.Restart()
		settled, err := open(disk, seed+2).Run(id)
		if err != nil {
			t.Fatal(err)
		}
		if !settled.Settled() || settled.State != model.RunIncomplete || len(settled.Damage) > 0 {
			t.Fatalf("after settling: %s, damage %q", settled.State, settled.Damage)
		}
		for _, s := range settled.Steps {
			if s.State != want[s.ID] {
				t.Fatalf("step %s is %s after settling, want %s", s.ID, s.State, want[s.ID])
			}
		}
	}
}

// TestTornAnywhere cuts a journal at every byte: it never says that a step did not happen whose intent is whole.
func TestTornAnywhere(t *testing.T) {
	disk := statetest.New(1)
	store := open(disk, 1)
	w := begin(t, store, planOf("s1", "s2"))
	check(t, w.Intent("s1", nil))
	check(t, w.Outcome(model.StepRecord{ID: "s1", State: model.StepConfirmed}))
	check(t, w.Intent("s2", nil))
	check(t, w.Close())
	content, err := disk.ReadFile(file(w.ID()))
	check(t, err)
	for cut := range content {
		torn := statetest.New(2)
		torn.WriteFile(file(w.ID()), content[:cut])
		run, err := open(torn, 2).Run(w.ID())
		whole := bytes.Count(content[:cut], []byte("\n"))
		if whole == 0 {
			if !errors.Is(err, journal.ErrNoRun) {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			continue
		}
		check(t, err)
		atLeast := map[int][2]model.StepState{
			1: {model.StepQueued, model.StepQueued}, 2: {model.StepInDoubt, model.StepQueued},
			3: {model.StepConfirmed, model.StepQueued},
		}[whole]
		check(t, open(torn, 2).Settle(w.ID(), nil, model.RunIncomplete))
		if settled, err := open(torn, 2).Run(w.ID()); err != nil || settled.State != model.RunIncomplete ||
			len(settled.Damage) > 0 {
			t.Fatalf("cut at %d and settled: %+v, %v", cut, settled, err)
		}
		if content[cut] == '\n' {
			continue // the line is whole but for its newline, and counts
		}
		if got := [2]model.StepState{run.Steps[0].State, run.Steps[1].State}; got != atLeast {
			t.Fatalf("cut at %d: %v, want %v", cut, got, atLeast)
		}
	}
}
