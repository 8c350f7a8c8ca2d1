package repair

import (
	"net/url"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// A finding that has gone is called by its record: its id is folded and percent-encoded.
func TestAFindingThatHasGoneIsCalledByItsRecord(t *testing.T) {
	t.Parallel()
	c := &drift.Comparison{}
	c.Target.Groups = []model.Group{{Name: "aws-münchen-operators"}}
	c.Source.Users = []model.User{{UserName: "Zoë@corp.example"}}
	for kind, name := range map[model.Kind]string{
		model.GroupMissing: "aws-münchen-operators",
		model.UserUnsynced: "Zoë@corp.example",
	} {
		got, subject, called := known(c, &model.Step{}, string(kind)+"/"+url.PathEscape(model.Fold(name)))
		if got != kind || subject.Name != name || !called {
			t.Errorf("%s %q, want %s %q", got, subject.Name, kind, name)
		}
	}
}

// Where its record has gone too, the step calls it; where nothing does, no name is shown: that of the id was never
// anybody's.
func TestAFindingWithoutARecordIsCalledByItsStep(t *testing.T) {
	t.Parallel()
	const name = "aws-Ünchen"
	id := string(model.GroupMissing) + "/" + url.PathEscape(model.Fold(name))
	for what, step := range map[string]*model.Step{
		"subject": {Subject: model.Subject{Type: model.SubjectGroup, Name: name}},
		"group":   {Group: &model.GroupRef{Name: name}},
	} {
		if _, s, called := known(&drift.Comparison{}, step, id); s.Name != name || !called {
			t.Errorf("by its %s: %q, %v", what, s.Name, called)
		}
	}
	for what, step := range map[string]*model.Step{
		"nothing": {}, "a user of that name": {Subject: model.Subject{Type: model.SubjectUser, Name: name}},
	} {
		_, s, called := known(&drift.Comparison{}, step, id)
		tick := plan.Tick{Finding: id, Subject: s, Nameless: !called}
		if called || strings.Contains(tick.Called(), "nchen") {
			t.Errorf("by %s: it is called %q", what, tick.Called())
		}
	}
}
