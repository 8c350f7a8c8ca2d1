package load

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// keptIDs is how many records of each part are kept to be asked for when the part is suddenly empty.
const keptIDs = 5

// relations is what the evidence table needs to judge what is empty.
func (l *Loader) relations(r *reading) *drift.LoadedLists {
	read := &drift.LoadedLists{
		App: r.Source.App, Users: r.Source.Users, Roles: r.Source.Roles,
		Source: r.Source.Coverage, Target: r.Target.Coverage, Now: partSizesOf(r), Earlier: l.earlierPartSizes(),
		Rosters: r.memberRosters(),
	}
	for i := range r.Target.Users {
		if id := r.Target.Users[i].ExternalID; id != "" {
			read.Carried = append(read.Carried, id)
		}
	}
	return read
}

// earlierPartSizes is what each part held at its last complete read.
func (l *Loader) earlierPartSizes() [2]drift.PartSizes {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lastPartSizes
}

// partSizesOf is what all parts hold but rules and events. The sizes are those of Comparison.Sizes: users of the
// account who do not have the app come and go with what is asked, and are none of the app's.
func partSizesOf(r *reading) (out [2]drift.PartSizes) {
	add := func(side model.Side, part model.Part, n int, id string) {
		h := &out[side][part]
		if h.N += n; n > 0 && len(h.IDs) < keptIDs {
			h.IDs = append(h.IDs, id)
		}
	}
	for i := range r.Source.Users {
		if r.Source.Users[i].Assigned {
			add(model.SourceSide, model.PartUsers, 1, r.Source.Users[i].ID)
		}
	}
	for i := range r.Source.Roles {
		add(model.SourceSide, model.PartGroups, 1, r.Source.Roles[i].ID)
		if ids := r.Source.Roles[i].Users.IDs; len(ids) > 0 {
			add(model.SourceSide, model.PartMemberships, len(ids), ids[0])
		}
	}
	for i := range r.Target.Users {
		add(model.TargetSide, model.PartUsers, 1, r.Target.Users[i].ID)
	}
	for i := range r.Target.Groups {
		add(model.TargetSide, model.PartGroups, 1, r.Target.Groups[i].ID)
	}
	for i := range r.Target.Members {
		if n := len(r.Target.Members[i].IDs); n > 0 && i < len(r.Target.Groups) {
			add(model.TargetSide, model.PartMemberships, n, r.Target.Groups[i].ID)
		}
	}
	return out
}
