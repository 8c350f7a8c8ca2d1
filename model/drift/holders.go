package drift

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// holderIndex finds target users by their unique userName and e-mail, folded; made when the first changed name asks.
type holderIndex struct {
	byField map[string]map[string]int32
	// shared marks those, the least by id, whose value others have too.
	shared map[int32]bool
	// movable are those for whom it was worked out whether all that they are to get is free or will be.
	movable map[int32]bool
}

func (c *Comparer) indexHolders() *holderIndex {
	if c.holderIndex != nil {
		return c.holderIndex
	}
	byName, byEmail := make(map[string]int32, len(c.Target.Users)), make(map[string]int32, len(c.Target.Users))
	c.holderIndex = &holderIndex{
		byField: map[string]map[string]int32{model.FieldUserName: byName, model.FieldEmails.String(): byEmail},
		shared:  map[int32]bool{}, movable: map[int32]bool{},
	}
	note := func(at map[string]int32, key string, t int32) {
		other, twice := at[key]
		if twice && model.CompareIDs(c.Target.Users[other].ID, c.Target.Users[t].ID) < 0 {
			t = other
		}
		if twice {
			c.holderIndex.shared[t] = true
		}
		at[key] = t
	}
	for t := range c.Target.Users {
		u := &c.Target.Users[t]
		note(byName, model.Fold(u.UserName), int32(t))
		note(byEmail, model.Fold(u.Email), int32(t))
	}
	return c.holderIndex
}

// Holder gives the target user other than t who holds a value of a field that must be unique; None if nobody does.
func (c *Comparer) Holder(field, value string, t int32) int32 {
	folded := model.Fold(value)
	if other, ok := c.indexHolders().byField[field][folded]; ok && other != t && folded != "" {
		return other
	}
	return model.None
}

// pendingValues gives the unique values that a target user is to get, by field; nil if nothing is to be written.
func (c *Comparer) pendingValues(t int32) map[string]string {
	s := c.Users.ToSource[t]
	if s == model.None || c.indexHolders().shared[t] || !c.Source.Users[s].Assigned || c.Source.Users[s].RollOnly ||
		c.Users.IsTied(s) || !c.IsFirm(s, t) || c.userNameHeldByClaimant(s) {
		return nil
	}
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	gets := map[string]string{}
	if !model.SameName(src.UserName, tgt.UserName) {
		gets[model.FieldUserName] = src.UserName
	}
	if slices.Contains(c.differingFields(src, tgt), model.FieldEmails) {
		gets[model.FieldEmails.String()] = src.Email
	}
	return gets
}

// willFreeValue reports whether the holder of a value is to get another one that is free, or will be so. Of those who
// swap nobody can begin. A rename writes userName and e-mail at once, so that both have to be free.
func (c *Comparer) willFreeValue(field string, t int32) bool {
	gets := c.pendingValues(t)
	movable, known := c.indexHolders().movable[t]
	if !known {
		c.holderIndex.movable[t] = false // until it is known: who comes back here goes round in a ring
		movable = true
		for name, value := range gets {
			other := c.Holder(name, value, t)
			movable = movable && model.Trim(value) != "" && (other == model.None || c.willFreeValue(name, other))
		}
		c.holderIndex.movable[t] = movable
	}
	return movable && gets[field] != ""
}

// heldByOther names who else holds the userName or e-mail that a paired user should get: the target keeps both unique
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html). inTurn are those who are to get
// another one themselves.
func (c *Comparer) heldByOther(f *model.Finding) (held, inTurn []model.Evidence) {
	for _, d := range f.Fields {
		t := c.Holder(d.Name, d.Source, f.Target)
		if t == model.None {
			continue
		}
		called := c.Target.Users[t].UserName + " (id " + c.Target.Users[t].ID + ")"
		if c.willFreeValue(d.Name, t) {
			inTurn = append(inTurn, listEvidence(d.Name+" is held by another target user, who gets another one",
				called))
		} else {
			held = append(held, listEvidence(d.Name+" is held by another target user", called))
		}
	}
	return held, inTurn
}
