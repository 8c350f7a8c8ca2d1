package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// somePlan creates a user, adds it to a group, deletes a group and hands a reapply to a person.
func somePlan() *model.Plan {
	create := onUser(model.CreateUser, 40)
	create.Request.Body = json.RawMessage(`{ "userName": "user40@corp.example", "active": true }`)
	create.Finding, create.Findings = "user-unsynced/user40@corp.example", []string{"user-unsynced/user40@corp.example"}
	create.Subject.TargetID = ""
	create.Precondition = []model.Condition{{Side: model.AtTarget, Fact: model.UserAbsent, Name: "user40@corp.example"}}
	create.Afterwards = []model.Condition{{
		Side: model.AtTarget, Fact: model.UserIs, Ref: "s1",
		Name: "user40@corp.example",
	}}
	add := onGroup(model.AddMembers, "g-70", "aws-team-0", model.Member{UserName: "user40@corp.example", Ref: "s1"})
	add.Request.Body = json.RawMessage(
		`{"Operations":[{"op":"add","path":"members","value":[{"value":{"$id":"s1"}}]}]}`)
	add.After = []string{"s1"}
	p := &model.Plan{
		Schema: model.PlanSchema, Connection: "prod", Fingerprint: model.Fingerprint("a", "b"), MadeAt: planTime,
		Complete: true,
		Guard:    model.GuardVerdict{Allowed: true}, Steps: []model.Step{create, add, deleteStray(), handoff()},
	}
	for i := range p.Steps {
		p.Steps[i].ID = fmt.Sprintf("s%d", i+1)
	}
	return p
}

func printed(t rapid.TB, p *model.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPlanReadsAsItWasPrinted(t *testing.T) {
	t.Parallel()
	p := somePlan()
	p.MadeAt = time.Now() // with a zone and the monotonic clock
	p.Warnings, p.Steps[2].Members[0].UserName = []string{}, "a<b>&\u202e\u2028\"\\"
	p.Steps[0].Precondition[0].OfRequest = true // which the JSON does not hold
	p.Seal()
	got, err := model.ReadPlan(printed(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("-printed +read:\n%s", diff)
	}
	if got.Steps[2].Request.Body != nil {
		t.Errorf("no body became %q", got.Steps[2].Request.Body)
	}
	if body := string(p.Steps[0].Request.Body); body != `{"userName":"user40@corp.example","active":true}` {
		t.Errorf("the body is not compact: %s", body)
	}
	empty := &model.Plan{Schema: model.PlanSchema}
	empty.Seal()
	if text := string(printed(t, empty)); !strings.Contains(text, `"steps": []`) ||
		!strings.Contains(text, `"refusals": []`) {
		t.Errorf("no list is not an empty one:\n%s", text)
	}
}

func TestReadPlanSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	sealed := func(bend func(*model.Plan)) string {
		p := somePlan()
		bend(p)
		p.Seal()
		return string(printed(t, p))
	}
	step := func(i int, bend func(*model.Step)) string { return sealed(func(p *model.Plan) { bend(&p.Steps[i]) }) }
	good := sealed(func(*model.Plan) {})
	sum := somePlan()
	sum.Seal()
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "this is no plan"},
		{"broken", good[:len(good)/2], "this is no plan"},
		{"another file", `{"findings": []}`, "no schema"},
		{"a list", `[]`, "this is no plan"},
		{"another schema", strings.Replace(good, `"schema": 1`, `"schema": 2`, 1), "schema 2"},
		{
			"unknown field", strings.Replace(good, `"schema": 1,`, `"schema": 1, "force": true,`, 1),
			`unknown field "force"`,
		},
		{"another type", strings.Replace(good, `"takes": true`, `"takes": "yes"`, 1), "not as this version writes it"},
		{"something follows", good + "{}", "follows the plan"},
		{"no checksum", strings.Replace(good, sum.Checksum, "", 1), "no checksum"},
		{
			"another checksum", strings.Replace(good, sum.Checksum, strings.Repeat("0", 64), 1),
			"changed after it was made",
		},
		{"edited", strings.Replace(good, `"stray"`, `"other"`, 1), "changed after it was made"},
		{"request and handoff", step(2, func(s *model.Step) { s.Handoff = &model.Handoff{} }), "step s3 is not one"},
		{"neither", step(2, func(s *model.Step) { s.Request = nil }), "step s3 is not one"},
		{"a write over the console", step(2, func(s *model.Step) { s.Channel = model.Console }), "step s3 is not one"},
		{"a handoff that is a write", step(3, func(s *model.Step) { s.Channel = model.Nudge }), "step s4 is not one"},
	} {
		p, err := model.ReadPlan([]byte(c.data))
		switch {
		case err == nil:
			t.Errorf("%s: read as %+v", c.name, p)
		case !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		case !strings.Contains(err.Error(), "; make the plan again") &&
			!strings.Contains(err.Error(), "; give the file"):
			t.Errorf("%s: %v does not say what to do", c.name, err)
		}
	}
	if p, err := model.ReadPlan([]byte(good)); err != nil || p == nil {
		t.Errorf("the plan itself: %v", err)
	}
}

// leaves gives every way to change one value of a JSON tree; each undoes itself.
func leaves(v any, into *[]func() (undo func())) {
	switch v := v.(type) {
	case map[string]any:
		for key, one := range v {
			leaf(one, func(x any) { v[key] = x }, into)
		}
	case []any:
		for i, one := range v {
			leaf(one, func(x any) { v[i] = x }, into)
		}
	}
}

func leaf(one any, set func(any), into *[]func() (undo func())) {
	change := func(to any) {
		*into = append(*into, func() func() { set(to); return func() { set(one) } })
	}
	switch x := one.(type) {
	case string:
		change(x + "0")
	case float64:
		change(x + 1)
	case bool:
		change(!x)
	case []any:
		if len(x) > 0 {
			change(x[1:])
		}
	}
	leaves(one, into)
}

func TestNoFieldOfASealedPlanCanChange(t *testing.T) {
	t.Parallel()
	p := somePlan()
	p.Warnings, p.LeftOut = []string{"w"}, []model.LeftOut{{Finding: "f", Reason: "r"}}
	p.Guard.Overridden = []model.GuardRefusal{{Rule: model.RuleShrunk, Text: "t", Way: "w", Steps: []string{"s1"}}}
	p.Seal()
	if !p.Intact() {
		t.Fatal("a sealed plan is not intact")
	}
	var tree any
	if err := json.Unmarshal(printed(t, p), &tree); err != nil {
		t.Fatal(err)
	}
	var changes []func() func()
	leaves(tree, &changes)
	if len(changes) < 100 {
		t.Fatalf("only %d values to change", len(changes))
	}
	for _, change := range changes {
		undo := change()
		data, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		undo()
		var changed model.Plan
		if err := json.Unmarshal(data, &changed); err == nil {
			changed.Normalise()
			if changed.Intact() {
				t.Errorf("a change does not show: %s", cmp.Diff(p, &changed))
			}
		}
		if _, err := model.ReadPlan(data); err == nil {
			t.Errorf("a changed plan is read: %s", data)
		}
	}
}

func TestOnlyASealedTextIsSealed(t *testing.T) {
	t.Parallel()
	p := somePlan()
	p.Seal()
	text, err := json.Marshal(p)
	if err != nil || !model.Sealed(text) {
		t.Fatalf("%v: the text of a sealed plan is not sealed", err)
	}
	changed := strings.Replace(string(text), "prod", "prde", 1)
	for _, text := range []string{changed, "", "{", "{}", `{"checksum":1}`, string(text[:len(text)-1])} {
		if model.Sealed([]byte(text)) {
			t.Errorf("%.40q is sealed", text)
		}
	}
}

func TestReadPlanGivesBackWhatWasSealed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGuarded(t)
		for i := range g.p.Steps {
			s := &g.p.Steps[i]
			s.Own = s.Own && g.p.Undoes != ""
			s.Subject.Name = rapid.String().Draw(t, "name")
			if s.Request == nil {
				continue
			}
			s.Request.Body, s.Request.Headers = nil, nil
			switch s.Repair {
			case model.CreateUser:
				s.Request.Body, _ = json.Marshal(map[string]string{"userName": s.Subject.Name})
			case model.ActivateUser, model.DeactivateUser:
				s.Request.Body = fmt.Appendf(nil, ` {"Operations": [{"op": "replace", "path": "active", "value": %t}]}`,
					s.Repair == model.ActivateUser)
			case model.ReapplyMappings:
				s.Request.Method, s.Request.Service, s.Channel = "PUT", model.ServiceSource, model.Nudge
			default: // without a body
			}
		}
		g.c.Comparison = g.w.compare()
		g.p.Guard = g.judge()
		g.p.Seal()
		got, err := model.ReadPlan(printed(t, g.p))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(g.p, got); diff != "" {
			t.Fatalf("-sealed +read:\n%s", diff)
		}
	})
}

func FuzzReadPlan(f *testing.F) {
	p := somePlan()
	p.Seal()
	f.Add(printed(f, p))
	f.Add([]byte(`{"schema": 1, "steps": [{"id": "s1", "request": {"body": {"$id": 5}}}]}`))
	f.Add([]byte(`{"schema": 1, "checksum": "x", "guard": null, "steps": null}`))
	c := plan.Circumstances{Comparison: guardWorld(6).compare(), Guard: model.Guard{ProtectUsers: []string{"x"}}}
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := model.ReadPlan(data); err == nil && !p.Intact() {
			t.Fatalf("%q is read as a plan that is not intact", data)
		}
		// Whatever decodes can be sealed with its own checksum; nothing in it may bring the checks down.
		var p model.Plan
		if json.Unmarshal(data, &p) != nil {
			return
		}
		p.Schema = model.PlanSchema
		p.Seal()
		plan.Judge(&p, c)
		model.ConfirmWord(&p)
		out, err := json.Marshal(&p)
		if err != nil {
			return
		}
		if got, err := model.ReadPlan(out); err == nil && !got.Intact() {
			t.Fatalf("%s is read as a plan that is not intact", out)
		}
	})
}

func TestAPlanCountsAndExpires(t *testing.T) {
	t.Parallel()
	p := somePlan()
	if got := p.Totals(); got != (model.Counts{Deletes: 1, Grants: 2}) || p.Writes() != 3 || !p.Takes() || !p.Grants() {
		t.Errorf("%+v, %d writes", got, p.Writes())
	}
	p.Undoes, p.Steps[2].Own = "run", true
	if got := p.Totals(); got != (model.Counts{Grants: 2}) {
		t.Errorf("what the run made itself is counted: %+v", got)
	}
	if p.Code() != "" {
		t.Error("a plan that is not sealed has a code")
	}
	p.Seal()
	if code := p.Code(); len(code) != 6 || code != strings.ToUpper(p.Checksum[:6]) {
		t.Errorf("code %q of %s", code, p.Checksum)
	}
	p.Steps[0].Request.Body = []byte("{")
	if p.Seal(); p.Intact() || p.Checksum != "" {
		t.Error("a plan with a body that is none has a checksum")
	}
	bare := &model.Plan{Steps: []model.Step{handoff()}}
	if bare.Takes() || bare.Grants() || bare.Writes() != 0 {
		t.Error("a handoff takes, grants or writes")
	}
}

func TestFingerprintsKeepPartsApart(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, parts := range [][]string{{}, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"b", "a"}, {"a", "b", ""}, {"a\x00b"}} {
		got := model.Fingerprint(parts...)
		if len(got) != 32 || seen[got] != nil {
			t.Errorf("%q and %q give %s", parts, seen[got], got)
		}
		seen[got] = parts
	}
}
