package repair

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// resolve puts ids in place of references to steps. One of nothing but dots would climb in the path.
func resolve(req model.Request, created map[string]string) (model.Request, error) {
	return req.Resolve(func(step string) (string, error) {
		id := created[step]
		if strings.Trim(id, ".") == "" {
			return "", fmt.Errorf("the id of what step %s creates is not known; run what is left as a new plan", step)
		}
		return id, nil
	})
}

// resolveConditions gives conditions with ids in place of references; ok is false if one of them is not known yet.
func resolveConditions(list []model.Condition, created map[string]string) (out []model.Condition, ok bool) {
	ok = true
	known := func(id, ref *string) {
		if *ref == "" {
			return
		}
		if made := created[*ref]; made != "" {
			*id, *ref = made, ""
		} else {
			ok = false
		}
	}
	out = make([]model.Condition, 0, len(list))
	for _, s := range list {
		known(&s.ID, &s.Ref)
		users := make([]model.Member, 0, len(s.Users))
		for _, m := range s.Users {
			known(&m.ID, &m.Ref)
			users = append(users, m)
		}
		s.Users = users
		out = append(out, s)
	}
	return out, ok
}

// renamedMembers are members whose references are the ids of steps in place of the keys of intents.
func renamedMembers(members []model.Member, steps map[string]string) []model.Member {
	out := make([]model.Member, 0, len(members))
	for _, m := range members {
		m.Ref = steps[m.Ref]
		out = append(out, m)
	}
	return out
}

// recordOf names the record that a step is about. The id is empty while the step that creates the record has not.
func recordOf(step *model.Step, created map[string]string) (of model.SubjectType, id string) {
	switch {
	case step.Group == nil:
		return model.SubjectUser, step.Subject.TargetID
	case step.Group.Ref != "":
		return model.SubjectGroup, created[step.Group.Ref]
	}
	return model.SubjectGroup, step.Group.ID
}
