package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// line is a terminal of the system's own without anybody's shell, so that it can go away without a signal, or take
// nothing.
type line struct {
	t *testing.T
	// far is the end of whoever looks, near that of the program.
	far, near *os.File
}

func newLine(t *testing.T) *line {
	t.Helper()
	far, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this system gives no terminal: %v", err)
	}
	t.Cleanup(func() { _ = far.Close() })
	number, err := unix.IoctlGetInt(int(far.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(far.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	near, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err == nil {
		err = unix.IoctlSetWinsize(int(near.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 120})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = near.Close() })
	return &line{t: t, far: far, near: near}
}

// run starts the program on the line, in a session of its own without a controlling terminal: no signal comes from the
// line.
func (l *line) run(dir string, env []string, args ...string) *exec.Cmd {
	l.t.Helper()
	cmd := process(l.t.Context(), l.t, args...)
	cmd.Env = append([]string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_STATE_HOME=" + dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8",
		"TERM=xterm-256color", gorace,
	}, env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = l.near, l.near, l.near
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	return cmd
}

// read reads what is written until it holds a text, or until nobody writes any more.
func (l *line) read(until string) string {
	l.t.Helper()
	var all bytes.Buffer
	if err := l.far.SetReadDeadline(time.Now().Add(patience)); err != nil {
		l.t.Fatal(err)
	}
	part := make([]byte, 64<<10)
	for until == "" || !strings.Contains(all.String(), until) {
		n, err := l.far.Read(part)
		all.Write(part[:n])
		switch {
		case errors.Is(err, syscall.EIO) || errors.Is(err, io.EOF):
			return all.String()
		case err != nil:
			l.t.Fatalf("%v; so far %q", err, all.String())
		}
	}
	return all.String()
}

// stall makes the line take nothing, as ctrl-s does.
func (l *line) stall() {
	l.t.Helper()
	if err := unix.IoctlSetInt(int(l.near.Fd()), unix.TCXONC, unix.TCOOFF); err != nil {
		l.t.Fatal(err)
	}
}

func (l *line) modes() unix.Termios {
	l.t.Helper()
	modes, err := unix.IoctlGetTermios(int(l.near.Fd()), unix.TCGETS)
	if err != nil {
		l.t.Fatal(err)
	}
	return *modes
}

// ended waits for the end of the program, and gives its code.
func ended(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	over := make(chan struct{})
	go func() { _ = cmd.Wait(); close(over) }()
	select {
	case <-over:
		return cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		_ = cmd.Process.Kill()
		<-over
		t.Fatal("the program does not end")
		return 0
	}
}

// TestTheTerminalGoesWithoutASignal: nobody can end the program any more, so it ends itself, interrupted.
func TestTheTerminalGoesWithoutASignal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ args, until string }{
		"board":     {"demo", "complete"},
		"questions": {"init", "OneLogin"},
		"watched":   {"check --demo --latency 500ms", "AWS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			cmd := l.run(t.TempDir(), nil, strings.Fields(c.args)...)
			l.read(c.until)
			_, _ = l.near.Close(), l.far.Close()
			if code := ended(t, cmd); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
		})
	}
}

// TestStalled: a terminal that takes nothing does not hold a program that is told to end, and gets its modes back.
func TestStalled(t *testing.T) {
	t.Parallel()
	// Under nohup a program is started with SIGHUP ignored, and heeds that. What is heard here is not ignored there.
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(heard) })
	for _, sent := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(sent.String(), func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			before := l.modes()
			cmd := l.run(t.TempDir(), nil, "demo")
			l.read("complete")
			if l.modes() == before {
				t.Fatal("the board did not take the terminal")
			}
			l.stall()
			if _, err := l.far.WriteString("\t\t\t"); err != nil { // each makes it draw another tab
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
			if code := ended(t, cmd); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			if after := l.modes(); after != before {
				t.Errorf("the terminal was left as %+v, not as %+v", after, before)
			}
		})
	}
}

// TestStalledRun: a run that is told to end while its terminal takes nothing ends as any other: the write that is under
// way is seen through, nothing is sent after it, and the journal says so of each step.
func TestStalledRun(t *testing.T) {
	t.Parallel()
	b := newBench(t, tenantFlags{Options: tenants.Options{Scenario: "drift", Seed: 1}})
	plan, file := b.plan("--kind", "group-lingering", "--repair", "delete-group")
	if len(plan.Steps) < 2 {
		t.Fatalf("the plan has %d steps, want some after the first", len(plan.Steps))
	}
	if err := b.Faults.Add(fault.Fault{
		Kind: fault.Slow, Service: "scim", Method: "DELETE", Path: "/Groups/",
		DelayMS: 2000,
	}); err != nil {
		t.Fatal(err)
	}
	l := newLine(t)
	cmd := l.run(t.TempDir(), nil, "apply", file, "--yes", "--checksum", plan.Checksum, "--config", b.config)
	l.read(plan.Steps[0].Subject.Name + ": running")
	late := time.After(patience)
	for tick := time.Tick(time.Millisecond); b.Faults.List()[0].Hits == 0; { // until it waits for the answer
		select {
		case <-tick:
		case <-late:
			t.Fatal("nothing was deleted")
		}
	}
	l.stall()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := ended(t, cmd); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	history := process(t.Context(), t, "history", "-o", "json")
	history.Env = cmd.Env
	out, err := history.Output()
	if err != nil {
		t.Fatal(err)
	}
	var runs []model.Run
	if err := json.Unmarshal(out, &runs); err != nil || len(runs) != 1 || len(runs[0].Steps) != len(plan.Steps) {
		t.Fatalf("%v: the journal tells of these runs: %s", err, out)
	}
	for i, step := range runs[0].Steps {
		want := model.StepCancelled
		if i == 0 {
			want = model.StepConfirmed
		}
		if step.State != want {
			t.Errorf("the journal says that step %d is %s, want %s", i, step.State, want)
		}
	}
}

func beyondASCII(r rune) bool { return r >= utf8.RuneSelf }

// TestTheBoardOfAnASCIILocale shows nothing that such a terminal cannot.
func TestTheBoardOfAnASCIILocale(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	cmd := l.run(t.TempDir(), []string{"LC_ALL=C"}, "demo")
	_ = l.near.Close()
	said := l.read("2 suspended people can still sign in")
	if _, err := l.far.WriteString("q"); err != nil {
		t.Fatal(err)
	}
	if said += l.read(""); strings.ContainsFunc(said, beyondASCII) {
		t.Errorf("it writes %q", said)
	}
	if code := ended(t, cmd); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// TestDumbTerminal: not one escape sequence goes to a printer, from any command, nor a sign that its locale has not;
// the board is the check.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		code int
	}{
		{"demo", exitDrift},
		{"check --demo", exitDrift},
		{"plan --demo --kind group-lingering", exitDrift},
		{"doctor --demo", exitDrift},
		{"--help", exitOK},
		{"help check", exitOK},
		{"completion bash", exitOK},
		{"man", exitOK},
		{"version", exitOK},
		{"--version", exitOK},
		{"nonsense", exitFailed},
		{"--nonsense", exitFailed},
		{"check --config /nowhere", exitFailed},
		{"history", exitOK},
		{"login", exitFailed},
		{"init", exitFailed},
		{"config show", exitFailed},
		{"snapshot open nowhere", exitFailed},
		{"apply nowhere", exitFailed},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			cmd := l.run(t.TempDir(), []string{"TERM=dumb", "CLICOLOR_FORCE=1", "LC_ALL=C"}, strings.Fields(c.args)...)
			_ = l.near.Close()
			if _, err := l.far.WriteString("\x04"); err != nil { // ctrl-d ends what it asks for
				t.Fatal(err)
			}
			said := l.read("")
			if strings.ContainsRune(said, '\x1b') || said == "" || strings.ContainsFunc(said, beyondASCII) {
				t.Errorf("it writes %q", said)
			}
			if code := ended(t, cmd); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
		})
	}
}
