package transport

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// escapes are the ways in which services write one character of what they repeat.
func escapes(c byte, way int) string {
	switch way {
	case 1:
		return fmt.Sprintf(`\u%04x`, c)
	case 2:
		return fmt.Sprintf(`\u%04X`, c)
	case 3:
		return fmt.Sprintf("%%%02X", c)
	case 4:
		return fmt.Sprintf("%%%02x", c)
	case 5:
		return fmt.Sprintf("&#%d;", c)
	case 6:
		return fmt.Sprintf("&#x%X;", c)
	case 7:
		return fmt.Sprintf(`\\u%04x`, c) // JSON in a string of JSON
	case 8:
		return fmt.Sprintf("%%25%02X", c)
	}
	return string(c)
}

// However a secret is written, nobody who undoes the writing finds a part of it, and what is no secret stays.
func TestSecretsAreMaskedHoweverTheyAreWritten(t *testing.T) {
	const secret = "s3cr3t/Qx7Lm+0123456789=abcdefXYZ"
	c, _ := client(t, Options{BaseURL: "https://h.example", Secrets: []string{secret}})
	rapid.Check(t, func(t *rapid.T) {
		way := rapid.IntRange(0, 8).Draw(t, "way")
		mixed := rapid.Bool().Draw(t, "mixed")
		cut := rapid.IntRange(minSecretPart, len(secret)).Draw(t, "cut")
		var written strings.Builder
		for i := range cut {
			w := way
			if mixed && rapid.Bool().Draw(t, "plain") {
				w = 0
			}
			written.WriteString(escapes(secret[i], w))
		}
		got := c.Redact(`refused token ` + written.String() + ` of nobody`)
		plain := got
		for range 3 {
			plain = html.UnescapeString(plain)
			if s, err := url.PathUnescape(plain); err == nil {
				plain = s
			}
			var s string
			if json.Unmarshal([]byte(`"`+plain+`"`), &s) == nil {
				plain = s
			}
		}
		for i := 0; i+4 <= cut; i++ {
			if strings.Contains(plain, secret[i:i+4]) {
				t.Fatalf("%q of %q is in %q", secret[i:i+4], written.String(), plain)
			}
		}
		if !strings.HasPrefix(got, "refused token ***") || !strings.HasSuffix(got, " of nobody") {
			t.Fatalf("%q lost what is no secret", got)
		}
	})
}

// What stands beside its name is hidden to its end, though it holds an escape that reads like one.
func TestSecretsAreMaskedToTheirEnd(t *testing.T) {
	c, _ := client(t, Options{BaseURL: "https://h.example"})
	for _, text := range []string{
		"client_secret=abc%26defghijk", "client_secret%3Dabc%2526defghijk&x=%41", `password: "abc%2Cdefghijk"`,
		"http://user:abc%40defghijk@host.example/%41",
	} {
		if got := c.Redact(text); strings.Contains(got, "defghijk") {
			t.Errorf("of %q stays %q", text, got)
		}
	}
}

// Every text of a service that gets into an error: the content type of a broken answer, the host of a redirect, a
// request id, a body.
func TestWhatErrorsQuoteIsMasked(t *testing.T) {
	const secret = "k3y-0123456789-abcdefghij"
	var escaped strings.Builder
	for i := range len(secret) {
		escaped.WriteString(escapes(secret[i], 1))
	}
	for what, handler := range map[string]http.HandlerFunc{
		"content type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; token="+url.QueryEscape(secret)+"; x="+secret)
			_, _ = w.Write([]byte("<html>"))
		},
		"charset": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset="+secret)
			_, _ = w.Write([]byte(`{"a":"é"}`))
		},
		"redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://"+secret+".example/x")
			w.WriteHeader(http.StatusFound)
		},
		"request id": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Request-Id", escaped.String())
			w.WriteHeader(http.StatusTeapot)
		},
		"body at the cut": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write([]byte(strings.Repeat(".", maxErrorBody-8) + secret))
		},
		"escaped body": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write([]byte(`{"detail":"no ` + escaped.String() + `"}`))
		},
	} {
		t.Run(what, func(t *testing.T) {
			rec := NewRecorder(9)
			c, _ := serve(t, handler, Options{Secrets: []string{secret}, Recorder: rec, Retries: -1})
			_, err := c.GetJSON(t.Context(), "/x", "", new(json.RawMessage))
			if err == nil {
				t.Fatal("no error")
			}
			all := fmt.Sprintf("%v %+v", err, rec.Exchanges())
			if status, ok := errors.AsType[*StatusError](err); ok {
				all += string(status.Body)
			}
			for _, leak := range []string{secret, secret[:8], url.QueryEscape(secret), escaped.String()[:24]} {
				if strings.Contains(all, leak) {
					t.Errorf("%q is in %s", leak, all[:min(len(all), 600)])
				}
			}
		})
	}
}
