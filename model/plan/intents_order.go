package plan

import (
	"cmp"

	"github.com/scimdrift/scimdrift/model"
)

// compareIntents orders by rank, then by who waits for whom, then by subject. Of two updates of one user the one that
// renames him is first: the other knows him by the new name.
func compareIntents(a, b model.Intent) int {
	renames := func(in *model.Intent) int {
		if in.Writes(model.FieldUserName) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Rank(), b.Rank()), cmp.Compare(a.Turn, b.Turn),
		model.ByFolded(a.Subject.Name, b.Subject.Name),
		cmp.Compare(a.Subject.SourceID, b.Subject.SourceID), cmp.Compare(a.Subject.TargetID, b.Subject.TargetID),
		cmp.Compare(renames(&a), renames(&b)), model.ByFolded(a.Group.Name, b.Group.Name), cmp.Compare(a.Key, b.Key))
}
