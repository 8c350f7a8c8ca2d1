package load_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// genericTarget serves the target of a world as RFC 7644 has it, for reading only. Its fields are the habits in which
// servers differ.
type genericTarget struct {
	world *world.World
	// page is the most rows an answer holds.
	page int
	// membersInList shows members in the list of groups too, groupsInUsers the groups of each user.
	membersInList, groupsInUsers bool
	// noFilter refuses filters, as ServiceProviderConfig then says.
	noFilter bool
}

type object = map[string]any

func (g *genericTarget) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	g.world.Lock()
	defer g.world.Unlock()
	_, path, _ := strings.Cut(r.URL.Path, "/scim/v2/")
	kind, id, single := strings.Cut(path, "/")
	var rows []object
	switch {
	case path == "ServiceProviderConfig":
		yes := func(b bool) object { return object{"supported": b} }
		sendSCIM(rw, 200, object{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"}, "patch": yes(true),
			"filter": object{"supported": !g.noFilter, "maxResults": g.page}, "bulk": yes(false), "sort": yes(false),
			"etag": yes(false),
		})
		return
	case kind == "Users":
		for _, id := range g.world.Target.UserOrder {
			rows = append(rows, g.user(g.world.Target.Users[id]))
		}
	case kind == "Groups":
		for _, id := range g.world.Target.GroupOrder {
			rows = append(rows, g.group(g.world.Target.Groups[id], single || g.membersInList))
		}
	default:
		sendSCIM(rw, 404, scimError("404"))
		return
	}
	if single {
		at := slices.IndexFunc(rows, func(row object) bool { return row["id"] == id })
		if at < 0 {
			sendSCIM(rw, 404, scimError("404"))
			return
		}
		sendSCIM(rw, 200, rows[at])
		return
	}
	g.list(rw, r, rows)
}

func (g *genericTarget) list(rw http.ResponseWriter, r *http.Request, rows []object) {
	q := r.URL.Query()
	if words := strings.SplitN(q.Get("filter"), " ", 3); len(words) == 3 {
		var want string
		if g.noFilter || json.Unmarshal([]byte(words[2]), &want) != nil || strings.Contains(words[0], ".") {
			sendSCIM(rw, 400, scimError("400"))
			return
		}
		rows = slices.DeleteFunc(rows, func(row object) bool {
			value, _ := row[words[0]].(string)
			return !strings.EqualFold(value, want)
		})
	}
	start, size := 1, g.page
	if n, err := strconv.Atoi(q.Get("startIndex")); err == nil {
		start = max(1, n)
	}
	if n, err := strconv.Atoi(q.Get("count")); err == nil {
		size = min(g.page, max(0, n))
	}
	from := min(start-1, len(rows))
	part := rows[from:min(from+size, len(rows))]
	sendSCIM(rw, 200, object{
		"schemas":      []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": len(rows), "startIndex": start, "itemsPerPage": len(part),
		"Resources": append([]object{}, part...),
	})
}

func (g *genericTarget) user(u *world.TargetUser) object {
	row := object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "id": u.ID, "userName": u.UserName,
		"displayName": u.DisplayName,
		"name":        object{"givenName": u.GivenName, "familyName": u.FamilyName}, "active": u.Active,
		"meta": object{"resourceType": "User"},
	}
	if u.Email != "" {
		row["emails"] = []object{{"value": u.Email, "type": u.EmailType, "primary": true}}
	}
	if u.ExternalID != "" {
		row["externalId"] = u.ExternalID
	}
	if g.groupsInUsers {
		groups := []object{}
		for _, id := range g.world.Target.GroupOrder {
			if one := g.world.Target.Groups[id]; one.Members[u.ID] {
				groups = append(groups, object{"value": id, "display": one.DisplayName})
			}
		}
		row["groups"] = groups
	}
	return row
}

func (g *genericTarget) group(of *world.TargetGroup, members bool) object {
	row := object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "id": of.ID, "displayName": of.DisplayName,
		"meta": object{"resourceType": "Group"},
	}
	if of.ExternalID != "" {
		row["externalId"] = of.ExternalID
	}
	if members {
		refs := []object{}
		for _, id := range g.world.Target.UserOrder {
			if of.Members[id] {
				refs = append(refs, object{"value": id, "type": "User"})
			}
		}
		row["members"] = refs
	}
	return row
}

func scimError(status string) object {
	return object{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": status,
		"detail": "refused",
	}
}

func sendSCIM(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/scim+json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(body) // a client that has gone does not mind
}
