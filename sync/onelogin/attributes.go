package onelogin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unique"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/setup"
)

// neededFields is what a user is read for: the userName's field, and what rules and attributes for access control take.
type neededFields struct {
	userName string
	fields   []string
}

func fieldsNeeded(userName string, rules []model.Rule, app *model.App) neededFields {
	fields := append(model.NeededFields(rules), setup.AccessFields(app.Parameters)...)
	slices.Sort(fields)
	return neededFields{userName: userName, fields: slices.Compact(fields)}
}

// trim drops what nothing asks for, so that users need not wait with it for the end of their list.
func (w neededFields) trim(u *user) {
	basic := func(field string) bool {
		return slices.Contains([]string{
			"", "id", "status", "state", "username", "email", "firstname", "lastname", "external_id",
		}, field)
	}
	if basic(w.userName) && u.Username.value != "" && !slices.ContainsFunc(w.fields,
		func(f string) bool { return !basic(f) }) {
		u.Further = nil
	}
}

// fieldsQuery asks the list of users for custom attributes, which it leaves out otherwise, if one is needed. Whether
// the list heeds that is not documented. Asked for any field, it gives no other, so all that is decoded is named.
func (w neededFields) fieldsQuery() url.Values {
	custom := func(field string) bool { return strings.HasPrefix(strings.ToLower(field), customPrefix) }
	if !custom(w.userName) && !slices.ContainsFunc(w.fields, custom) {
		return nil
	}
	return url.Values{"fields": {allFields}}
}

// attributes keeps what is needed. A field that the user as read does not hold is left out: unknown, not empty. Equal
// texts are kept once: departments repeat, and users stay in memory.
func (w neededFields) attributes(u *user) *model.Attributes {
	if len(w.fields) == 0 {
		return nil
	}
	out := &model.Attributes{Values: make([]string, 0, len(w.fields))}
	for _, field := range w.fields {
		if value, ok := u.ruleField(field); ok {
			out.Names, out.Values = append(out.Names, field), append(out.Values, unique.Make(value).Value())
		}
	}
	if len(out.Names) == len(w.fields) {
		out.Names = w.fields // one list for all of them
	}
	return out
}

// ruleField gives a field by the name that rules use; ok is false if the user as read does not hold it.
func (u *user) ruleField(name string) (value string, ok bool) {
	switch name {
	case "status":
		return decimal(u.Status)
	case "state":
		return decimal(u.State)
	case "group":
		name = "group_id"
	}
	t, ok := u.mappedField(name)
	if len(t.many) > 0 {
		return model.JoinValues(t.many), ok
	}
	return t.value, ok
}

func decimal(w intValue) (string, bool) {
	if !w.set {
		return "", false
	}
	return strconv.Itoa(w.value), true
}
