package repair_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// lastOfAll is a target that answers for a user only when it has answered for the group of the same id.
type lastOfAll struct {
	repair.Target

	id       string
	answered chan struct{}
	once     sync.Once
}

func (l *lastOfAll) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (model.TargetRecord, bool, error) {
	if id == l.id && of == model.SubjectUser {
		<-l.answered
	}
	t, found, err := l.Target.Record(ctx, of, id, members)
	if id == l.id && of == model.SubjectGroup {
		l.once.Do(func() { close(l.answered) })
	}
	return t, found, err
}

// At a target that numbers users and groups each by themselves a user may have the id of the group into which they are
// put. What is kept of the group is the group.
func TestABackupOfAGroupWithTheIDOfAUser(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	made := b.plan(model.MembersMissing, model.AddMembers, 1)
	step := made.Steps[0]
	id := step.Members[0].ID
	b.bend(func(w *world.World) {
		group := *w.Target.Groups[step.Group.ID]
		w.Target.RemoveGroup(group.ID)
		group.ID = id
		w.Target.AddGroup(&group)
	})
	b.read()
	made, err := b.repairer.Plan(t.Context(), made.Picks, overridable())
	if err != nil || len(made.Steps) == 0 || made.Steps[0].Group.ID != id {
		t.Fatalf("%v: %+v", err, made)
	}
	b.opts.Target = &lastOfAll{Target: b.opts.Target, id: id, answered: make(chan struct{})}
	b.repairer = repair.New(b.opts)
	run := b.run(made, repair.RunOptions{})
	at := slices.IndexFunc(run.Steps[0].Backup, func(k model.Backup) bool { return k.ID == id })
	if at < 0 || !strings.Contains(string(run.Steps[0].Backup[at].Raw), `"displayName":"`+step.Group.Name) {
		t.Errorf("the backup is %+v:%s", run.Steps[0].Backup, details(run))
	}
	b.wantStates(run, model.RunDone, "confirmed")
}

// Of one plan that writes both whole, each is built on its own record.
func TestWholeRecordsOfAUserAndAGroupWithOneID(t *testing.T) {
	t.Parallel()
	b := layWhole(t)
	id := b.plan(model.UserStillActive, model.DeactivateUser, 1).Steps[0].Subject.TargetID
	renamed := b.picks(model.GroupRenamed, model.RenameGroup)[0].Finding
	b.bend(func(w *world.World) {
		all := b.loader.Last().Findings
		at := slices.IndexFunc(all, func(f model.Finding) bool { return f.ID == renamed })
		group := *w.Target.Groups[all[at].Subject.TargetID]
		w.Target.RemoveGroup(group.ID)
		group.ID = id
		clear(group.Members)
		w.Target.AddGroup(&group)
	})
	b.read()
	picks := slices.Concat(b.picks(model.UserStillActive, model.DeactivateUser)[:1],
		b.picks(model.GroupRenamed, model.RenameGroup)[:1])
	made, err := b.repairer.Plan(t.Context(), picks, overridable())
	if err != nil || len(made.Steps) != 2 {
		t.Fatalf("%v: %+v", err, made)
	}
	for _, s := range made.Steps {
		if body := string(s.Request.Body); s.Request.Method != "PUT" || strings.Contains(s.Request.Path, "Users") !=
			strings.Contains(body, "userName") || !strings.HasSuffix(s.Request.Path, id) {
			t.Errorf("%s %s %s", s.Request.Method, s.Request.Path, body)
		}
	}
}

// A group that has the id of one of its members comes back with them.
func TestUndoOfADeletedGroupWithTheIDOfAMember(t *testing.T) {
	t.Parallel()
	tenant, err := tenants.Build(tenants.Options{Scenario: "drift", Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	shareIDs(tenant)
	b := serve(t, tenant)
	before := b.directory()
	run := b.run(b.plan(model.GroupLingering, model.DeleteGroup, 1), repair.RunOptions{})
	if members := run.Steps[0].Backup[0].Members; !slices.ContainsFunc(members, func(m model.Member) bool {
		return m.ID == run.Plan.Steps[0].Group.ID
	}) {
		t.Fatalf("none of %v has the id of the group", members)
	}
	if left := b.undone(run); left != "" {
		t.Errorf("left out: %s", left)
	}
	b.wantDirectory(before)
}
