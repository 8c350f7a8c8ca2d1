package onelogin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// standing tells of each user whether he is assigned, and whether anything is said of him.
func standing(users []model.User) string {
	var out []string
	for _, u := range users {
		word := map[bool]string{true: "yes", false: "no"}[u.Assigned]
		if u.RollOnly {
			word = "disputed"
		}
		out = append(out, u.ID+" "+word)
	}
	return strings.Join(out, ", ")
}

func TestUsersWhoAreOnOneListOnly(t *testing.T) {
	has, lost, gone, broken := says(200, `[{"id":500}]`), says(200, `[{"id":499}]`), says(404, `{}`), says(200, `null`)
	many := "1 yes, 2 yes"
	for i := 3; i <= 14; i++ {
		many += fmt.Sprintf(", %d disputed", i)
	}
	for name, c := range map[string]struct {
		roll, listed int
		ignored      bool
		apps         map[string]http.HandlerFunc
		state        model.CoverageState
		want         string
		requests     int // beside the login, the app and the two lists
	}{
		"the filter is ignored":             {2, 4, true, nil, model.Complete, "1 yes, 2 yes, 3 no, 4 no", 1},
		"the filter is ignored, empty roll": {0, 4, true, nil, model.Complete, "", 1},
		"the roll was cut": {
			2, 4, false,
			map[string]http.HandlerFunc{"3": has, "4": has},
			model.Partial,
			"1 yes, 2 yes, 3 yes, 4 yes", 3,
		},
		"the roll was emptied": {0, 1, false, map[string]http.HandlerFunc{"1": has}, model.Partial, "1 yes", 2},
		"one of two was cut": {
			2, 4, false,
			map[string]http.HandlerFunc{"1": has, "3": lost, "4": has},
			model.Partial, "1 yes, 2 yes, 3 no, 4 yes", 4,
		},
		"the list was wrong": {
			2, 4, false,
			map[string]http.HandlerFunc{"1": has, "3": lost, "4": gone},
			model.Complete, "1 yes, 2 yes, 3 no", 4,
		},
		"it cannot be asked": {
			2, 4, false,
			map[string]http.HandlerFunc{"1": has, "3": lost, "4": broken},
			model.Partial,
			"1 yes, 2 yes, 3 no, 4 disputed", 4,
		},
		// a no that everybody gets
		"nobody has it when asked": {
			2, 3, false,
			map[string]http.HandlerFunc{"1": lost, "3": lost},
			model.Partial, "1 yes, 2 yes, 3 disputed", 4,
		},
		"too many to ask": {2, 14, false, nil, model.Partial, many, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := account(c.roll)
			f.HandleFunc("GET /api/2/users", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("app_id") != "500" && !c.ignored {
					rows()(w, r)
					return
				}
				rows(details(1, c.listed)...)(w, r)
			})
			for id, h := range c.apps {
				f.HandleFunc("GET /api/2/users/"+id+"/apps", h)
			}
			users, cov := connect(t, f).Users(t.Context(), nil)
			if got := standing(users); cov.State != c.state || got != c.want {
				t.Errorf("%v: %s; want %s", cov, got, c.want)
			}
			if n := len(f.requests()) - 4; n != c.requests {
				t.Errorf("%d requests more: %v", n, f.requests())
			}
		})
	}
}

// Whoever has the app by the list of users only is not said to have lost it, also where every user of the account has
// it and the list cannot be told from one of everybody.
func TestACutRollOfAnAppForEverybodyIsNotBelieved(t *testing.T) {
	f := account(5)
	f.HandleFunc("GET /api/2/users", func(w http.ResponseWriter, r *http.Request) {
		if app := r.URL.Query().Get("app_id"); app != "" && app != "500" {
			says(404, `{"name":"NotFoundError"}`)(w, r)
			return
		}
		rows(details(1, 6)...)(w, r)
	})
	f.HandleFunc("GET /api/2/users/6/apps", says(200, `[{"id":500}]`))
	users, cov := connect(t, f).Users(t.Context(), nil)
	if cov.State != model.Partial || !strings.Contains(cov.Reason, "left out 1 user") || len(users) != 6 ||
		!users[5].Assigned {
		t.Errorf("%v, %s", cov, standing(users))
	}
}
