package tui

import "github.com/scimdrift/scimdrift/model"

// repairs are the keys that plan something, and those of a plan.
func repairs() []action {
	s := sectionRepair
	return []action{
		{
			section: s, id: "plan", name: "choose what ends it, for the marked rows or this one, and plan that",
			binding: bind("p", "plan", "p"), foot: 3,
			needs: "a row, a heading or marks, and no run that is being settled",
			ready: (*app).canRepair, run: (*app).choosePlan, plans: true,
		},
		{
			section: s, id: "reapply", name: "reapply the mappings, for the marked rows or this one",
			binding: bind("a", "reapply", "a"), foot: 3,
			needs: "a row, a heading or marks, and no run that is being settled",
			ready: (*app).canRepair, run: (*app).reapply, ends: []model.RepairName{model.ReapplyMappings},
		},
		{
			section: s, id: "delete", name: "delete or deactivate, the marked rows or this one",
			binding: bind("D", "delete", "D"), foot: 3,
			needs: "a row, a heading or marks, and no run that is being settled",
			ready: (*app).canRepair, run: (*app).remove,
			ends: []model.RepairName{
				model.DeleteGroup, model.DeleteUser, model.DeactivateUser,
				model.RemoveAssignments,
			},
		},
		{
			section: s, id: "entitlements", name: "have OneLogin refresh its entitlements, for a group",
			binding: bind("E", "entitlements", "E"), foot: 9,
			needs: "a group, or a heading whose groups it ends, at the cursor",
			ready: (*app).canRefreshEntitlements, run: (*app).refreshEntitlements,
			ends: []model.RepairName{model.RefreshEntitlements},
		},
		{
			section: s, id: "take-way", name: "go the way at the cursor",
			binding: bind("enter", "take it", "enter"), foot: 1,
			needs: "a choice of ways, which p shows",
			ready: onTop[*chooser], run: (*app).goTheWay,
		},
		{
			section: s, id: "run", name: "confirm the plan, and run it", binding: bind("enter", "run", "enter"),
			foot: 1, where: onPlan,
			run: (*app).confirm,
		},
		{
			section: s, id: "step", name: "the step at the cursor, with all of its request",
			binding: bind("space", "step", "space"), foot: 2, where: onPlan,
			needs: "a step at the cursor",
			ready: func(a *app) bool { return len(a.planOnTop().plan.Steps) > 0 }, run: do((*app).stepInFull),
		},
		{
			section: s, id: "allow", name: "allow what a rule of the guard refuses, and plan again",
			binding: bind("A", "allow", "A"), foot: 3, where: onPlan,
			needs: "a refusal that can be overridden",
			ready: (*app).canAllow, run: (*app).allow,
		},
		{
			section: s, id: "reason", name: "say why, for the journal", binding: bind("w", "why", "w"), foot: 4,
			where: onPlan, run: (*app).sayWhy,
		},
		{
			section: s, id: "close-job", name: "close a job that has ended",
			binding: bind("enter", "close", "enter"), foot: 1,
			needs: "a job that has ended",
			ready: func(a *app) bool { j := a.jobOnTop(); return j != nil && j.over }, run: do((*app).pop),
		},
		{
			section: s, id: "job", name: "look at the job: the run, or the button that is watched",
			binding: bind("J", "", "J"),
			needs:   "a job that was begun",
			ready:   (*app).canShowJob, run: (*app).showJob,
		},
		{
			section: s, id: "press", name: "press the simulated console's button",
			binding: bind("!", "press it", "!"), foot: 1,
			needs: "the demo or a simulation, and a step that watches a button",
			ready: func(a *app) bool { return a.opts.Press != nil && a.awaited() != nil }, run: (*app).pressButton,
		},
	}
}

// runs are the keys of runs that were made.
func runs() []action {
	s := sectionRepair
	return []action{
		{
			section: s, id: "look-at-run", name: "look at one run in full", binding: bind("enter", "look", "enter"),
			foot: 1, where: onHistory,
			needs: "a run at the cursor",
			ready: func(a *app) bool { return a.past.run() != nil }, run: do((*app).lookAtRun),
		},
		{
			section: s, id: "undo", name: "undo a run: this one, or the last", binding: bind("u", "undo", "u"), foot: 4,
			needs: "a run that can be undone",
			ready: func(a *app) bool {
				r := a.runToUndo()
				return !a.settling() && r != nil &&
					noUndo(r) == ""
			}, run: (*app).undo,
		},
		{
			section: s, id: "settle", name: "settle a run that was interrupted: find out by reading what became of it",
			binding: bind("S", "settle", "S"), foot: 2,
			needs: "a run with steps in doubt",
			ready: func(a *app) bool { return !a.settling() && a.runToSettle() != nil }, run: (*app).settleRun,
		},
	}
}
