package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// patience is for a busy machine under the race detector; a step that holds goes on at once.
const patience = 60 * time.Second

// stage is where one script plays: a folder, a terminal, perhaps a simulation.
type stage struct {
	t          *testing.T
	dir        string
	env        []string
	pane       *pane
	simulation *exec.Cmd
	second     *exec.Cmd
	chrome     *chrome
	untouched  string // the terminal's settings at the first prompt
}

func newStage(t *testing.T) *stage {
	t.Helper()
	dir := t.TempDir()
	return &stage{t: t, dir: dir, env: []string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CACHE_HOME=" + dir, "LC_ALL=C.UTF-8",
		"TZ=UTC",
		"PATH=" + os.Getenv("PATH"), gorace,
	}}
}

// gorace keeps the race detector's reports off the screens that are looked at. When a signal ends the program, the
// framework closes its input reader while that still reads (charm.land/bubbletea/v2 readLoop, ultraviolet's
// TerminalReader); now and then the detector prints that over the terminal and changes the exit code. Races of our own
// are the business of every other test.
const gorace = "GORACE=log_path=/dev/null exitcode=0"

func (s *stage) setEnv(rest string) error {
	if !strings.Contains(rest, "=") {
		return errors.New("write: env NAME=VALUE")
	}
	s.env = append(s.env, rest)
	return nil
}

func (s *stage) openShell(width, height int) (err error) {
	s.pane, err = newPane(s.t, s.dir, s.env, width, height)
	return err
}

// look is the screen for a report of what went wrong.
func (s *stage) look() string {
	if s.pane == nil {
		return "(none is open)"
	}
	return s.pane.screen()
}

// until polls: what happens on a terminal sends no word when it is done. It looks less often the longer it waits: the
// looks would else take more of a busy machine than what is looked at.
func (s *stage) until(holds func() bool, otherwise string) error {
	deadline := time.Now().Add(patience)
	for pause := 10 * time.Millisecond; !holds(); pause = min(2*pause, 160*time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("after %s: %s", patience, otherwise)
		}
		time.Sleep(pause)
	}
	return nil
}

// prompt is what the stage's shell says when it waits: the code that the last command ended with.
var prompt = regexp.MustCompile(`^\[(\d+)\] \$$`)

// backAtShell waits for a bare prompt with that code, any if empty, and for the terminal to be as it was before.
func (s *stage) backAtShell(code string) error {
	err := s.until(func() bool {
		m := prompt.FindStringSubmatch(lastLine(s.pane.logical()))
		return m != nil && (code == "" || m[1] == code)
	}, "the shell is not back, or with another code")
	if err != nil {
		return err
	}
	now, err := s.pane.settings()
	if err != nil {
		return err
	}
	if s.untouched == "" {
		s.untouched = now
	}
	if now != s.untouched {
		return fmt.Errorf("the terminal is not as it was:\n was %s\n is  %s", s.untouched, now)
	}
	return nil
}

func (s *stage) exited(code string) error { return s.backAtShell(code) }

// signal goes to the program itself, not to the shell around it.
func (s *stage) signal(name string) error {
	pid, err := s.pane.program()
	if err != nil {
		return err
	}
	return exec.CommandContext(s.t.Context(), "kill", "-"+name, pid).Run()
}

func (s *stage) simulate(args string) error {
	config, err := s.serve(&s.simulation, args)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, "sim.toml"), config, 0o600)
}

// simulateToo adds a second connection to sim.toml.
func (s *stage) simulateToo(rest string) error {
	name, rest, _ := strings.Cut(rest, " ")
	colour, args, _ := strings.Cut(rest, " ")
	config, err := s.serve(&s.second, args)
	if err != nil {
		return err
	}
	path := filepath.Join(s.dir, "sim.toml")
	first, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_, more, _ := strings.Cut(strings.ReplaceAll(string(config), "connections.sim", "connections."+name), "\n")
	return os.WriteFile(path, fmt.Appendf(first, "\n[connections.%s]\naccent = %q\n%s", name, colour, more), 0o600)
}

// serve starts a simulation and gives the configuration that connects to it.
func (s *stage) serve(simulation **exec.Cmd, args string) ([]byte, error) {
	cmd := process(s.t.Context(), s.t, append([]string{"simulate"}, strings.Fields(args)...)...)
	cmd.Env = s.env
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	*simulation = cmd
	s.t.Cleanup(func() { _ = end(simulation) })
	config := make([]byte, 64<<10)
	n, err := stdout.Read(config) // it is written at once, when both services answer
	return config[:n], err
}

func (s *stage) spoil(key string) error {
	path := filepath.Join(s.dir, "sim.toml")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(key) + ` = .*$`)
	if !line.Match(text) {
		return fmt.Errorf("sim.toml has no %s", key)
	}
	return os.WriteFile(path, line.ReplaceAll(text, []byte(key+` = "spoiled"`)), 0o600)
}

func (s *stage) stopSimulation(string) error { return end(&s.simulation) }

func end(simulation **exec.Cmd) error {
	if *simulation == nil {
		return nil
	}
	if err := (*simulation).Process.Kill(); err != nil {
		return err
	}
	_ = (*simulation).Wait() // it was killed, and says so
	*simulation = nil
	return nil
}

// fault makes the simulation go wrong, over the door that only people and tests use.
func (s *stage) fault(rest string) error { return s.faults(http.MethodPost, rest) }

// backdate makes everything that the journals tell of longer ago, as if somebody had waited.
func (s *stage) backdate(rest string) error {
	by, err := time.ParseDuration(rest)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(s.dir, "scimdrift", "*", "*.jsonl"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("%d journals are there: %w", len(files), err)
	}
	for _, file := range files {
		err = errors.Join(err, backdate(file, by))
	}
	return err
}

func (s *stage) noFaults(rest string) error {
	if rest != "faults" {
		return errors.New("write: no faults")
	}
	return s.faults(http.MethodDelete, "")
}

func (s *stage) faults(method, body string) error {
	text, err := os.ReadFile(filepath.Join(s.dir, "sim.toml"))
	if err != nil {
		return err
	}
	return s.control(string(text), method, "faults", body)
}

// control asks the simulation whose address is in a text for what only people and tests may.
func (s *stage) control(text, method, path, body string) error {
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(text) + "/__sim/" + path
	request, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(response.Body)
		return fmt.Errorf("the simulation answers %s: %s", response.Status, said)
	}
	return nil
}
