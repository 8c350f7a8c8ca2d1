package scim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	elimity "github.com/elimity-com/scim"
	scimerrors "github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"

	"github.com/scimdrift/scimdrift/model"
)

// shelf is a read-only store behind the server of github.com/elimity-com/scim, which nobody here wrote.
type shelf struct {
	rows []elimity.Resource
	// quirk bends one answer: "page total", "no members".
	quirk string
}

func (s *shelf) Get(_ *http.Request, id string) (elimity.Resource, error) {
	for _, row := range s.rows {
		if row.ID == id {
			return copied(row, ""), nil
		}
	}
	return elimity.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
}

func (s *shelf) GetAll(_ *http.Request, params elimity.ListRequestParams) (elimity.Page, error) {
	var match []elimity.Resource
	for _, row := range s.rows {
		if params.FilterValidator != nil && params.FilterValidator.PassesFilter(row.Attributes) != nil {
			continue
		}
		match = append(match, row)
	}
	from := min(params.StartIndex-1, len(match))
	part := match[from:min(from+params.Count, len(match))]
	p := elimity.Page{TotalResults: len(match)}
	if s.quirk == "page total" {
		p.TotalResults = len(part)
	}
	for _, row := range part {
		p.Resources = append(p.Resources, copied(row, s.quirk))
	}
	return p, nil
}

// copied keeps the server, which writes into what it is given, from writing into the shelf.
func copied(row elimity.Resource, quirk string) elimity.Resource {
	attributes := elimity.ResourceAttributes{}
	for key, value := range row.Attributes {
		if key != "members" || quirk != "no members" {
			attributes[key] = value
		}
	}
	row.Attributes = attributes
	return row
}

func (*shelf) Create(*http.Request, elimity.ResourceAttributes) (elimity.Resource, error) {
	return elimity.Resource{}, scimerrors.ScimErrorMutability
}

func (*shelf) Replace(*http.Request, string, elimity.ResourceAttributes) (elimity.Resource, error) {
	return elimity.Resource{}, scimerrors.ScimErrorMutability
}

func (*shelf) Delete(*http.Request, string) error { return scimerrors.ScimErrorMutability }

func (*shelf) Patch(*http.Request, string, []elimity.PatchOperation) (elimity.Resource, error) {
	return elimity.Resource{}, scimerrors.ScimErrorMutability
}

func elimityServer(t *testing.T, users, groups *shelf, page int) *Client {
	t.Helper()
	server, err := elimity.NewServer(&elimity.ServerArgs{
		ServiceProviderConfig: &elimity.ServiceProviderConfig{MaxResults: page, SupportFiltering: true},
		ResourceTypes: []elimity.ResourceType{
			{
				ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(),
				Handler: users,
			},
			{
				ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups", Schema: schema.CoreGroupSchema(),
				Handler: groups,
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client(t, serve(t, server.ServeHTTP).URL+"/v2/", Generic)
}

func TestAThirdPartyServerIsReadWhole(t *testing.T) {
	users, groups := &shelf{}, &shelf{}
	for i := range 83 {
		name := fmt.Sprintf("User%d@corp.example", i)
		users.rows = append(users.rows, elimity.Resource{
			ID: fmt.Sprintf("%032x", i+1), ExternalID: optional.NewString(fmt.Sprintf("ext-%d", i)),
			Attributes: elimity.ResourceAttributes{
				"userName": name, "displayName": "Ünï \u202e" + strings.Repeat("x", i), "active": i%2 == 0,
				"emails": []any{map[string]any{"value": name, "primary": true}},
			},
		})
	}
	for g := range 31 {
		refs := make([]any, 0, 2*g)
		for i := range g {
			ref := map[string]any{"value": users.rows[i].ID}
			refs = append(refs, ref, ref) // a member that was added twice is listed twice
		}
		groups.rows = append(groups.rows, elimity.Resource{
			ID: fmt.Sprintf("g%d", g), Attributes: elimity.ResourceAttributes{
				"displayName": fmt.Sprintf(`group "%d"`, g),
				"members":     refs,
			},
		})
	}
	for _, quirk := range []string{"", "page total", "no members"} {
		for _, page := range []int{20, 100} {
			t.Run(fmt.Sprintf("%s, %d a page", quirk, page), func(t *testing.T) {
				users.quirk, groups.quirk = quirk, quirk
				c := elimityServer(t, users, groups, page)
				l := loadAll(t, c, nil)
				wantCoverage(t, "users", l.usersC, model.Complete)
				wantCoverage(t, "groups", l.groupsC, model.Complete)
				wantCoverage(t, "memberships", l.membersC, model.Complete)
				if len(l.users) != 83 || len(l.groups) != 31 {
					t.Fatalf("%d users, %d groups", len(l.users), len(l.groups))
				}
				for g, list := range l.lists {
					if len(list.IDs) != g {
						t.Errorf("group %d has %d members", g, len(list.IDs))
					}
				}
				// Names are offered by the schema, so that a user without one differs; every other field is carried.
				if got := c.Unreadable(); got != 0 {
					t.Errorf("unreadable %b", got)
				}
				u, found, err := c.FindUser(t.Context(), "user7@CORP.example", "")
				if err != nil || !found || u.ID != users.rows[7].ID || u.Active || u.Email != "User7@corp.example" {
					t.Errorf("%+v %v %v", u, found, err)
				}
				if group, found, err := c.FindGroup(t.Context(), `group "9"`, ""); err != nil || !found ||
					group.ID != "g9" {
					t.Errorf("%+v %v %v", group, found, err)
				}
				if _, found, err := c.GetUser(t.Context(), "nobody"); found || err != nil {
					t.Errorf("nobody: %v %v", found, err)
				}
			})
		}
	}
}
