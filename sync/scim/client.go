// Package scim reads a SCIM 2.0 target into the model. It knows two dialects: aws, the endpoint of AWS IAM Identity
// Center with its cursors, membership filters and empty member lists, and generic, for what other servers make of RFC
// 7643, 7644 and 9865. What a read cannot prove it marks as partial or unknown: a list that is believed too easily
// makes people look deleted. It also words repairs as requests (Encode) and sends them, each once (Write).
package scim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// The ways to change a record (Options.Write).
const (
	WritePatch = "patch"
	WritePut   = "put"
)

// documentedReads is how many a second AWS allows for each API of an identity store
// (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html).
const documentedReads = 40.0

// Unlimited is the RateShare from which on no limit is kept.
const Unlimited = transport.Unlimited

// accept is what every request takes for an answer. RFC 7644 section 3.1 has a server know the first and only advises
// the second, and some answer 406 to whoever asks for that alone
// (github.com/Captain-P-Goldfish/scim-for-keycloak/issues/23).
const accept = "application/scim+json, application/json;q=0.9"

const inFlight = 8

// progress is what a reader of the target is told; nil tells nobody.
type progress func(done, expected int)

func (p progress) report(done, expected int) {
	if p != nil {
		p(done, expected)
	}
}

// Options describe a target.
type Options struct {
	// URL is the SCIM base URL; a trailing slash makes no difference. Token is the bearer token.
	URL, Token string
	// Dialect is AWS or Generic; empty means AWS.
	Dialect string
	// Write is how records are changed: WritePatch or WritePut; any other is what the target says of itself.
	Write string
	// NoGroups says that the target has no groups, so that nobody is in any.
	NoGroups bool
	// RateShare is the share of AWS's 40 reads a second that is used: Unlimited or more is no limit, and 0 means 0.5
	// for AWS and no limit for a target that documents none.
	RateShare float64
	// HTTP carries what the adapter has no opinion on: certificate authorities, observers, recorder, retries and
	// time-outs. The address, the credential, the rate and the concurrency are set here whatever it says.
	HTTP transport.Options
}

// Client reads one target. It is safe for many goroutines, but two loads at the same time should have a client each:
// what the lists showed beside their rows is kept until the next list.
type Client struct {
	http    *transport.Client
	dialect dialect
	write   string
	// noGroups: it was configured so.
	noGroups bool
	// cursor and discovered are found out once; observed is what the last lists showed beside their rows.
	cursor     probe
	discovered *discovery
	observed   *observations
	// controlMu is held while a control is asked; the others wait, or each would ask the same.
	controlMu transport.ContextMutex
	// references are what is known of member references; referencesMu is held by whoever asks for them.
	references   references
	referencesMu transport.ContextMutex
}

// New makes a client. It sends nothing. The error says which option is wrong.
func New(o Options) (*Client, error) {
	how, known := dialects()[cmp.Or(o.Dialect, AWS)]
	if !known {
		return nil, fmt.Errorf("unknown dialect %q; use %q or %q", o.Dialect, AWS, Generic)
	}
	if how.membersInGroups && isAWSHost(o.URL) {
		// Read by the letter of the standard, AWS's empty lists of members say that everybody has lost everything.
		return nil, fmt.Errorf("the URL is an AWS endpoint, which the dialect %q would misread; use %q", Generic, AWS)
	}
	if strings.TrimSpace(o.Token) == "" {
		return nil, errors.New("the target has no token; configure one (it is shown once, when it is made)")
	}
	if strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the token holds white space or characters that no token has; copy it again")
	}
	h := o.HTTP
	h.BaseURL = o.URL
	h.Concurrency = inFlight
	h.Accept = accept
	h.Secrets = append([]string{o.Token}, h.Secrets...)
	h.Authorize = func(context.Context, string, string) (string, error) { return "Bearer " + o.Token, nil }
	h.Rate, h.Burst = transport.ShareOf(documentedReads, cmp.Or(o.RateShare, how.rateShare))
	client, err := transport.New(h)
	if err != nil {
		return nil, err
	}
	return &Client{
		http: client, dialect: how, write: o.Write, noGroups: o.NoGroups, discovered: newDiscovery(how.hasDiscovery),
		observed: newObservations(),
	}, nil
}

// isAWSHost knows scim.<region>.amazonaws.com and its variants for other partitions and for dual stack
// (github.com/awslabs/ssosync, template.yaml, parameter SCIMEndpointUrl).
func isAWSHost(raw string) bool {
	host := transport.Hostname(raw)
	ends := func(with string) bool { return strings.HasSuffix(host, with) }
	return strings.HasPrefix(host, "scim.") && (ends(".amazonaws.com") || ends(".amazonaws.com.cn") || ends(".api.aws"))
}

// Close drops idle connections.
func (c *Client) Close() { c.http.Close() }

// Requests is how many requests were sent so far, retries included.
func (c *Client) Requests() int { return c.http.Requests() }

// Budget is what the target said last about its rate limit. AWS says nothing.
func (c *Client) Budget() model.Budget { return c.http.Budget() }

// Unreadable gives the fields that no user of the last list carried and that the target's schema does not offer. They
// never count as drift. It is empty for AWS and before Users was called.
func (c *Client) Unreadable() model.FieldSet { return c.observed.snapshot().users.unreadable }

// Notes are remarks on the last read that change no coverage, such as members that are groups themselves.
func (c *Client) Notes() []string { return c.observed.remarkTexts() }

func (c *Client) getJSON(ctx context.Context, path string) (raw json.RawMessage, err error) {
	_, err = c.http.GetJSON(ctx, path, "", &raw)
	return raw, err
}

func (c *Client) readPage(ctx context.Context, of collection, query string) (page, error) {
	path, err := c.collectionPath(ctx, of)
	if err != nil {
		return page{}, err
	}
	return c.readPageAt(ctx, path, query, 0)
}

// readPageFrom reads the page of a collection that begins at startIndex, which counts from 1.
func (c *Client) readPageFrom(ctx context.Context, of collection, start int, filter string) (page, error) {
	path, err := c.collectionPath(ctx, of)
	if err != nil {
		return page{}, err
	}
	return c.readPageAt(ctx, path, joinQuery("startIndex="+strconv.Itoa(start), c.countParam(), filter), start-1)
}

// readPageAt reads one page of the list at a path, which begins after so many rows.
func (c *Client) readPageAt(ctx context.Context, path, query string, before int) (page, error) {
	var p page
	resp, decoded, err := c.http.GetRows(ctx, path, query, func(body []byte) (err error) {
		p, err = decodePage(body, before, transport.Decode)
		return err
	})
	if err != nil || decoded {
		return p, err
	}
	if p, err = decodePage(resp.Body, before, transport.DecodeLossy); err != nil {
		return page{}, err
	}
	if err := p.markLossy(resp.Body); err != nil {
		return page{}, c.http.NotRead(path, resp, err)
	}
	return p, nil
}
