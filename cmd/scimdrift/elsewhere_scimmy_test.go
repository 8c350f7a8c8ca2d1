package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/sample"
)

// scimmy starts SCIMMY, from the packages that .ci/run installs. One process serves every tenant that the test seeds.
func scimmy(t *testing.T, args ...string) kind {
	t.Helper()
	const dir = "testdata/scimmy"
	missing := ""
	if _, err := exec.LookPath("node"); err != nil {
		missing = "there is no node"
	} else if _, err := os.Stat(dir + "/node_modules/scimmy"); err != nil {
		missing = "SCIMMY is not installed (npm ci in cmd/scimdrift/" + dir + ")"
	}
	if missing != "" {
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	node := exec.CommandContext(ctx, "node", append([]string{"server.js"}, args...)...)
	node.Dir, node.Stderr = dir, os.Stderr
	in, err := node.StdinPipe() // it ends with its standard input, and so with this process, whatever happens
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = node.Wait()
		cancel()
	})
	base, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("SCIMMY did not say where it listens: %v", err)
	}
	base = strings.TrimSpace(base)
	return func(t *testing.T, users, groups []row) location {
		t.Helper()
		token := strings.NewReplacer("/", "-", "_", "-").Replace(t.Name())
		body, err := json.Marshal(map[string]any{"Users": users, "Groups": groups})
		if err != nil {
			t.Fatal(err)
		}
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPut, base+"/seed/"+token, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusNoContent {
			t.Fatalf("SCIMMY could not be filled: %s", answer.Status)
		}
		return location{url: base + "/scim/v2", token: token}
	}
}

func TestRepairsAgainstSCIMMY(t *testing.T) {
	t.Parallel()
	longTable(t)
	repairElsewhere(t, scimmy(t), sample.Of(t, directRepairs())...)
}

func TestRepairsAgainstSCIMMYWithoutPATCH(t *testing.T) {
	t.Parallel()
	longTable(t)
	repairElsewhere(t, scimmy(t, "--no-patch"), sample.Of(t, directRepairs())...)
}
