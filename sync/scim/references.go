package scim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// maxLookups is how many member references, which no listed user has, are asked for in one load. Beyond it nobody knows
// who they are, and the members of their groups are unknown.
const maxLookups = 60

// reference is what is known of the value of a member: whose id it means, or that it is a group, or why that cannot be
// told. The zero value is one that nobody has any more.
type reference struct {
	user string
	// unlisted is set for a user whom the list of users left out.
	unlisted      *model.User
	group         bool
	unknownReason string
}

// The loose ways in which a reference may mean a listed user: some servers write ids in upper case or in braces
// (github.com/wso2/product-is/issues/16451), others the userName (issue 10723).
const (
	byCanonical = iota
	byUserName
	looseWays
)

// canonicalID takes the spellings of one id together: case, braces, and the prefix of RFC 9562.
func canonicalID(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(id, "urn:uuid:"), "{"), "}")
}

// references are what is known of member references since the last list of users.
type references struct {
	// listed are the userNames of the listed users, by id; nil before there was a list. It holds no record: whoever is
	// given the list may change it.
	listed map[string]string
	// recalled are the groups of an earlier program, by id.
	recalled map[string]bool
	// loose are ids by canonical id and by folded userName, "" where two users share it; nil before they are needed.
	loose [looseWays]map[string]string
	// looseConfirmed says of each loose way that was asked for whether the target bore it out.
	looseConfirmed map[int]bool
	resolved       map[string]reference
	lookups        int
}

func (r *references) isListed(id string) bool {
	_, is := r.listed[id]
	return is
}

// looseMatch gives the one user whom a reference may mean, and by which way.
func (r *references) looseMatch(ref string) (id string, way int) {
	if r.loose[byCanonical] == nil {
		r.loose = [looseWays]map[string]string{{}, {}}
		for id, name := range r.listed {
			for way, key := range [looseWays]string{canonicalID(id), model.Fold(name)} {
				if _, shared := r.loose[way][key]; shared {
					r.loose[way][key] = ""
				} else {
					r.loose[way][key] = id
				}
			}
		}
	}
	if id = r.loose[byCanonical][canonicalID(ref)]; id != "" {
		return id, byCanonical
	}
	return r.loose[byUserName][model.Fold(ref)], byUserName
}

// resolveReferences finds out whom the members of some rows mean, and gives what is known of all that no listed user
// has. Without a list of users there is nothing to hold them against, and each is taken for a user's id.
func (c *Client) resolveReferences(ctx context.Context, rows []readGroup) (map[string]reference, error) {
	release, err := c.referencesMu.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	r := &c.references
	if r.listed == nil {
		return nil, nil //nolint:nilnil // nothing is known, and that is no error
	}
	groups := c.observed.snapshot().groups
	var refs, open []string
	for i := range rows {
		refs = append(refs, rows[i].members...)
	}
	for _, ref := range refs {
		if _, known := r.resolved[ref]; known || r.isListed(ref) {
			continue
		}
		if _, group := groups[ref]; group || r.recalled[ref] {
			r.resolved[ref] = reference{group: true}
		} else if !c.resolveLoose(ctx, r, ref) {
			r.resolved[ref] = reference{unknownReason: fmt.Sprintf("it has members whom the list of users leaves out, "+
				"and no more than %d of those are asked for; look at the group at the target", maxLookups)}
			open = append(open, ref)
		}
	}
	asked := open[:min(len(open), max(0, maxLookups-r.lookups))]
	r.lookups += len(asked)
	answers := make([]reference, len(asked))
	for i, err := range transport.Each(ctx, len(asked), inFlight, func(ctx context.Context, i int) (err error) {
		answers[i], err = c.askReference(ctx, r, asked[i])
		return err
	}, nil) {
		if err != nil {
			answers[i].unknownReason = "who one of its members is could not be found out: " + c.reason(err)
		}
		r.resolved[asked[i]] = answers[i]
	}
	if ctx.Err() != nil {
		for _, ref := range open {
			delete(r.resolved, ref)
		}
		return nil, context.Cause(ctx)
	}
	return maps.Clone(r.resolved), nil
}

// resolveLoose settles a reference that means a listed user in one of the loose ways. The first of each way is asked
// for by id: if that is somebody else, the way proves nothing at this target.
func (c *Client) resolveLoose(ctx context.Context, r *references, ref string) bool {
	id, way := r.looseMatch(ref)
	if id == "" {
		return false
	}
	if _, asked := r.looseConfirmed[way]; !asked {
		user, err := c.readUserAt(ctx, ref)
		r.looseConfirmed[way] = err != nil || user == nil || user.ID == id
	}
	if r.looseConfirmed[way] {
		r.resolved[ref] = reference{user: id}
	}
	return r.looseConfirmed[way]
}

// askReference asks for a reference that no listed user has: by id, and by userName where that may be what it is.
func (c *Client) askReference(ctx context.Context, r *references, ref string) (reference, error) {
	user, err := c.readUserAt(ctx, ref)
	if err == nil && user == nil && (r.looseConfirmed[byUserName] || strings.Contains(ref, "@")) {
		var named *row
		if named, err = c.findRecord(ctx, ofUsers, ref, ""); named != nil {
			user = &named.user.user
		}
	}
	switch {
	case err != nil || user == nil:
		return reference{}, err
	case r.isListed(user.ID):
		return reference{user: user.ID}, nil
	}
	return reference{user: user.ID, unlisted: user}, nil
}

// readUserAt reads the user at the address that a reference makes, whose id may have another spelling; nil if there is
// none.
func (c *Client) readUserAt(ctx context.Context, ref string) (*model.User, error) {
	raw, _, err := c.answerFor(ctx, ofUsers, ref)
	if raw == nil || err != nil {
		return nil, err
	}
	_, r, err := decodeUser(raw)
	if err != nil || canonicalID(r.user.ID) != canonicalID(ref) && !model.SameName(r.user.UserName, ref) {
		return nil, errAnotherRecord(ofUsers, ref)
	}
	return &r.user, nil
}

// addUnlisted takes users whom an answer showed in full for those whom the list left out.
func (c *Client) addUnlisted(ctx context.Context, members []member) {
	release, err := c.referencesMu.Lock(ctx)
	if err != nil {
		return
	}
	defer release()
	for _, one := range members {
		if r := &c.references; r.listed != nil && !r.isListed(one.ID) {
			r.resolved[one.ID] = reference{user: one.ID, unlisted: one}
		}
	}
}

// addListed takes a user who was made since the last list for a listed one: a search that lags does not find them.
func (c *Client) addListed(ctx context.Context, id, userName string) {
	release, err := c.referencesMu.Lock(ctx)
	if err != nil {
		return
	}
	defer release()
	if r := &c.references; r.listed != nil {
		r.listed[id], r.loose = userName, [looseWays]map[string]string{}
		maps.DeleteFunc(r.resolved, func(_ string, one reference) bool { return one == reference{} })
	}
}

// setListed begins a new load, or takes up one of an earlier program with its groups: who is listed now, and what was
// asked for before is asked anew. A list that failed names nobody, and who was listed before still tells what
// references mean.
func (c *Client) setListed(ctx context.Context, users []model.User, recalled []model.Group, complete bool) {
	release, err := c.referencesMu.Lock(ctx)
	if err != nil {
		return
	}
	defer release()
	listed := c.references.listed
	if complete || len(users) > 0 {
		listed = make(map[string]string, len(users))
		for i := range users {
			listed[users[i].ID] = users[i].UserName
		}
	}
	groups := make(map[string]bool, len(recalled))
	for i := range recalled {
		groups[recalled[i].ID] = true
	}
	c.references = references{
		listed: listed, recalled: groups, resolved: map[string]reference{}, looseConfirmed: map[int]bool{},
	}
}

// memberLists finds out whom the members of some rows mean. The error is that of ctx.
func (c *Client) memberLists(ctx context.Context, rows []readGroup) ([]model.MemberList, error) {
	who, err := c.resolveReferences(ctx, rows)
	if err != nil {
		return nil, err
	}
	return model.Map(rows, func(r *readGroup) model.MemberList { return memberList(*r, who) }), nil
}

// memberListsOf is memberLists with the members alone who may be one user: who else is in a group is asked of nobody
// for their sake. Any reference that no listed user has may be a user whom the list leaves out.
func (c *Client) memberListsOf(ctx context.Context, rows []readGroup, userID string) ([]model.MemberList, error) {
	release, err := c.referencesMu.Lock(ctx)
	if err != nil {
		return nil, err
	}
	if r := &c.references; r.isListed(userID) {
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].members = slices.DeleteFunc(slices.Clone(rows[i].members), func(ref string) bool {
				id, _ := r.looseMatch(ref)
				return ref != userID && id != userID
			})
		}
	}
	release()
	return c.memberLists(ctx, rows)
}

// memberList turns the members of a row into a list. Members without an id are somebody.
func memberList(r readGroup, known map[string]reference) model.MemberList {
	list := model.MemberList{Nested: slices.Clip(r.nested)}
	met := make(map[string]bool, len(r.members))
	for _, ref := range r.members {
		one, is := known[ref]
		if !is {
			one.user = ref
		}
		switch {
		case one.group:
			list.Nested = append(list.Nested, ref)
		case one.unknownReason != "":
			list.Unknown = one.unknownReason
		case one.user == "":
			list.Dangling = append(list.Dangling, ref)
		case !met[one.user]:
			met[one.user] = true
			list.IDs = append(list.IDs, one.user)
		}
	}
	if r.withoutID > 0 {
		list.Unknown = fmt.Sprintf("%d members came without an id; look at the group at the target", r.withoutID)
	}
	return list
}
