package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

type collection uint8

const (
	ofUsers collection = iota
	ofGroups
)

func collectionOf(of model.SubjectType) collection {
	if of == model.SubjectGroup {
		return ofGroups
	}
	return ofUsers
}

func allCollections() [2]collection { return [...]collection{ofUsers, ofGroups} }

func (of collection) String() string { return [...]string{"users", "groups"}[of] }

func (of collection) singular() string { return [...]string{"user", "group"}[of] }

// schema is RFC 7643's id of the core schema, by which a resource type is known.
func (of collection) schema() string { return [...]string{userSchema, groupSchema}[of] }

// standardPath is the endpoint of RFC 7644 section 3.2.
func (of collection) standardPath() string { return [...]string{"/Users", "/Groups"}[of] }

// typeName is what RFC 7643 section 6 calls the resource type of the core schema.
func (of collection) typeName() string { return [...]string{"User", "Group"}[of] }

type endpoints struct {
	paths [2]string
	// noGroups: the target announces users and no groups. unannounced: it announces nothing, so that an answer may
	// tell.
	noGroups, unannounced bool
	// ignored says which announcements are not followed, and why; empty if all are.
	ignored []string
}

func standardEndpoints() *endpoints {
	return &endpoints{paths: [2]string{ofUsers.standardPath(), ofGroups.standardPath()}}
}

func (e *endpoints) unfollowedText() string {
	var said []string
	for _, of := range allCollections() {
		if e.paths[of] != of.standardPath() {
			said = append(said, of.String()+" at "+e.paths[of])
		}
	}
	return strings.Join(said, " and ")
}

// collectionPath gives the endpoint of a collection, which a target may announce (RFC 7643 section 6). It is asked for
// until the target has answered: taking the usual endpoint for another could compare other people.
func (c *Client) collectionPath(ctx context.Context, of collection) (string, error) {
	found, err := c.discovered.endpoints(ctx, c)
	if err != nil {
		return "", err
	}
	return found.paths[of], nil
}

func (d *discovery) endpoints(ctx context.Context, c *Client) (*endpoints, error) {
	return d.locations.get(ctx, func() (*endpoints, error) {
		types, err := c.resourceTypes(ctx)
		status := transport.StatusOf(err)
		switch {
		case err == nil:
			found := announcedEndpoints(types)
			found.noGroups = usersOnly(types)
			return found, nil
		case errors.Is(err, errNotAList), isRefusedRequest(err),
			status > 0 && status < http.StatusInternalServerError && !isInconclusive(status):
			// A target without such a document, or that shows it to nobody, has the usual endpoints.
			found := standardEndpoints()
			found.unannounced = true
			return found, nil
		case status == http.StatusUnauthorized:
			return nil, err // whatever else is asked gets the same answer
		}
		return nil, &shortfall{
			reason: "where the target keeps users and groups could not be read from its /ResourceTypes: " +
				c.reason(err),
		}
	})
}

// isInconclusive reports whether a status says nothing about what was asked: another token or another moment gets
// another answer. Proxies end a request with 408 (RFC 9110 section 15.5.9).
func isInconclusive(status int) bool {
	return slices.Contains([]int{
		http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
	}, status)
}

// resourceType is an entry of /ResourceTypes (RFC 7643 section 6).
type resourceType struct {
	Name     text `json:"name"`
	Endpoint text `json:"endpoint"`
	Schema   text `json:"schema"`
}

func (c *Client) resourceTypes(ctx context.Context) (types []resourceType, err error) {
	p, err := c.readPageAt(ctx, "/ResourceTypes", "", 0)
	if err != nil {
		return nil, err
	}
	if p.total.value > len(p.rows) {
		return nil, &shortfall{reason: "it shows a part of them only"}
	}
	for _, raw := range p.rows {
		var one resourceType
		if isObject(raw) && transport.Decode(raw, &one) == nil {
			types = append(types, one)
		}
	}
	return types, nil
}

// announcedEndpoints finds the endpoints of the core schemas; resource types of others are none of ours, whatever their
// names.
func announcedEndpoints(types []resourceType) *endpoints {
	found := standardEndpoints()
	for _, of := range allCollections() {
		entry, ok := coreEntry(of, types)
		if !ok || entry.Endpoint == "" {
			continue
		}
		if at, below := announcedPath(of, string(entry.Endpoint)); below {
			found.paths[of] = at
		} else {
			found.ignored = append(found.ignored,
				fmt.Sprintf("%s at %s, which is not below the base URL", of, model.Visible(string(entry.Endpoint))))
		}
	}
	users, groups := found.paths[ofUsers]+"/", found.paths[ofGroups]+"/"
	if strings.HasPrefix(users, groups) || strings.HasPrefix(groups, users) {
		// One id more or less would make a request for a record one for a whole collection.
		found.paths = standardEndpoints().paths
		found.ignored = append(found.ignored,
			fmt.Sprintf("users at %s and groups at %s, of which one holds the other", users, groups))
	}
	return found
}

// coreEntry picks the entry of a core schema. Of several, such as people and service accounts, it is the standard's.
func coreEntry(of collection, types []resourceType) (resourceType, bool) {
	var match []resourceType
	for _, one := range types {
		if strings.EqualFold(string(one.Schema), of.schema()) {
			match = append(match, one)
		}
	}
	at := slices.IndexFunc(match, func(one resourceType) bool {
		return string(one.Name) == of.typeName() || len(match) == 1
	})
	if at < 0 {
		return resourceType{}, false
	}
	return match[at], true
}

// plainSegment is what a segment of an endpoint may hold: nothing that means something else to a proxy.
var plainSegment = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$`)

// announcedPath turns an announced endpoint, which RFC 7643 section 6 has relative to the base URL, into a path. One
// that ends in the standard's name is the standard's endpoint, whatever stands before it: a server behind a proxy names
// its inner address, and OneLogin, which pushes to this very base URL, knows no other.
func announcedPath(of collection, endpoint string) (at string, below bool) {
	endpoint = strings.TrimSpace(endpoint)
	if strings.EqualFold("/"+path.Base(endpoint), of.standardPath()) {
		return of.standardPath(), true
	}
	parts := strings.FieldsFunc(endpoint, func(r rune) bool { return r == '/' })
	odd := func(s string) bool { return !plainSegment.MatchString(s) }
	if len(parts) == 0 || strings.HasPrefix(endpoint, "//") || slices.ContainsFunc(parts, odd) {
		return "", false
	}
	return "/" + strings.Join(parts, "/"), true
}

// usersOnly reports whether resource types name users and nothing that may be groups.
func usersOnly(types []resourceType) bool {
	_, users := coreEntry(ofUsers, types)
	return users && !slices.ContainsFunc(types, func(one resourceType) bool {
		return strings.EqualFold(string(one.Schema), ofGroups.schema()) ||
			strings.EqualFold(string(one.Name), ofGroups.typeName()) ||
			strings.EqualFold("/"+path.Base(string(one.Endpoint)), ofGroups.standardPath())
	})
}

// withoutGroups reports whether this target has no groups: the configuration says so, it announces users only, or it
// announces nothing and answered a list of groups with a 404 in SCIM's words, as pranems/SCIMServer 0.55 does with its
// preset for users.
func (c *Client) withoutGroups(ctx context.Context, err error) bool {
	if c.noGroups {
		return true
	}
	places, lost := c.discovered.endpoints(ctx, c)
	if lost != nil || !c.dialect.hasDiscovery {
		return false
	}
	status := notFoundStatus(err)
	return places.noGroups || places.unannounced && status != nil && isSCIMError(status.Body)
}
