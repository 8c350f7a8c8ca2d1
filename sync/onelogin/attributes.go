package onelogin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/setup"
)

// neededFields is what a user is read for: the userName's field, and what rules and attributes for access control take.
type neededFields struct {
	userName string
	fields   []string
	// seen and sets share equal texts and equal sets of values: departments repeat, and users stay in memory.
	seen map[string]string
	sets map[string]*model.Attributes
}

func fieldsNeeded(userName string, rules []model.Rule, app *model.App) neededFields {
	fields := append(model.NeededFields(rules), setup.AccessFields(app.Parameters)...)
	slices.Sort(fields)
	return neededFields{
		userName: userName, fields: slices.Compact(fields),
		seen: map[string]string{}, sets: map[string]*model.Attributes{},
	}
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

// attributes keeps what is needed. A field that the user as read does not hold is left out: unknown, not empty.
func (w neededFields) attributes(u *user) *model.Attributes {
	if len(w.fields) == 0 {
		return nil
	}
	out := &model.Attributes{}
	for _, field := range w.fields {
		if value, ok := u.ruleField(field); ok {
			out.Names, out.Values = append(out.Names, field), append(out.Values, w.shareText(value))
		}
	}
	if len(out.Names) == len(w.fields) {
		out.Names = w.fields // one list for all of them
	}
	return w.shareSet(out)
}

// mostShared bounds what is kept to be shared: beyond, a field is one that hardly repeats.
const mostShared = 10_000

func (w neededFields) shareSet(of *model.Attributes) *model.Attributes {
	var key []byte
	for _, text := range slices.Concat(of.Names, of.Values) {
		key = append(append(strconv.AppendInt(key, int64(len(text)), 10), ':'), text...)
	}
	if same, ok := w.sets[string(key)]; ok {
		return same
	}
	if len(w.sets) < mostShared {
		w.sets[string(key)] = of
	}
	return of
}

func (w neededFields) shareText(s string) string {
	if same, ok := w.seen[s]; ok {
		return same
	}
	if len(w.seen) < mostShared {
		w.seen[s] = s
	}
	return s
}

// ruleField gives a field by the name that rules use; ok is false if the user as read does not hold it.
func (u *user) ruleField(name string) (value string, ok bool) {
	switch name {
	case "status":
		return decimal(u.Status)
	case "state":
		return decimal(u.State)
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
