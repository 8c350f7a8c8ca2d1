package config

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// checkLens checks [connections.NAME.aws]. A section without a region takes the one that the target's address names.
func (b *builder) checkLens(a AWS, target Target) AWS {
	if a == (AWS{}) {
		return a
	}
	if a.Region == "" {
		a.Region = RegionOf(target.URL)
	}
	b.check(target.Dialect != "generic", "aws.region",
		`is for targets with dialect = "aws"; remove [aws] or change the dialect`)
	b.check(a.Region != "", "aws.region", "is missing; set it to the region of IAM Identity Center, such as us-east-1")
	b.check(!strings.ContainsAny(a.IdentityStoreID, " /"), "aws.identity_store_id",
		"is none; copy it from IAM Identity Center > Settings (d-1234567890)")
	if a.Endpoint != "" {
		b.checkAddress("aws.endpoint", a.Endpoint)
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

// resolvePath makes a path that the file names one that holds in whatever folder the program is started.
func (f *File) resolvePath(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.path), path)
}

// Authorities reads the certificate authorities that target.ca_file names; nil means the system's. The error names file
// and line where the target comes from a file, and says what to do.
func (t *Target) Authorities() (*x509.CertPool, error) {
	if t.CAFile == "" {
		return nil, nil //nolint:nilnil // nil is the system's own pool, by crypto/tls's convention
	}
	key := cmp.Or(t.caPosition, "ca_file")
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w; write the path of a file of certificates (PEM), relative to "+
			"the folder of the configuration file", key, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New(key + " names " + t.CAFile + ", which holds no certificate; it must be PEM " +
			"(-----BEGIN CERTIFICATE-----)")
	}
	return pool, nil
}
