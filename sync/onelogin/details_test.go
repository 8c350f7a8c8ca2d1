package onelogin

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// without gives list rows that leave fields out.
func without(from, to int, fields ...string) (out []any) {
	for _, row := range details(from, to) {
		slim := row.(object)
		slim["external_id"] = "x-" + slim["firstname"].(string)
		for _, f := range fields {
			delete(slim, f)
		}
		out = append(out, slim)
	}
	return out
}

// What a list of users leaves out is not taken for empty: it is asked for, and where that does not help nothing is
// said.
func TestFieldsThatTheListLeavesOut(t *testing.T) {
	full := func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(without(int(r.PathValue("id")[0]-'0'), int(r.PathValue("id")[0]-'0'))[0])
	}
	for _, field := range []string{"external_id", "state", "status", "firstname", "lastname", "email"} {
		slimEverywhere := field == "external_id" || field == "state" || field == "status"
		for name, single := range map[string]http.HandlerFunc{
			"read singly": full,
			"not even singly": func(w http.ResponseWriter, r *http.Request) {
				_ = json.NewEncoder(w).Encode(without(int(r.PathValue("id")[0]-'0'), int(r.PathValue("id")[0]-'0'),
					field)[0])
			},
		} {
			f := account(2)
			f.HandleFunc("GET /api/2/users", rows(without(1, 2, field)...))
			f.HandleFunc("GET /api/2/users/{id}", single)
			users, cov := connect(t, f).Users(t.Context(), nil)
			lost := slimEverywhere && name == "not even singly"
			if len(users) != 2 || lost != (cov.State == model.Partial) || lost != users[1].RollOnly || lost &&
				!strings.Contains(cov.Reason, field) {
				t.Errorf("%s, %s: %v %+v", field, name, cov, users)
			}
			if !lost && users[1].ExternalID != "x-U" || users[1].Email != "u2@corp.example" ||
				users[1].DisplayName != "U 2" {
				t.Errorf("%s, %s: %+v", field, name, users[1])
			}
		}
	}
}

// A list that was not brought up to date calls somebody otherwise than the app's list: their own record settles it.
func TestAnAddressOfWhichTheListsSayTwoThings(t *testing.T) {
	with := func(field, value string) object {
		u := detail(1, 1, 1)
		u[field] = value
		return u
	}
	single := func(u object) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(u) }
	}
	now, refused := single(detail(1, 1, 1)), says(403, `{"message":"scope"}`)
	for name, tt := range map[string]struct {
		list   object
		single http.HandlerFunc
		open   bool
		want   string
	}{
		"the list's address is old": {with("email", "old"), now, false, "u1@corp.example U 1"},
		"the list's name is old":    {with("lastname", "old"), now, false, "u1@corp.example U 1"},
		"the app's list is old":     {with("email", "new"), single(with("email", "new")), false, "new U 1"},
		"which is old is not known": {with("email", "old"), refused, true, "u1@corp.example U 1"},
		"they differ in case alone": {with("email", "U1@corp.example"), refused, false, "U1@corp.example U 1"},
		"they differ in a username": {with("username", "other"), refused, false, "u1@corp.example U 1"},
		"the list shows no address": {with("email", ""), refused, false, "u1@corp.example U 1"},
	} {
		f := account(2)
		f.HandleFunc("GET /api/2/users", rows(tt.list, detail(2, 1, 1)))
		f.HandleFunc("GET /api/2/users/1", tt.single)
		users, cov := connect(t, f).Users(t.Context(), nil)
		if len(users) != 2 || cov.Complete() == tt.open || users[0].RollOnly != tt.open || users[1].RollOnly {
			t.Errorf("%s: %v %+v", name, cov, users)
			continue
		}
		if got := users[0].UserName + " " + users[0].DisplayName; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// A userName of a custom attribute is in no list; the users are read for it.
func TestUserNameThatOnlySingleUsersShow(t *testing.T) {
	f := account(2)
	f.HandleFunc("GET /api/2/users", rows(details(1, 2)...))
	f.HandleFunc("GET /api/2/users/{id}", func(w http.ResponseWriter, r *http.Request) {
		u := detail(int(r.PathValue("id")[0]-'0'), 1, 1)
		u["custom_attributes"] = object{"aws": "name-" + r.PathValue("id")}
		_ = json.NewEncoder(w).Encode(u)
	})
	users, cov := connect(t, f, func(o *Options) { o.UserNameField = "custom_attribute_aws" }).Users(t.Context(), nil)
	if !cov.Complete() || len(users) != 2 || users[1].UserName != "name-2" {
		t.Errorf("%v %+v", cov, users)
	}
}

// A list that gives what it is asked for is asked for the userName's attribute, so that nobody is read singly.
func TestAListThatShowsTheUserNameSparesTheSingleUsers(t *testing.T) {
	f := account(2)
	f.HandleFunc("GET /api/2/users", func(w http.ResponseWriter, r *http.Request) {
		users := details(1, 2)
		if strings.Contains(r.URL.Query().Get("fields"), "custom_attributes") {
			for _, u := range users {
				u.(object)["custom_attributes"] = object{"aws": fmt.Sprint("name-", u.(object)["id"])}
			}
		}
		rows(users...)(w, r)
	})
	users, cov := connect(t, f, func(o *Options) { o.UserNameField = "Custom_Attribute_aws" }).Users(t.Context(), nil)
	if !cov.Complete() || len(users) != 2 || users[1].UserName != "name-2" {
		t.Errorf("%v %+v", cov, users)
	}
}

// What a list shows is not lost to a user's own record that leaves it out, or shows it empty.
func TestAUserKeepsWhatOneAnswerAloneShows(t *testing.T) {
	for name, own := range map[string]object{
		"it is left out": {"role_ids": []int{7}}, "it is empty": {"samaccountname": "", "department": nil},
	} {
		f := account(1)
		row, one := detail(1, 1, 1), detail(1, 1, 1)
		delete(row, "status") // so that the user's own record is asked for
		row["samaccountname"], row["department"] = "jo", "Engineering"
		one["member_of"], one["custom_attributes"] = []string{"CN=aws,DC=corp"}, object{"team": "blue"}
		maps.Copy(one, own)
		f.HandleFunc("GET /api/2/users", rows(row))
		f.HandleFunc("GET /api/2/users/1", func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(one)
		})
		c := connect(t, f, func(o *Options) { o.UserNameField = "samaccountname" })
		c.rules.Store(&ruleSet{rules: []model.Rule{{Enabled: true, Match: "all", Conditions: []model.RuleCondition{
			{Source: "department", Operator: "=", Values: []string{"Engineering"}},
			{Source: "member_of", Operator: "=", Values: []string{"CN=aws,DC=corp"}},
			{Source: "custom_attribute_team", Operator: "=", Values: []string{"blue"}},
		}, Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{"aws-eng"}}}}}})
		users, cov := c.Users(t.Context(), nil)
		if !cov.Complete() || len(users) != 1 || users[0].UserName != "jo" || users[0].Attributes == nil ||
			strings.Join(slices.Sorted(slices.Values(users[0].Attributes.Values)), " ") !=
				"CN=aws,DC=corp Engineering blue" {
			t.Errorf("%s: %v %+v %+v", name, cov, users, users[0].Attributes)
		}
	}
}

func TestAnswersAboutSomebodyElseAreNotBelieved(t *testing.T) {
	for _, body := range []string{`null`, `{}`, `{"id":8,"status":1,"state":1}`} {
		f := account(1)
		f.HandleFunc("GET /api/2/users", rows())
		f.HandleFunc("GET /api/2/users/{id}", says(200, body))
		c := connect(t, f)
		if users, cov := c.Users(t.Context(), nil); cov.State != model.Partial || !users[0].RollOnly {
			t.Errorf("%s: %v %+v", body, cov, users)
		}
		if u, found, err := c.GetUser(t.Context(), "1"); err == nil {
			t.Errorf("%s: %+v %v", body, u, found)
		}
	}
}
