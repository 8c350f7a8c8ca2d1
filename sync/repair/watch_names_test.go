package repair

import (
	"net/url"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// A finding that has gone is called by its record: its id is folded and percent-encoded.
func TestAFindingThatHasGoneIsCalledByItsRecord(t *testing.T) {
	t.Parallel()
	c := &model.Comparison{}
	c.Target.Groups = []model.Group{{Name: "aws-münchen-operators"}}
	c.Source.Users = []model.User{{UserName: "Zoë@corp.example"}}
	for kind, name := range map[model.Kind]string{model.GroupMissing: "aws-münchen-operators", model.UserUnsynced: "Zoë@corp.example"} {
		got, subject := known(c, string(kind)+"/"+url.PathEscape(model.Fold(name)))
		if got != kind || subject.Name != name {
			t.Errorf("%s %q, want %s %q", got, subject.Name, kind, name)
		}
	}
}
