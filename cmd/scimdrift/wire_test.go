package main

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// connecting is a configuration for both services at these addresses.
func connecting(t *testing.T, account, endpoint string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "c.toml")
	text := "[connections.c.onelogin]\nurl = \"" + account +
		"\"\nclient_id = \"id\"\nclient_secret = \"sesame-of-the-source\"\napp_id = 1\n" +
		"[connections.c.target]\nurl = \"" + endpoint + "\"\ntoken = \"sesame-of-the-target\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What comes from the wire is kept from the log as from the screen, every request carries the program's name and
// version, and a log that was open to others is closed.
func TestDebugLogAndAgent(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	agents := map[string]bool{}
	services := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		agents[r.UserAgent()] = true
		w.Header().Set("X-Request-Id", "id\u202e of ana@corp.example")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(`{"message": "` + r.Header.Get("Authorization") + `"}`))
	}))
	defer services.Close()
	log := filepath.Join(t.TempDir(), "debug.log")
	if err := os.WriteFile(log, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	out, errs, code := runCLI(t, "check", "--config", connecting(t, services.URL, services.URL+"/scim/v2"),
		"--debug-log", log)
	if code != exitFailed {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.SplitAfter(string(text), "\n") {
		if strings.ContainsAny(line, "\u202e\x1b") || strings.Contains(line, "corp.example") {
			t.Errorf("the log holds what it should not: %q", line)
		}
	}
	if !strings.Contains(string(text), "-> 418") {
		t.Errorf("the log misses the answers:\n%s", text)
	}
	if strings.Contains(string(text)+out+errs, "sesame") {
		t.Errorf("a secret came back from the wire:\n%s%s%s", text, out, errs)
	}
	if info, err := os.Stat(log); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("others can read the log: %v, %v", info.Mode(), err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(agents) != 1 || !agents["scimdrift/"+version] {
		t.Errorf("requests came from %v", agents)
	}
}

// Requests go through the proxy of the environment, which sees no more than where they go.
func TestProxyOfTheEnvironment(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	asked := map[string]bool{}
	var heads strings.Builder
	both := make(chan struct{})
	proxy := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if asked[r.Method+" "+r.Host] = true; len(asked) == 2 {
			select {
			case <-both:
			default:
				close(both)
			}
		}
		_ = r.Header.Write(&heads)
		w.WriteHeader(http.StatusForbidden)
	})}
	go proxy.Serve(listener)
	defer proxy.Close()
	cmd := process(t.Context(), t, "check", "--quiet", "--config", connecting(t, "https://acme.onelogin.example",
		"https://scim.target.example/scim/v2"))
	cmd.Env = append(os.Environ(), "HTTPS_PROXY=http://me:sesame-of-the-proxy@"+listener.Addr().String(),
		"https_proxy=", "NO_PROXY=", "no_proxy=")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select { // both were asked for; what it would try again is of no interest
	case <-both:
		_ = cmd.Process.Signal(os.Interrupt)
		err = <-ended
	case err = <-ended:
	}
	said := output.String()
	if err == nil {
		t.Errorf("the check succeeded:\n%s", said)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, want := range []string{"CONNECT acme.onelogin.example:443", "CONNECT scim.target.example:443"} {
		if !asked[want] {
			t.Errorf("the proxy was asked for %v, not for %s\n%s", asked, want, said)
		}
	}
	seen := bufio.NewScanner(strings.NewReader(heads.String()))
	for seen.Scan() {
		if strings.HasPrefix(seen.Text(), "Authorization") || strings.Contains(seen.Text(), "sesame") {
			t.Errorf("the proxy saw %s", seen.Text())
		}
	}
	if strings.Contains(said, "sesame") {
		t.Errorf("a secret was shown:\n%s", said)
	}
}
