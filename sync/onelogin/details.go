package onelogin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// allFields asks a list of users for everything that comparing or a rule may need. Whether the list of users knows
// "fields" is not documented (https://developers.onelogin.com/api-docs/2/users/list-users), so that it is asked only
// for rules that need it.
const allFields = "id,email,username,firstname,lastname,external_id,status,state,samaccountname,userprincipalname," +
	"distinguished_name,member_of,department,title,company,phone,group_id,custom_attributes"

// missingFields names the fields that comparing needs and that the user as read does not hold. A field that is there
// and null is read; one that is left out is not known, and must not be taken for empty.
func (u *user) missingFields() (names []string) {
	if !u.Status.answered {
		names = append(names, "status")
	}
	if !u.State.answered {
		names = append(names, "state")
	}
	for _, t := range u.texts() {
		if !t.value.set && t.value != &u.Username {
			names = append(names, t.name)
		}
	}
	return names
}

// hasNeededFields reports whether the user was read with every field that comparing needs, that of the userName among
// them. A userName that is made by a macro is no field, and reading on would not find it.
func (u *user) hasNeededFields(want neededFields) bool {
	if len(u.missingFields()) > 0 {
		return false
	}
	if want.userName == "" || strings.ContainsAny(want.userName, "{} ") {
		return true
	}
	_, ok := u.mappedField(want.userName)
	return ok
}

// mergedWith adds what another answer said of the same user. What that answer left out stays, and no text that one
// answer shows is lost to another that shows none.
func (u *user) mergedWith(other user) user {
	out := *u
	if other.Status.answered {
		out.Status = other.Status
	}
	if other.State.answered {
		out.State = other.State
	}
	for i, t := range other.texts() {
		out.texts()[i].value.merge(*t.value)
	}
	if out.Further = cmp.Or(u.Further, other.Further); u.Further == nil || other.Further == nil {
		return out
	}
	more, further := other.Further, *u.Further
	for i, t := range more.texts() {
		further.texts()[i].value.merge(*t.value)
	}
	if more.MemberOf.set {
		further.MemberOf = more.MemberOf
	}
	if more.Custom.value != nil {
		further.Custom = more.Custom
	}
	out.Further = &further
	return out
}

func (v *text) merge(other text) {
	if other.set && (other.value != "" || v.value == "") {
		*v = other
	}
}

type detailRead struct {
	client *Client
	want   neededFields
	roll   []user
	// rows are the roll's users with all that was read of them; listed are those that a list of users showed.
	rows   map[string]*user
	listed map[string]bool
}

// add takes rows as its own: users are many, and large. An address or a name that the list of users and the roll do not
// agree on is not known until the user's own record says which is old.
func (d *detailRead) add(rows []user, own bool) {
	for i := range rows {
		u := &rows[i]
		if have, ok := d.rows[userID(*u)]; ok {
			if *u = have.mergedWith(*u); !own {
				u.dropConflicts(have)
			}
			d.rows[userID(*u)] = u
			d.listed[userID(*u)] = true
		}
	}
}

// dropConflicts takes for unread what another row of the same user says otherwise. What either calls the username is
// left alone: OneLogin does not say that it is the same field in both.
func (u *user) dropConflicts(other *user) {
	for i, t := range other.texts() {
		mine := u.texts()[i].value
		if t.value != &other.Username && t.value.value != "" && !model.SameName(mine.value, t.value.value) {
			mine.set = false
		}
	}
}

// idsMissingDetails tells who lacks details, first those whom no list showed: what a list leaves out, a record may
// leave out too.
func (d *detailRead) idsMissingDetails() []string {
	var slim, absent []string
	for _, u := range d.roll {
		id := userID(u)
		if row := d.rows[id]; row.hasNeededFields(d.want) {
			continue
		}
		if d.listed[id] {
			slim = append(slim, id)
		} else {
			absent = append(absent, id)
		}
	}
	return append(absent, slim...)
}

// completeDetails finds the details of everybody on the roll. The list may hold more users, if OneLogin ignored the
// filter, or fewer, and its rows may leave fields out: who is missing is asked for one by one.
func (c *Client) completeDetails(
	ctx context.Context, roll []user, list walkResult[user], want neededFields,
) (known map[string]*user, trouble string) {
	d := detailRead{
		client: c, want: want, roll: roll, rows: make(map[string]*user, len(roll)),
		listed: make(map[string]bool, len(roll)),
	}
	for i := range roll {
		d.rows[userID(roll[i])] = &roll[i]
	}
	d.add(list.rows, false)
	missing := d.idsMissingDetails()
	switch {
	case len(missing) == 0:
		return d.rows, ""
	case list.err != nil:
		return d.detailedUsers(list.reason)
	}
	if err := d.readSingles(ctx, missing); err != nil {
		return d.detailedUsers(err.Error())
	}
	return d.detailedUsers("")
}

// readSingles reads some users one by one, as far as the bound allows. It goes on after a failure, and gives the first
// one. If the first user still lacks a field when read alone, so will the others, and they are not asked for.
func (d *detailRead) readSingles(ctx context.Context, ids []string) error {
	ids = ids[:min(len(ids), maxSingles)]
	one, first := d.client.readUser(ctx, ids[0])
	if first == nil {
		d.add([]user{one}, true)
		if row := d.rows[ids[0]]; !row.hasNeededFields(d.want) {
			return nil
		}
	}
	rest := ids[1:]
	found := make([]user, len(rest))
	errs := transport.Each(ctx, len(rest), concurrency, func(ctx context.Context, i int) (err error) {
		found[i], err = d.client.readUser(ctx, rest[i])
		return err
	}, nil)
	d.add(found, true)
	return cmp.Or(append([]error{first}, errs...)...)
}

// detailedUsers gives those who were read with all that comparing needs; the field of the userName is for toModelUsers
// to judge.
func (d *detailRead) detailedUsers(failure string) (known map[string]*user, trouble string) {
	known = make(map[string]*user, len(d.rows))
	var left []string
	for id, row := range d.rows {
		if lacks := row.missingFields(); len(lacks) == 0 {
			known[id] = row
		} else if left == nil || len(lacks) < len(left) || len(lacks) == len(left) &&
			strings.Join(lacks, "") < strings.Join(left, "") {
			left = lacks // of several, the same one each time
		}
	}
	short := len(d.rows) - len(known)
	switch {
	case short == 0:
		return known, ""
	case failure != "":
		return known, fmt.Sprintf("details of %d of %d users were not read: %s", short, len(d.rows), failure)
	}
	return known, fmt.Sprintf("details of %d of %d users were not read, because OneLogin leaves out %s, or says two "+
		"things of it; check that the credential may read all users", short, len(d.rows), strings.Join(left, ", "))
}

// readUser reads one user; an answer about nobody or somebody else is an error.
func (c *Client) readUser(ctx context.Context, id string) (user, error) {
	var u user
	if _, err := c.api.GetJSON(ctx, "/api/2/users/"+url.PathEscape(id), "", &u); err != nil {
		return user{}, explain(err, readAll)
	}
	if field := u.wrongTypeField(); field != "" {
		return user{}, fmt.Errorf("the %s of user %s is of an impossible type; look at it in OneLogin", field, id)
	}
	if userID(u) != id {
		return user{}, fmt.Errorf("OneLogin's answer for user %s carries another id or none and is not believed; "+
			"read again", id)
	}
	return u, nil
}
