package scim

import (
	"context"
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// lookUps is how many member references, which no listed user has, are asked for in one load. Beyond it nobody knows
// who they are, and the members of their groups are unknown.
const lookUps = 60

// reference is what is known of the value of a member: a user by id, a group, nobody, or why that cannot be told.
type reference struct {
	user string
	// unlisted is set for a user whom the list of users left out.
	unlisted *model.User
	// group: it is a group inside a group. dangling: nobody has it any more.
	group, dangling bool
	why             string
}

// The loose ways in which a reference may mean a listed user: some servers write ids in upper case or in braces
// (github.com/wso2/product-is/issues/16451), others the userName (issue 10723).
const (
	byCanonical = iota
	byUserName
	looseWays
)

// roster finds listed users by what a member reference may say of them. It holds no record: whoever is given the list
// may change it.
type roster struct {
	// names are the userNames by id.
	names map[string]string
	// loose are ids by canonical id and by folded userName; "" where two users share it.
	loose [looseWays]map[string]string
}

func newRoster(users []model.User) *roster {
	r := &roster{names: make(map[string]string, len(users))}
	for i := range users {
		r.names[users[i].ID] = users[i].UserName
	}
	return r
}

func (r *roster) lists(id string) bool {
	_, is := r.names[id]
	return is
}

// loosely gives the one user whom a reference may mean, and by which way; only a target that needs it pays for the
// index.
func (r *roster) loosely(ref string) (id string, way int) {
	if r.loose[byCanonical] == nil {
		r.loose = [looseWays]map[string]string{{}, {}}
		for id, name := range r.names {
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

// canonicalID takes the spellings of one id together: case, braces, and the prefix of RFC 9562.
func canonicalID(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(id, "urn:uuid:"), "{"), "}")
}

// references are what is known of member references since the last list of users.
type references struct {
	roster *roster
	known  map[string]reference
	asked  int
	// stands says of each loose way whether the target bore it out; nil before it was asked.
	stands [looseWays]*bool
}

// people are the answers about some references.
type people struct {
	known    map[string]reference
	unlisted []model.User
}

// who says what a reference means; one that a listed user has means that user.
func (p people) who(ref string) reference {
	if one, is := p.known[ref]; is {
		return one
	}
	return reference{user: ref}
}

// settle finds out whom some references mean. Without a list of users there is nothing to hold them against, and each
// is taken for a user's id.
func (c *Client) settle(ctx context.Context, refs []string) (people, error) {
	release, err := c.referring.Take(ctx)
	if err != nil {
		return people{}, err
	}
	defer release()
	r := &c.references
	if r.roster == nil {
		return people{}, nil
	}
	var open []string
	for _, ref := range refs {
		if _, known := r.known[ref]; known || r.roster.lists(ref) {
			continue
		}
		if _, group := c.seen.now().groups[ref]; group {
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
		return people{}, context.Cause(ctx)
	}
	p, met := people{known: make(map[string]reference, len(open))}, map[string]bool{}
	for _, ref := range refs {
		one, is := r.known[ref]
		if !is || r.roster.lists(ref) {
			continue
		}
		p.known[ref] = one
		if one.unlisted != nil && !met[one.user] {
			met[one.user] = true
			p.unlisted = append(p.unlisted, *one.unlisted)
		}
	}
	return p, nil
}

// loosely settles a reference that means a listed user in one of the loose ways. The first of each way is asked for by
// id: if that is somebody else, the way proves nothing at this target.
func (c *Client) loosely(ctx context.Context, r *references, ref string) bool {
	id, way := r.roster.loosely(ref)
	if id == "" {
		return false
	}
	if r.stands[way] == nil {
		user, found, err := c.userAt(ctx, ref)
		stands := err != nil || !found || user.ID == id
		r.stands[way] = &stands
	}
	if !*r.stands[way] {
		return false
	}
	r.known[ref] = reference{user: id}
	return true
}

// askFor asks for a reference that no listed user has: by id, and by userName where that may be what it is.
func (c *Client) askFor(ctx context.Context, r *references, ref string) (reference, error) {
	user, found, err := c.userAt(ctx, ref)
	if err == nil && !found && (r.stands[byUserName] != nil && *r.stands[byUserName] || strings.Contains(ref, "@")) {
		user, found, err = c.FindUser(ctx, ref, "")
	}
	switch {
	case err != nil:
		return reference{}, err
	case !found:
		return reference{dangling: true}, nil
	case r.roster.lists(user.ID):
		return reference{user: user.ID}, nil
	}
	return reference{user: user.ID, unlisted: &user}, nil
}

// userAt reads the user at the address that a reference makes. The record may have its id in another spelling.
func (c *Client) userAt(ctx context.Context, ref string) (model.User, bool, error) {
	raw, _, err := c.answerFor(ctx, ofUsers, ref)
	if raw == nil || err != nil {
		return model.User{}, false, err
	}
	r, err := decodeUser(raw)
	if err != nil || canonicalID(r.user.ID) != canonicalID(ref) && !model.SameName(r.user.UserName, ref) {
		return model.User{}, false, errAnotherRecord(ofUsers, ref)
	}
	return r.user, true, nil
}

// meet takes users whom an answer showed in full for those whom the list left out.
func (c *Client) meet(ctx context.Context, members []member) {
	release, err := c.referring.Take(ctx)
	if err != nil {
		return
	}
	defer release()
	for _, one := range members {
		if r := &c.references; r.roster != nil && !r.roster.lists(one.ID) {
			r.known[one.ID] = reference{user: one.ID, unlisted: one}
		}
	}
}

// listed begins a new load: who is listed now, and what was asked for before is asked anew. A list that failed names
// nobody, and who was listed before still tells what references mean.
func (c *Client) listed(ctx context.Context, users []model.User, complete bool) {
	release, err := c.referring.Take(ctx)
	if err != nil {
		return
	}
	defer release()
	c.references = references{roster: c.references.roster, known: map[string]reference{}}
	if complete || len(users) > 0 {
		c.references.roster = newRoster(users)
	}
}

// memberList turns the members of a row into a list. Members without an id are somebody.
func (c *Client) memberList(r readGroup, p people) model.MemberList {
	var list model.MemberList
	met := make(map[string]bool, len(r.members))
	nested := r.nested
	for _, ref := range r.members {
		switch one := p.who(ref); {
		case one.group:
			nested++
		case one.dangling:
			list.Dangling = append(list.Dangling, ref)
		case one.why != "":
			list.Unknown = one.why
		case !met[one.user]:
			met[one.user] = true
			list.IDs = append(list.IDs, one.user)
		}
	}
	if r.nameless > 0 {
		list.Unknown = fmt.Sprintf("%d members came without an id; look at the group at the target", r.nameless)
	}
	c.seen.note(r.group.Name, remark{nested, len(list.Dangling)})
	return list
}
