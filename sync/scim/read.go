package scim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Users reads all users, in the order in which the target lists them. What the coverage does not call complete must not
// be taken for everybody. progress is told how many rows are read and how many are expected, -1 where the target does
// not say; it is called from one goroutine at a time and may be nil.
func (c *Client) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	ctx = transport.BeginPart(ctx)
	rows, err := readAll(ctx, c, list{what: "users", collection: ofUsers}, decodeUser, progress)
	rows, nameless := dropNameless(rows, func(r *readUser) (name, called string) {
		return r.user.UserName, r.user.Called()
	})
	coverage := coverageWithoutNames(c.coverage("users", len(rows), err), nameless, ofUsers)

	seen := observedUsers{complete: coverage.Complete()}
	users := make([]model.User, len(rows))
	known := samples{}
	var carried model.FieldSet
	for i, r := range rows {
		users[i] = r.user
		known.add(ofUsers, r.user.ID, r.user.UserName, r.user.ExternalID)
		carried |= r.presentFields
		for g, group := range r.groups {
			if seen.groups == nil {
				seen.groups, seen.named = map[string][]string{}, map[string]bool{}
			}
			seen.groups[group] = append(seen.groups[group], r.user.ID)
			seen.named[model.Fold(r.groupNames[g])] = true
		}
	}
	if len(users) > 0 {
		var doubt string
		if seen.unreadable, doubt = c.unreadableFields(ctx, carried, users[0].ID); doubt != "" && coverage.Complete() {
			coverage = model.PartialCoverage(doubt)
		}
	}
	c.observed.setSamples(ofUsers, known)
	c.observed.update(func() { c.observed.users = seen })
	if c.dialect.membersInGroups {
		c.setListed(ctx, users, nil, seen.complete)
	}
	return users, coverage
}

// unreadableFields gives the fields that nobody carried and that the target does not return, and why that is not
// settled. It asks only if there are any: a user's own record first, for a list may leave out what that has; then the
// schema.
func (c *Client) unreadableFields(
	ctx context.Context, carried model.FieldSet, id string,
) (fields model.FieldSet, doubt string) {
	if fields = model.FieldSetOf(model.Fields()...) &^ carried; fields == 0 {
		return 0, ""
	}
	if own, found, err := c.readRecord(ctx, ofUsers, id); err == nil && found {
		for _, field := range model.Fields() {
			if (fields & own.user.presentFields).Has(field) {
				return fields, fmt.Sprintf("the list of users leaves out %s, which a user's own record has", field)
			}
		}
	}
	if !c.dialect.hasDiscovery {
		return 0, ""
	}
	offered, err := c.offeredFields(ctx)
	if err != nil {
		doubt = "no user carries some of the compared fields, and whether the target returns them could not be read " +
			"from its schema: " + c.reason(err)
	}
	return fields &^ offered, doubt
}

// Groups reads all groups, in the order in which the target lists them; their members are read by Memberships. They are
// skipped where the target has none.
func (c *Client) Groups(ctx context.Context, progress func(done, expected int)) ([]model.Group, model.Coverage) {
	ctx = transport.BeginPart(ctx)
	var rows []readGroup
	var err error
	without := c.withoutGroups(ctx, nil)
	if !without {
		rows, err = readAll(ctx, c, list{what: "groups", collection: ofGroups}, c.decodeGroup, progress)
		without = len(rows) == 0 && err != nil && c.withoutGroups(ctx, err)
	}
	if without {
		c.observed.setGroups(nil)
		return nil, model.SkippedCoverage()
	}
	rows, nameless := dropNameless(rows, func(r readGroup) (name, called string) {
		return r.group.Name, r.group.Called()
	})
	groups := make([]model.Group, len(rows))
	known := samples{}
	for i, r := range rows {
		groups[i] = r.group
		known.add(ofGroups, r.group.ID, r.group.Name, r.group.ExternalID)
	}
	c.observed.setSamples(ofGroups, known)
	c.observed.setGroups(rows)
	return groups, coverageWithoutNames(c.coverage("groups", len(rows), err), nameless, ofGroups)
}

// Memberships reads the members of every group: one list for each group, by index. expect[i] is an estimate of the size
// of group i, -1 if unknown; it may be short or nil. It is never taken for an answer: it serves to choose the cheaper
// way and to tell which answers deserve a second question. users are those of Users. extra are users whom the list of
// users left out and whom a membership answer showed or named. Progress counts groups, or users where that way is
// cheaper.
func (c *Client) Memberships(
	ctx context.Context, users []model.User, groups []model.Group, expect []int, progress func(done, expected int),
) (lists []model.MemberList, coverage model.Coverage, extra []model.User) {
	ctx = transport.BeginPart(ctx)
	m := memberRead{c: c, users: users, groups: groups, expect: expect, progress: progress}
	switch {
	case len(groups) == 0:
		return nil, model.CompleteCoverage(), nil
	case c.dialect.membersInGroups:
		return m.readGeneric(ctx)
	}
	return m.readAWS(ctx)
}

// dropNameless leaves out rows without the name that every such record must have (RFC 7643 sections 4.1.1 and 4.2):
// what such a row is cannot be told, and taken as it is it would make one record look absent and another one look lost.
// nameless is what else these rows are called by.
func dropNameless[T any](rows []T, names func(T) (name, called string)) (kept []T, nameless []string) {
	kept = slices.DeleteFunc(rows, func(r T) bool {
		name, called := names(r)
		without := strings.TrimSpace(name) == ""
		if without {
			nameless = append(nameless, called)
		}
		return without
	})
	return kept, nameless
}

func coverageWithoutNames(c model.Coverage, nameless []string, of collection) model.Coverage {
	if len(nameless) == 0 || !c.Complete() {
		return c
	}
	return model.PartialCoverage(fmt.Sprintf("%d %s came without a %s (%s); read again, and look at them in the "+
		"target's console", len(nameless), of, nameAttribute(of), model.FirstOf(nameless, maxExamples)))
}
