package scim

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// patchUser changes a user attribute by attribute. The changes are made on the user's document, which then has to
// pass every rule of a PUT; so the operations before one that fails are not kept unless PatchAtomic is off.
func (c *call) patchUser() (*answer, error) {
	u := c.target.Users[c.id]
	if u == nil {
		return nil, refuse(http.StatusNotFound, "No user %s", c.id)
	}
	changes, err := c.readChanges()
	if err != nil {
		return nil, err
	}
	if err = c.checkUserChanges(changes); err != nil {
		return nil, err
	}
	if !c.knobs.PatchAtomic {
		return c.patchUserStepwise(changes)
	}
	doc, err := toDocument(u)
	if err != nil {
		return nil, err
	}
	for _, ch := range changes {
		if err = c.applyToUser(doc, ch); err != nil {
			return nil, err
		}
	}
	return c.store(u, doc)
}

func (c *call) patchUserStepwise(changes []change) (last *answer, err error) {
	u := c.target.Users[c.id]
	for _, ch := range changes {
		doc, err := toDocument(u)
		if err != nil {
			return nil, err
		}
		if err = c.applyToUser(doc, ch); err != nil {
			return nil, err
		}
		if last, err = c.store(u, doc); err != nil {
			return nil, err
		}
	}
	return last, nil
}

// checkUserChanges enforces what the guide says about PatchUser: the attributes that can be changed (roles is none of
// them), and that userName and active are changed once at most and never removed.
func (c *call) checkUserChanges(changes []change) error {
	patchable := attributes()
	delete(patchable, "roles")
	seen := map[string]bool{}
	for i := range changes {
		path := &changes[i].path
		path.attr = properName(path.attr, patchable)
		want, ok := patchable[path.attr]
		if !ok {
			return invalid("Attribute %s cannot be patched", path.attr)
		}
		for j, part := range path.parts {
			path.parts[j] = properName(part, want.parts)
			if want, ok = want.parts[path.parts[j]]; !ok {
				return invalid("Attribute %s.%s cannot be patched", path.attr, part)
			}
		}
		if path.filter != nil && patchable[path.attr].kind != "multi" {
			return invalid("Attribute %s takes no filter", path.attr)
		}
		if path.attr != "userName" && path.attr != "active" {
			continue
		}
		if changes[i].op == "remove" {
			return invalid("Attribute %s cannot be removed", path.attr)
		}
		if seen[path.attr] {
			return invalid("Attribute %s is changed twice", path.attr)
		}
		seen[path.attr] = true
	}
	return nil
}

// applyToUser makes one change to a document.
func (c *call) applyToUser(doc object, ch change) error {
	want := attributes()[ch.path.attr]
	if want.kind == "multi" {
		return c.applyToList(doc, want, ch)
	}
	parent, key := doc, ch.path.attr
	for _, part := range ch.path.parts {
		inner, ok := parent[key].(object)
		if !ok {
			inner = object{}
			if ch.op != "remove" {
				parent[key] = inner
			}
		}
		parent, key, want = inner, part, want.parts[part]
	}
	if ch.op == "remove" {
		delete(parent, key)
		return nil
	}
	value, err := c.value(ch.value, want, key)
	if err != nil {
		return err
	}
	// The parts of a complex attribute that the value does not name stay as they are (RFC 7644 section 3.5.2.3).
	if over, nested := value.(object); nested {
		if under, ok := parent[key].(object); ok {
			value = merged(under, over)
		}
	}
	parent[key] = value
	return nil
}

// applyToList changes an attribute with at most one element.
func (c *call) applyToList(doc object, want shape, ch change) error {
	list, _ := doc[ch.path.attr].([]any)
	var element object
	if len(list) == 1 {
		element, _ = list[0].(object)
	}
	if f := ch.path.filter; f != nil && !matches(element, *f) {
		if ch.op != "add" || element != nil {
			return invalid("Nothing in %s matches the path's filter", ch.path.attr)
		}
		element = object{properName(f.attr, want.parts): f.value}
	}
	if len(ch.path.parts) == 1 {
		return c.applyToElement(doc, element, want, ch)
	}
	if ch.op == "remove" {
		delete(doc, ch.path.attr)
		return nil
	}
	given := ch.value
	if one, ok := given.(object); ok {
		given = []any{one}
	}
	value, err := c.value(given, want, ch.path.attr)
	if err != nil {
		return err
	}
	fresh, _ := value.([]any)
	if ch.op == "add" && ch.path.filter == nil && len(list) == 1 && len(fresh) == 1 && !reflect.DeepEqual(list, fresh) {
		return invalid(preciseMany, ch.path.attr)
	}
	if ch.op == "add" && len(fresh) == 0 {
		return nil
	}
	doc[ch.path.attr] = value
	if len(fresh) == 0 {
		delete(doc, ch.path.attr)
	}
	return nil
}

// applyToElement changes a part of the one element, as `emails[type eq "work"].value` does.
func (c *call) applyToElement(doc, element object, want shape, ch change) error {
	part := ch.path.parts[0]
	if element == nil {
		if ch.op != "add" {
			return invalid("There is no %s to change", ch.path.attr)
		}
		element = object{}
	}
	if ch.op == "remove" {
		delete(element, part)
	} else {
		value, err := c.value(ch.value, want.parts[part], ch.path.attr+"."+part)
		if err != nil {
			return err
		}
		element[part] = value
	}
	doc[ch.path.attr] = []any{element}
	return nil
}

// matches says whether the element has the part with the filter's value.
func matches(element object, f term) bool {
	for name, value := range element {
		if strings.EqualFold(name, f.attr) {
			if flag, ok := value.(bool); ok {
				return slices.Contains([]string{"true", "false"}, f.value) && flag == (f.value == "true")
			}
			text, _ := value.(string)
			return text == f.value
		}
	}
	return false
}
