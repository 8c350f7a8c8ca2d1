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
	var groups []*world.TargetGroup
	for _, g := range c.target.Groups {
		if g.Members[c.id] {
			groups = append(groups, g)
		}
	}
	c.target.RemoveUser(c.id)
	c.index.users.settle(c.target.UserOrder)
	for _, g := range groups {
		g.Revision++
		if c.knobs.KeepMembershipsOfDeleted {
			g.Members[c.id] = true
		}
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

// userClash refuses a user whose userName, e-mail or external id another one has (user guide "Troubleshooting": those
// three are unique). The body of the 409 does not say which.
func (c *call) userClash(u, self *world.TargetUser) error {
	k := c.knobs
	for _, unique := range []struct {
		what   string
		keys   keys
		folded bool
		of     func(*world.TargetUser) string
	}{
		{"UserName", c.index.userNames, k.FoldUserNames, func(u *world.TargetUser) string { return u.UserName }},
		{"Email", c.index.emails, k.FoldEmails, func(u *world.TargetUser) string { return u.Email }},
		{"ExternalId", c.index.userExternals, k.FoldExternalIDs, func(u *world.TargetUser) string { return u.ExternalID }},
	} {
		value := unique.of(u)
		if value == "" || self != nil && unique.of(self) == value {
			continue
		}
		for _, id := range c.index.usersBy(c.target, unique.keys, value, unique.folded, unique.of) {
			if self == nil || id != self.ID {
				return refuse(http.StatusConflict, "Duplicate %s", unique.what)
			}
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
