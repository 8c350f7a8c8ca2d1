package tui

// runbooks are the keys of the guided procedures.
func runbooks() []action {
	s := sectionRunbook
	return []action{
		{
			section: s, id: "runbooks", name: "runbooks: guided procedures, those that fit best first",
			binding: bind("b", "runbooks", "b"), foot: 5,
			needs: "the board, an inspector or a check",
			ready: (*app).canBook, run: (*app).openRunbooks,
		},
		{
			section: s, id: "choose-group", name: "begin with the group at the cursor",
			binding: bind("enter", "this group", "enter"), foot: 1,
			needs: "the choice of a group",
			ready: onTop[*groupScreen], run: (*app).beginWithGroup,
		},
		{
			section: s, id: "take-step", name: "take the step at the cursor further: its plan, its button, or " +
				"its place", binding: bind("enter", "go on", "enter"),
			foot: 1, where: onRunbook, needs: "a step that something can be done about",
			ready: (*app).canTakeStep, run: (*app).takeStep,
		},
		{
			section: s, id: "record", name: "write the record for the ticket, and copy it; with every step settled " +
				"it ends the runbook",
			binding: bind("w", "record", "w"), foot: 2, where: onRunbook, needs: "a read that has brought something",
			ready: (*app).hasSet, run: (*app).writeRecord,
		},
		{
			section: s, id: "read-case", name: "read again what the runbook is about",
			binding: bind("r", "read again", "r"), foot: 3, where: onRunbook,
			needs: "that no read goes on",
			ready: func(a *app) bool { return a.hasSet() && !a.fetch.active && !a.settling() }, run: (*app).rereadCase,
		},
		{
			section: s, id: "end-runbook", name: "end the runbook before its time", binding: bind("X", "end it", "X"),
			foot: 4, where: onRunbook,
			needs: "a runbook that has not ended",
			ready: func(a *app) bool { return !a.runbook().over }, run: (*app).endCase,
		},
	}
}
