package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/state"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", env.WorkDir+"/state")
			env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/home")
			env.Setenv("HOME", env.WorkDir+"/home")
			env.Values[rigKey{}] = &onStage{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": scriptCode, "simulate": scriptSimulate, "writes": scriptWrites, "printed": scriptPrinted,
			"fault": scriptFault,
			"edit":  scriptEdit, "age": scriptAge, "checksum": scriptChecksum, "run": scriptRun, "append": scriptAppend,
			"undosum": scriptUndoSum, "chop": scriptChop, "backdate": scriptBackdate, "postdate": scriptPostdate,
			"strangers": scriptStrangers,
			"heard":     scriptHeard, "several": scriptSeveral, "nosecrets": scriptNoSecrets,
		},
	})
}

// rigKey is where a script keeps its simulation.
type rigKey struct{}

type onStage struct{ *rig }

func staged(ts *testscript.TestScript) *rig {
	s, ok := ts.Value(rigKey{}).(*onStage)
	if !ok || s.rig == nil {
		ts.Fatalf("simulate has to come first")
	}
	return s.rig
}

// scriptCode runs the program and wants one exit code: code N ARGS...
func scriptCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("scimdrift", args[1:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// scriptSimulate serves a tenant and makes its configuration the default: simulate SCENARIO USERS GROUPS.
func scriptSimulate(ts *testscript.TestScript, _ bool, args []string) {
	users, err := strconv.Atoi(args[1])
	ts.Check(err)
	groups, err := strconv.Atoi(args[2])
	ts.Check(err)
	s, _ := ts.Value(rigKey{}).(*onStage)
	of := tenants.Options{Scenario: args[0], Users: users, Groups: groups, Seed: 1}
	s.rig, err = newRig(context.Background(), tenantFlags{Options: of},
		ts.MkAbs("sim.toml"))
	ts.Check(err)
	server := s.rig
	ts.Defer(func() { _ = server.Close() })
	ts.Setenv("SCIMDRIFT_CONFIG", server.config)
}

// scriptWrites puts what was written to both services since the simulation began into a file: writes FILE.
func scriptWrites(ts *testscript.TestScript, _ bool, args []string) {
	lines(ts, args[0], staged(ts).writes())
}

// scriptPrinted puts the writes that a plan shows into a file: printed PLAN FILE.
func scriptPrinted(ts *testscript.TestScript, _ bool, args []string) {
	lines(ts, args[1], printed(planOf(ts, args[0])))
}

func lines(ts *testscript.TestScript, file string, list []string) {
	text := strings.Join(list, "\n")
	if text != "" {
		text += "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
}

// scriptFault lets a service fail for ever on the paths of a pattern: fault KIND SERVICE METHOD PATTERN; fault none
// ends all.
func scriptFault(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] == "none" {
		staged(ts).Faults.Clear()
		return
	}
	err := staged(ts).Faults.Add(fault.Fault{
		Kind: fault.Kind(args[0]), Service: args[1], Method: args[2],
		Path: args[3],
	})
	ts.Check(err)
}

// scriptEdit replaces text in a file, which must hold it: edit FILE OLD NEW. In NEW \n is a new line.
func scriptEdit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q:\n%s", args[0], args[1], text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]),
		[]byte(strings.Replace(text, args[1], strings.ReplaceAll(args[2], `\n`, "\n"), 1)), 0o600))
}

// scriptSeveral writes a configuration in which the simulation stands under several names: several FILE NAME...
func scriptSeveral(ts *testscript.TestScript, _ bool, args []string) {
	_, tables, _ := strings.Cut(ts.ReadFile(staged(ts).config), "\n")
	var b strings.Builder
	for _, name := range args[1:] {
		b.WriteString(strings.ReplaceAll(tables, "[connections.sim.", "[connections."+name+"."))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

func planOf(ts *testscript.TestScript, file string) *model.Plan {
	plan, err := model.ReadPlan([]byte(ts.ReadFile(file)))
	ts.Check(err)
	return plan
}

// scriptAge makes a plan older, as if it had been made then: age PLAN DURATION.
func scriptAge(ts *testscript.TestScript, _ bool, args []string) {
	plan := planOf(ts, args[0])
	by, err := time.ParseDuration(args[1])
	ts.Check(err)
	plan.MadeAt = plan.MadeAt.Add(-by)
	plan.Seal()
	var b strings.Builder
	ts.Check(report.PlanJSON(&b, plan))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// scriptChecksum sets CHECKSUM to that of a plan: checksum PLAN.
func scriptChecksum(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv("CHECKSUM", planOf(ts, args[0]).Checksum)
}

// scriptRun sets RUN to the newest run of this machine.
func scriptRun(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(ts.Exec("scimdrift", "history", "-o", "json"))
	var runs []struct{ Run string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &runs))
	if len(runs) == 0 {
		ts.Fatalf("there is no run")
	}
	ts.Setenv("RUN", runs[0].Run)
}

// scriptAppend adds a line to each file of a pattern: append TEXT PATTERN.
func scriptAppend(ts *testscript.TestScript, _ bool, args []string) {
	files := globbed(ts, args[1])
	for _, file := range files {
		ts.Check(os.WriteFile(file, append([]byte(ts.ReadFile(file)), args[0]+"\n"...), 0o600))
	}
}

// scriptChop takes the last lines off each file of a pattern, as a kill leaves a journal: chop LINES PATTERN.
func scriptChop(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	for _, file := range globbed(ts, args[1]) {
		lines := strings.SplitAfter(ts.ReadFile(file), "\n") // the last is empty
		if len(lines) <= n+1 {
			ts.Fatalf("%s has %d lines", file, len(lines)-1)
		}
		ts.Check(os.WriteFile(file, []byte(strings.Join(lines[:len(lines)-1-n], "")), 0o600))
	}
}

// scriptBackdate makes everything that journals tell of longer ago: backdate DURATION FILES.
func scriptBackdate(ts *testscript.TestScript, _ bool, args []string) {
	by, err := time.ParseDuration(args[0])
	ts.Check(err)
	for _, file := range globbed(ts, args[1]) {
		ts.Check(backdate(file, by))
	}
}

// backdate changes the times of a journal's lines.
func backdate(journal string, by time.Duration) error {
	text, err := os.ReadFile(journal)
	if err != nil {
		return err
	}
	text = regexp.MustCompile(`"at":"[^"]+"`).ReplaceAllFunc(text, func(was []byte) []byte {
		at, err := time.Parse(time.RFC3339Nano, strings.Trim(strings.TrimPrefix(string(was), `"at":`), `"`))
		if err != nil {
			return was
		}
		return []byte(`"at":"` + at.Add(-by).Format(time.RFC3339Nano) + `"`)
	})
	return os.WriteFile(journal, text, 0o600)
}

// scriptPostdate moves what is kept of a read into the future: postdate DURATION PATTERN.
func scriptPostdate(ts *testscript.TestScript, _ bool, args []string) {
	by, err := time.ParseDuration(args[0])
	ts.Check(err)
	for _, file := range globbed(ts, args[1]) {
		folder := filepath.Dir(file)
		store := state.Open(state.OS(), filepath.Dir(folder), filepath.Base(folder))
		kept, err := store.Reading()
		ts.Check(err)
		for _, times := range []*model.PartTimes{&kept.Source.At, &kept.Target.At} {
			for part := range times {
				times[part] = times[part].Add(by)
			}
		}
		ts.Check(store.KeepReading(*kept))
	}
}

// globbed gives the files of a pattern, of which there must be one.
func globbed(ts *testscript.TestScript, pattern string) []string {
	files, err := filepath.Glob(ts.MkAbs(pattern))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file is called %s", pattern)
	}
	return files
}

// scriptUndoSum sets CHECKSUM to the one that the last refusal asked for.
func scriptUndoSum(ts *testscript.TestScript, _ bool, _ []string) {
	m := regexp.MustCompile(`add --checksum ([0-9a-f]+)`).FindStringSubmatch(ts.ReadFile("stderr"))
	if m == nil {
		ts.Fatalf("no checksum was asked for")
	}
	ts.Setenv("CHECKSUM", m[1])
}
