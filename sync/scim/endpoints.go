package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// collection is one of the two that are read and written.
type collection uint8

const (
	ofUsers collection = iota
	ofGroups
)

// both are the collections in their order.
func both() [2]collection { return [...]collection{ofUsers, ofGroups} }

func (of collection) String() string { return [...]string{"users", "groups"}[of] }

// one is a record of the collection in words.
func (of collection) one() string { return [...]string{"user", "group"}[of] }

// schema is RFC 7643's id of the core schema, by which a resource type is known.
func (of collection) schema() string { return [...]string{userSchema, groupSchema}[of] }

// usual is the endpoint of RFC 7644 section 3.2.
func (of collection) usual() string { return [...]string{"/Users", "/Groups"}[of] }

// typeName is what RFC 7643 section 6 calls the resource type of the core schema.
func (of collection) typeName() string { return [...]string{"User", "Group"}[of] }

// endpoints are the paths of both collections below the base URL.
type endpoints struct {
	paths [2]string
	// noGroups: the target announces users and no groups. unsaid: it announces nothing, so that an answer may show that
	// it has none.
	noGroups, unsaid bool
	// ignored says which announcements are not followed, and why; empty if all are.
	ignored []string
}

func usualEndpoints() *endpoints {
	return &endpoints{paths: [2]string{ofUsers.usual(), ofGroups.usual()}}
}

// elsewhere says which collections have another endpoint than the usual one.
func (e *endpoints) elsewhere() string {
	var said []string
	for _, of := range both() {
		if e.paths[of] != of.usual() {
			said = append(said, of.String()+" at "+e.paths[of])
		}
	}
	return strings.Join(said, " and ")
}

// path gives the endpoint of a collection, which a target may announce (RFC 7643 section 6). It is asked for until the target has
// answered: taking the usual endpoint for another could compare other people.
func (c *Client) path(ctx context.Context, of collection) (string, error) {
	found, err := c.features.endpoints(ctx, c)
	if err != nil {
		return "", err
	}
	return found.paths[of], nil
}

func (d *discovery) endpoints(ctx context.Context, c *Client) (*endpoints, error) {
	if found := d.places.Load(); found != nil {
		return found, nil
	}
	before := d.lost.Load()
	if err := d.wait(ctx); err != nil {
		return nil, err
	}
	defer d.release()
	if found := d.places.Load(); found != nil {
		return found, nil
	}
	if lost := d.lost.Load(); lost != before {
		return nil, lost
	}
	types, err := c.resourceTypes(ctx)
	var status *transport.StatusError
	var found *endpoints
	if err == nil {
		found = announced(c.base, types)
		err = c.tryEndpoints(ctx, found)
	}
	switch {
	case err == nil:
		found.noGroups = usersOnly(types)
		d.places.Store(found)
	case errors.Is(err, errNotAList), refused(err), errors.As(err, &status) && status.Status < http.StatusInternalServerError && !passing(status.Status):
		// A target without such a document, or that shows it to nobody, has the usual endpoints.
		found = usualEndpoints()
		found.unsaid = true
		d.places.Store(found)
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, &status) && status.Status == http.StatusUnauthorized:
		return nil, err // whatever else is asked gets the same answer
	default:
		d.lost.Store(&shortfall{reason: "where the target keeps users and groups could not be read from its /ResourceTypes: " + c.reason(err)})
		return nil, d.lost.Load()
	}
	return d.places.Load(), nil
}

// passing reports whether a status says nothing about what was asked: another token or another moment gets another answer.
func passing(status int) bool {
	return slices.Contains([]int{http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}, status)
}

// tryEndpoints asks once for a collection of the usual name that is announced below other segments: RFC 7643 has that relative to
// the base URL, but a server that does not know under which path a proxy shows it means its own root. There is nothing there then.
func (c *Client) tryEndpoints(ctx context.Context, found *endpoints) error {
	for _, of := range both() {
		if found.paths[of] == of.usual() || !strings.HasSuffix(found.paths[of], of.usual()) {
			continue
		}
		_, err := c.pageAt(ctx, found.paths[of], "count=1", 0)
		var status *transport.StatusError
		switch {
		case errors.Is(err, errNotAList), errors.As(err, &status) && status.Status == http.StatusNotFound:
			found.paths[of] = of.usual()
		case err != nil && !refused(err):
			return err
		}
	}
	return nil
}

// resourceType is an entry of /ResourceTypes.
type resourceType struct {
	ID       text `json:"id"`
	Name     text `json:"name"`
	Endpoint text `json:"endpoint"`
	Schema   text `json:"schema"`
}

// resourceTypes reads the document whole. Some servers send the bare array.
func (c *Client) resourceTypes(ctx context.Context) ([]resourceType, error) {
	const document = "/ResourceTypes"
	raw, err := c.get(ctx, document)
	if err != nil {
		return nil, err
	}
	rows := newRoll("resource types", func(raw json.RawMessage) (string, resourceType, error) {
		var one resourceType
		if !isObject(raw) {
			return "", one, errNotAList
		}
		return string(raw), one, transport.Decode(raw, &one)
	})
	first, err := decodePage(raw, 0, transport.Decode)
	if err != nil && (isObject(raw) || transport.Decode(raw, &first.rows) != nil) {
		return nil, errNotAList
	}
	if first.total.value <= len(first.rows) {
		rows.add(first)
		return rows.rows, nil
	}
	err = walkIndex(ctx, first, pager{add: rows.add, from: func(ctx context.Context, start int) (page, error) {
		return c.pageAt(ctx, document, "startIndex="+strconv.Itoa(start), start-1)
	}})
	return rows.rows, err
}

// announced finds the endpoints of the core schemas. Resource types of other schemas are none of ours, whatever they are called.
func announced(base *url.URL, types []resourceType) *endpoints {
	found := usualEndpoints()
	for _, of := range both() {
		entry, ok := entryOf(of, types)
		if !ok {
			continue
		}
		at, why := follow(base, string(entry.Endpoint))
		usual := strings.EqualFold("/"+path.Base(string(entry.Endpoint)), of.usual())
		switch {
		case why == "":
			found.paths[of] = at
		case entry.Endpoint != "" && !usual: // a server behind a proxy may tell its inner address
			found.ignored = append(found.ignored, fmt.Sprintf("%s at %s, which %s", of, model.Visible(string(entry.Endpoint)), why))
		}
	}
	users, groups := found.paths[ofUsers]+"/", found.paths[ofGroups]+"/"
	if strings.HasPrefix(users, groups) || strings.HasPrefix(groups, users) {
		// One id more or less would make a request for a record one for a whole collection.
		found.paths = usualEndpoints().paths
		found.ignored = append(found.ignored, fmt.Sprintf("users at %s and groups at %s, of which one holds the other", users, groups))
	}
	return found
}

// entryOf picks the entry of a core schema. Of several, such as people and their service accounts, it is the one that has the
// standard's name or endpoint.
func entryOf(of collection, types []resourceType) (resourceType, bool) {
	var match []resourceType
	for _, one := range types {
		if strings.EqualFold(string(one.Schema), of.schema()) {
			match = append(match, one)
		}
	}
	for _, is := range []func(resourceType) bool{
		func(one resourceType) bool { return string(one.Name) == of.typeName() },
		func(one resourceType) bool { return string(one.ID) == of.typeName() },
		func(one resourceType) bool {
			return strings.EqualFold("/"+strings.Trim(string(one.Endpoint), "/"), of.usual())
		},
		func(resourceType) bool { return len(match) == 1 },
	} {
		if at := slices.IndexFunc(match, is); at >= 0 {
			return match[at], true
		}
	}
	return resourceType{}, false
}

// plainSegment is what a segment of an endpoint may hold: all that was ever seen there, and nothing that means something else to a proxy.
var plainSegment = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$`)

// follow turns an announced endpoint into a path below the base URL, or says why not. RFC 7643 section 6 has it relative to the
// base URL; servers also announce it from their root, from where they stand behind a proxy, or as an address. So what it
// repeats of the end of the base URL's path counts once. Credentials go to the configured host only.
func follow(base *url.URL, endpoint string) (path, why string) {
	u, err := url.Parse(strings.TrimSpace(endpoint))
	if err != nil || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.RawPath != "" {
		return "", "is no endpoint"
	}
	if u.Host != "" && !sameHost(u, base) {
		return "", "is on another host"
	}
	above, below := segments(base.Path), segments(u.Path)
	if len(below) == 0 || slices.ContainsFunc(below, func(s string) bool { return !plainSegment.MatchString(s) }) {
		return "", "is no endpoint"
	}
	overlap := min(len(above), len(below)-1)
	for overlap > 0 && !slices.Equal(above[len(above)-overlap:], below[:overlap]) {
		overlap--
	}
	if u.Host != "" && overlap < len(above) {
		return "", "is not below the base URL"
	}
	return "/" + strings.Join(below[overlap:], "/"), ""
}

func segments(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// sameHost leaves the scheme aside: a server behind a proxy that speaks TLS for it announces http.
func sameHost(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "80" && p != "443" {
			return p
		}
		return ""
	}
	return strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}
