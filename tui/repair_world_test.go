package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	plans "github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// planner is a stand-in for what compiles plans: a step for each pick, with a request that says which.
func planner(c *drift.Comparison) func([]model.Pick, []model.GuardRule) (*model.Plan, error) {
	return func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
		p := &model.Plan{Schema: model.PlanSchema, Connection: "prod", Fingerprint: "f", MadeAt: noon(), Complete: true}
		for _, pick := range picks {
			// a button of the whole app
			f := &model.Finding{Subject: model.Subject{Type: model.SubjectConnection, Name: c.Source.App.Name}}
			if i := slices.IndexFunc(c.Findings, func(f model.Finding) bool { return f.ID == pick.Finding }); i >= 0 {
				f = &c.Findings[i]
			}
			p.Steps = append(p.Steps, stepOf(f, pick, len(p.Steps)+1))
			if pick.Repair == model.DeleteGroup {
				losing(p, f)
			}
		}
		after := *c
		after.Findings = slices.DeleteFunc(slices.Clone(c.Findings), func(f model.Finding) bool {
			return slices.ContainsFunc(picks, func(p model.Pick) bool { return p.Finding == f.ID })
		})
		p.Forecast = plan.Forecast(c, &after, nil)
		p.Guard.Allowed = true
		judge(p, allow)
		p.Seal()
		return p, nil
	}
}

// losing says of each member that they lose a group; one who loses another already has one line.
func losing(p *model.Plan, f *model.Finding) {
	for _, name := range f.Members {
		at := slices.IndexFunc(p.Access, func(a model.AccessChange) bool { return a.Person == name })
		if at < 0 {
			at, p.Access = len(p.Access), append(p.Access, model.AccessChange{Person: name, ID: "t-" + name, Keeps: 7})
		}
		p.Access[at].Loses = append(p.Access[at].Loses, f.Subject.Name)
	}
}

func stepOf(f *model.Finding, pick model.Pick, n int) model.Step {
	in := model.Intent{Option: pick.Option}
	s := model.Step{
		ID: fmt.Sprint("s", n), Repair: pick.Repair, Channel: pick.Channel, Finding: f.ID, Findings: []string{f.ID},
		Subject: model.Subject{Type: f.Subject.Type, Name: f.Subject.Name, TargetID: f.Subject.TargetID},
		Takes:   in.Takes(), Grants: in.Grants(),
	}
	if pick.Channel == model.Console {
		s.Handoff = &model.Handoff{URL: "https://acme.onelogin.com/apps/500001/edit/", Menu: "OneLogin > the app > " +
			string(pick.Repair), DeadlineS: 600}
		return s
	}
	s.Request = &model.Request{
		Service: model.ServiceTarget, Method: "PATCH", Path: "/Users/" + f.Subject.TargetID,
		Body: json.RawMessage(`{"active":false}`),
	}
	s.Counts = model.Counts{Deletes: 1}
	switch pick.Repair { //nolint:exhaustive // what the tests use
	case model.DeleteGroup:
		s.Request = &model.Request{Service: model.ServiceTarget, Method: "DELETE", Path: "/Groups/" +
			f.Subject.TargetID}
		s.Precondition = []model.Condition{
			{Side: model.AtTarget, Fact: model.GroupIs, ID: f.Subject.TargetID, Name: f.Subject.Name},
			{Side: model.AtSource, Fact: model.YieldsNot, Name: f.Subject.Name},
		}
		s.Afterwards = []model.Condition{{Side: model.AtTarget, Fact: model.GroupAbsent, ID: f.Subject.TargetID}}
		for _, m := range f.Members {
			s.Members = append(s.Members, model.Member{ID: "t-" + m, UserName: m})
		}
		s.BlastRadius = &model.BlastRadius{Members: f.Members}
	case model.DeleteUser:
		s.Request = &model.Request{Service: model.ServiceTarget, Method: "DELETE", Path: "/Users/" + f.Subject.TargetID}
	case model.ReapplyMappings:
		s.Request.Service, s.Request.Method, s.Counts = model.ServiceSource, "PUT", model.Counts{}
	}
	return s
}

// judge refuses more than one delete, what is about a protected group, and a group that nobody claims.
func judge(p *model.Plan, allow []model.GuardRule) {
	deletes := 0
	for i := range p.Steps {
		deletes += p.Steps[i].Counts.Deletes
		if strings.Contains(p.Steps[i].Subject.Name, "ControlTower") {
			p.Guard.Refusals = append(p.Guard.Refusals, model.GuardRefusal{
				Rule: model.RuleProtected, Text: "AWSControlTowerAdmins is protected", Way: "Nothing overrides this.",
				Steps: []string{p.Steps[i].ID},
			})
		}
	}
	object := func(r model.GuardRefusal) {
		if slices.Contains(allow, r.Rule) {
			p.Guard.Overridden = append(p.Guard.Overridden, r)
		} else {
			p.Guard.Refusals = append(p.Guard.Refusals, r)
		}
	}
	if deletes > 1 {
		object(model.GuardRefusal{
			Rule: model.RuleMaxDeletes, Text: fmt.Sprintf("%d deletions; the limit is 1", deletes),
			Way: "Take fewer, or allow it with --allow max-deletes.",
		})
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; strings.HasPrefix(s.Finding, string(model.GroupUnclaimed)) {
			object(model.GuardRefusal{
				Rule: model.RuleUnclaimed,
				Text: "nothing shows that OneLogin made " + s.Subject.Name,
				Way:  "ask who made it, or allow it with --allow unclaimed",
			})
		}
	}
	p.Guard.Allowed = len(p.Guard.Refusals) == 0
}

// repairBoard is a board whose outside plans.
func repairBoard(t *testing.T, c *drift.Comparison, width, height int, change ...func(*Options)) *app {
	t.Helper()
	a := board(t, c, width, height, change...)
	out := a.outside.(*fakeOutside)
	out.plan = planner(c)
	out.undo = func(run string, _ []model.GuardRule) (*model.Plan, error) {
		p := planText("undo", run)
		p.Undoes = run
		p.Seal()
		return p, nil
	}
	return a
}

// pressAnd presses a key and brings what it asks for.
func (a *app) pressAnd(key string) {
	if _, cmd := a.Update(a.own(key)); cmd != nil {
		a.Update(cmd())
	}
}

// to filters the board down to one row and stands on it.
func (a *app) to(words string) {
	a.press("/")
	a.write(words)
	a.press("enter")
	if line, ok := a.list().Current(); ok && line.Heading != nil {
		a.press("j")
	}
}

// planText is a plan with a step whose every text is a stranger's.
func planText(texts ...string) *model.Plan {
	p := &model.Plan{
		Schema: model.PlanSchema, Connection: "prod", Fingerprint: "f", MadeAt: noon(),
		Guard: model.GuardVerdict{Allowed: true},
	}
	for i, text := range texts {
		body, _ := json.Marshal(map[string]any{"displayName": text, "members": []string{text, text}})
		s := model.Step{
			ID: fmt.Sprint("s", i+1), Repair: model.DeleteGroup, Channel: model.Direct, Finding: text, Confidence: text,
			Takes:   true,
			Subject: model.Subject{Type: model.SubjectGroup, Name: text, TargetID: text},
			Counts:  model.Counts{Deletes: 1},
			Request: &model.Request{
				Service: text, Method: "DELETE", Path: "/Groups/" + text,
				Headers: map[string]string{text: text}, Body: body,
			},
			After: []string{text}, Group: &model.GroupRef{ID: text, Name: text},
			Members: []model.Member{{ID: text, UserName: text}},
			BlastRadius: &model.BlastRadius{
				Members: []string{text}, Groups: []string{text},
				Assignments: []string{text}, Unknown: text,
			},
		}
		for _, fact := range []model.ConditionKind{
			model.UserIs, model.UserAbsent, model.FieldIs, model.UsersAre, model.GroupIs, model.GroupAbsent,
			model.MembersAre,
			model.MembersInclude, model.MembersExclude, model.Entitled, model.Unassigned, model.Inactive, model.Wants,
			model.Yields,
			model.YieldsNot, model.Belongs, model.BelongsNot,
		} {
			s.Precondition = append(s.Precondition, model.Condition{
				Fact: fact, ID: text, Name: text, Field: text,
				Value: text, Users: s.Members,
			})
		}
		if i%3 == 2 {
			s.Request, s.Handoff, s.Channel = nil, &model.Handoff{URL: text, Menu: text}, model.Console
		}
		p.Steps = append(p.Steps, s)
		p.Access = append(p.Access, model.AccessChange{
			Person: text, RenamedTo: text, Loses: []string{text}, Gains: []string{text}, Closes: []string{text},
			Opens: []string{text},
		})
		p.Forecast = &model.Forecast{Before: 1, New: []string{text}}
		p.LeftOut = append(p.LeftOut, model.LeftOut{Finding: text, Reason: text})
		p.Warnings = append(p.Warnings, text)
		p.Guard.Overridden = append(p.Guard.Overridden, model.GuardRefusal{
			Rule: model.RuleShrunk, Text: text,
			Way: text,
		})
	}
	p.Seal()
	return p
}

// refused is a plan that the guard refuses for reasons full of strangers' text.
func refused() *model.Plan {
	p := planText(hostileNames()...)
	p.Guard.Allowed = false
	for _, text := range hostileNames() {
		p.Guard.Refusals = append(p.Guard.Refusals, model.GuardRefusal{
			Rule: model.RuleMaxDeletes, Text: text,
			Way: text, Steps: []string{text},
		})
	}
	p.Seal()
	return p
}

// pastRun is a run of a plan that ended in these states.
func pastRun(id string, p *model.Plan, state model.RunState, states ...model.StepState) model.Run {
	r := model.Run{
		ID: id, Plan: p, StartedAt: noon().Add(-time.Hour), EndedAt: noon().Add(-59 * time.Minute), State: state,
		Who: "maya", Host: "bastion",
		Version: "1.0", Reason: "ticket 42",
	}
	for i, s := range states {
		r.Steps = append(r.Steps, model.StepRecord{ID: p.Steps[i].ID, State: s, At: noon()})
	}
	return r
}

// deleting is a plan to delete a lingering group.
func deleting(c *drift.Comparison, name string) *model.Plan {
	p, _ := planner(c)([]model.Pick{{
		Finding: "group-lingering/" + name, Option: model.Option{Repair: model.DeleteGroup, Channel: model.Direct},
		Named: true,
	}}, nil)
	return p
}

// hostileRuns are runs whose every text is a stranger's, in every state.
func hostileRuns() []model.Run {
	p := planText(hostileNames()...)
	var out []model.Run
	for i, state := range []model.RunState{
		model.RunRunning, model.RunDone, model.RunIncomplete, model.RunCancelled,
		model.RunInterrupted,
	} {
		name := hostileNames()[i]
		r := model.Run{
			ID: name, Plan: p, StartedAt: noon(), EndedAt: noon(), State: state, Who: name, Host: name, Version: name,
			Reason: name,
			Allow:  []model.GuardRule{model.GuardRule(name)}, UndoneBy: []string{name}, Damage: []string{name, name},
		}
		for j, text := range hostileNames() {
			r.Steps = append(r.Steps, model.StepRecord{
				ID: text, State: stepStates[(i+j)%len(stepStates)], Detail: text, CreatedID: text,
				Backup: []model.Backup{{
					Type: model.SubjectGroup, ID: text, Name: text, Incomplete: text,
					Members: []model.Member{{UserName: text}}, Groups: []model.GroupRef{{Name: text}},
				}},
			})
		}
		out = append(out, r)
	}
	return append(out, model.Run{ID: "no plan", State: model.RunIncomplete})
}

var stepStates = []model.StepState{
	model.StepConfirmed, model.StepRunning, model.StepQueued, model.StepUnconfirmed, model.StepFailed,
	model.StepSkipped,
	model.StepCancelled, model.StepInDoubt,
}

// planned is a screen with a plan that somebody made, or failed to make.
func planned(name string, p *model.Plan, err error) *plans.Screen {
	s := plans.New(plans.Request{Name: name, Make: func(context.Context, []model.GuardRule) (*model.Plan,
		error,
	) {
		return p, err
	}})
	s.Ask(context.Background())().(screen.Answer)()
	return s
}

// runs puts a run of a plan on the screen, as far as the progress says.
func (a *app) runs(p *model.Plan, progress plan.RunProgress) *run.Job {
	s := planned("test", p, nil)
	a.push(s)
	a.startRun(s)
	a.Update(runProgressMsg{job: a.job, Report: run.Report{Progress: progress}})
	return a.job
}

// hostileProgress is in the middle of a handoff, and everything it tells is a stranger's.
func hostileProgress(p *model.Plan) plan.RunProgress {
	out := plan.RunProgress{
		Step: 2, Phase: plan.PhaseWatching, WaitingUntil: noon().Add(9 * time.Second),
		Deadline: noon().Add(9 * time.Minute),
		Said:     strings.Join(hostileNames(), " "), Run: hostileRuns()[0],
	}
	out.Run.Plan = p
	for i, text := range hostileNames() {
		out.Ticks = append(out.Ticks, plan.Tick{
			Finding: text, Subject: model.Subject{Name: text}, Done: i%2 == 0,
			Seen: text,
		})
	}
	return out
}
