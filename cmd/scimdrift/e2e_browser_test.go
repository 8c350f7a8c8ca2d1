package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
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
		t.Skipf("%s is missing; install Chromium, or name another with CHROMIUM, to press buttons in a real browser",
			chromium())
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
	noted := "'" + s.opened() + "'" // whole or not at all: it is read as soon as it is there
	script := "#!/bin/sh\nprintf '%s' \"$1\" >" + noted + ".new && mv " + noted + ".new " + noted + "\n"
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

// pressOn clicks a button. What it asks for is done when the script goes on: OneLogin would do it some seconds later,
// before or after whatever the script or the program does next.
func (s *stage) pressOn(url, button string) error {
	if err := s.chrome.pressOn(s.t.Context(), url, button); err != nil {
		return err
	}
	return s.control(url, http.MethodPost, "jobs/run", "")
}

// chrome is a headless Chromium in which all scripts press their buttons, one press after another, each in a context of
// its own: starting a browser takes far longer than a press. It is driven over its debugging pipe (Chrome DevTools
// Protocol, messages that end with a zero byte) and starts with the first press.
type chrome struct {
	// profile is the folder that it keeps.
	profile string

	mu       sync.Mutex
	cmd      *exec.Cmd
	to, from *os.File
	answers  *bufio.Reader
	last     int
	// session is of the page that is open.
	session string
}

// pressOn opens a page, clicks a button with the mouse, and waits for the page that follows.
func (c *chrome) pressOn(ctx context.Context, url, button string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = c.cmd.Process.Kill() })() // a pipe that says nothing more ends
	if err := c.press(url, button); err != nil {
		return fmt.Errorf("press %q on %s: %w", button, url, err)
	}
	return nil
}

func (c *chrome) start() error {
	if c.cmd != nil {
		return nil
	}
	theirs, to, err := os.Pipe()
	if err != nil {
		return err
	}
	from, answers, err := os.Pipe()
	if err != nil {
		return errors.Join(err, theirs.Close(), to.Close())
	}
	cmd := exec.Command(chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--no-first-run", "--user-data-dir="+c.profile, "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, answers} // 3 and 4, where Chromium looks for the pipe
	err = cmd.Start()
	_, _ = theirs.Close(), answers.Close() // so that the pipes end with the browser
	if err != nil {
		return errors.Join(err, to.Close(), from.Close())
	}
	c.cmd, c.to, c.from, c.answers = cmd, to, from, bufio.NewReader(from)
	return nil
}

// end ends the browser, if there is one.
func (c *chrome) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cmd != nil {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
		_, _ = c.to.Close(), c.from.Close()
	}
}

func (c *chrome) press(url, button string) error {
	var apart struct{ BrowserContextID string }
	if err := c.ask("Target.createBrowserContext", nil, &apart); err != nil {
		return err
	}
	defer func() {
		c.session = ""
		_ = c.ask("Target.disposeBrowserContext", map[string]any{"browserContextId": apart.BrowserContextID}, nil)
	}()
	var target struct{ TargetID string }
	page := map[string]any{"url": "about:blank", "browserContextId": apart.BrowserContextID}
	if err := c.ask("Target.createTarget", page, &target); err != nil {
		return err
	}
	var attached struct{ SessionID string }
	tab := map[string]any{"targetId": target.TargetID, "flatten": true}
	if err := c.ask("Target.attachToTarget", tab, &attached); err != nil {
		return err
	}
	c.session = attached.SessionID
	if err := c.ask("Page.enable", nil, nil); err != nil {
		return err
	}
	var gone struct{ ErrorText string }
	if err := c.ask("Page.navigate", map[string]any{"url": url}, &gone); err != nil {
		return err
	}
	if gone.ErrorText != "" {
		return errors.New(gone.ErrorText)
	}
	if err := c.await("Page.loadEventFired"); err != nil {
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
	if err := c.ask("Runtime.evaluate", map[string]any{"expression": where, "returnByValue": true},
		&found); err != nil {
		return err
	}
	if len(found.Result.Value) != 2 {
		return errors.New("the page has no such button")
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		at := map[string]any{
			"type": kind, "x": found.Result.Value[0], "y": found.Result.Value[1], "button": "left", "clickCount": 1,
		}
		if err := c.ask("Input.dispatchMouseEvent", at, nil); err != nil {
			return err
		}
	}
	return c.await("Page.loadEventFired")
}

// message is an answer, with the id of its question, or an event of a session.
type message struct {
	ID                int
	Method, SessionID string
	Result            json.RawMessage
	Error             *struct{ Message string }
}

// ask sends a command and takes its answer.
func (c *chrome) ask(method string, params map[string]any, into any) error {
	c.last++
	q := map[string]any{"id": c.last, "method": method, "params": params}
	if c.session != "" {
		q["sessionId"] = c.session
	}
	text, err := json.Marshal(q)
	if err != nil {
		return err
	}
	if _, err := c.to.Write(append(text, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	m, err := c.next(func(m *message) bool { return m.ID == c.last })
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

// await waits for an event of the page. One that comes while an answer is waited for is lost, so an event must not be
// caused by a command whose answer comes after it; Chromium answers navigation and clicks before the page has loaded.
func (c *chrome) await(event string) error {
	_, err := c.next(func(m *message) bool { return m.Method == event && m.SessionID == c.session })
	return err
}

func (c *chrome) next(wanted func(*message) bool) (*message, error) {
	for {
		text, err := c.answers.ReadBytes(0)
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
