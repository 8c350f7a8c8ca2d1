package journal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

func TestARunIsToldAsItWas(t *testing.T) {
	disk := statetest.New(1)
	store := open(disk, 1)
	p := planOf("s1", "s2", "s3")
	w := begin(t, store, p)
	backup := []model.Backup{{
		Type: model.SubjectGroup, ID: "g-s1", Name: "aws\x1b", Raw: json.RawMessage(`{"displayName":"aws<\u001b>&"}`),
		Members: []model.Member{{ID: "u1", UserName: "ana"}}, Incomplete: "one page was lost",
	}}
	check(t, w.Intent("s1", backup))
	running, err := store.Run(w.ID())
	check(t, err)
	if running.State != model.RunRunning || running.Steps[0].State != model.StepRunning ||
		running.Steps[1].State != model.StepQueued {
		t.Errorf("while it runs: %s, %+v", running.State, running.Steps)
	}
	if _, found, err := store.Unsettled(fp); found || err != nil {
		t.Errorf("a run under way is unsettled: %v, %v", found, err)
	}
	check(t, w.Outcome(model.StepRecord{
		ID: "s1", State: model.StepConfirmed, At: now.Add(time.Minute), Detail: "seen",
		CreatedID: "g9",
	}))
	check(t, w.Outcome(model.StepRecord{ID: "s2", State: model.StepSkipped, Detail: "gone"}))
	check(t, w.End(model.RunCancelled))
	check(t, w.Close())
	check(t, w.Close())

	got, err := store.Run(w.ID())
	check(t, err)
	want := model.Run{
		ID: w.ID(), Plan: p, State: model.RunCancelled, Who: "ana", Host: "bastion", Version: "1.2.3", Reason: "INC-7",
		Allow: []model.GuardRule{model.RuleMaxDeletes}, StartedAt: got.StartedAt, EndedAt: got.EndedAt,
		Steps: []model.StepRecord{
			{
				ID: "s1", State: model.StepConfirmed, At: now.Add(time.Minute), Detail: "seen", CreatedID: "g9",
				Backup: backup,
			},
			{ID: "s2", State: model.StepSkipped, At: got.Steps[1].At, Detail: "gone"},
			{ID: "s3", State: model.StepCancelled, At: got.EndedAt},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the run differs (-want +got):\n%s", diff)
	}
	if !got.EndedAt.After(got.StartedAt) || got.Steps[1].At.Before(got.StartedAt) {
		t.Errorf("times: %v, %v, %v", got.StartedAt, got.Steps[1].At, got.EndedAt)
	}
}

func TestOneRunAtATime(t *testing.T) {
	store := open(statetest.New(1), 1)
	w := begin(t, store, planOf("s1"))
	_, err := store.Begin(head(planOf("s1")))
	var busy *journal.BusyError
	if !errors.As(err, &busy) || busy.Run != w.ID() || !strings.Contains(err.Error(), "ana on bastion (process ") {
		t.Errorf("a second run: %v", err)
	}
	if err := store.Settle(w.ID(), nil, model.RunDone); !errors.As(err, new(*journal.BusyError)) {
		t.Errorf("settling a run that is under way: %v", err)
	}
	check(t, w.End(model.RunCancelled))
	check(t, w.Close())
	other := begin(t, store, planOf("s1"))
	if other.ID() == w.ID() {
		t.Error("two runs have one id")
	}
}

// TestHistoryNeverStandsInTheWay lists runs again and again while others begin and end: none of them is refused.
func TestHistoryNeverStandsInTheWay(t *testing.T) {
	store := journal.Open(state.OS(), t.TempDir(), time.Now)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if _, _, err := store.Unsettled(fp); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 30 {
		w, err := store.Begin(head(planOf("s1")))
		if err != nil {
			t.Error(err)
			break
		}
		check(t, w.End(model.RunCancelled))
		check(t, w.Close())
	}
	close(done)
	readers.Wait()
}

func TestAStepIsAnnouncedOnce(t *testing.T) {
	store := open(statetest.New(1), 1)
	w := begin(t, store, planOf("s1", "s2"))
	check(t, w.Intent("s1", nil))
	for name, err := range map[string]error{
		"the same step again":          w.Intent("s1", nil),
		"a step that is not planned":   w.Intent("s9", nil),
		"an outcome that is none":      w.Outcome(model.StepRecord{ID: "s1", State: model.StepRunning}),
		"an outcome of an unknown one": w.Outcome(model.StepRecord{ID: "s9", State: model.StepFailed}),
		"an end that is none":          w.End(model.RunInterrupted),
		"a backup that is no JSON":     w.Intent("s2", []model.Backup{{Raw: json.RawMessage("{")}}),
	} {
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	check(t, w.Close())
	if err := w.Intent("s2", nil); err == nil {
		t.Error("a closed journal takes an intent")
	}
	got, err := store.Run(w.ID())
	check(t, err)
	if got.State != model.RunInterrupted || got.Steps[0].State != model.StepInDoubt ||
		got.Steps[1].State != model.StepQueued || len(got.Damage) > 0 {
		t.Errorf("closed without an end: %+v", got)
	}
}

func TestBeginRefusesBeforeAnythingIsSent(t *testing.T) {
	ops := []statetest.Op{
		statetest.OpMkdir, statetest.OpCreate, statetest.OpWrite, statetest.OpSync, statetest.OpSyncDir,
	}
	for _, op := range ops {
		for _, cause := range []error{syscall.ENOSPC, syscall.EROFS} {
			disk := statetest.New(1)
			store := open(disk, 1)
			disk.Fail(func(o statetest.Op, _ string) error {
				if o == op {
					return cause
				}
				return nil
			})
			_, err := store.Begin(head(planOf("s1")))
			if !errors.Is(err, cause) || !strings.Contains(err.Error(), "make room") ||
				!strings.Contains(err.Error(), dir) {
				t.Errorf("%s fails: %v", op, err)
			}
			disk.Fail(nil)
			w, err := store.Begin(head(planOf("s1")))
			if err != nil {
				t.Errorf("after %s was mended: %v", op, err)
				continue
			}
			check(t, w.Close())
		}
	}
}

func TestAPlanThatMustNotBeWrittenDown(t *testing.T) {
	foreign := planOf("s1")
	foreign.Fingerprint = "../../etc"
	for name, p := range map[string]*model.Plan{"none": nil, "no steps": planOf(), "another's": foreign} {
		disk := statetest.New(1)
		h := head(p)
		if p == foreign {
			h.Fingerprint = p.Fingerprint
		}
		if _, err := open(disk, 1).Begin(h); err == nil {
			t.Errorf("%s is written down", name)
		}
		if disk.Ops() > 0 {
			t.Errorf("%s: something was written", name)
		}
	}
}

// TestAFullDiskStopsTheRun: after a record that did not reach the disk no step may be sent, and what is known of the
// one that was goes on to be written.
func TestAFullDiskStopsTheRun(t *testing.T) {
	for _, op := range []statetest.Op{statetest.OpWrite, statetest.OpSync} {
		disk := statetest.New(1)
		store := open(disk, 1)
		w := begin(t, store, planOf("s1", "s2", "s3"))
		check(t, w.Intent("s1", nil))
		disk.Fail(func(o statetest.Op, _ string) error {
			if o == op {
				return syscall.ENOSPC
			}
			return nil
		})
		if err := w.Intent("s2", nil); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("an intent that is not on the disk: %v", err)
		}
		disk.Fail(nil)
		if w.Intent("s2", nil) == nil || w.Intent("s3", nil) == nil {
			t.Error("an intent is taken after one was lost")
		}
		check(t, w.Outcome(model.StepRecord{ID: "s1", State: model.StepConfirmed}))
		check(t, w.Outcome(model.StepRecord{ID: "s2", State: model.StepCancelled}))
		check(t, w.End(model.RunIncomplete))
		got, err := store.Run(w.ID())
		check(t, err)
		states := []model.StepState{got.Steps[0].State, got.Steps[1].State, got.Steps[2].State}
		if diff := cmp.Diff([]model.StepState{model.StepConfirmed, model.StepCancelled, model.StepCancelled},
			states); diff != "" || len(got.Damage) > 0 {
			t.Errorf("%s failed: %v, damage %q", op, states, got.Damage)
		}
	}
}

func TestSettle(t *testing.T) {
	disk := statetest.New(1)
	store := open(disk, 1)
	w := begin(t, store, planOf("s1", "s2", "s3"))
	check(t, w.Intent("s1", nil))
	check(t, w.Outcome(model.StepRecord{ID: "s1", State: model.StepConfirmed}))
	check(t, w.Intent("s2", nil))
	check(t, w.Close())

	var unsettled *journal.UnsettledError
	if _, err := store.Begin(head(planOf("s1"))); !errors.As(err, &unsettled) || unsettled.Run != w.ID() ||
		!strings.Contains(err.Error(), "settle it: scimdrift history "+w.ID()+" --settle") {
		t.Errorf("a new run: %v", err)
	}
	found := []model.StepRecord{{ID: "s2", State: model.StepFailed, Detail: "it is still there"}}
	for name, err := range map[string]error{
		"a step that is known": store.Settle(w.ID(), []model.StepRecord{{ID: "s1", State: model.StepFailed}},
			model.RunIncomplete),
		"a step of no plan": store.Settle(w.ID(), []model.StepRecord{{ID: "s9", State: model.StepFailed}},
			model.RunIncomplete),
		"no end":      store.Settle(w.ID(), found, model.RunRunning),
		"no such run": store.Settle("20010101T000000Z-0000", found, model.RunIncomplete),
	} {
		if err == nil {
			t.Errorf("%s is settled", name)
		}
	}
	check(t, store.Settle(w.ID()[:12], found, model.RunIncomplete))
	if err := store.Settle(w.ID(), found, model.RunIncomplete); err == nil {
		t.Error("it is settled twice")
	}
	got, err := store.Run(w.ID())
	check(t, err)
	if got.State != model.RunIncomplete || got.Steps[1].State != model.StepFailed ||
		got.Steps[1].Detail != "it is still there" ||
		got.Steps[2].State != model.StepCancelled {
		t.Errorf("settled: %+v", got)
	}
	begin(t, store, planOf("s1"))
}

// TestADamagedJournal: what cannot be read is named by its line and never quoted, the rest is read, and a step that a
// lost line may have been about is in doubt.
func TestADamagedJournal(t *testing.T) {
	disk := statetest.New(1)
	w := begin(t, open(disk, 1), planOf("s1", "s2", "s3"))
	for _, id := range []string{"s1", "s2"} {
		check(t, w.Intent(id, []model.Backup{{Type: model.SubjectGroup, ID: id}}))
		check(t, w.Outcome(model.StepRecord{ID: id, State: model.StepConfirmed}))
	}
	check(t, w.End(model.RunCancelled))
	check(t, w.Close())
	content, err := disk.ReadFile(file(w.ID()))
	check(t, err)
	lines := bytes.SplitAfter(content, []byte("\n"))
	confirmed, cancelled, doubt := model.StepConfirmed, model.StepCancelled, model.StepInDoubt
	swap := func(i int, with string) []byte {
		changed := slices.Clone(lines)
		changed[i] = []byte(with)
		return bytes.Join(changed, nil)
	}
	for name, c := range map[string]struct {
		content []byte
		damage  string
		steps   []model.StepState
		state   model.RunState
	}{
		"garbage": {
			swap(2, "top\x00secret\n"), "line 3: ",
			[]model.StepState{doubt, confirmed, doubt},
			model.RunCancelled,
		},
		"a newer line": {
			swap(1, `{"v":2,"kind":"intent","step":"top secret"}`+"\n"), "line 2: ",
			[]model.StepState{confirmed, confirmed, doubt},
			model.RunCancelled,
		},
		"an unknown kind": {
			swap(1, `{"v":1,"kind":"top secret"}`+"\n"), "line 2: ",
			[]model.StepState{confirmed, confirmed, doubt},
			model.RunCancelled,
		},
		"a foreign step": {
			swap(1, `{"v":1,"kind":"intent","step":"top secret"}`+"\n"), "line 2: ",
			[]model.StepState{confirmed, confirmed, cancelled},
			model.RunCancelled,
		},
		"no end": {
			swap(5, "{top secret}\n"), "line 6: ",
			[]model.StepState{confirmed, confirmed, doubt},
			model.RunInterrupted,
		},
		"no head": {
			swap(0, "top secret\n"), "line 1: ",
			[]model.StepState{confirmed, confirmed},
			model.RunCancelled,
		},
		"two heads": {
			append(slices.Clone(lines[0]), content...), "line 2: ",
			[]model.StepState{confirmed, confirmed, doubt},
			model.RunCancelled,
		},
		"another's head": {
			bytes.Replace(content, []byte(w.ID()), []byte("20010101T000000Z-0000"), 1), "line 1: ",
			[]model.StepState{confirmed, confirmed},
			model.RunCancelled,
		},
		"an intent at last": {
			append(slices.Clone(content), lines[1]...), "line 7: ",
			[]model.StepState{doubt, confirmed, cancelled},
			model.RunCancelled,
		},
		"an edited plan": {
			bytes.Replace(content, []byte(`"deletes":1`), []byte(`"deletes":0`), 1), "line 1: ",
			[]model.StepState{confirmed, confirmed},
			model.RunCancelled,
		},
		"a step's lines are cut out": {
			bytes.Join(slices.Delete(slices.Clone(lines), 1, 3), nil), "step s1",
			[]model.StepState{doubt, confirmed, cancelled},
			model.RunCancelled,
		},
		"a step's lines are cut out of a run that is done": {
			bytes.Replace(content, []byte(`"ended":"cancelled"`), []byte(`"ended":"done"`), 1), "step s3",
			[]model.StepState{confirmed, confirmed, doubt},
			model.RunDone,
		},
		"an intent is cut out": {
			swap(1, ""), "line 2: ",
			[]model.StepState{confirmed, confirmed, cancelled},
			model.RunCancelled,
		},
		"an outcome before its intent": {
			bytes.Join([][]byte{lines[0], lines[2], lines[1], lines[3], lines[4], lines[5]}, nil), "line 3: ",
			[]model.StepState{doubt, confirmed, cancelled},
			model.RunCancelled,
		},
		"only zeros": {append(bytes.Repeat([]byte{0}, 40), '\n'), "line 1: ", nil, model.RunInterrupted},
	} {
		disk := statetest.New(1)
		disk.WriteFile(file(w.ID()), c.content)
		run, err := open(disk, 2).Run(w.ID())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var steps []model.StepState
		for _, s := range run.Steps {
			steps = append(steps, s.State)
		}
		damage := strings.Join(run.Damage, "\n")
		if !strings.Contains(damage, c.damage) || strings.Contains(damage, "secret") || run.State != c.state ||
			!slices.Equal(steps, c.steps) {
			t.Errorf("%s: %s %v, damage %q; want %s %v", name, run.State, steps, damage, c.state, c.steps)
		}
		if len(run.Plan.Steps) != len(run.Steps) {
			t.Errorf("%s: %d steps of a plan of %d", name, len(run.Steps), len(run.Plan.Steps))
		}
		if run.Settled() {
			continue
		}
		var records []model.StepRecord
		for _, s := range run.Steps {
			if s.State == model.StepInDoubt {
				records = append(records, model.StepRecord{ID: s.ID, State: model.StepFailed})
			}
		}
		store := open(disk, 2)
		check(t, store.Settle(w.ID(), records, model.RunIncomplete))
		if _, found, err := store.Unsettled(fp); found || err != nil {
			t.Errorf("%s: not settled for good: %v", name, err)
		}
	}
}

func TestRunsOfAllConnections(t *testing.T) {
	disk := statetest.New(1)
	store := open(disk, 1)
	var ids []string
	for i, of := range []string{fp, "ffff", fp} {
		p := planOf("s1")
		p.Fingerprint = of
		if i == 2 {
			p.Undoes = ids[0]
		}
		h := head(p)
		h.Fingerprint = of
		w, err := store.Begin(h)
		check(t, err)
		check(t, w.Intent("s1", nil))
		check(t, w.Outcome(model.StepRecord{ID: "s1", State: model.StepConfirmed}))
		check(t, w.End(model.RunDone))
		check(t, w.Close())
		ids = append(ids, w.ID())
	}
	disk.WriteFile(dir+"/"+fp+"/notes.txt", []byte("by hand"))
	disk.WriteFile(file("20261123T080000Z-0000"), []byte(`{"v":1,"kind":"head"`)) // killed before it began
	got := func(of string) (out []string) {
		runs, err := store.Runs(of)
		check(t, err)
		for _, r := range runs {
			out = append(out, r.ID)
		}
		return out
	}
	if diff := cmp.Diff([]string{ids[2], ids[1], ids[0]}, got("")); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{ids[2], ids[0]}, got(fp)); diff != "" {
		t.Errorf("of one (-want +got):\n%s", diff)
	}
	if r, err := store.Run(ids[0]); err != nil || !slices.Equal(r.UndoneBy, ids[2:]) {
		t.Errorf("undone by %v, %v", r.UndoneBy, err)
	}
	if _, err := store.Run("2026"); err == nil || !strings.Contains(err.Error(), "runs begin with 2026") {
		t.Errorf("a prefix of all: %v", err)
	}
	if _, err := store.Run("1999"); !errors.Is(err, journal.ErrNoRun) {
		t.Errorf("nobody's: %v", err)
	}
	if runs, err := open(statetest.New(9), 9).Runs(""); err != nil || len(runs) > 0 {
		t.Errorf("before the first run: %v, %v", runs, err)
	}
}

func TestSpent(t *testing.T) {
	disk := statetest.New(1)
	store := open(disk, 1)
	steps := []string{"s1", "s2", "s3", "s4", "s5", "s6", "s7"}
	p := planOf(steps...)
	p.Steps[0].Own = true
	for i, repair := range map[int]model.RepairName{1: model.RemoveMembers, 5: model.ClearAssignments} {
		p.Steps[i].Repair, p.Steps[i].Counts = repair, model.Counts{Removals: 5}
	}
	w := begin(t, store, p)
	for i, state := range []model.StepState{
		model.StepConfirmed, model.StepUnconfirmed, model.StepFailed, model.StepSkipped, model.StepConfirmed,
		model.StepConfirmed,
	} {
		rec := model.StepRecord{ID: steps[i], State: state, At: now.Add(24 * time.Hour)}
		if i == 4 {
			rec.At = now // before what is asked for
		}
		if i < 2 { // what was seen to happen counts, whatever the step says
			rec.Beyond = model.Beyond{Counts: model.Counts{Removals: 2}}
		}
		check(t, w.Intent(rec.ID, nil))
		check(t, w.Outcome(rec))
	}
	check(t, w.Intent("s7", nil))
	spent, err := store.Spent(fp, now.Add(time.Minute))
	check(t, err)
	want := model.Spent{Counts: model.Counts{Deletes: 1, Removals: 14, Grants: 2}, Groups: 1, Memberships: 9}
	if spent != want {
		t.Errorf("spent %+v, want %+v", spent, want)
	}
	content, err := disk.ReadFile(file(w.ID()))
	check(t, err)
	disk.WriteFile(file(w.ID()), bytes.Replace(content, []byte(`"head"`), []byte(`"haed"`), 1))
	check(t, w.Close())
	if _, err := store.Spent(fp, now.Add(time.Minute)); err == nil || !strings.Contains(err.Error(), w.ID()) {
		t.Errorf("spent without a head: %v", err)
	}
	if spent, err := store.Spent(fp, now.Add(48*time.Hour)); err != nil || spent != (model.Spent{}) {
		t.Errorf("spent later: %+v, %v", spent, err)
	}
}

func TestPurge(t *testing.T) {
	disk := statetest.New(1)
	store := open(disk, 1)
	var ids []string
	for i := range 3 {
		p := planOf("s1")
		p.Fingerprint = []string{"aa", "bb", "cc"}[i]
		h := head(p)
		h.Fingerprint = p.Fingerprint
		w, err := store.Begin(h)
		check(t, err)
		t.Cleanup(func() { w.Close() })
		check(t, w.Intent("s1", nil))
		switch i {
		case 0: // ends
			check(t, w.Outcome(model.StepRecord{ID: "s1", State: model.StepConfirmed}))
			check(t, w.End(model.RunDone))
			check(t, w.Close())
		case 1: // is interrupted
			check(t, w.Close())
		case 2: // goes on
		}
		ids = append(ids, w.ID())
	}
	if n, err := store.Purge(now); n != 0 || err != nil {
		t.Errorf("before any: %d, %v", n, err)
	}
	if n, err := store.Purge(now.Add(journal.Kept)); n != 1 || err != nil {
		t.Errorf("after all: %d, %v", n, err)
	}
	runs, err := store.Runs("")
	check(t, err)
	if len(runs) != 2 || runs[0].ID != ids[2] || runs[1].ID != ids[1] {
		t.Errorf("left: %v", runs)
	}
}
