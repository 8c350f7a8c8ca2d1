package scim

import (
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func (c *call) getUser() (*answer, error) {
	u := c.target.Users[c.id]
	if u == nil {
		return nil, refuse(http.StatusNotFound, "No user %s", c.id)
	}
	return &answer{http.StatusOK, c.showUser(u)}, nil
}

func (c *call) createUser() (*answer, error) {
	doc, err := c.readUser()
	if err != nil {
		return nil, err
	}
	u, err := c.fromDocument(doc)
	if err != nil {
		return nil, err
	}
	if err := c.userClash(u, nil); err != nil {
		return nil, err
	}
	u.ID, u.CreatedBy, u.Created, u.Modified, u.Revision = c.newID(), "scim", c.now, c.now, 1
	c.target.AddUser(u)
	c.index.follow(c.target)
	return &answer{http.StatusCreated, c.showUser(u)}, nil
}

// putUser overwrites the whole user.
func (c *call) putUser() (*answer, error) {
	u := c.target.Users[c.id]
	if u == nil {
		return nil, refuse(http.StatusNotFound, "No user %s", c.id)
	}
	raw, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	if id, given := raw["id"]; given && id != c.id || !given && c.knobs.PutRequiresID {
		return nil, invalid("The id in the body is not the id in the path")
	}
	doc, err := c.readUser()
	if err != nil {
		return nil, err
	}
	if !c.knobs.PutClears {
		old, err := toDocument(u)
		if err != nil {
			return nil, err
		}
		doc = merged(old, doc)
	}
	return c.store(u, doc)
}

// merged lays a document over an older one, part by part where an attribute has parts.
func merged(old, over object) object {
	for key, value := range over {
		inner, nested := value.(object)
		under, both := old[key].(object)
		if nested && both {
			value = merged(under, inner)
		}
		old[key] = value
	}
	return old
}

// store checks a changed user and puts it in the old one's place.
func (c *call) store(u *world.TargetUser, doc object) (*answer, error) {
	changed, err := c.fromDocument(doc)
	if err != nil {
		return nil, err
	}
	if err := c.userClash(changed, u); err != nil {
		return nil, err
	}
	changed.ID, changed.CreatedBy, changed.Created = u.ID, u.CreatedBy, u.Created
	changed.Modified, changed.Revision = c.now, u.Revision+1
	*u = *changed // in place: the world's other users may hold the pointer
	c.index.user(u)
	return &answer{http.StatusOK, c.showUser(u)}, nil
}

func (c *call) deleteUser() (*answer, error) {
	if c.target.Users[c.id] == nil {
		return nil, refuse(http.StatusNotFound, "No user %s", c.id)
	}
	var kept []*world.TargetGroup
	for _, g := range c.target.Groups {
		if c.knobs.KeepMembershipsOfDeleted && g.Members[c.id] {
			kept = append(kept, g)
		}
	}
	c.target.RemoveUser(c.id)
	c.index.users.settle(c.target.UserOrder)
	for _, g := range kept {
		g.Members[c.id] = true
	}
	return &answer{status: http.StatusNoContent}, nil
}

// readUser reads the body of a create or a PUT.
func (c *call) readUser() (object, error) {
	raw, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	return c.normalise(raw, attributes(), "")
}

// uniqueOfUser is an attribute of which no two users have the same value (user guide "Troubleshooting").
type uniqueOfUser struct {
	what   string
	keys   keys
	folded bool
	of     func(*world.TargetUser) string
}

func (c *call) uniqueOfUsers() []uniqueOfUser {
	return []uniqueOfUser{
		{"UserName", c.index.userNames, c.knobs.FoldUserNames, func(u *world.TargetUser) string { return u.UserName }},
		{"Email", c.index.emails, c.knobs.FoldEmails, func(u *world.TargetUser) string { return u.Email }},
		{"ExternalId", c.index.userExternals, c.knobs.FoldExternalIDs, func(u *world.TargetUser) string { return u.ExternalID }},
	}
}

// userClash refuses a user whose userName, e-mail or external id another one has. The body of the 409 does not say
// which. What a user keeps is not looked at: twins that others made can still be changed apart.
func (c *call) userClash(u, self *world.TargetUser) error {
	var changed []uniqueOfUser
	for _, unique := range c.uniqueOfUsers() {
		if value := unique.of(u); value != "" && (self == nil || unique.of(self) != value) {
			changed = append(changed, unique)
		}
	}
	clash := func(other *world.TargetUser) error {
		for _, unique := range changed {
			if other != nil && other != self && same(unique.of(other), unique.of(u), unique.folded) {
				return refuse(http.StatusConflict, "Duplicate %s", unique.what)
			}
		}
		return nil
	}
	for _, unique := range changed {
		for _, id := range unique.keys[fold(unique.of(u))] {
			if err := clash(c.target.Users[id]); err != nil {
				return err
			}
		}
	}
	if len(changed) == 0 {
		return nil
	}
	// A miss in the index proves nothing (see index); one look at everybody settles all attributes.
	for _, other := range c.target.Users {
		if err := clash(other); err != nil {
			return err
		}
	}
	return nil
}

// newID makes an id that never was: a deleted record's is not given again.
func (c *call) newID() string {
	for {
		id := c.world.NewUUID()
		if c.knobs.PrefixedIDs {
			if prefix, ok := strings.CutPrefix(c.target.IdentityStoreID, "d-"); ok {
				id = prefix + "-" + id
			}
		}
		if c.index.users.seq[id] == 0 && c.index.groups.seq[id] == 0 {
			return id
		}
	}
}
