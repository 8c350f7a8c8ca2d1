package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// pane is a terminal: the one pane of a tmux server of its own, so that neither the tests nor the people on this
// machine disturb each other.
type pane struct {
	socket string
	env    []string
	// looks and seen are a client of it in control mode (CONTROL MODE in tmux(1)): a look that started a process each
	// time would take most of what these tests take.
	looks io.Writer
	seen  *bufio.Reader
}

// newPane opens a terminal with a shell whose prompt tells the code that the last command ended with.
func newPane(t *testing.T, dir string, env []string, width, height int) (*pane, error) {
	t.Helper()
	//nolint:usetesting // sockets take 104 bytes (macOS), and t.TempDir is longer
	sockets, err := os.MkdirTemp("", "drift")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = os.RemoveAll(sockets) })
	rc, conf := filepath.Join(dir, "shellrc"), filepath.Join(dir, "tmux.conf")
	// Variables such as TERM are set by tmux, and so have to be set again behind it.
	text := "PS1='[$?] $ '\ncd '" + dir + "'\n"
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		text += "export " + name + "='" + value + "'\n"
	}
	if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
		return nil, err
	}
	settings := "set -g status off\nset -s set-clipboard on\nset -s escape-time 0\nset -g default-terminal " +
		"screen-256color\n"
	if err := os.WriteFile(conf, []byte(settings), 0o600); err != nil {
		return nil, err
	}
	p := &pane{socket: filepath.Join(sockets, "s"), env: append(slices.Clip(env), "ENV="+rc)}
	t.Cleanup(func() { _, _ = p.tmux("kill-server") })
	size := []string{"-x", strconv.Itoa(width), "-y", strconv.Itoa(height)}
	if _, err = p.tmux(append(append([]string{"-f", conf, "new-session", "-d"}, size...), "sh -i")...); err != nil {
		return nil, err
	}
	return p, p.attach(t)
}

// attach starts the client that looks, which ends with the server.
func (p *pane) attach(t *testing.T) error {
	t.Helper()
	client := exec.Command("tmux", "-u", "-S", p.socket, "-C", "attach-session", "-f", "ignore-size,no-output")
	client.Env = p.env
	in, err := client.StdinPipe()
	if err != nil {
		return err
	}
	out, err := client.StdoutPipe()
	if err != nil {
		return err
	}
	if err := client.Start(); err != nil {
		return err
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = client.Wait()
	})
	p.looks, p.seen = in, bufio.NewReader(out)
	_, err = p.answer() // to the attaching itself
	return err
}

// answer is what stands between %begin and %end, or an error where that is %error.
func (p *pane) answer() (string, error) {
	var text strings.Builder
	for begun := false; ; {
		line, err := p.seen.ReadString('\n')
		switch {
		case err != nil:
			return "", fmt.Errorf("tmux is gone: %w", err)
		case strings.HasPrefix(line, "%begin "):
			begun = true
		case strings.HasPrefix(line, "%end "):
			return text.String(), nil
		case strings.HasPrefix(line, "%error "):
			return "", errors.New(text.String())
		case begun:
			text.WriteString(line)
		}
	}
}

func (p *pane) tmux(args ...string) (string, error) {
	// A background context: the clean-up comes after the end of the test's own.
	cmd := exec.Command("tmux", append([]string{"-u", "-S", p.socket}, args...)...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

// screen is what the terminal shows, line by line; empty while it shows nothing.
func (p *pane) screen() string { return p.capture() }

// logical is the same with wrapped lines joined.
func (p *pane) logical() string { return p.capture("-J") }

// styled is the same with the escape sequences of its colours.
func (p *pane) styled() string { return p.capture("-e") }

func (p *pane) capture(flags ...string) string {
	_, err := fmt.Fprintln(p.looks, "capture-pane -p", strings.Join(flags, " "))
	if err != nil {
		return err.Error() // a step that looks fails, and shows this
	}
	out, err := p.answer()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(out, "\n")
}

func (p *pane) keys(args ...string) error {
	_, err := p.tmux(append([]string{"send-keys"}, args...)...)
	return err
}

func (p *pane) resize(width, height int) error {
	_, err := p.tmux("resize-window", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height))
	return err
}

// clipboard is what a program has put there by OSC 52.
func (p *pane) clipboard() string {
	out, err := p.tmux("show-buffer")
	if err != nil {
		return "" // there is no buffer before the first copy
	}
	return strings.TrimSuffix(out, "\n")
}

// settings is everything that a program must put back: tmux's modes of the pane, and the line discipline's.
func (p *pane) settings() (string, error) {
	modes, err := p.tmux("display-message", "-p",
		"alternate screen #{alternate_on}, cursor #{cursor_flag}, keypad #{keypad_flag} #{keypad_cursor_flag}, mouse "+
			"#{mouse_any_flag} #{mouse_sgr_flag}")
	if err != nil {
		return "", err
	}
	tty, err := p.tmux("display-message", "-p", "#{pane_tty}")
	if err != nil {
		return "", err
	}
	f, err := os.Open(strings.TrimSpace(tty))
	if err != nil {
		return "", err
	}
	defer f.Close()
	stty := exec.Command("stty", "-g")
	stty.Stdin = f
	line, err := stty.Output()
	return strings.TrimSpace(modes) + ", line " + strings.TrimSpace(string(line)), err
}

// program is the id of the process of ours in this terminal.
func (p *pane) program() (string, error) {
	tty, err := p.tmux("display-message", "-p", "#{pane_tty}")
	if err != nil {
		return "", err
	}
	list, err := exec.Command("ps", "-o", "pid=,comm=", "-t",
		strings.TrimPrefix(strings.TrimSpace(tty), "/dev/")).Output()
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) == 2 && filepath.Base(f[1]) == "scimdrift" {
			return f[0], nil
		}
	}
	return "", errors.New("the program does not run")
}

var colour = regexp.MustCompile(`\x1b\[(?:\d+;)*(?:[349][0-7]|10[0-7]|[34]8;[\d;]+)(?:;\d+)*m`)

// coloured reports colours; bold, faint and reverse are none.
func coloured(styled string) bool { return colour.MatchString(styled) }

// click presses the left button on the first cell that shows the text. The report is written as a terminal writes it
// (SGR mode, xterm's control sequences), because tmux passes mouse keys from clients only and there is none with a
// mouse.
func (s *stage) click(text string) error {
	if err := s.see(text); err != nil {
		return err
	}
	for y, line := range strings.Split(s.pane.screen(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			x := utf8.RuneCountInString(before) + 1
			return s.report(fmt.Sprintf("0;%d;%dM", x, y+1), fmt.Sprintf("0;%d;%dm", x, y+1))
		}
	}
	return errors.New("it has gone again")
}

func (s *stage) wheel(direction string) error {
	button := map[string]int{"up": 64, "down": 65}[direction]
	if button == 0 {
		return errors.New("write: wheel up, or wheel down")
	}
	lines := strings.Split(s.pane.screen(), "\n")
	return s.report(fmt.Sprintf("%d;5;%dM", button, len(lines)/2))
}

func (s *stage) report(events ...string) error {
	for _, e := range events {
		if err := s.pane.keys("-l", "\x1b[<"+e); err != nil {
			return err
		}
	}
	return nil
}
