package onelogin_test

import (
	"io"
	"log"
	"net/http"
	"net/url"
	"testing"

	sdk "github.com/onelogin/onelogin-go-sdk/v4/pkg/onelogin"
	"github.com/onelogin/onelogin-go-sdk/v4/pkg/onelogin/models"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// redirect sends what is meant for https://SUB.onelogin.com to the simulator.
type redirect struct {
	to   *url.URL
	next http.RoundTripper
}

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	there := req.Clone(req.Context())
	there.URL.Scheme, there.URL.Host = r.to.Scheme, r.to.Host
	return r.next.RoundTrip(there)
}

// vendorClient is OneLogin's own Go client, pointed at the simulator. It knows one way only to reach a server: the
// default transport.
func vendorClient(t *testing.T, tn *tenant) *sdk.OneloginSDK {
	t.Helper()
	to, err := url.Parse(tn.url)
	if err != nil {
		t.Fatal(err)
	}
	before, output := http.DefaultTransport, log.Writer()
	own := &http.Transport{}
	http.DefaultTransport = redirect{to, own}
	log.SetOutput(io.Discard)
	t.Cleanup(func() {
		http.DefaultTransport = before
		log.SetOutput(output)
		own.CloseIdleConnections()
	})
	t.Setenv("ONELOGIN_SUBDOMAIN", "corp")
	t.Setenv("ONELOGIN_CLIENT_ID", "id-manage_all")
	t.Setenv("ONELOGIN_CLIENT_SECRET", "secret-manage_all")
	client, err := sdk.NewOneloginSDK()
	if err != nil {
		t.Fatalf("OneLogin's own client cannot sign in: %v", err)
	}
	return client
}

func TestOneLoginsOwnClientWorks(t *testing.T) {
	tn := newTenant(t, 3, onelogin.Knobs{})
	c := vendorClient(t, tn)
	limit := "2"

	list := func(what string, v any, err error, want int) []any {
		t.Helper()
		rows, ok := v.([]any)
		if err != nil || !ok || len(rows) != want {
			t.Errorf("%s: %d rows, want %d (%v, %T)", what, len(rows), want, err, v)
		}
		return rows
	}
	object := func(what string, v any, err error, field string, want any) {
		t.Helper()
		o, ok := v.(map[string]any)
		if err != nil || !ok || o[field] != want {
			t.Errorf("%s: %s is %v, want %v (%v)", what, field, o[field], want, err)
		}
	}
	envelope := func(what string, v any, err error, want int) {
		t.Helper()
		o, ok := v.(map[string]any)
		rows, _ := o["data"].([]any)
		if err != nil || !ok || len(rows) < want {
			t.Errorf("%s: %d rows, want at least %d (%v)", what, len(rows), want, err)
		}
	}

	v, err := c.GetUsers(&models.UserQuery{Limit: limit})
	list("users", v, err, 2)
	page, err := c.GetUsersWithPagination(&models.UserQuery{Limit: limit})
	if err != nil || page.Pagination.TotalCount != 3 || page.Pagination.TotalPages != 2 ||
		page.Pagination.AfterCursor == "" {
		t.Fatalf("user pages: %+v, %v", page, err)
	}
	page, err = c.GetUsersWithPagination(&models.UserQuery{Cursor: page.Pagination.AfterCursor})
	if err != nil || page.Pagination.AfterCursor != "" || len(page.Data.([]any)) != 1 {
		t.Errorf("second page of users: %+v, %v", page, err)
	}
	v, err = c.GetUserByID(101, nil)
	object("user", v, err, "email", "user001@corp.example")
	v, err = c.GetApps(&models.AppQuery{Limit: limit})
	list("apps", v, err, 2)
	v, err = c.GetAppByID(int(appID), nil)
	object("app", v, err, "name", "AWS IAM Identity Center")
	v, err = c.GetAppUsers(int(appID))
	list("app users", v, err, 3)
	v, err = c.GetAppRules(int(appID), &models.AppRuleQuery{Enabled: true})
	list("rules", v, err, 2)
	v, err = c.GetRoles(nil)
	list("roles", v, err, 3)
	v, err = c.GetRoleByID(int(admins), nil)
	object("role", v, err, "name", "aws-admins")
	v, err = c.GetRoleUsers(int(readers), nil)
	list("role users", v, err, 3)
	v, err = c.GetRoleApps(int(readers))
	list("role apps", v, err, 1)
	v, err = c.ListEvents(nil)
	envelope("events", v, err, 5)
	v, err = c.GetRateLimit()
	if limits, ok := v.(map[string]any)["data"].(map[string]any); err != nil || !ok ||
		limits["X-RateLimit-Limit"] != 5000.0 {
		t.Errorf("rate limit: %v, %v", v, err)
	}
}

func TestOneLoginsOwnClientWrites(t *testing.T) {
	tn := newTenant(t, 3, onelogin.Knobs{})
	c := vendorClient(t, tn)
	if _, err := c.UpdateUser(102, models.User{Department: "Finance"}); err != nil {
		t.Errorf("update user: %v", err)
	}
	tn.w.Lock()
	defer tn.w.Unlock()
	if tn.w.Source.Users[102].Department != "Finance" {
		t.Errorf("the write did not arrive: %+v", tn.w.Source.Users[102])
	}
}
