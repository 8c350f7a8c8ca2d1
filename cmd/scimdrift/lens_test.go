package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// An endpoint that ends every list after 50 rows and shows no members is read in full.
func TestLensReadsAnOldEndpointInFull(t *testing.T) {
	t.Parallel()
	old := scim.Legacy().Unlimited()
	b := newLensBench(t, tenants.Options{Scenario: "drift", Users: 3000, Groups: 80, Seed: 3}, &old, nil)
	c, code := checkJSON(t, "--config", b.config, "--quiet")
	if code != exitDrift || !c.Complete || c.Target.Users < 2900 {
		t.Fatalf("exit %d, %d users, %v", code, c.Target.Users, c.Target.Coverage)
	}
	b.wantTruth(c)
}

// wantTruth holds a check against the tenant's truth. Only the lens knows that a group opens an account, and who made
// it.
func (b *lensBench) wantTruth(c checked) {
	b.t.Helper()
	for i := range c.Findings {
		f := &c.Findings[i]
		if _, _, assignments := b.opens(f.Subject.Name); f.Kind == "group-lingering" && len(assignments) > 0 {
			if f.Severity != "critical" {
				b.t.Errorf("%s opens an account and is %s", f.Subject.Name, f.Severity)
			}
			f.Severity = "high"
		}
	}
	wantTruth(b.t, c, b.truth)
}

// A group's account assignments show before it is deleted, go first if the operator says so, and come back with group
// and members.
func TestAssignedGroupGoesAndComesBack(t *testing.T) {
	t.Parallel()
	for name, knobs := range map[string]simaws.Knobs{
		"as it should be":  {},
		"slow and awkward": {Polls: 2, Lag: 1, Paging: fault.Sizes(0, 3), ThrottleEvery: 25},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newLensBench(t, drifted(), nil, nil)
			b.AWS.SetKnobs(knobs)
			f := b.critical()
			_, members, assignments := b.opens(f.Subject.Name)
			names := b.namesOf(f.Subject.Name)

			for _, form := range []string{"text", "markdown", "json"} {
				out, code := b.command(t.Context(), nil, "plan", "--quiet", "--finding", f.ID, "--repair",
					"delete-group", "-o", form)
				if code != exitDrift || !strings.Contains(out, "assigned") ||
					!strings.Contains(out, "remove-assignments") {
					t.Errorf("exit %d, nothing holds the delete back:\n%s", code, out)
				}
				for _, name := range names {
					if !strings.Contains(oneLine(strings.ReplaceAll(out, `\`, "")), name) {
						t.Errorf("%s: %q does not show before the delete:\n%s", form, name, out)
					}
				}
			}
			plan, file := b.plan("--finding", f.ID, "--repair", "delete-group")
			if out, code := b.apply(t.Context(), nil, plan, file); code != exitFailed {
				t.Errorf("exit %d: %s", code, out)
			}
			if there, _, now := b.opens(f.Subject.Name); !there || !slices.Equal(now, assignments) {
				t.Fatal("a refused plan took something")
			}

			plan, file = b.plan("--finding", f.ID, "--repair", "remove-assignments")
			b.AWS.ResetRequests()
			if out, code := b.apply(t.Context(), nil, plan, file); code != exitOK {
				t.Fatalf("exit %d: %s", code, out)
			}
			if diff := cmp.Diff(printed(plan), append(b.sentToAWS(), b.writes()...)); diff != "" {
				t.Errorf("writes (-printed +sent):\n%s", diff)
			}
			if there, _, _ := b.opens(f.Subject.Name); there || b.dangling() > 0 {
				t.Errorf("the group is there: %v, %d assignments dangle", there, b.dangling())
			}
			b.undoLast(names)
			there, nowMembers, nowAssignments := b.opens(f.Subject.Name)
			if !there || !slices.Equal(members, nowMembers) || !slices.Equal(assignments, nowAssignments) {
				t.Errorf("undo brought back %v, %v", nowMembers, nowAssignments)
			}
			if again := b.critical(); again.Subject.Name != f.Subject.Name {
				t.Errorf("the check now finds %+v", again)
			}
		})
	}
}

// namesOf are the assignments of a group as a person reads them.
func (b *lensBench) namesOf(group string) (names []string) {
	_, _, assignments := b.opens(group)
	b.world.Lock()
	defer b.world.Unlock()
	for _, a := range assignments {
		account, set, _ := strings.Cut(a, " ")
		target := b.world.Target
		names = append(names, target.PermissionSets[set]+" in "+target.Accounts[account]+" ("+account+")")
	}
	return names
}

// sentToAWS are the writes to SSO Admin that did something, as a plan shows them.
func (b *lensBench) sentToAWS() (out []string) {
	for _, r := range b.AWS.Requests() {
		if regexp.MustCompile(`\.(Create|Delete)AccountAssignment$`).MatchString(r.Operation) &&
			r.Status == http.StatusOK {
			out = append(out, sent(http.MethodPost, "/", "", r.Body))
		}
	}
	return out
}

// undoLast takes the last run back; what is planned for it names the accounts that it opens again.
func (b *lensBench) undoLast(names []string) {
	b.t.Helper()
	run := b.runs()[0].ID
	stderr := &trigger{}
	out, _ := b.command(b.t.Context(), stderr, "undo", run, "--yes")
	for _, name := range names {
		if !strings.Contains(oneLine(out+stderr.text()), "Opens: 1 account assignment: "+name) {
			b.t.Errorf("undo does not say that it opens %s:\n%s", name, out)
		}
	}
	sum := regexp.MustCompile(`add --checksum ([0-9a-f]+)`).FindStringSubmatch(stderr.text())
	if sum == nil {
		b.t.Fatalf("no checksum was asked for: %s", stderr.text())
	}
	if out, code := b.command(b.t.Context(), nil, "undo", run, "--yes", "--checksum", sum[1]); code != exitOK {
		b.t.Fatalf("exit %d: %s", code, out)
	}
}

// Somebody who changes a record in between stops what takes it from somebody, also where nothing else shows it; a plan
// made afterwards goes through.
func TestARecordThatWasChangedIsNotTaken(t *testing.T) {
	t.Parallel()
	for _, taking := range []struct{ kind, repair string }{
		{"group-lingering", "delete-group"},
		{"group-renamed", "rename-group"},
		{"user-lingering", "delete-user"},
		{"user-still-active", "deactivate-user"},
		{"user-renamed", "update-user"},
	} {
		t.Run(taking.repair, func(t *testing.T) {
			t.Parallel()
			b := newLensBench(t, drifted(), nil, nil)
			f := b.offering(taking.kind, taking.repair)
			plan, file := b.plan("--finding", f.ID, "--repair", taking.repair)
			b.world.Lock()
			if g := b.world.Target.Groups[f.Subject.TargetID]; g != nil {
				g.Revision++
			} else {
				b.world.Target.Users[f.Subject.TargetID].Revision++
			}
			b.world.Unlock()
			said := &trigger{}
			out, code := b.apply(t.Context(), said, plan, file)
			if sent := b.writes(); code != exitFailed || len(sent) > 0 ||
				!strings.Contains(said.text(), "if it were made now") {
				t.Errorf("exit %d, sent %v\n%s", code, sent, out)
			}
			plan, file = b.plan("--finding", f.ID, "--repair", taking.repair)
			if out, code := b.apply(t.Context(), nil, plan, file); code != exitOK {
				t.Errorf("a new plan: exit %d\n%s", code, out)
			}
		})
	}
}

// offering is a finding of a kind that offers a repair, and has no account assignments, which would have to go first.
func (b *lensBench) offering(kind, repair string) found {
	b.t.Helper()
	c, _ := checkJSON(b.t, "--config", b.config, "--quiet")
	for _, f := range c.Findings {
		offers := func(id string) bool {
			return slices.ContainsFunc(f.Repairs, func(r struct{ ID, Channel string }) bool { return r.ID == id })
		}
		if f.Kind == kind && offers(repair) && !offers("remove-assignments") {
			return f
		}
	}
	b.t.Fatalf("no %s offers %s", kind, repair)
	return found{}
}

// expired logs this machine in to AWS as it is the morning after: the session of single sign-on is over.
func expired(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "config")
	text := "[profile identity]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = oncall\n\n" +
		"[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://127.0.0.1:1/start\n"
	// The name of the cached token is the SHA-1 of "corp"
	// (docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
	cache := filepath.Join(home, ".aws", "sso", "cache", "ee0bfd2552fbd840c02cc48b6e823320543c450f.json")
	for file, content := range map[string]string{
		config: text, cache: `{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z",` +
			`"startUrl":"https://127.0.0.1:1/start","region":"us-east-1"}`,
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{
		"HOME": home, "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED": "true",
		"AWS_PROFILE":               "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "",
		"AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// The same commands work without credentials, and say what is missing. A delete that may open accounts needs the
// operator's word.
func TestLensWithoutCredentials(t *testing.T) {
	expired(t)
	b := newLensBench(t, drifted(), nil, byProfile)
	const login = "aws sso login --profile identity"
	if out, code := b.command(t.Context(), nil, "check"); code != exitDrift || !strings.Contains(oneLine(out), login) {
		t.Errorf("exit %d: %s", code, out)
	}
	if out, code := b.command(t.Context(), nil, "doctor"); code != exitDrift || !strings.Contains(oneLine(out), login) {
		t.Errorf("exit %d: %s", code, out)
	}
	f := b.assigned()
	id := "group-lingering/" + f.Subject
	out, code := b.command(t.Context(), nil, "plan", "--finding", id, "--repair", "delete-group")
	if code != exitDrift || !strings.Contains(oneLine(out), login) || !strings.Contains(out, "no-backup") {
		t.Errorf("exit %d: %s", code, out)
	}
	plan, file := b.plan("--finding", id, "--repair", "delete-group", "--allow", "no-backup")
	if out, code := b.apply(t.Context(), nil, plan, file, "--allow", "no-backup"); code != exitOK {
		t.Fatalf("exit %d: %s", code, out)
	}
	_, members, _ := b.opens(f.Subject)
	b.undoLast(nil)
	if there, now, assignments := b.opens(f.Subject); !there || len(now) < len(members) || len(assignments) > 0 {
		t.Error("undo brought back ", there, now, assignments)
	}

	old := scim.Legacy().Unlimited()
	blind := newLensBench(t, drifted(), &old, byProfile)
	if out, code := blind.command(t.Context(), nil, "check"); code != exitIncomplete ||
		!strings.Contains(oneLine(out), login) {
		t.Errorf("exit %d: %s", code, out)
	}
}

// oneLine is a text without its line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// What a permission is missing for is switched off, and nothing else.
func TestLensWithoutPermission(t *testing.T) {
	t.Parallel()
	old := scim.Legacy().Unlimited()
	for action, tt := range map[string]struct {
		command []string
		code    int
		says    []string
	}{
		"identitystore:ListGroupMemberships": {
			[]string{"check", "-o", "json"},
			exitIncomplete,
			[]string{`"users": "complete"`, `"groups": "complete"`},
		},
		"identitystore:ListUsers": {
			[]string{"check", "-o", "json"},
			exitIncomplete,
			[]string{`"groups": "complete"`},
		},
		"sso:ListPermissionSets": {
			[]string{"doctor"},
			exitDrift,
			[]string{"Assignments of groups that are gone [setup-dangling-assignments]"},
		},
		"sso:ListAccountAssignmentsForPrincipal": {
			[]string{"check", "-o", "json"},
			exitDrift,
			[]string{`"complete": true`},
		},
		"identitystore:DescribeUser": {
			[]string{"check", "-o", "json"},
			exitDrift,
			[]string{`"complete": true`},
		},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			b := newLensBench(t, drifted(), &old, nil)
			b.AWS.SetKnobs(simaws.Knobs{Deny: []string{action}})
			out, code := b.command(t.Context(), nil, append(tt.command, "--quiet")...)
			if action != "identitystore:DescribeUser" { // the proof goes by groups then, and nothing is missing
				tt.says = append(tt.says, action)
			}
			for _, want := range tt.says {
				if code != tt.code || !strings.Contains(oneLine(out), want) {
					t.Errorf("exit %d, want %d and %q:\n%s", code, tt.code, want, out)
				}
			}
		})
	}
}

// Without a SCIM token everything is read through AWS, and nothing can be written, which is said.
func TestReadingWithoutToken(t *testing.T) {
	t.Parallel()
	b := newLensBench(t, drifted(), nil, without("token"))
	c, code := checkJSON(t, "--config", b.config, "--quiet")
	if code != exitDrift || !c.Complete {
		t.Errorf("exit %d, %v", code, c.Target.Coverage)
	}
	b.wantTruth(c)
	out, _ := b.command(t.Context(), nil, "plan", "--kind", "group-lingering", "--repair", "delete-group")
	if !strings.Contains(oneLine(out), "read-only") || !strings.Contains(oneLine(out), "no SCIM token") {
		t.Errorf("nobody says why nothing can be written: %s", out)
	}
	out, _ = b.command(t.Context(), nil, "doctor")
	if !strings.Contains(oneLine(out), "there is no token to ask the SCIM endpoint with") {
		t.Errorf("doctor does not say that the endpoint was not asked: %s", out)
	}
	p := newProgram(os.Stdout, os.Stderr)
	p.state, p.onBoard, p.flags.config = t.TempDir(), true, b.config
	s, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if _, err := s.Load(t.Context(), quiet()); err != nil {
		t.Fatal(err)
	}
	bases := map[string]string{}
	for _, e := range s.Requests() {
		bases[e.Service] += e.Base + " "
	}
	if s.Budgets()[model.TargetSide].Known || strings.TrimSpace(bases["AWS"]) != "" ||
		!strings.HasPrefix(bases["OneLogin"], b.URL()+" ") {
		t.Errorf("curl is offered for what the lens has signed: %q", bases)
	}
	if n := len(b.SCIM.Requests()); n != 0 {
		t.Errorf("%d requests went to the SCIM endpoint", n)
	}
}

// A lens on a simulator is this machine's own affair: neither its AWS settings nor instance metadata are asked, and
// nothing leaves it.
func TestSimulatedLensIsLocal(t *testing.T) {
	metadata := httptest.NewServer(
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("somebody asks for %s", r.URL) }))
	defer metadata.Close()
	broken := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(broken, []byte("[profile\nthis is no configuration"), 0o600); err != nil {
		t.Fatal(err)
	}
	unused, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := "http://" + unused.Addr().String()
	_ = unused.Close()
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": broken, "AWS_SHARED_CREDENTIALS_FILE": broken, "AWS_PROFILE": "not-there",
		"AWS_ENDPOINT_URL":                  nowhere,
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.URL, "AWS_EC2_METADATA_DISABLED": "false",
		"AWS_DEFAULTS_MODE": "auto", "AWS_CA_BUNDLE": broken,
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.URL, "AWS_ACCESS_KEY_ID": "AKIDREAL",
		"AWS_SECRET_ACCESS_KEY": "a-secret-of-somebody", "AWS_REGION": "eu-west-1",
		"HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere,
	} {
		t.Setenv(name, value)
	}
	b := newLensBench(t, drifted(), nil, nil)
	b.AWS.SetKnobs(simaws.Knobs{AccessKeys: []string{"SIMULATED"}})
	b.critical()
	out, errs, code := runCLI(t, "check", "--demo", "--lens", "--seed", "3")
	if code != exitDrift || !strings.Contains(out, "account assignments on it") {
		t.Errorf("exit %d: %s %s", code, out, errs)
	}
	for _, secret := range []string{"a-secret-of-somebody", "AKIDREAL"} {
		if strings.Contains(out+errs, secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

// Doctor finds assignments whose group was deleted first.
func TestDoctorFindsDanglingAssignments(t *testing.T) {
	t.Parallel()
	b := newLensBench(t, drifted(), nil, nil)
	f := b.orphaned()
	out, code := b.command(t.Context(), nil, "doctor", "-o", "json")
	if code != exitDrift || !regexp.MustCompile(
		`(?s)"id": "`+model.SetupDanglingAssignments+`",\s*"result": "mend"`).MatchString(out) ||
		!strings.Contains(out, f.Subject.TargetID) {
		t.Errorf("exit %d: %s", code, out)
	}
}

// TestAnAssignmentInDoubtIsSettledAnew: by a program that has listed nothing, with what was last known and without it.
// A run that is killed while it takes an assignment away would else stay in doubt, and no other could begin.
func TestAnAssignmentInDoubtIsSettledAnew(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		b := newLensBench(t, drifted(), nil, nil)
		f := b.critical()
		plan, file := b.plan("--finding", f.ID, "--repair", "remove-assignments")
		if out, code := b.apply(t.Context(), nil, plan, file); code != exitOK {
			t.Fatalf("exit %d: %s", code, out)
		}
		b.world.Lock() // as where it was killed: the group is deleted last
		b.world.Target.AddGroup(&world.TargetGroup{ID: f.Subject.TargetID, DisplayName: f.Subject.Name})
		b.world.Unlock()
		run := b.runs()[0]
		journals, err := filepath.Glob(filepath.Join(b.state, "*", run.ID+".jsonl"))
		if err != nil || len(journals) != 1 {
			t.Fatal(journals, err)
		}
		text, err := os.ReadFile(journals[0])
		if err != nil {
			t.Fatal(err)
		}
		head, rest, begun := strings.Cut(string(text), `"kind":"intent"`)
		line, _, _ := strings.Cut(rest, "\n")
		if !begun {
			t.Fatalf("no step begins in\n%s", text)
		}
		if err := os.WriteFile(journals[0], []byte(head+`"kind":"intent"`+line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if !known {
			kept, err := filepath.Glob(filepath.Join(b.state, "*", "reading*"))
			if err != nil || len(kept) == 0 {
				t.Fatal(kept, err)
			}
			for _, path := range kept {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}
		out, code := b.command(t.Context(), nil, "history", run.ID, "--settle")
		if code != exitOK || !strings.Contains(out, "settled by reading: it was done") {
			t.Errorf("with what was last known %v: exit %d: %s", known, code, out)
		}
	}
}
