package repair_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// What changes between plan and run is noticed just before the write, which is then not made.
func TestAStepWhoseReasonIsGoneIsSkipped(t *testing.T) {
	if testing.Short() {
		t.Skip("a long table, whose rows start the same goroutines as the other runs; go test has it without -short")
	}
	group := func(w *world.World, s *model.Step) *world.TargetGroup { return w.Target.Groups[s.Group.ID] }
	user := func(w *world.World, s *model.Step) *world.TargetUser { return w.Target.Users[s.Subject.TargetID] }
	sourceUser := func(w *world.World, id string) *world.User {
		n, _ := strconv.ParseInt(id, 10, 64)
		return w.Source.Users[n]
	}
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		bend   func(w *world.World, app int64, s *model.Step)
	}{
		"somebody joined the group": {
			model.GroupLingering, model.DeleteGroup,
			func(w *world.World, _ int64, s *model.Step) {
				for _, id := range w.Target.UserOrder {
					if !group(w, s).Members[id] {
						group(w, s).Members[id] = true
						return
					}
				}
			},
		},
		"the group has another name": {
			model.GroupLingering, model.DeleteGroup,
			func(w *world.World, _ int64, s *model.Step) {
				group(w, s).DisplayName += "-kept"
			},
		},
		"the group is gone": {model.GroupLingering, model.DeleteGroup, func(w *world.World, _ int64, s *model.Step) {
			w.Target.RemoveGroup(s.Group.ID)
		}},
		"a role yields the group again": {
			model.GroupLingering, model.DeleteGroup,
			func(w *world.World, app int64, s *model.Step) {
				id := w.NextID()
				role := &world.Role{ID: id, Name: s.Group.Name, Apps: map[int64]bool{app: true}}
				for _, r := range w.Source.Roles {
					role.Users = r.Users
				}
				w.Source.Roles[id] = role
			},
		},
		"the user is called otherwise": {
			model.UserStillActive, model.DeactivateUser,
			func(w *world.World, _ int64, s *model.Step) {
				user(w, s).UserName = "other@corp.example"
			},
		},
		"the user is inactive already": {
			model.UserStillActive, model.DeactivateUser,
			func(w *world.World, _ int64, s *model.Step) {
				user(w, s).Active = false
			},
		},
		"the user is active at the source again": {
			model.UserStillActive, model.DeactivateUser,
			func(w *world.World, _ int64, s *model.Step) {
				sourceUser(w, s.Subject.SourceID).Status, sourceUser(w, s.Subject.SourceID).State = 1, 1
			},
		},
		"the user is suspended": {model.UserUnsynced, model.CreateUser, func(w *world.World, _ int64, s *model.Step) {
			sourceUser(w, s.Subject.SourceID).Status = 2
		}},
		"the user is there by now": {
			model.UserUnsynced, model.CreateUser,
			func(w *world.World, _ int64, s *model.Step) {
				w.Target.AddUser(&world.TargetUser{ID: w.NewUUID(), UserName: s.Subject.Name, Active: true})
			},
		},
		"the member has left": {model.MembersMissing, model.AddMembers, func(w *world.World, _ int64, s *model.Step) {
			sourceUser(w, s.Members[0].SourceID).Status = 2
		}},
		"the extra member is gone": {
			model.MembersExtra, model.RemoveMembers,
			func(w *world.World, _ int64, s *model.Step) {
				delete(group(w, s).Members, s.Members[0].ID)
			},
		},
		"the attribute is another by now": {
			model.UserAttributes, model.UpdateUser,
			func(w *world.World, _ int64, s *model.Step) {
				user(w, s).DisplayName, user(w, s).GivenName, user(w, s).FamilyName, user(w, s).Email = "x", "x", "x",
					"x@corp.example"
			},
		},
		"the group is there by now": {
			model.GroupMissing, model.CreateGroup,
			func(w *world.World, _ int64, s *model.Step) {
				w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: strings.ToUpper(s.Subject.Name)})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("before the run", func(t *testing.T) {
				b := lay(t, "drift")
				plan := b.plan(test.kind, test.repair, 1)
				b.bend(func(w *world.World) { test.bend(w, b.tenant.AppID, &plan.Steps[0]) })
				after := b.directory()
				b.wantNothingDone(plan, repair.RunOptions{})
				b.wantDirectory(after)
			})
			t.Run("in the run", func(t *testing.T) {
				b := lay(t, "drift")
				made := b.plan(test.kind, test.repair, 1)
				bent := false
				b.wantNothingDone(made, repair.RunOptions{Watch: func(p plan.RunProgress) {
					if p.Step == 0 && p.Phase == plan.PhaseChecking && !bent {
						b.bend(func(w *world.World) { test.bend(w, b.tenant.AppID, &made.Steps[0]) })
						b.ahead += 6 * time.Second // what was answered before serves for five
						bent = true
					}
				}})
				if !bent {
					t.Error("the run never came to its step")
				}
			})
		})
	}
}

// wantNothingDone runs a plan that is to be refused, or skipped step by step, with a reason and without a write.
func (b *bed) wantNothingDone(plan *model.Plan, o repair.RunOptions) {
	b.t.Helper()
	b.server.SCIM.ResetRequests()
	o.Allow = append(o.Allow, plan.Guard.Overrides()...)
	run, err := b.repairer.Run(b.t.Context(), plan, o)
	b.wantUnwritten()
	if err != nil {
		b.t.Log(err)
		return
	}
	if run.State != model.RunIncomplete || strings.ReplaceAll(states(run), "skipped", "") != strings.Repeat(" ",
		len(run.Steps)-1) {
		b.t.Fatalf("run is %s:%s", run.State, details(run))
	}
	if run.Steps[0].Detail == "" {
		b.t.Error("it is not said why")
	}
	b.t.Log(run.Steps[0].Detail)
}

// A read that a step rests on and that fails is no reason to write.
func TestAFailedReadWritesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		fault  fault.Fault
	}{
		"the group": {model.GroupLingering, model.DeleteGroup, fault.Fault{
			Service: fault.SCIM, Path: "/Groups/",
			Kind: fault.ServerError,
		}},
		"its members": {
			model.GroupLingering, model.DeleteGroup,
			fault.Fault{Service: fault.SCIM, Path: "groups.value", Kind: fault.Forbidden},
		},
		"no members": {
			model.GroupLingering, model.DeleteGroup,
			fault.Fault{Service: fault.SCIM, Path: "groups.value", Kind: fault.Empty},
		},
		"the roles": {
			model.GroupLingering, model.DeleteGroup,
			fault.Fault{Service: fault.OneLogin, Path: "/roles", Kind: fault.Forbidden},
		},
		"no roles": {
			model.GroupLingering, model.DeleteGroup,
			fault.Fault{Service: fault.OneLogin, Path: "/roles", Kind: fault.Empty},
		},
		"the user": {model.UserLingering, model.DeleteUser, fault.Fault{
			Service: fault.SCIM, Path: "/Users/",
			Kind: fault.Truncate,
		}},
		"the source users": {model.UserLingering, model.DeleteUser, fault.Fault{
			Service: fault.OneLogin, Path: "/users",
			Kind: fault.Forbidden,
		}},
		"the backup": {
			model.UserLingering, model.DeleteUser,
			fault.Fault{Service: fault.SCIM, Path: "members.value", Kind: fault.ServerError},
		},
		"the name": {
			model.UserUnsynced, model.CreateUser,
			fault.Fault{Service: fault.SCIM, Path: "filter=userName", Kind: fault.Forbidden},
		},
		"the entitled": {model.UserUnsynced, model.CreateUser, fault.Fault{
			Service: fault.OneLogin, Path: "/users",
			Kind: fault.Truncate,
		}},
		"the members now": {
			model.MembersExtra, model.RemoveMembers,
			fault.Fault{Service: fault.SCIM, Path: "groups.value", Kind: fault.BadGateway},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			plan := b.plan(test.kind, test.repair, 1)
			b.fail(test.fault)
			b.wantNothingDone(plan, repair.RunOptions{})
		})
	}
}

func TestARateLimitIsWaitedFor(t *testing.T) {
	b := lay(t, "drift")
	made := b.plan(model.GroupLingering, model.DeleteGroup, 1)
	b.fail(fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Throttle, RetryAfter: 7, Times: 2})
	var waits int
	run := b.run(made, repair.RunOptions{Watch: func(p plan.RunProgress) {
		if !p.WaitingUntil.IsZero() {
			waits++
		}
	}})
	b.wantStates(run, model.RunDone, "confirmed")
	if waits != 2 || len(b.slept) < 2 {
		t.Errorf("%d waits were shown, %v slept", waits, b.slept)
	}

	made = b.plan(model.GroupLingering, model.DeleteGroup, 1)
	b.fail(fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Throttle})
	run = b.run(made, repair.RunOptions{})
	b.wantStates(run, model.RunIncomplete, "failed")
	if f := b.server.Faults.List(); f[len(f)-1].Hits != 3 {
		t.Errorf("faults %v, want three hits of the last", f)
	}
}

func TestARecordThatChangesDuringAWaitIsLeftAlone(t *testing.T) {
	b := lay(t, "drift")
	b.opts.Sleep = func(context.Context, time.Duration) error {
		b.bend(func(w *world.World) {
			for _, u := range w.Target.Users {
				u.DisplayName += " changed"
			}
		})
		return nil
	}
	b.repairer = repair.New(b.opts)
	plan := b.plan(model.UserLingering, model.DeleteUser, 1)
	b.fail(fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Throttle, Times: 1})
	run := b.run(plan, repair.RunOptions{})
	b.wantStates(run, model.RunIncomplete, "skipped")
	b.wantUnwritten()
}

// An answer that is lost is settled by reading, and never by sending again.
func TestALostAnswerIsSettledByReading(t *testing.T) {
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		method string
		fault  fault.Kind
		want   string
	}{
		"deleted":        {model.GroupLingering, model.DeleteGroup, "DELETE", fault.LoseAnswer, "confirmed"},
		"not deleted":    {model.GroupLingering, model.DeleteGroup, "DELETE", fault.Reset, "unconfirmed"},
		"refused by 5xx": {model.GroupLingering, model.DeleteGroup, "DELETE", fault.ServerError, "unconfirmed"},
		"created":        {model.UserUnsynced, model.CreateUser, "POST", fault.LoseAnswer, "confirmed"},
		"half an answer": {model.UserUnsynced, model.CreateUser, "POST", fault.ResetInBody, "confirmed"},
		"not created":    {model.GroupMissing, model.CreateGroup, "POST", fault.Reset, "unconfirmed"},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			before := b.directory()
			plan := b.plan(test.kind, test.repair, 1)
			b.fail(fault.Fault{Service: fault.SCIM, Method: test.method, Kind: test.fault, Times: 1})
			run := b.run(plan, repair.RunOptions{})
			if got := string(run.Steps[0].State); got != test.want {
				t.Fatalf("run is %s:%s", run.State, details(run))
			}
			if hits := b.server.Faults.List()[0].Seen; hits != 1 {
				t.Errorf("sent %d times", hits)
			}
			if test.want == "confirmed" {
				if run.State != model.RunDone {
					t.Errorf("what followed did not go on:%s", details(run))
				}
				undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
				if err != nil {
					t.Fatal(err)
				}
				if back := b.run(undo, repair.RunOptions{}); back.State != model.RunDone {
					t.Errorf("undo is %s:%s", back.State, details(back))
				}
			} else if strings.Trim(strings.ReplaceAll(strings.TrimPrefix(states(run), test.want),
				string(model.StepSkipped), ""), " ") != "" {
				t.Errorf("what depends on it was not skipped: %s", states(run))
			}
			b.wantDirectory(before)
		})
	}
}
