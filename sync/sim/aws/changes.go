package aws

import (
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const inProgress = "IN_PROGRESS"

// task is an assignment that is being made or removed: both are asynchronous.
type task struct {
	id         string
	remove     bool
	assignment world.Assignment
	pollsLeft  int
	status     string
	reason     string
}

func (c *call) startTask(remove bool) (*task, error) {
	a := world.Assignment{
		AccountID: c.text("TargetId"), PermissionSetARN: c.text("PermissionSetArn"),
		PrincipalType: c.text("PrincipalType"), PrincipalID: c.text("PrincipalId"),
	}
	switch {
	case c.text("TargetType") != "AWS_ACCOUNT" || c.target.Accounts[a.AccountID] == "":
		return nil, refuse("ResourceNotFoundException", "Account "+a.AccountID+" not found.")
	case c.target.PermissionSets[a.PermissionSetARN] == "":
		return nil, refuse("ResourceNotFoundException", "PermissionSet "+a.PermissionSetARN+" not found.")
	case !remove && c.knobs.ConflictThere && slices.Contains(c.target.Assignments, a):
		return nil, refuse("ConflictException", "The account assignment exists already.")
	}
	for _, other := range c.tasks {
		if other.status == inProgress && other.assignment == a {
			return nil, refuse("ConflictException", "There is a conflicting operation in process.")
		}
	}
	t := &task{
		id: fmt.Sprintf("00000000-0000-4000-8000-%012d", len(c.tasks)+1), remove: remove, assignment: a,
		pollsLeft: c.knobs.Polls, status: inProgress,
	}
	c.tasks[t.id] = t
	if t.pollsLeft == 0 {
		c.finishTask(t)
	}
	return t, nil
}

func (c *call) finishTask(t *task) {
	t.status = "SUCCEEDED"
	c.assignmentsBefore, c.staleLists = slices.Clone(c.target.Assignments), c.knobs.Lag
	at := slices.Index(c.target.Assignments, t.assignment)
	switch {
	case !c.principalExists(t.assignment) && (!t.remove || c.knobs.FailDangling):
		t.status, t.reason = "FAILED", "Received a 404 status error: the assignee was not found in directory"
	case t.remove && at >= 0:
		c.target.Assignments = slices.Delete(c.target.Assignments, at, at+1)
	case !t.remove:
		c.target.Assign(t.assignment)
	}
}

func (t *task) show() any {
	out := map[string]any{
		"RequestId": t.id, "Status": t.status, "TargetId": t.assignment.AccountID, "TargetType": "AWS_ACCOUNT",
		"PermissionSetArn": t.assignment.PermissionSetARN,
		"PrincipalType":    t.assignment.PrincipalType, "PrincipalId": t.assignment.PrincipalID,
	}
	if t.reason != "" {
		out["FailureReason"] = t.reason
	}
	return out
}

func (c *call) createAssignment() (any, error) { return taskAnswer("Creation")(c.startTask(false)) }

func (c *call) deleteAssignment() (any, error) { return taskAnswer("Deletion")(c.startTask(true)) }

// taskAnswer wraps a task as the answers about it do.
func taskAnswer(what string) func(*task, error) (any, error) {
	return func(t *task, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		return map[string]any{"AccountAssignment" + what + "Status": t.show()}, nil
	}
}

func (c *call) findTask(field string) (*task, error) {
	t := c.tasks[c.text(field)]
	if t == nil {
		return nil, refuse("ResourceNotFoundException", "no such request")
	}
	if t.status == inProgress {
		if t.pollsLeft--; t.pollsLeft <= 0 {
			c.finishTask(t)
		}
	}
	return t, nil
}

func (c *call) creationStatus() (any, error) {
	return taskAnswer("Creation")(c.findTask("AccountAssignmentCreationRequestId"))
}

func (c *call) deletionStatus() (any, error) {
	return taskAnswer("Deletion")(c.findTask("AccountAssignmentDeletionRequestId"))
}
