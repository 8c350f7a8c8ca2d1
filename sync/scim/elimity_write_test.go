package scim

import (
	"fmt"
	"net/http"
	"testing"

	elimity "github.com/elimity-com/scim"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// recorder takes writes down behind the server of github.com/elimity-com/scim, which checks them by the standard.
type recorder struct {
	shelf

	taken []string
}

func (d *recorder) Create(_ *http.Request, a elimity.ResourceAttributes) (elimity.Resource, error) {
	d.taken = append(d.taken, fmt.Sprintf("create %v %v %v", a["userName"], a["displayName"], a["active"]))
	return elimity.Resource{ID: "made", ExternalID: optional.String{}, Attributes: a}, nil
}

func (d *recorder) Delete(_ *http.Request, id string) error {
	d.taken = append(d.taken, "delete "+id)
	return nil
}

func (d *recorder) Patch(_ *http.Request, id string, operations []elimity.PatchOperation) (elimity.Resource, error) {
	for _, o := range operations {
		d.taken = append(d.taken, fmt.Sprintf("%s %s %v %v", id, o.Op, o.Path, o.Value))
	}
	return elimity.Resource{}, nil // 204
}

func TestAThirdPartyServerTakesWhatIsWritten(t *testing.T) {
	for _, patches := range []bool{true, false} {
		d := &recorder{}
		server, err := elimity.NewServer(&elimity.ServerArgs{
			ServiceProviderConfig: &elimity.ServiceProviderConfig{MaxResults: 100, SupportPatch: patches},
			ResourceTypes: []elimity.ResourceType{
				{
					ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(),
					Handler: d,
				},
				{
					ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups",
					Schema:  schema.CoreGroupSchema(),
					Handler: d,
				},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		c := client(t, serve(t, server.ServeHTTP).URL+"/v2/", Generic)
		if err := c.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		if answer := run(t, c, intent(model.CreateUser))[0]; answer.ID != "made" || answer.Status != 201 {
			t.Errorf("%+v", answer)
		}
		run(t, c, intent(model.CreateGroup))
		run(t, c, intent(model.DeleteUser))
		want := []string{"create ana@corp.example Ana R&D true", "create <nil> aws-a <nil>", "delete u1"}
		if patches {
			record := func(in *model.Intent) {
				in.Record = []byte(`{"id":"u1","emails":[{"value":"o@corp.example","type":"home"}]}`)
			}
			run(t, c, intent(model.DeactivateUser))
			run(t, c, with(with(intent(model.UpdateUser), changes(
				model.FieldDiff{Name: "userName", Source: "b", Target: "a"},
				model.FieldDiff{Name: "name.givenName", Target: "a"},
				model.FieldDiff{Name: "emails", Source: "n@corp.example", Target: "o@corp.example"},
			)), record))
			two := func(in *model.Intent) { in.Members = []model.Member{{ID: "u1"}, {ID: "u2"}} }
			run(t, c, with(intent(model.AddMembers), two))
			run(t, c, with(intent(model.RemoveMembers), two))
			want = append(want,
				"u1 replace active false",
				"u1 replace userName b", "u1 remove name.givenName <nil>",
				`u1 replace emails [map[type:home value:n@corp.example]]`,
				"g1 add members [map[value:u1] map[value:u2]]",
				`g1 remove members[value eq "u1"] <nil>`, `g1 remove members[value eq "u2"] <nil>`,
			)
		}
		if diff := cmp.Diff(want, d.taken); diff != "" {
			t.Errorf("PATCH %v: (-want +got)\n%s", patches, diff)
		}
	}
}
