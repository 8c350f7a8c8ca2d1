package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConnectionsOnOneTarget(t *testing.T) {
	t.Parallel()
	f, err := Parse([]byte(`
[connections.prod.target]
url = "https://scim.us-east-1.amazonaws.com/TENANT/scim/v2"
[connections.copy.target]
url = "https://SCIM.us-east-1.amazonaws.com/TENANT/scim/v2/"
[connections.again.target]
url = "https://scim.us-east-1.amazonaws.com/TENANT/scim/v2"
[connections.other-tenant.target]
url = "https://scim.us-east-1.amazonaws.com/tenant/scim/v2"
[connections.empty]
read_only = true
`), "x.toml")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{"prod": {"again", "copy"}, "other-tenant": nil, "empty": nil} {
		if diff := cmp.Diff(want, f.Sharing(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
