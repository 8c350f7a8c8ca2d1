package config

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// beside makes a path that the file names one that holds in whatever folder the program is started.
func (f *File) beside(path string) string {
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
	key := cmp.Or(t.caAt, "ca_file")
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
