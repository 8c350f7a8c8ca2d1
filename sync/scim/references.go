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

// lookUps is how many member references, which no listed user has, are asked for in one load. Beyond it nobody knows
// who they are, and the members of their groups are unknown.
const lookUps = 60

// reference is what is known of the value of a member: whose id it means, or that it is a group, or why that cannot be
// told. The zero value is one that nobody has any more.
type reference struct {
	user string
	// unlisted is set for a user whom the list of users left out.
	unlisted *model.User
	group    bool
	why      string
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
	// stands says of each loose way that was asked for whether the target bore it out.
	stands map[int]bool
	known  map[string]reference
	asked  int
}

func (r *references) lists(id string) bool {
	_, is := r.listed[id]
	return is
}

// loosely gives the one user whom a reference may mean, and by which way.
func (r *references) loosely(ref string) (id string, way int) {
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

// settle finds out whom some references mean, and gives what is known of all that no listed user has. Without a list of
// users there is nothing to hold them against, and each is taken for a user's id.
func (c *Client) settle(ctx context.Context, refs []string) (map[string]reference, error) {
	release, err := c.referring.Take(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	r := &c.references
	if r.listed == nil {
		return nil, nil //nolint:nilnil // nothing is known, and that is no error
	}
	groups := c.seen.now().groups
	var open []string
	for _, ref := range refs {
		if _, known := r.known[ref]; known || r.lists(ref) {
			continue
		}
		if _, group := groups[ref]; group || r.recalled[ref] {
			r.known[ref] = reference{group: true}
		} else if !c.loosely(ctx, r, ref) {
			r.known[ref] = reference{why: fmt.Sprintf("it has members whom the list of users leaves out, and no more "+
				"than %d of those are asked for; look at the group at the target", lookUps)}
			open = append(open, ref)
		}
	}
	asked := open[:min(len(open), max(0, lookUps-r.asked))]
	r.asked += len(asked)
	answers := make([]reference, len(asked))
	for i, err := range transport.Each(ctx, len(asked), inFlight, func(ctx context.Context, i int) (err error) {
		answers[i], err = c.askFor(ctx, r, asked[i])
		return err
	}, nil) {
		if err != nil {
			answers[i].why = "who one of its members is could not be found out: " + c.reason(err)
		}
		r.known[asked[i]] = answers[i]
	}
	if ctx.Err() != nil {
		for _, ref := range open {
			delete(r.known, ref)
		}
		return nil, context.Cause(ctx)
	}
	return maps.Clone(r.known), nil
}

// loosely settles a reference that means a listed user in one of the loose ways. The first of each way is asked for by
// id: if that is somebody else, the way proves nothing at this target.
func (c *Client) loosely(ctx context.Context, r *references, ref string) bool {
	id, way := r.loosely(ref)
	if id == "" {
		return false
	}
	if _, asked := r.stands[way]; !asked {
		user, err := c.userAt(ctx, ref)
		r.stands[way] = err != nil || user == nil || user.ID == id
	}
	if r.stands[way] {
		r.known[ref] = reference{user: id}
	}
	return r.stands[way]
}

// askFor asks for a reference that no listed user has: by id, and by userName where that may be what it is.
func (c *Client) askFor(ctx context.Context, r *references, ref string) (reference, error) {
	user, err := c.userAt(ctx, ref)
	if err == nil && user == nil && (r.stands[byUserName] || strings.Contains(ref, "@")) {
		var named *row
		if named, err = c.find(ctx, ofUsers, ref, ""); named != nil {
			user = &named.user.user
		}
	}
	switch {
	case err != nil || user == nil:
		return reference{}, err
	case r.lists(user.ID):
		return reference{user: user.ID}, nil
	}
	return reference{user: user.ID, unlisted: user}, nil
}

// userAt reads the user at the address that a reference makes, whose id may have another spelling; nil if there is
// none.
func (c *Client) userAt(ctx context.Context, ref string) (*model.User, error) {
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

// meet takes users whom an answer showed in full for those whom the list left out.
func (c *Client) meet(ctx context.Context, members []member) {
	release, err := c.referring.Take(ctx)
	if err != nil {
		return
	}
	defer release()
	for _, one := range members {
		if r := &c.references; r.listed != nil && !r.lists(one.ID) {
			r.known[one.ID] = reference{user: one.ID, unlisted: one}
		}
	}
}

// listed begins a new load, or takes up one of an earlier program with its groups: who is listed now, and what was
// asked for before is asked anew. A list that failed names nobody, and who was listed before still tells what
// references mean.
func (c *Client) listed(ctx context.Context, users []model.User, recalled []model.Group, complete bool) {
	release, err := c.referring.Take(ctx)
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
		listed: listed, recalled: groups, known: map[string]reference{}, stands: map[int]bool{},
	}
}

// memberLists finds out whom the members of some rows mean. The error is that of ctx.
func (c *Client) memberLists(ctx context.Context, rows []readGroup) ([]model.MemberList, error) {
	var refs []string
	for i := range rows {
		refs = append(refs, rows[i].members...)
	}
	who, err := c.settle(ctx, refs)
	if err != nil {
		return nil, err
	}
	return model.Map(rows, func(r *readGroup) model.MemberList { return memberList(*r, who) }), nil
}

// memberListsOf is memberLists with the members alone who may be one user: who else is in a group is asked of nobody
// for their sake. Any reference that no listed user has may be a user whom the list leaves out.
func (c *Client) memberListsOf(ctx context.Context, rows []readGroup, userID string) ([]model.MemberList, error) {
	release, err := c.referring.Take(ctx)
	if err != nil {
		return nil, err
	}
	if r := &c.references; r.lists(userID) {
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].members = slices.DeleteFunc(slices.Clone(rows[i].members), func(ref string) bool {
				id, _ := r.loosely(ref)
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
		case one.why != "":
			list.Unknown = one.why
		case one.user == "":
			list.Dangling = append(list.Dangling, ref)
		case !met[one.user]:
			met[one.user] = true
			list.IDs = append(list.IDs, one.user)
		}
	}
	if r.nameless > 0 {
		list.Unknown = fmt.Sprintf("%d members came without an id; look at the group at the target", r.nameless)
	}
	return list
}
