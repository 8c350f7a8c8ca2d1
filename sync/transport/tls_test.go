package transport

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"
)

// secured serves over TLS with the test's own authority, which no system knows.
func secured(t *testing.T, bend func(*tls.Config)) (address string, authority *x509.CertPool) {
	t.Helper()
	srv := httptest.NewUnstartedServer(answer(200, "{}"))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // failed handshakes are what is tested
	srv.TLS = &tls.Config{}
	bend(srv.TLS)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	authority = x509.NewCertPool()
	authority.AddCert(srv.Certificate())
	return srv.URL, authority
}

func TestCertificateAuthorities(t *testing.T) {
	address, authority := secured(t, func(*tls.Config) {})
	c, _ := client(t, Options{BaseURL: address, RootCAs: authority})
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
		t.Errorf("with its authority: %v", err)
	}
	for name, o := range map[string]Options{
		"the system's": {BaseURL: address}, "another": {BaseURL: address, RootCAs: x509.NewCertPool()},
	} {
		c, _ := client(t, o)
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err == nil || c.Requests() != 1 ||
			!strings.Contains(err.Error(), "name it in target.ca_file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	for version, works := range map[uint16]bool{
		tls.VersionTLS11: false, tls.VersionTLS12: true,
		tls.VersionTLS13: true,
	} {
		address, authority := secured(t, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, version })
		c, _ := client(t, Options{BaseURL: address, RootCAs: authority})
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
		if works != (err == nil) {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
}

// Some servers take addresses for ids, and a failure quotes the path. Neither may bring a person into the log.
func TestLinesNameNobody(t *testing.T) {
	line := Event{
		Kind: EventAnswer, Method: "GET", Host: "h.example:8443", Path: "/scim/v2/Users/ana%40corp.example",
		Query: "filter=userName+eq+%22bo%40corp.example%22&count=5",
		Err:   `no answer to GET /Users/cy@corp.example: "dee@corp.example"`,
	}.Line()
	for _, name := range []string{"ana", "bo", "cy", "dee", "corp.example"} {
		if strings.Contains(line, name) {
			t.Errorf("%s is in %s", name, line)
		}
	}
	for _, kept := range []string{"h.example:8443/scim/v2/Users/***", "count=5", "no answer to GET /Users/***"} {
		if !strings.Contains(line, kept) {
			t.Errorf("%s is not in %s", kept, line)
		}
	}
}
