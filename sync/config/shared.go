package config

import (
	"net/url"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Sharing lists the other connections of the file with the same target as the one of that name, sorted. Two connections
// on one target each take what the other provisions for drift.
func (f *File) Sharing(name string) []string {
	own := sameTarget(f.Connections[name].Target.URL)
	var others []string
	for _, other := range f.Names() {
		if other != name && sameTarget(f.Connections[other].Target.URL) == own {
			others = append(others, other)
		}
	}
	return others
}

// sameTarget is the form in which addresses are compared: hosts have no case, and a slash at the end makes no
// difference.
func sameTarget(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.ToLower(u.Host) + strings.TrimRight(u.Path, "/")
}

// Fingerprint tells a connection apart by its addresses and its app, whatever it is called. app is the id of the app,
// where a pattern chooses it the one that it chose.
func (c *Connection) Fingerprint(app string) string {
	return model.Fingerprint("connection", sameTarget(c.OneLogin.URL), app, sameTarget(c.Target.URL))
}
