package config

import (
	"strings"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// AWS is [connections.NAME.aws]: how the lens reaches AWS's own APIs. The zero value is no lens.
type AWS struct {
	Region          string `toml:"region,omitempty"` // empty: no lens
	Profile         string `toml:"profile,omitempty"`
	IdentityStoreID string `toml:"identity_store_id,omitempty"`
	InstanceARN     string `toml:"instance_arn,omitempty"`
	Endpoint        string `toml:"endpoint,omitempty"`
}

// Configured reports whether there is a lens.
func (a AWS) Configured() bool { return a.Region != "" }

// Simulated reports whether the lens asks a simulator of this machine, without a profile to do so by: then no
// credentials of anybody's are wanted, and none are looked for.
func (a AWS) Simulated() bool {
	return a.Endpoint != "" && a.Profile == "" && transport.Loopback(a.Endpoint)
}

// lens checks [connections.NAME.aws]. A section without a region takes the one that the target's address names.
func (b *builder) lens(a AWS, target Target) AWS {
	if a == (AWS{}) {
		return a
	}
	if a.Region == "" {
		a.Region = RegionOf(target.URL)
	}
	b.check(target.Dialect != "generic", "aws.region",
		`is for targets with dialect = "aws"; remove [aws] or change the dialect`)
	b.check(a.Region != "", "aws.region", "is missing; set it to the region of IAM Identity Center, such as us-east-1")
	if a.Endpoint != "" {
		b.address("aws.endpoint", a.Endpoint)
	}
	return a
}

// RegionOf is the region that the host of a SCIM endpoint names; empty where it names none.
func RegionOf(raw string) string {
	if labels := strings.Split(transport.Hostname(raw), "."); labels[0] == "scim" && len(labels) > 3 {
		return labels[1]
	}
	return ""
}
