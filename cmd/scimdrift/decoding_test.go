package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// reencoded is a row of the table: what somebody on the way makes of answers that were right.
type reencoded struct {
	name string
	path string // of the answers, an expression
	bend func(body []byte, h http.Header) []byte
	lost string // the part that may not be complete; empty: everything is read exactly
}

// first puts text behind the first place that looks so.
func first(place, text string) func([]byte, http.Header) []byte {
	return func(body []byte, _ http.Header) []byte {
		return bytes.Replace(body, []byte(place), []byte(place+text), 1)
	}
}

func inUTF16(body []byte, h http.Header) []byte {
	h.Set("Content-Type", `application/json; Charset="UTF-16"`)
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(body)
	if err != nil {
		return nil
	}
	return out
}

func inLatin1(said string) func([]byte, http.Header) []byte {
	return func(body []byte, h http.Header) []byte {
		h.Set("Content-Type", said)
		return bytes.Replace(body, []byte(`"displayName":"`), []byte("\"displayName\":\"\xe9"), 1)
	}
}

func reencodings() []reencoded {
	const everything, users, groups, roles = ``, `/scim/v2/Users\?`, `/scim/v2/Groups\?`, `^/api/2/roles\?`
	swapped := strings.NewReplacer("displayName", "userName", ":Group", ":User")
	return []reencoded{
		{"UTF-16", everything, inUTF16, ""},
		{
			"a byte order mark", everything,
			func(body []byte, _ http.Header) []byte { return append([]byte("\xef\xbb\xbf"), body...) }, "",
		},
		{"a charset nobody knows", groups, func(body []byte, h http.Header) []byte {
			h.Set("Content-Type", "application/scim+json;charset=x-nobody")
			return bytes.Replace(body, []byte(`"displayName":"`), []byte(`"displayName":"é`), 1)
		}, "target.groups"},
		{"Latin-1 without a word", groups, inLatin1("application/scim+json"), "target.groups"},
		{"Latin-1 behind a byte order mark", users, func(body []byte, h http.Header) []byte {
			return append([]byte("\xef\xbb\xbf"), inLatin1("application/scim+json")(body, h)...)
		}, "target.users"},
		{
			"Latin-1 under an unknown name", groups, inLatin1("application/scim+json; charset=latin-one"),
			"target.groups",
		},
		{"half a pair in the name of a group", groups, first(`"displayName":"`, `\ud800`), "target.groups"},
		{"half a pair in the name of a user", users, first(`"userName":"`, `\udfff`), "target.users"},
		{"a bad byte in the name of a role", roles, first(`"name":"`, "\xe9"), "source.groups"},
		{"half a pair in the name of a role", roles, first(`"name":"`, `\ud83d`), "source.groups"},
		{"a bad byte on the roll", `^/api/2/apps/\d+/users`, first(`"firstname":"`, "\xff"), "source.users"},
		{"half a pair in a key of a rule", `^/api/2/apps/\d+/rules`, func(body []byte, _ http.Header) []byte {
			return bytes.Replace(body, []byte("["), []byte(`[{"id":9,"\ud800":1},`), 1)
		}, "source.rules"},
		{
			"groups answered with users", groups,
			func(body []byte, _ http.Header) []byte { return []byte(swapped.Replace(string(body))) }, "target.groups",
		},
	}
}

// TestReencodedAnswersAreNeverDrift: both sides agree. Whatever somebody on the way does to the text of an answer,
// nobody is told that something may go: what can be decoded is decoded exactly, and what cannot makes its part partial.
func TestReencodedAnswersAreNeverDrift(t *testing.T) {
	t.Parallel()
	for _, c := range reencodings() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path, writes := behind(t, c)
			report, code := checkJSON(t, "--config", path)
			wantCode := exitIncomplete
			if c.lost == "" {
				wantCode = 0
			} else if part := partOf(report, c.lost); part == "complete" || part == "" {
				t.Errorf("%s is %q", c.lost, part)
			}
			if code != wantCode || report.Complete != (c.lost == "") {
				t.Errorf("exit %d, complete %v: %v %v", code, report.Complete, report.Source.Coverage,
					report.Target.Coverage)
			}
			for _, f := range report.Findings {
				if f.Severity != "info" && f.Confidence == "certain" && !strings.HasPrefix(f.Kind, "setup-") {
					t.Errorf("%s is certain: %s", f.ID, f.Summary)
				}
			}
			saved := filepath.Join(t.TempDir(), "plan.json")
			out, errs, _ := runCLI(t, "plan", "--config", path, "-o", "json", "--out", saved)
			var plan struct {
				Guard struct{ Allowed bool }
				Steps []struct{ Takes bool }
			}
			if err := json.Unmarshal([]byte(out), &plan); err != nil {
				t.Fatalf("%v\n%s\n%s", err, out, errs)
			}
			for _, step := range plan.Steps {
				if step.Takes && plan.Guard.Allowed {
					t.Errorf("a step that takes is allowed:\n%s", out)
				}
			}
			if _, err := os.Stat(saved); err == nil {
				_, _, _ = runCLI(t, "apply", "--config", path, saved, "--yes")
			}
			if n := writes.Load(); n > 0 {
				t.Errorf("%d writes were sent", n)
			}
		})
	}
}

func partOf(c checked, name string) string {
	side, part, _ := strings.Cut(name, ".")
	if side == "source" {
		return c.Source.Coverage[part]
	}
	return c.Target.Coverage[part]
}

// behind starts two services that agree, and puts somebody before them who bends answers.
func behind(t *testing.T, c reencoded) (config string, writes *atomic.Int64) {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 30, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	knobs := scim.Current().Unlimited()
	s, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, SCIM: &knobs, Manual: true,
		Connection: sim.Connection{From: "roles", Roles: tenants.RolesPattern},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	to, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	writes = new(atomic.Int64)
	bent := regexp.MustCompile(c.path)
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method != http.MethodGet && !strings.HasPrefix(r.Request.URL.Path, "/auth/") {
			writes.Add(1)
		}
		if r.StatusCode != http.StatusOK || !bent.MatchString(r.Request.URL.RequestURI()) ||
			r.Header.Get("Content-Encoding") != "" {
			return nil
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		body = c.bend(body, r.Header)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return nil
	}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Encoding", "identity")
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(front.Close)
	text := strings.ReplaceAll(replaceLine("dialect", "dialect = \"aws\"\nrate_share = 100")(s.Config()), s.URL(),
		front.URL)
	config = filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, writes
}
