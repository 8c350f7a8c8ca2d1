package repair_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// unreached is a target to which no write gets through.
type unreached struct{ repair.Target }

func (unreached) Write(context.Context, model.Request) (model.Answer, error) {
	return model.Answer{}, &model.WriteError{Fate: model.WriteNotSent, Err: errors.New("no route")}
}

// A write that never left, and one that waits for a rate limit when somebody cancels, changed nothing and say so.
func TestAWriteThatNeverWentOut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bend  func(b *bed, cancel func())
		state model.StepState
		says  string
	}{
		"nobody is there": {func(b *bed, _ func()) {
			b.opts.Target = unreached{b.opts.Target}
		}, model.StepFailed, "not sent, nothing was written: no route"},
		"cancelled in a wait": {func(b *bed, cancel func()) {
			b.fail(fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Throttle, RetryAfter: 7})
			b.opts.Sleep = func(ctx context.Context, _ time.Duration) error {
				cancel()
				return ctx.Err()
			}
		}, model.StepCancelled, "cancelled while it waited for a rate limit; nothing was written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			made := b.plan(model.GroupLingering, model.DeleteGroup, 2)
			before := b.directory()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			test.bend(b, cancel)
			b.repairer = repair.New(b.opts)
			run, err := b.repairer.Run(ctx, made, asPlanned(made))
			if err != nil || run.Steps[0].State != test.state || !strings.Contains(run.Steps[0].Detail, test.says) {
				t.Errorf("%v:%s", err, details(run))
			}
			b.wantDirectory(before)
		})
	}
}

// A creation that was refused because something like it is there has failed where nothing of its name is found, and is
// not called so where nobody can look.
func TestARefusedCreationIsLookedFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		look  fault.Kind
		state model.StepState
		says  string
	}{
		"nothing has its name": {"", model.StepFailed, "something like it exists already"},
		"nobody can look":      {fault.Forbidden, model.StepUnconfirmed, "could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			plan := b.plan(model.GroupMissing, model.CreateGroup, 1)
			b.opts.Target = &guarded{b.opts.Target, func(model.Request) {
				b.fail(fault.Fault{
					Service: fault.SCIM, Method: "POST", Kind: fault.Answer, Status: http.StatusConflict,
				})
				if test.look != "" {
					b.fail(fault.Fault{Service: fault.SCIM, Method: "GET", Kind: test.look})
				}
			}}
			b.repairer = repair.New(b.opts)
			run := b.run(plan, repair.RunOptions{})
			if run.Steps[0].State != test.state || !strings.Contains(run.Steps[0].Detail, test.says) {
				t.Error(details(run))
			}
		})
	}
}

// cutGroups is a target whose list of a user's groups lacks one of them, and that says of its members what it likes.
type cutGroups struct {
	repair.Target

	lacks   *model.GroupRef
	members func(list *model.MemberList)
}

func (c *cutGroups) GroupsOf(ctx context.Context, id string) ([]model.GroupRef, string, error) {
	groups, incomplete, err := c.Target.GroupsOf(ctx, id)
	if len(groups) > 0 {
		*c.lacks, groups = groups[0], groups[1:]
	}
	return groups, incomplete, err
}

func (c *cutGroups) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (model.TargetRecord, bool, error) {
	t, found, err := c.Target.Record(ctx, of, id, members)
	if members && id == c.lacks.ID {
		c.members(&t.Members)
	}
	return t, found, err
}

// A user is not deleted on a backup that forgets a group in which they were seen.
func TestADeletedUsersBackupHasTheGroupsInWhichTheyWereSeen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		members func(list *model.MemberList)
		says    string // empty: the user has left the group since
	}{
		"the group lists them": {func(*model.MemberList) {}, "says both that the user is in "},
		"nobody can tell": {func(list *model.MemberList) {
			*list = model.MemberList{Unknown: "it is cut"}
		}, "is still one of them cannot be told: it is cut"},
		"they have left it": {func(list *model.MemberList) { list.IDs = []string{"somebody"} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			var plan *model.Plan
			for _, p := range b.picks(model.UserLingering, model.DeleteUser) {
				made, err := b.repairer.Plan(t.Context(), []model.Pick{p}, []model.GuardRule{model.RuleMaxPercent})
				if err == nil && made.Guard.Allowed && len(made.Steps[0].BlastRadius.Groups) > 0 {
					plan = made
				}
			}
			if plan == nil {
				t.Fatal("no lingering user is in a group")
			}
			b.opts.Target = &cutGroups{b.opts.Target, &model.GroupRef{}, test.members}
			b.repairer = repair.New(b.opts)
			run := b.run(plan, repair.RunOptions{})
			if test.says == "" {
				b.wantStates(run, model.RunDone, "confirmed")
				return
			}
			b.wantStates(run, model.RunIncomplete, "skipped")
			b.wantUnwritten()
			if !strings.Contains(run.Steps[0].Detail, test.says) {
				t.Error(details(run))
			}
		})
	}
}

// What a reapply or nudge brings into effect, costs and is held up by is said beforehand, or that it cannot be told.
func TestWhatComesWithAReapplyIsSaidBefore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bend   func(s *stage)
		option model.Option
		says   string
	}{
		"rules were edited": {func(s *stage) {
			s.world(func(w *world.World) {
				w.Source.Events = append(w.Source.Events, world.Event{
					ID: w.NextID(), At: w.Now(), Type: model.EventRuleUpdated, AppID: s.tenant.AppID,
					ActorUserName: "cy",
				})
			})
		}, console(model.ReapplyMappings), `^Edits of rules and parameters .*: \S+ by cy on .*`},
		"the log cannot be read": {func(s *stage) {
			s.fail(fault.Fault{Service: fault.OneLogin, Path: "/api/1/events", Kind: fault.Forbidden})
		}, console(model.ReapplyMappings), `cannot be told, because the events were not read in full`},
		"provisioning is off": {func(s *stage) {
			s.tenant.World.Source.Apps[s.tenant.AppID].ProvisioningEnabled = false
		}, console(model.ReapplyMappings), `^Provisioning is switched off`},
		"nobody knows what is left": {func(s *stage) {
			s.opts.Source = unknownBudget{s.opts.Source}
			s.repairer = repair.New(s.opts)
		}, nudge(), `6 for each user; .* How many are left is not known`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := enact(t, "clean", func(b *bed) { emptyGroups(b, 1) })
			test.bend(s)
			s.read()
			said := strings.Join(s.planFor(model.MembersMissing, test.option, 1).Warnings, "\n")
			if !regexp.MustCompile(`(?m)` + test.says).MatchString(said) {
				t.Errorf("want %q:\n%s", test.says, said)
			}
		})
	}
}

type unknownBudget struct{ repair.Source }

func (unknownBudget) Budget() model.Budget { return model.Budget{} }

// Nothing is planned where nothing was read.
func TestNothingIsPlannedBeforeARead(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	picks := b.picks(model.GroupLingering, model.DeleteGroup)[:1]
	b.begin()
	if plan, err := b.repairer.Plan(t.Context(), picks, nil); err == nil ||
		!strings.Contains(err.Error(), "nothing has been read yet") {
		t.Errorf("%v, %+v", err, plan)
	}
}
