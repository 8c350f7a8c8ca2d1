package scim

import (
	"net/http"
	"net/url"
	"strings"
)

// operation is one of the service's actions, under its name in the documentation and in CloudTrail.
type operation struct {
	name  string
	write bool
	run   func(*call) (*answer, error)
}

// route finds the operation of a path /{tenant}/scim/v2/... and the id in it. It is nil where the path is none of the
// service's at all, as after the well-known lost slash: .../scim/v2Groups/ID.
func route(method, path string, k Knobs) (tenant string, op *operation, id string) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) < 4 || len(parts) > 5 || parts[0] == "" || parts[1] != "scim" || parts[2] != "v2" {
		return "", nil, ""
	}
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return "", nil, ""
		}
		parts[i] = plain
	}
	if len(parts) == 5 {
		if id = parts[4]; id == "" {
			return "", nil, ""
		}
		return parts[0], withID(method, parts[3], id, k), id
	}
	return parts[0], withoutID(method, parts[3], k), ""
}

func withoutID(method, resource string, k Knobs) *operation {
	switch resource {
	case "Users":
		return choose(method, k, map[string]*operation{
			http.MethodGet:  {"ListUsers", false, (*call).listUsers},
			http.MethodPost: {"CreateUser", true, (*call).createUser},
		})
	case "Groups":
		return choose(method, k, map[string]*operation{
			http.MethodGet:  {"ListGroups", false, (*call).listGroups},
			http.MethodPost: {"CreateGroup", true, (*call).createGroup},
		})
	case "ServiceProviderConfig":
		return choose(method, k, map[string]*operation{http.MethodGet: {"ServiceProviderConfig", false, (*call).serviceProviderConfig}})
	case "ResourceTypes":
		return choose(method, k, map[string]*operation{http.MethodGet: {"ListResourceTypes", false, (*call).listResourceTypes}})
	case "Schemas":
		return choose(method, k, map[string]*operation{http.MethodGet: {"ListSchemas", false, (*call).listSchemas}})
	case "Me", "Bulk", ".search", "Search":
		return unsupported(k.UnsupportedStatus)
	}
	return nil
}

func withID(method, resource, id string, k Knobs) *operation {
	switch resource {
	case "Users":
		if id == ".search" {
			return unsupported(k.UnsupportedStatus)
		}
		return choose(method, k, map[string]*operation{
			http.MethodGet:    {"GetUser", false, (*call).getUser},
			http.MethodPut:    {"PutUser", true, (*call).putUser},
			http.MethodPatch:  {"PatchUser", true, (*call).patchUser},
			http.MethodDelete: {"DeleteUser", true, (*call).deleteUser},
		})
	case "Groups":
		if id == ".search" {
			return unsupported(k.UnsupportedStatus)
		}
		return choose(method, k, map[string]*operation{
			http.MethodGet:    {"GetGroup", false, (*call).getGroup},
			http.MethodPut:    unsupported(k.PutGroupStatus),
			http.MethodPatch:  {"PatchGroup", true, (*call).patchGroup},
			http.MethodDelete: {"DeleteGroup", true, (*call).deleteGroup},
		})
	case "Schemas":
		return choose(method, k, map[string]*operation{http.MethodGet: {"GetSchema", false, (*call).getSchema}})
	}
	return nil
}

func choose(method string, k Knobs, offered map[string]*operation) *operation {
	if op := offered[method]; op != nil {
		return op
	}
	return unsupported(k.UnsupportedStatus)
}

// unsupported refuses what SCIM has and the service has not (developer guide "Limitations"); a status of 0 would accept
// what cannot be done and is read as 400.
func unsupported(status int) *operation {
	if status == 0 {
		status = http.StatusBadRequest
	}
	return &operation{"Unsupported", false, func(*call) (*answer, error) {
		return nil, refuse(status, "Operation unsupported")
	}}
}
