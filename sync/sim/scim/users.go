package scim

import (
	"net/http"
	"strings"
)

func (c *call) getUser() (*answer, error) { return &answer{http.StatusOK, showUser(c.user)}, nil }

func (c *call) createUser() (*answer, error) {
	doc, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	u, err := c.fromDocument(doc, nil)
	if err != nil {
		return nil, err
	}
	u.ID, u.CreatedBy, u.Created, u.Modified, u.Revision = c.newID(), "scim", c.now, c.now, 1
	c.target.AddUser(u)
	return &answer{http.StatusCreated, showUser(u)}, nil
}

// putUser overwrites the whole user: what the body leaves out is gone.
func (c *call) putUser() (*answer, error) {
	doc, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	if doc["id"] != c.id {
		return nil, errInvalid
	}
	return c.store(doc)
}

// store checks a changed user and puts it in the old one's place.
func (c *call) store(doc object) (*answer, error) {
	u := c.user
	changed, err := c.fromDocument(doc, u)
	if err != nil {
		return nil, err
	}
	changed.ID, changed.CreatedBy, changed.Created = u.ID, u.CreatedBy, u.Created
	changed.Modified, changed.Revision = c.now, u.Revision+1
	*u = *changed // in place: the world's other users may hold the pointer
	return &answer{http.StatusOK, showUser(u)}, nil
}

func (c *call) deleteUser() (*answer, error) {
	c.target.RemoveUser(c.id)
	return &answer{status: http.StatusNoContent}, nil
}

// patchUser changes a user attribute by attribute. The changes are made on the user's document, which then has to
// pass every rule of a PUT; so the operations before one that fails are not kept.
func (c *call) patchUser() (*answer, error) {
	changes, err := c.readChanges()
	if err != nil {
		return nil, err
	}
	doc := toDocument(c.user)
	seen := map[string]bool{}
	for _, ch := range changes {
		// userName and active are changed once at most and never removed (developer guide "PatchUser").
		once := strings.EqualFold(ch.attr, "userName") || strings.EqualFold(ch.attr, "active")
		if once && (seen[ch.attr] || ch.op == "remove") {
			return nil, errInvalid
		}
		seen[ch.attr] = true
		if err = ch.apply(doc); err != nil {
			return nil, err
		}
	}
	return c.store(doc)
}

// apply makes one change to a document; whether the value is right is checked with the whole of it.
func (ch *change) apply(doc object) error {
	shapes := userAttributes()
	delete(shapes, "roles") // which PatchUser does not take
	attr := properName(ch.attr, shapes)
	want, known := shapes[attr]
	part := properName(ch.part, want.parts)
	if _, knownPart := want.parts[part]; !known || part != "" && !knownPart || ch.filter != nil &&
		want.kind != "multi" {
		return errInvalid
	}
	holder := doc
	key := attr
	switch {
	case want.kind == "multi":
		list, _ := doc[attr].([]any)
		element, _ := firstElement(list).(object)
		if f := ch.filter; f != nil && (element == nil || !matches(element, *f)) || part != "" && element == nil {
			return errInvalid
		}
		if part != "" {
			holder, key = element, part
			break
		}
		if one, ok := ch.value.(object); ok {
			ch.value = []any{one}
		}
		if ch.op == "add" && element != nil {
			return errInvalid
		}
	case part != "":
		inner, _ := doc[attr].(object)
		if inner == nil {
			inner = object{}
			doc[attr] = inner
		}
		holder, key = inner, part
	}
	if ch.op == "remove" {
		delete(holder, key)
		return nil
	}
	if ch.value == nil {
		return errInvalid
	}
	holder[key] = ch.value
	return nil
}

func matches(element object, f term) bool {
	text, _ := valueByKey(element, f.attr).(string)
	return text == f.value
}

func (c *call) newID() string {
	id := c.world.NewUUID()
	if prefix, ok := strings.CutPrefix(c.target.IdentityStoreID, "d-"); ok && c.knobs.PrefixedIDs {
		return prefix + "-" + id
	}
	return id
}
