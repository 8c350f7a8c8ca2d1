package rows

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// lacksAccess: the finding stands under the heading of those who cannot sign in or lack a membership.
func lacksAccess(f *model.Finding) bool {
	return f.Kind == model.UserUnsynced || f.Kind == model.UserInactive || f.Kind == model.MembersMissing
}

// explained is the tenant with the cause of some findings known, as it comes when provisioning states were read.
func explained(cause model.Cause, some func(*model.Finding) bool) *Set {
	c := tenant(1, 40, 0)
	for i := range c.Findings {
		if f := &c.Findings[i]; lacksAccess(f) && some(f) {
			f.Cause = cause
		}
	}
	return NewSet(c)
}

// TestFoldsSurviveANewCause: what the operator has folded away stays away when its cause becomes known, and the cursor
// stays on its heading.
func TestFoldsSurviveANewCause(t *testing.T) {
	t.Parallel()
	all := func(*model.Finding) bool { return true }
	l := NewList(Drift)
	l.SetHeight(100)
	l.Use(NewSet(tenant(1, 40, 0)))
	for line, _ := l.Current(); line.Heading != nil || !lacksAccess(&l.set.Comparison.Findings[line.Row.Finding]); line,
		_ = l.Current() {
		l.Move(1)
	}
	l.ToggleFold()
	before := l.Len()
	l.Use(explained(model.CausePendingApproval, all))
	if l.Len() != before {
		t.Errorf("%d lines became %d", before, l.Len())
	}
	line, _ := l.Current()
	if line.Heading == nil || line.Heading.Group.Key.Why != string(model.CausePendingApproval) || !line.Folded {
		t.Errorf("the cursor left its heading for %+v", line)
	}
	// Half of them under another heading: both stay folded.
	odd := false
	l.Use(explained(model.CauseTokenRejected, func(*model.Finding) bool { odd = !odd; return odd }))
	if l.Len() != before+1 {
		t.Errorf("%d lines became %d, not one heading more", before, l.Len())
	}
}

// TestACursorOnARowStaysThere when its heading changes.
func TestACursorOnARowStaysThere(t *testing.T) {
	t.Parallel()
	l := NewList(Drift)
	l.SetHeight(9)
	l.Use(NewSet(tenant(1, 40, 0)))
	screen.End(l)
	at := l.CurrentID()
	height := l.Cursor() - l.Top()
	l.Use(explained(model.CausePendingApproval, func(*model.Finding) bool { return true }))
	if l.CurrentID() != at || l.Cursor()-l.Top() > height+1 {
		t.Errorf("the cursor went from %v to %v, %d lines down the window", at, l.CurrentID(), l.Cursor()-l.Top())
	}
}
