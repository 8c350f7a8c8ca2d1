package repair_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// protectRoot protects names that nobody has.
func protectRoot(o *repair.Options) { o.Guard.ProtectUsers = []string{"root@*"} }

// A user whom the plan itself gives another name is still the one whom a later step takes out.
func TestARenamingInThePlanHoldsNoRemoval(t *testing.T) {
	t.Parallel()
	for kind, name := range map[model.Kind]model.RepairName{
		model.MembersExtra: model.RemoveMembers, model.GroupLingering: model.DeleteGroup,
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift", protectRoot)
			renamed := ""
			for _, m := range membersTaken(b.plan(kind, name, 1)) {
				b.bend(func(w *world.World) {
					if u := w.Target.Users[m.ID]; renamed == "" && u.Active && u.ExternalID != "" {
						renamed, u.UserName = m.ID, "old-"+u.UserName
					}
				})
			}
			b.read()
			picks := b.picks(kind, name)[:1]
			for _, p := range b.picks(model.UserRenamed, model.UpdateUser) {
				if slices.ContainsFunc(b.loader.Last().Findings, func(f model.Finding) bool {
					return f.ID == p.Finding && f.Subject.TargetID == renamed
				}) {
					picks = append(picks, p)
				}
			}
			plan, err := b.repairer.Plan(t.Context(), picks, overridable())
			if err != nil {
				t.Fatal(err)
			}
			b.wantStates(b.run(plan, repair.RunOptions{}), model.RunDone, "confirmed confirmed")
		})
	}
}

// membersTaken are those whom the first step of a plan takes from their group.
func membersTaken(made *model.Plan) []model.Member {
	step := &made.Steps[0]
	if len(step.Members) > 0 {
		return step.Members
	}
	at := slices.IndexFunc(step.Precondition, func(c model.Condition) bool { return c.Fact == model.MembersAre })
	return step.Precondition[at].Users
}

// withMembers is a target whose records of groups show the members.
type withMembers struct {
	*scim.Client

	b *bed
}

func (m withMembers) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (model.TargetRecord, bool, error) {
	r, found, err := m.Client.Record(ctx, of, id, members)
	if !found || err != nil || of != model.SubjectGroup {
		return r, found, err
	}
	var raw map[string]any
	if err := json.Unmarshal(r.Raw, &raw); err != nil {
		return r, found, err
	}
	list := []any{}
	m.b.bend(func(w *world.World) {
		for _, id := range slices.Sorted(maps.Keys(w.Target.Groups[id].Members)) {
			list = append(list, map[string]any{"value": id})
		}
	})
	raw["members"] = list
	r.Raw, err = json.Marshal(raw)
	return r, found, err
}

// Who stays in a group that is written whole is not looked at: nothing is taken from them.
func TestProtectedUsersHoldNoWholeRecords(t *testing.T) {
	t.Parallel()
	for kind, name := range map[model.Kind]model.RepairName{
		model.MembersExtra: model.RemoveMembers, model.MembersMissing: model.AddMembers,
		model.GroupRenamed: model.RenameGroup,
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			b := layWhole(t)
			target, is := b.opts.Target.(*scim.Client)
			if !is {
				t.Fatal("the target is no client")
			}
			b.opts.Target = withMembers{target, b}
			protectRoot(&b.opts)
			b.start()
			// The simulated target takes no whole record of a group; that it was asked is enough here.
			if run := b.run(b.plan(kind, name, 1), repair.RunOptions{}); run.Steps[0].State == model.StepSkipped {
				t.Error(details(run))
			}
		})
	}
}
