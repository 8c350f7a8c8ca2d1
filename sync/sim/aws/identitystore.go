package aws

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// seconds is how JSON 1.1 writes a time.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// externalIDs shows a SCIM external id as Identity Store does: under an issuer that names the SCIM tenant
// (repost.aws/knowledge-center/iam-identity-center-provision).
func (c *call) externalIDs(id string) any {
	return []any{map[string]any{"Issuer": "https://scim.aws.com/" + c.target.TenantID, "Id": id}}
}

func (c *call) showUser(u *world.TargetUser) any {
	out := map[string]any{
		"IdentityStoreId": c.target.IdentityStoreID, "UserId": u.ID, "UserName": u.UserName, "DisplayName": u.DisplayName,
		"Name":       map[string]any{"GivenName": u.GivenName, "FamilyName": u.FamilyName},
		"UserStatus": map[bool]string{true: "ENABLED", false: "DISABLED"}[u.Active],
		"CreatedAt":  seconds(u.Created), "UpdatedAt": seconds(u.Modified), "CreatedBy": u.CreatedBy, "UpdatedBy": u.CreatedBy,
		"Revision": strconv.FormatInt(u.Revision, 10),
	}
	if u.Email != "" {
		out["Emails"] = []any{map[string]any{"Value": u.Email, "Type": u.EmailType, "Primary": true}}
	}
	if u.ExternalID != "" {
		out["ExternalIds"] = c.externalIDs(u.ExternalID)
	}
	return out
}

func (c *call) showGroup(g *world.TargetGroup) any {
	out := map[string]any{
		"IdentityStoreId": c.target.IdentityStoreID, "GroupId": g.ID, "DisplayName": g.DisplayName,
		"CreatedAt": seconds(g.Created), "UpdatedAt": seconds(g.Modified), "CreatedBy": g.CreatedBy, "UpdatedBy": g.CreatedBy,
		"Revision": strconv.FormatInt(g.Revision, 10),
	}
	if g.ExternalID != "" {
		out["ExternalIds"] = c.externalIDs(g.ExternalID)
	}
	return out
}

func (c *call) listUsers() (any, error) {
	if err := c.store(); err != nil {
		return nil, err
	}
	order := c.target.UserOrder
	return c.listed("Users", len(order), func(i int) any { return c.showUser(c.target.Users[order[i]]) })
}

func (c *call) listGroups() (any, error) {
	if err := c.store(); err != nil {
		return nil, err
	}
	order := c.target.GroupOrder
	return c.listed("Groups", len(order), func(i int) any { return c.showGroup(c.target.Groups[order[i]]) })
}

func (c *call) describeUser() (any, error) {
	if err := c.store(); err != nil {
		return nil, err
	}
	u := c.target.Users[c.text("UserId")]
	if u == nil {
		return nil, absent("USER", c.text("UserId"))
	}
	return c.showUser(u), nil
}

func (c *call) describeGroup() (any, error) {
	if err := c.store(); err != nil {
		return nil, err
	}
	g := c.target.Groups[c.text("GroupId")]
	if g == nil {
		return nil, absent("GROUP", c.text("GroupId"))
	}
	return c.showGroup(g), nil
}

// alternate is what GetUserId and GetGroupId look somebody up by.
type alternate struct {
	UniqueAttribute *struct {
		AttributePath  string `json:"AttributePath"`
		AttributeValue string `json:"AttributeValue"`
	} `json:"UniqueAttribute"`
	ExternalID *struct {
		Issuer string `json:"Issuer"`
		ID     string `json:"Id"`
	} `json:"ExternalId"`
}

func (c *call) alternate() (alternate, error) {
	var a alternate
	if err := c.store(); err != nil {
		return a, err
	}
	if json.Unmarshal(c.input["AlternateIdentifier"], &a) != nil || (a.UniqueAttribute == nil) == (a.ExternalID == nil) {
		return a, refuse("ValidationException", "AlternateIdentifier must hold exactly one identifier")
	}
	return a, nil
}

func (c *call) getUserID() (any, error) {
	a, err := c.alternate()
	if err != nil {
		return nil, err
	}
	for _, id := range c.target.UserOrder {
		u := c.target.Users[id]
		byID := a.ExternalID != nil && u.ExternalID == a.ExternalID.ID
		byName := a.UniqueAttribute != nil && strings.EqualFold(a.UniqueAttribute.AttributePath, "userName") && strings.EqualFold(u.UserName, a.UniqueAttribute.AttributeValue)
		byMail := a.UniqueAttribute != nil && strings.EqualFold(a.UniqueAttribute.AttributePath, "emails.value") && strings.EqualFold(u.Email, a.UniqueAttribute.AttributeValue)
		if byID || byName || byMail {
			return map[string]any{"UserId": u.ID, "IdentityStoreId": c.target.IdentityStoreID}, nil
		}
	}
	return nil, absent("USER", "")
}

func (c *call) getGroupID() (any, error) {
	a, err := c.alternate()
	if err != nil {
		return nil, err
	}
	for _, id := range c.target.GroupOrder {
		g := c.target.Groups[id]
		if a.ExternalID != nil && g.ExternalID == a.ExternalID.ID || a.UniqueAttribute != nil && strings.EqualFold(g.DisplayName, a.UniqueAttribute.AttributeValue) {
			return map[string]any{"GroupId": g.ID, "IdentityStoreId": c.target.IdentityStoreID}, nil
		}
	}
	return nil, absent("GROUP", "")
}

// membership is one row of the lists of memberships; its id is made of both ends, so that it is stable.
func (c *call) membership(group, user string) any {
	return map[string]any{
		"IdentityStoreId": c.target.IdentityStoreID, "MembershipId": group + "-" + user, "GroupId": group, "MemberId": map[string]any{"UserId": user},
	}
}

func (c *call) listGroupMemberships() (any, error) {
	if err := c.store(); err != nil {
		return nil, err
	}
	g := c.target.Groups[c.text("GroupId")]
	if g == nil {
		return nil, absent("GROUP", c.text("GroupId"))
	}
	members := slices.Sorted(maps.Keys(g.Members))
	return c.listed("GroupMemberships", len(members), func(i int) any { return c.membership(g.ID, members[i]) })
}

// member reads the MemberId of the input.
func (c *call) member() (string, error) {
	var m struct {
		UserID string `json:"UserId"`
	}
	if err := c.store(); err != nil {
		return "", err
	}
	if json.Unmarshal(c.input["MemberId"], &m) != nil || c.target.Users[m.UserID] == nil {
		return "", absent("USER", m.UserID)
	}
	return m.UserID, nil
}

func (c *call) listMembershipsOf() (any, error) {
	user, err := c.member()
	if err != nil {
		return nil, err
	}
	var groups []string
	for _, id := range c.target.GroupOrder {
		if c.target.Groups[id].Members[user] {
			groups = append(groups, id)
		}
	}
	return c.listed("GroupMemberships", len(groups), func(i int) any { return c.membership(groups[i], user) })
}
