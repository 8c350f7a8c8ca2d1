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

// commonFields is what a user and a group have in common.
func (c *call) commonFields(externalID, by string, created, modified time.Time, revision int64) map[string]any {
	out := map[string]any{
		"IdentityStoreId": c.target.IdentityStoreID, "CreatedAt": seconds(created), "UpdatedAt": seconds(modified),
		"CreatedBy": by, "UpdatedBy": by, "Revision": strconv.FormatInt(revision, 10),
	}
	if externalID != "" { // under an issuer that names the SCIM tenant
		// (repost.aws/knowledge-center/iam-identity-center-provision)
		out["ExternalIds"] = []any{
			map[string]any{"Issuer": "https://scim.aws.com/" + c.target.TenantID, "Id": externalID},
		}
	}
	return out
}

func (c *call) showUser(u *world.TargetUser) any {
	out := c.commonFields(u.ExternalID, u.CreatedBy, u.Created, u.Modified, u.Revision)
	out["UserId"], out["UserName"], out["DisplayName"] = u.ID, u.UserName, u.DisplayName
	out["Name"] = map[string]any{"GivenName": u.GivenName, "FamilyName": u.FamilyName}
	out["UserStatus"] = map[bool]string{true: "ENABLED", false: "DISABLED"}[u.Active]
	if u.Email != "" {
		out["Emails"] = []any{map[string]any{"Value": u.Email, "Type": u.EmailType, "Primary": true}}
	}
	return out
}

func (c *call) showGroup(g *world.TargetGroup) any {
	out := c.commonFields(g.ExternalID, g.CreatedBy, g.Created, g.Modified, g.Revision)
	out["GroupId"], out["DisplayName"] = g.ID, g.DisplayName
	return out
}

func (c *call) listUsers() (any, error) {
	return listPage(c, "Users", c.target.UserOrder, func(id string) any { return c.showUser(c.target.Users[id]) })
}

func (c *call) listGroups() (any, error) {
	return listPage(c, "Groups", c.target.GroupOrder, func(id string) any { return c.showGroup(c.target.Groups[id]) })
}

func (c *call) describeUser() (any, error) {
	u := c.target.Users[c.text("UserId")]
	if u == nil {
		return nil, notFound("USER", c.text("UserId"))
	}
	return c.showUser(u), nil
}

func (c *call) describeGroup() (any, error) {
	g := c.target.Groups[c.text("GroupId")]
	if g == nil {
		return nil, notFound("GROUP", c.text("GroupId"))
	}
	return c.showGroup(g), nil
}

// findRecordID answers GetUserId and GetGroupId: the first record that has one of these values, by the path of an
// attribute, or this external id.
func (c *call) findRecordID(kind string, ids []string,
	record func(id string) (externalID string, attrs map[string]string),
) (any, error) {
	var by struct {
		UniqueAttribute *struct {
			Path  string `json:"AttributePath"`
			Value string `json:"AttributeValue"`
		} `json:"UniqueAttribute"`
		ExternalID *struct {
			ID string `json:"Id"`
		} `json:"ExternalId"`
	}
	if json.Unmarshal(c.input["AlternateIdentifier"], &by) != nil ||
		(by.UniqueAttribute == nil) == (by.ExternalID == nil) {
		return nil, refuse("ValidationException", "AlternateIdentifier must hold exactly one identifier")
	}
	for _, id := range ids {
		external, attrs := record(id)
		if a := by.UniqueAttribute; a != nil && strings.EqualFold(attrs[strings.ToLower(a.Path)], a.Value) ||
			by.ExternalID != nil && external == by.ExternalID.ID {
			return map[string]any{kind + "Id": id, "IdentityStoreId": c.target.IdentityStoreID}, nil
		}
	}
	return nil, notFound(strings.ToUpper(kind), "")
}

func (c *call) getUserID() (any, error) {
	return c.findRecordID("User", c.target.UserOrder, func(id string) (string, map[string]string) {
		u := c.target.Users[id]
		return u.ExternalID, map[string]string{"username": u.UserName, "emails.value": u.Email}
	})
}

func (c *call) getGroupID() (any, error) {
	return c.findRecordID("Group", c.target.GroupOrder, func(id string) (string, map[string]string) {
		g := c.target.Groups[id]
		return g.ExternalID, map[string]string{"displayname": g.DisplayName}
	})
}

// membership is one row of the lists of memberships; its id is made of both ends, so that it is stable.
func (c *call) membership(group, user string) any {
	return map[string]any{
		"IdentityStoreId": c.target.IdentityStoreID, "MembershipId": group + "-" + user, "GroupId": group,
		"MemberId": map[string]any{"UserId": user},
	}
}

func (c *call) listGroupMemberships() (any, error) {
	g := c.target.Groups[c.text("GroupId")]
	if g == nil {
		return nil, notFound("GROUP", c.text("GroupId"))
	}
	members := slices.Sorted(maps.Keys(g.Members))
	return listPage(c, "GroupMemberships", members, func(user string) any { return c.membership(g.ID, user) })
}

func (c *call) memberUserID() (string, error) {
	var m struct {
		UserID string `json:"UserId"`
	}
	if json.Unmarshal(c.input["MemberId"], &m) != nil || c.target.Users[m.UserID] == nil {
		return "", notFound("USER", m.UserID)
	}
	return m.UserID, nil
}

func (c *call) listMembershipsForMember() (any, error) {
	user, err := c.memberUserID()
	if err != nil {
		return nil, err
	}
	var groups []string
	for _, id := range c.target.GroupOrder {
		if c.target.Groups[id].Members[user] {
			groups = append(groups, id)
		}
	}
	return listPage(c, "GroupMemberships", groups, func(group string) any { return c.membership(group, user) })
}
