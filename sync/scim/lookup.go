package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// FindUser looks a user up by userName and, if there is none, by externalId; what is empty is not asked for, because an
// empty value would match anything or nothing. False without an error means that the target says it has no such user.
// Names match as everywhere (model.Fold); a server may compare to the letter, so that it is asked for each spelling.
func (c *Client) FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error) {
	if userName == "" && externalID == "" {
		return model.User{}, false, errors.New("a user can be looked up by userName or externalId only, and this one " +
			"has neither; reload all users")
	}
	l := lookup[readUser]{of: ofUsers, decode: decodeUserRow}
	row, found, err := l.byName(func(r readUser) string { return r.user.UserName }).find(ctx, c, userName)
	if !found && err == nil {
		row, found, err = l.byExternalID(func(r readUser) string { return r.user.ExternalID }).find(ctx, c, externalID)
	}
	return row.user, found, err
}

// FindGroup looks a group up by displayName and, if there is none, by externalId, in the same way as FindUser.
func (c *Client) FindGroup(ctx context.Context, displayName, externalID string) (model.Group, bool, error) {
	if strings.TrimSpace(displayName) == "" {
		return model.Group{}, false, errors.New("a group can be looked up by displayName only, and this one has " +
			"none; reload all groups")
	}
	l := lookup[readGroup]{of: ofGroups, decode: c.decodeGroupRow}
	row, found, err := l.byName(func(r readGroup) string { return r.group.Name }).find(ctx, c, displayName)
	if err == nil && !found {
		row, found, err = l.byExternalID(func(r readGroup) string { return r.group.ExternalID }).find(ctx, c,
			externalID)
	}
	if err == nil && !found && c.seen.now().users.named[model.Fold(displayName)] {
		err = fmt.Errorf("the target finds no group %s, and its users name one; look at the target whether it is there",
			model.Visible(displayName))
	}
	return row.group, found, err
}

// lookup is a search for the one record with a given value of an attribute.
type lookup[T any] struct {
	of        collection
	attribute string
	decode    func(json.RawMessage) (string, T, error)
	value     func(T) string
	// fold: the attribute is a name, compared without regard to case and normal form.
	fold bool
}

func (l lookup[T]) byName(value func(T) string) lookup[T] {
	l.attribute, l.value, l.fold = nameAttribute(l.of), value, true
	return l
}

func (l lookup[T]) byExternalID(value func(T) string) lookup[T] {
	l.attribute, l.value = "externalId", value
	return l
}

func (l lookup[T]) find(ctx context.Context, c *Client, want string) (T, bool, error) {
	var none T
	if want == "" {
		return none, false, nil
	}
	wants := []string{want}
	if l.fold {
		wants = model.Spellings(want)
	}
	for _, value := range wants {
		rows, err := l.rows(ctx, c, value)
		if err != nil {
			return none, false, fmt.Errorf("looking up %s by %s failed: %s", l.of, l.attribute, c.reason(err))
		}
		row, found, err := l.choose(rows, want)
		if found || err != nil {
			return row, found, err
		}
	}
	return none, false, nil
}

// choose takes the record that has the value, to the letter if there is one. Rows of which none has it come from a
// server that ignores the filter: they do not show that the record is absent.
func (l lookup[T]) choose(rows []T, want string) (T, bool, error) {
	var exact, match []T
	for _, row := range rows {
		switch got := l.value(row); {
		case got == want:
			exact = append(exact, row)
		case l.fold && model.SameName(got, want):
			match = append(match, row)
		}
	}
	var none T
	switch {
	case len(exact) == 1:
		return exact[0], true, nil
	case len(exact) > 1:
		return none, false, fmt.Errorf("%d %s at the target have this very %s; settle that at the target first",
			len(exact),
			l.of, l.attribute)
	case len(match) == 1:
		return match[0], true, nil
	case len(match) > 1:
		return none, false, fmt.Errorf("%d %s at the target have this %s but for case or normal form; settle that at "+
			"the target first", len(match), l.of, l.attribute)
	case len(rows) > 0:
		return none, false, fmt.Errorf("the target answered a search by %s with other %s, so it cannot tell whether "+
			"there is one; reload all %s", l.attribute, l.of, l.of)
	}
	return none, false, nil
}

// rows asks with a filter. A generic target that cannot filter, or does not, is walked; so is any for a value with
// escapes in it, which servers read in their own ways and AWS does not document.
func (l lookup[T]) rows(ctx context.Context, c *Client, value string) ([]T, error) {
	known, err := c.announced.once(ctx, c)
	if err != nil {
		return nil, err
	}
	if known.noFilter {
		return l.allThat(ctx, c, value)
	}
	filter := equals(l.attribute, value)
	rows, err := readOnce(ctx, c, list{what: l.of.String(), of: l.of, filter: filter, lookup: true}, l.decode)
	escaped := strings.Contains(filter, escape(`\`))
	if refused(err) && escaped || c.dialect.filtersFail && (refused(err) || crashed(err)) {
		return l.allThat(ctx, c, value)
	}
	ignored := c.dialect.filtersFail && len(rows) > 0
	if err == nil && (ignored || escaped) && !slices.ContainsFunc(rows, func(row T) bool { return l.has(row, value) }) {
		return l.allThat(ctx, c, value)
	}
	if err == nil && len(rows) == 0 && !c.filterWorks(ctx, l.of, l.attribute) {
		// A filter that does not find who is there says nothing of who is not.
		if !c.dialect.filtersFail {
			return nil, &shortfall{reason: fmt.Sprintf("a search by %s does not find a record that is there, so it "+
				"cannot tell who is absent; reload", l.attribute)}
		}
		return l.allThat(ctx, c, value)
	}
	return rows, err
}

// crashed reports whether the target failed over what it was asked. What a gateway says in its place is about the
// moment.
func crashed(err error) bool {
	return transport.StatusOf(err) == http.StatusInternalServerError
}

func (l lookup[T]) has(row T, value string) bool {
	got := l.value(row)
	return got == value || l.fold && model.SameName(got, value)
}

// allThat is the filter of a server that has none.
func (l lookup[T]) allThat(ctx context.Context, c *Client, value string) (match []T, err error) {
	rows, err := readAll(ctx, c, list{what: l.of.String(), of: l.of}, l.decode, nil)
	for _, row := range rows {
		if l.has(row, value) {
			match = append(match, row)
		}
	}
	if len(match) > 0 {
		return match, nil // whatever was missed, this was not
	}
	return nil, err
}

// Listed gives the record with an id as the target's list, filtered by a name, shows it: an answer about the id alone
// may come from a cache, and some servers show more in the list. False without an error means that the list does not
// have it. Where filters do not work, the whole list is read.
func (c *Client) Listed(ctx context.Context, of model.SubjectType, id, name string) (json.RawMessage, bool, error) {
	type row struct {
		sample

		raw json.RawMessage
	}
	l := lookup[row]{of: collectionOf(of)}
	l.decode = func(raw json.RawMessage) (string, row, error) {
		one, _, ok := sampleOf(raw, l.of)
		if !ok {
			return "", row{}, errNoID
		}
		return one.id, row{one, raw}, nil
	}
	rows, err := l.byName(func(r row) string { return r.value }).rows(ctx, c, name)
	if err != nil {
		return nil, false, fmt.Errorf("whether the list of %s still has it could not be read: %w", l.of,
			transport.Explain(err, "%s", c.reason(err)))
	}
	at := slices.IndexFunc(rows, func(r row) bool { return r.id == id })
	if at < 0 {
		return nil, false, nil
	}
	return rows[at].raw, true, nil
}

// GetUser reads a user by id. False without an error means that the target says it has no such user.
func (c *Client) GetUser(ctx context.Context, id string) (model.User, bool, error) {
	r, found, err := c.userRecord(ctx, id)
	return r.user, found, err
}

func (c *Client) userRecord(ctx context.Context, id string) (readUser, bool, error) {
	raw, _, found, err := c.record(ctx, ofUsers, id)
	if !found || err != nil {
		return readUser{}, false, err
	}
	r, err := recordIn(ofUsers, raw, id, decodeUserRow)
	return r, err == nil, err
}

func decodeUserRow(raw json.RawMessage) (string, readUser, error) {
	r, err := decodeUser(raw)
	return r.user.ID, r, err
}

// recordIn decodes the answer for one record, which may be none that can be believed.
func recordIn[T any](
	of collection, raw json.RawMessage, id string, decode func(json.RawMessage) (string, T, error),
) (r T, err error) {
	got, row, err := decode(raw)
	switch {
	case err != nil && isObject(raw):
		return r, fmt.Errorf("%s %s cannot be read: %w; look at it at the target", of.one(), id, err)
	case err != nil || got != id:
		return r, errAnotherRecord(of, id)
	}
	return row, nil
}

// GetGroup reads a group by id, without its members. False without an error means that the target says it has no such
// group.
func (c *Client) GetGroup(ctx context.Context, id string) (model.Group, bool, error) {
	r, found, err := c.groupRecord(ctx, id)
	return r.group, found, err
}

func (c *Client) groupRecord(ctx context.Context, id string) (readGroup, bool, error) {
	raw, _, found, err := c.record(ctx, ofGroups, id)
	if !found || err != nil {
		return readGroup{}, false, err
	}
	r, err := c.groupIn(raw, id)
	return r, err == nil, err
}

func (c *Client) groupIn(raw json.RawMessage, id string) (readGroup, error) {
	r, err := recordIn(ofGroups, raw, id, c.decodeGroupRow)
	if err == nil {
		c.seen.noteShown(r)
	}
	return r, err
}

func errAnotherRecord(of collection, id string) error {
	return fmt.Errorf("the target answered with something else than %s %s; check that the URL is the SCIM base URL",
		of.one(), id)
}

// MembersOf reads the members of one group. Unknown is set where the target cannot or does not show them in full; the
// error is for a group that is gone or a read that failed.
func (c *Client) MembersOf(ctx context.Context, groupID string) (model.MemberList, error) {
	if groupID == "" {
		return model.MemberList{}, errors.New("the group has no id; reload all groups")
	}
	if !c.dialect.membersInGroups {
		return c.membersOfAWS(ctx, groupID)
	}
	r, found, err := c.groupRecord(ctx, groupID)
	if err == nil && !found {
		err = errors.New("the group is gone from the target; reload all groups")
	}
	if err != nil {
		return model.MemberList{}, err
	}
	return c.membersShown(ctx, r)
}

// record reads one record. An empty id would list everything, and dots would climb in the path.
func (c *Client) record(
	ctx context.Context, of collection, id string,
) (raw json.RawMessage, header http.Header, found bool, err error) {
	if strings.Trim(id, ".") == "" {
		return nil, nil, false, fmt.Errorf("%q is not the id of a %s; reload all of them", id, of.one())
	}
	if raw, header, err = c.recordAt(ctx, of, id); err == nil {
		return raw, header, true, nil
	}
	gone, why := c.gone(ctx, of, id, err)
	if gone {
		return nil, nil, false, nil
	}
	why = transport.Explain(why, "%s", c.reason(why))
	return nil, nil, false, fmt.Errorf("%s %s could not be read: %w", of.one(), id, why)
}

// recordAt reads one record and leaves every judgement to the caller.
func (c *Client) recordAt(
	ctx context.Context, of collection, id string,
) (raw json.RawMessage, header http.Header, err error) {
	path, err := c.path(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	return c.getWithHeader(ctx, path+"/"+url.PathEscape(id))
}
