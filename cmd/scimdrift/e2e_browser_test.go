package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// needChromium skips where there is no browser to press a button in, except in CI.
func needChromium(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath(chromium())
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing; CI must have it", chromium())
	default:
		t.Skipf("%s is missing; install Chromium, or name another with CHROMIUM, to press buttons in a real browser", chromium())
	}
}

// chromium is the browser, by the same variable as for the pictures.
func chromium() string {
	if name := os.Getenv("CHROMIUM"); name != "" {
		return name
	}
	return "/usr/bin/chromium"
}

// browser lets the program open pages: what it would start is a script that notes the address for browse.
func (s *stage) browser(string) error {
	bin := filepath.Join(s.dir, "bin")
	if err := os.MkdirAll(bin, 0o700); err != nil {
		return err
	}
	script := "#!/bin/sh\nprintf '%s' \"$1\" >'" + s.opened() + "'\n"
	for _, name := range []string{"xdg-open", "open"} { // as Linux and macOS call it
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o700); err != nil {
			return err
		}
	}
	s.env = append(s.env, "DISPLAY=:0", "PATH="+bin+":"+os.Getenv("PATH"))
	return nil
}

// opened is where the address stands that the program opened last.
func (s *stage) opened() string { return filepath.Join(s.dir, "opened") }

// address is a link on the screen.
var address = regexp.MustCompile(`http://127\.0\.0\.1:\S+`)

// browse clicks a button of the page that the program has opened, or else shows the address of, in a real browser.
func (s *stage) browse(rest string) error {
	button, ok := strings.CutPrefix(rest, "press ")
	if !ok {
		return errors.New("write: browse press BUTTON")
	}
	url, err := os.ReadFile(s.opened())
	if err != nil {
		url = []byte(address.FindString(s.pane.screen()))
	}
	if len(url) == 0 {
		return errors.New("nothing was opened, and there is no address on the screen")
	}
	return s.pressOn(string(url), button)
}

// elsewhere is somebody else who clicks a button of the app's page while the program looks on.
func (s *stage) elsewhere(rest string) error {
	button, ok := strings.CutPrefix(rest, "press ")
	if !ok {
		return errors.New("write: elsewhere press BUTTON")
	}
	c, err := s.connection()
	if err != nil {
		return err
	}
	return s.pressOn(fmt.Sprintf("%s/apps/%d/edit/", c.OneLogin.URL, c.OneLogin.AppID), button)
}

func (s *stage) pressOn(url, button string) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	return pressIn(ctx, filepath.Join(s.dir, "chromium"), url, button)
}

// tab is a page of a Chromium that is driven over its debugging pipe (Chrome DevTools Protocol, messages that end with a zero byte).
type tab struct {
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
}

// pressIn opens a page in a headless Chromium, clicks a button with the mouse, and waits for the page that follows.
func pressIn(ctx context.Context, profile, url, button string) error {
	theirs, to, err := os.Pipe()
	if err != nil {
		return err
	}
	defer to.Close()
	from, answers, err := os.Pipe()
	if err != nil {
		return err
	}
	defer from.Close()
	cmd := exec.CommandContext(ctx, chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--no-first-run", "--user-data-dir="+profile, "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, answers} // 3 and 4, where Chromium looks for the pipe
	if err := cmd.Start(); err != nil {
		return err
	}
	_, _ = theirs.Close(), answers.Close() // so that the pipes end with the browser
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	p := &tab{to: to, from: bufio.NewReader(from)}
	if err := p.press(url, button); err != nil {
		return fmt.Errorf("press %q on %s: %w", button, url, err)
	}
	return nil
}

func (p *tab) press(url, button string) error {
	var target struct{ TargetID string }
	if err := p.ask("Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var attached struct{ SessionID string }
	if err := p.ask("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached); err != nil {
		return err
	}
	p.session = attached.SessionID
	if err := p.ask("Page.enable", nil, nil); err != nil {
		return err
	}
	var gone struct{ ErrorText string }
	if err := p.ask("Page.navigate", map[string]any{"url": url}, &gone); err != nil {
		return err
	}
	if gone.ErrorText != "" {
		return errors.New(gone.ErrorText)
	}
	if err := p.await("Page.loadEventFired"); err != nil {
		return err
	}
	name, err := json.Marshal(button)
	if err != nil {
		return err
	}
	var found struct{ Result struct{ Value []float64 } }
	where := `(() => {
		const b = [...document.querySelectorAll("button")].find((b) => b.textContent.trim() === ` + string(name) + `);
		if (!b) return null;
		b.scrollIntoView();
		const r = b.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`
	if err := p.ask("Runtime.evaluate", map[string]any{"expression": where, "returnByValue": true}, &found); err != nil {
		return err
	}
	if len(found.Result.Value) != 2 {
		return errors.New("the page has no such button")
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		at := map[string]any{"type": kind, "x": found.Result.Value[0], "y": found.Result.Value[1], "button": "left", "clickCount": 1}
		if err := p.ask("Input.dispatchMouseEvent", at, nil); err != nil {
			return err
		}
	}
	return p.await("Page.loadEventFired")
}

// message is an answer, with the id of its question, or an event.
type message struct {
	ID     int
	Method string
	Result json.RawMessage
	Error  *struct{ Message string }
}

// ask sends a command and takes its answer.
func (p *tab) ask(method string, params map[string]any, into any) error {
	p.last++
	q := map[string]any{"id": p.last, "method": method, "params": params}
	if p.session != "" {
		q["sessionId"] = p.session
	}
	text, err := json.Marshal(q)
	if err != nil {
		return err
	}
	if _, err := p.to.Write(append(text, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	m, err := p.next(func(m *message) bool { return m.ID == p.last })
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", method, err)
	case m.Error != nil:
		return fmt.Errorf("%s: %s", method, m.Error.Message)
	case into == nil:
		return nil
	}
	return json.Unmarshal(m.Result, into)
}

// await waits for an event. One that comes while an answer is waited for is lost, so an event must not be caused by a command
// whose answer comes after it; Chromium answers navigation and clicks before the page has loaded.
func (p *tab) await(event string) error {
	_, err := p.next(func(m *message) bool { return m.Method == event })
	return err
}

func (p *tab) next(wanted func(*message) bool) (*message, error) {
	for {
		text, err := p.from.ReadBytes(0)
		if err != nil {
			return nil, err
		}
		var m message
		if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
			return nil, err
		}
		if wanted(&m) {
			return &m, nil
		}
	}
}
