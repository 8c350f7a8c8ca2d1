package snapshot

import (
	"cmp"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

type reply struct {
	Ask   ask    `json:"ask"`
	Reply answer `json:"reply"`
}

// ask has the fields of model.Ask, so that one converts to the other.
type ask struct {
	Kind model.AskKind `json:"kind"`
	ID   string        `json:"id,omitempty"`
	Also string        `json:"also,omitempty"`
}

// answer is a model.Reply. What is nil was not said, and what is empty is none.
type answer struct {
	At      time.Time `json:"at"`
	Found   bool      `json:"found"`
	User    user      `json:"user,omitzero"`
	Role    role      `json:"role,omitzero"`
	Roles   []role    `json:"roles,omitzero"`
	Rules   []rule    `json:"rules,omitzero"`
	Group   group     `json:"group,omitzero"`
	Members members   `json:"members,omitzero"`
	Groups  []string  `json:"groups,omitzero"`
	NoWay   bool      `json:"no_way,omitempty"`
	Failed  string    `json:"failed,omitempty"`
}

// members has the fields of model.MemberList.
type members struct {
	IDs      []string `json:"ids,omitzero"`
	Dangling []string `json:"dangling,omitzero"`
	Unknown  string   `json:"unknown,omitempty"`
	Hidden   bool     `json:"hidden,omitempty"`
}

func repliesOut(replies model.Replies) (out []reply) {
	for q, a := range replies {
		out = append(out, reply{ask(q), answerOut(&a)})
	}
	slices.SortFunc(out, func(a, b reply) int {
		return cmp.Or(cmp.Compare(a.Ask.Kind, b.Ask.Kind), cmp.Compare(a.Ask.ID, b.Ask.ID),
			cmp.Compare(a.Ask.Also, b.Ask.Also))
	})
	return out
}

func answerOut(a *model.Reply) answer {
	return answer{
		At: a.At.UTC(), Found: a.Found, User: userOut(&a.User), Role: roleOut(&a.Role), Roles: each(a.Roles, roleOut),
		Rules: each(a.Rules, ruleOut), Group: groupOut(&a.Group, nil), Members: members(a.Members), Groups: a.Groups,
		NoWay: a.NoWay, Failed: a.Failed,
	}
}

func (a *answer) in() model.Reply {
	group := a.Group.in()
	group.MembersUnknown, group.MembersHidden = a.Group.MembersUnknown, a.Group.MembersHidden
	return model.Reply{
		At: a.At, Found: a.Found, User: a.User.in(shared{}), Role: a.Role.in(), Roles: each(a.Roles, (*role).in),
		Rules: each(a.Rules, (*rule).in), Group: group, Members: model.MemberList(a.Members), Groups: a.Groups,
		NoWay: a.NoWay, Failed: a.Failed,
	}
}

// each turns a list into another; nil stays nil.
func each[A, B any](list []A, turn func(*A) B) []B {
	if list == nil {
		return nil
	}
	out := make([]B, len(list))
	for i := range list {
		out[i] = turn(&list[i])
	}
	return out
}
