package journal_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

const childDir = "SCIMDRIFT_JOURNAL_TEST_DIR"

// TestMain lets a test start this program again as a process that begins a run, says so, and waits to be killed.
func TestMain(m *testing.M) {
	if in := os.Getenv(childDir); in != "" {
		w, err := journal.Open(state.OS(), in, time.Now).Begin(head(planOf("s1", "s2")))
		if err == nil {
			err = w.Intent("s1", nil)
		}
		fmt.Println(err)
		_, _ = os.Stdin.Read(make([]byte, 1)) // until it is killed
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestKilled kills real processes in the middle of a run: while one lives nobody else can run, and after it nobody
// before it is settled. The lock file that stays behind is no lock.
func TestKilled(t *testing.T) {
	in := filepath.Join(t.TempDir(), "state", "journal")
	store := journal.Open(state.OS(), in, time.Now)
	for round := range 5 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childDir+"="+in)
		out, err := child.StdoutPipe()
		check(t, err)
		_, err = child.StdinPipe()
		check(t, err)
		check(t, child.Start())
		said, err := bufio.NewReader(out).ReadString('\n')
		check(t, err)
		if strings.TrimSpace(said) != "<nil>" {
			t.Fatalf("the process says %q", said)
		}
		var busy *journal.BusyError
		if _, err = store.Begin(head(planOf("s1"))); !errors.As(err, &busy) || busy.PID != child.Process.Pid {
			t.Errorf("while it lives: %v", err)
		}
		runs, err := store.Runs(fp)
		check(t, err)
		if len(runs) != round+1 || runs[0].State != model.RunRunning {
			t.Fatalf("while it lives: %+v", runs)
		}
		check(t, child.Process.Kill())
		_ = child.Wait() // it was killed

		id, found, err := store.Unsettled(fp)
		check(t, err)
		run, err := store.Run(id)
		check(t, err)
		if !found || run.State != model.RunInterrupted || run.Steps[0].State != model.StepInDoubt ||
			run.Steps[1].State != model.StepQueued {
			t.Fatalf("after it was killed: %+v", run)
		}
		if _, err := store.Begin(head(planOf("s1"))); !errors.As(err, new(*journal.UnsettledError)) {
			t.Errorf("a new run: %v", err)
		}
		check(t, store.Settle(id, []model.StepRecord{{ID: "s1", State: model.StepConfirmed}}, model.RunIncomplete))
	}
	w, err := store.Begin(head(planOf("s1")))
	check(t, err)
	check(t, w.Close())
}

func TestOnlyTheOwnerReadsAJournal(t *testing.T) {
	in := filepath.Join(t.TempDir(), "state", "journal")
	w, err := journal.Open(state.OS(), in, time.Now).Begin(head(planOf("s1")))
	check(t, err)
	check(t, w.Close())
	for _, name := range []string{filepath.Dir(in), in, filepath.Join(in, fp)} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	files, err := os.ReadDir(filepath.Join(in, fp))
	check(t, err)
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
	if len(files) != 3 {
		t.Errorf("files %v, want the journal and two locks", files)
	}
}

func TestAStateFolderThatIsAFile(t *testing.T) {
	in := filepath.Join(t.TempDir(), "state")
	check(t, os.WriteFile(in, nil, 0o600))
	_, err := journal.Open(state.OS(), in, time.Now).Begin(head(planOf("s1")))
	if err == nil || !strings.Contains(err.Error(), "no journal can be kept in "+in) {
		t.Errorf("%v", err)
	}
}
