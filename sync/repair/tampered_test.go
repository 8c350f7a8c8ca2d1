package repair_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
)

// A checksum shows that a plan was damaged, not who wrote it: whoever edits a plan can seal it again. What a step sends
// and what it rests on must be what this program makes of that repair, whatever the file says.
func TestAPlanThatSaysOneThingAndSendsAnotherIsRefused(t *testing.T) {
	type tamper func(b *bed, p *model.Plan, s *model.Step)
	without := func(fact model.ConditionKind) tamper {
		return func(_ *bed, _ *model.Plan, s *model.Step) {
			kept := s.Precondition[:0:0]
			for _, st := range s.Precondition {
				if st.Fact != fact {
					kept = append(kept, st)
				}
			}
			s.Precondition = kept
		}
	}
	swap := func(of, by string) tamper {
		return func(b *bed, _ *model.Plan, s *model.Step) {
			body := strings.Replace(string(s.Request.Body), of, by, 1)
			if body == string(s.Request.Body) {
				b.t.Fatalf("nothing to tamper with in %s", body)
			}
			s.Request.Body = json.RawMessage(body)
		}
	}
	path := func(to string) tamper {
		return func(_ *bed, _ *model.Plan, s *model.Step) { s.Request.Path = to }
	}
	otherGroup := func(b *bed, s *model.Step) string {
		for _, g := range b.loader.Last().Target.Groups {
			if g.ID != s.Group.ID {
				return g.ID
			}
		}
		return ""
	}
	otherUser := func(b *bed, s *model.Step) string {
		for _, u := range b.loader.Last().Target.Users {
			if u.ID != s.Subject.TargetID && !strings.Contains(string(s.Request.Body), u.ID) {
				return u.ID
			}
		}
		return ""
	}
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		bend   tamper
	}{
		"another group is deleted": {
			model.GroupLingering, model.DeleteGroup,
			func(b *bed, _ *model.Plan, s *model.Step) {
				s.Request.Path = "/Groups/" + otherGroup(b, s)
			},
		},
		"a user is deleted as a group": {
			model.GroupLingering, model.DeleteGroup,
			func(b *bed, _ *model.Plan, s *model.Step) {
				s.Request.Path = "/Users/" + b.loader.Last().Target.Users[0].ID
			},
		},
		"all of it is another group, its statements are not": {
			model.GroupLingering, model.DeleteGroup,
			func(b *bed, _ *model.Plan, s *model.Step) {
				s.Group.ID = otherGroup(b, s)
				s.Subject.TargetID = s.Group.ID
				s.Request.Path = "/Groups/" + s.Group.ID
			},
		},
		"the name that is typed is another": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) {
				s.Subject.Name = "harmless"
			},
		},
		"fewer are said to lose it": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) {
				s.BlastRadius.Members = []string{}
			},
		},
		"fewer are counted": {model.GroupLingering, model.DeleteGroup, func(_ *bed, _ *model.Plan, s *model.Step) {
			s.Counts.Removals = 0
		}},
		"nobody looks at the group":      {model.GroupLingering, model.DeleteGroup, without(model.GroupIs)},
		"nobody looks at its members":    {model.GroupLingering, model.DeleteGroup, without(model.MembersAre)},
		"nobody asks whether it yields":  {model.GroupLingering, model.DeleteGroup, without(model.YieldsNot)},
		"nobody asks for the assignment": {model.UserLingering, model.DeleteUser, without(model.Unassigned)},
		"nobody asks whether he is off":  {model.UserStillActive, model.DeactivateUser, without(model.Inactive)},
		"another user is deleted": {
			model.UserLingering, model.DeleteUser,
			func(b *bed, _ *model.Plan, s *model.Step) { s.Request.Path = "/Users/" + otherUser(b, s) },
		},
		"somebody else is let in": {
			model.UserUnsynced, model.CreateUser,
			swap(`"userName":"`, `"userName":"evil-`),
		},
		"more is written": {
			model.UserUnsynced, model.CreateUser,
			swap(`"active":true`, `"active":true,"roles":[{"value":"admin"}]`),
		},
		"nobody asks who is let in": {model.UserUnsynced, model.CreateUser, without(model.Entitled)},
		"a second operation": {
			model.UserAttributes, model.UpdateUser,
			swap(`"Operations":[`, `"Operations":[{"op":"replace","path":"nickName","value":"x"},`),
		},
		"a key stands twice": {
			model.UserAttributes, model.UpdateUser,
			swap(`"Operations":[`, `"Operations":[{"op":"remove","path":"emails"}],"Operations":[`),
		},
		"a value that nobody wants": {model.UserAttributes, model.UpdateUser, without(model.Wants)},
		"another member": {
			model.MembersMissing, model.AddMembers,
			func(b *bed, p *model.Plan, s *model.Step) { swap(s.Members[0].ID, otherUser(b, s))(b, p, s) },
		},
		"all members are removed": {
			model.MembersExtra, model.RemoveMembers,
			func(_ *bed, _ *model.Plan, s *model.Step) {
				s.Request.Body = json.RawMessage(
					`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove",` +
						`"path":"members"}]}`)
			},
		},
		"nobody asks who belongs": {model.MembersExtra, model.RemoveMembers, without(model.BelongsNot)},
		"another query": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Request.Path += "?cascade=true" },
		},
		"another header": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Request.Headers = map[string]string{"If-Match": "*"} },
		},
		"a header that sends it twice": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) {
				s.Request.Headers = map[string]string{"Idempotency-Key": "1"}
			},
		},
		"a credential of its own": {
			model.UserLingering, model.DeactivateUser,
			func(_ *bed, _ *model.Plan, s *model.Step) {
				s.Request.Headers = map[string]string{"authorization": "Bearer x"}
			},
		},
		"all groups":       {model.GroupLingering, model.DeleteGroup, path("/Groups")},
		"up":               {model.GroupLingering, model.DeleteGroup, path("/Groups/%2e%2e")},
		"another resource": {model.GroupLingering, model.DeleteGroup, path("/Schemas/1")},
		"another method": {
			model.UserLingering, model.DeactivateUser,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Request.Method, s.Request.Body = "DELETE", nil },
		},
		"a delete with a body": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Request.Body = json.RawMessage(`{}`) },
		},
		"a body that is a list": {
			model.UserUnsynced, model.CreateUser,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Request.Body = json.RawMessage(`[]`) },
		},
		"a group that nobody expects": {model.GroupMissing, model.CreateGroup, without(model.Yields)},
		"another name for a group": {
			model.GroupRenamed, model.RenameGroup,
			swap(`"path":"displayName","value":"`, `"path":"displayName","value":"x`),
		},
		"a delete that is called a button": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Channel = model.Console },
		},
		"a delete that is a handoff too": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Handoff = &model.Handoff{} },
		},
		"it says that it takes nothing": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Takes, s.Counts = false, model.Counts{} },
		},
		"it waits for itself": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.After = []string{"s1"} },
		},
		"it is its own": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Own = true },
		},
		"an id that moves the cursor": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.ID = "s1\x1b[2J" },
		},
		"a repair that writes lines": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, _ *model.Plan, s *model.Step) { s.Repair = "x\nThe guard lets it run.\x1b[2J" },
		},
		"a button that writes lines": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, p *model.Plan, s *model.Step) {
				button := *s
				button.Repair, button.Channel, button.Request = "x\nThe guard lets it run.", model.Console, nil
				button.ID, button.Handoff = "s2", &model.Handoff{}
				p.Steps = append(p.Steps, button)
			},
		},
		"it says that it undoes something": {
			model.GroupLingering, model.DeleteGroup,
			func(_ *bed, p *model.Plan, s *model.Step) {
				p.Undoes, s.Own, s.Counts = "20260101T000000Z-0000", true, model.Counts{}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			plan := b.plan(test.kind, test.repair, 1)
			test.bend(b, plan, &plan.Steps[0])
			plan.Seal()
			b.server.SCIM.ResetRequests()
			run, err := b.repairer.Run(t.Context(), plan, asPlanned(plan))
			if err == nil {
				t.Fatalf("it ran:%s", details(run))
			}
			b.wantUnwritten()
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("what the file says forges a line: %q", err)
			}
			t.Log(err)
		})
	}
}

// A step that sends what another finding or repair asks for is no step that nothing asks for any more: what would be
// done was shown under a wrong name, and the steps beside it are not done either.
func TestAStepUnderAnotherNameIsRefused(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	for name, bend := range map[string]func(s *model.Step){
		"a finding that is gone": func(s *model.Step) {
			s.Finding, s.Findings = "group-lingering/x", []string{"group-lingering/x"}
		},
		"another repair": func(s *model.Step) { s.Repair = model.RenameGroup },
	} {
		made := b.plan(model.GroupLingering, model.DeleteGroup, 2)
		bend(&made.Steps[1])
		made.Seal()
		b.server.SCIM.ResetRequests()
		_, err := b.repairer.Run(t.Context(), made, asPlanned(made))
		if err == nil || !strings.Contains(err.Error(), "step s2 would be another one") {
			t.Errorf("%s: %v", name, err)
		}
		b.wantUnwritten()
	}
}

// Nothing is sent for a handoff, but it is shown, opened in a browser and kept in the journal.
func TestAHandoffThatWasEditedIsRefused(t *testing.T) {
	t.Parallel()
	tamper := map[string]func(p *model.Plan, s *model.Step){
		"another way through the menu": func(_ *model.Plan, s *model.Step) { s.Handoff.Menu += " > Delete" },
		"another page":                 func(_ *model.Plan, s *model.Step) { s.Handoff.URL += "/users" },
		"another host": func(_ *model.Plan, s *model.Step) {
			s.Handoff.URL = "https://acme.example/apps"
		},
		"a longer watch": func(_ *model.Plan, s *model.Step) { s.Handoff.DeadlineS++ },
		"another finding too": func(_ *model.Plan, s *model.Step) {
			s.Findings = append(s.Findings, "group-missing/x")
		},
		"a finding less": func(_ *model.Plan, s *model.Step) { s.Findings = s.Findings[:1] },
		"another finding first": func(_ *model.Plan, s *model.Step) {
			s.Finding = s.Findings[1]
		},
		"somebody else": func(_ *model.Plan, s *model.Step) { s.Members[0].UserName = "eve@acme.example" },
		"about somebody": func(_ *model.Plan, s *model.Step) {
			s.Subject = model.Subject{Type: model.SubjectUser, Name: "eve@acme.example"}
		},
		"it counts":           func(_ *model.Plan, s *model.Step) { s.Counts.Grants = 1 },
		"another button":      func(_ *model.Plan, s *model.Step) { s.Repair = model.SyncLogins },
		"it was never picked": func(p *model.Plan, _ *model.Step) { p.Picks = nil },
	}
	s := enact(t, "clean", func(b *bed) { emptyGroups(b, 2) })
	for name, bend := range tamper {
		made := s.planFor(model.MembersMissing, console(model.ReapplyMappings), 2)
		bend(made, &made.Steps[0])
		made.Seal()
		if run, err := s.repairer.Run(t.Context(), made, asPlanned(made)); err == nil {
			t.Errorf("%s: it ran:%s", name, details(run))
		} else {
			t.Log(name+":", err)
		}
	}
}

// Beside its steps nothing of what a file says is shown: it is worked out again, as it was when the plan was made.
func TestOfAFileOnlyTheStepsAreShown(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift", func(o *repair.Options) { o.Guard.MaxDeletes = 1 })
	picks := slices.Concat(b.picks(model.GroupLingering, model.DeleteGroup)[:2],
		b.picks(model.UserUnsynced, model.CreateUser)[:1])
	made, err := b.repairer.Plan(t.Context(), picks, append(overridable(), model.RuleMaxDeletes))
	if err != nil || len(made.Access) == 0 || !slices.Contains(made.Guard.Overrides(), model.RuleMaxDeletes) {
		t.Fatalf("%v: %+v", err, made)
	}
	made.Warnings = nil // none of ours
	made.Seal()
	want, err := b.repairer.Review(made, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, want); diff != "" {
		t.Errorf("an honest plan is shown as another (-made +shown):\n%s", diff)
	}
	const lie = "all is well"
	for name, bend := range map[string]func(p *model.Plan){
		"nobody loses anything":  func(p *model.Plan) { p.Access, p.Forecast = nil, nil },
		"somebody gains instead": func(p *model.Plan) { p.Access[0] = model.AccessChange{Person: lie, Keeps: 9} },
		"what is left":           func(p *model.Plan) { p.Forecast = &model.Forecast{} },
		"warnings":               func(p *model.Plan) { p.Warnings = []string{lie} },
		"what is left out": func(p *model.Plan) {
			p.LeftOut = []model.LeftOut{{Finding: "group-lingering/x", Reason: lie}}
		},
		"the connection":   func(p *model.Plan) { p.Connection = lie },
		"not read in full": func(p *model.Plan) { p.Complete = false },
		"how sure it is":   func(p *model.Plan) { p.Steps[0].Confidence = lie },
		"the guard's numbers": func(p *model.Plan) {
			for i := range p.Guard.Overridden {
				p.Guard.Overridden[i].Text = lie
			}
		},
		"a refusal": func(p *model.Plan) { p.Guard.Refusals = []model.GuardRefusal{{Rule: lie}} },
	} {
		forged := *made
		forged.Access, forged.Steps = slices.Clone(made.Access), slices.Clone(made.Steps)
		forged.Guard.Overridden = slices.Clone(made.Guard.Overridden)
		bend(&forged)
		forged.Seal()
		shown, err := b.repairer.Review(&forged, nil)
		if err != nil {
			t.Fatal(err)
		}
		shown.Checksum = want.Checksum
		if diff := cmp.Diff(want, shown); diff != "" {
			t.Errorf("%s: it is believed (-want +shown):\n%s", name, diff)
		}
	}
	silent := *made
	silent.Guard = model.GuardVerdict{Allowed: true}
	silent.Seal()
	if shown, err := b.repairer.Review(&silent, nil); err != nil || shown.Guard.Allowed ||
		shown.Guard.Refusals[0].Rule != model.RuleMaxDeletes {
		t.Errorf("a file without a refusal is allowed: %v, %+v", err, shown.Guard)
	}
	// Where a run rests on no reading of before, nothing of that is known.
	shown, err := b.repairer.Review(made, []model.GuardRule{model.RuleOldPlan})
	if err != nil || shown.Access != nil || shown.Forecast != nil || shown.Guard.Allowed ||
		len(shown.Guard.Refusals)+len(shown.Guard.Overridden) > 0 || shown.Steps[0].Confidence != "unknown" {
		t.Errorf("%v: %+v", err, shown)
	}
}
