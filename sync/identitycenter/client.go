// Package identitycenter is the AWS lens: it reads through AWS's own APIs what the SCIM endpoint of IAM Identity Center
// does not show. Identity Store lists users, groups and members in full, whatever generation the endpoint is of; SSO
// Admin knows the account assignments that hang on a group, and makes and removes them. What the credentials may not do
// is an error that names the IAM action, and switches off no more than what needs it.
package identitycenter

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// documentedRate is how many requests a second SSO Admin allows over all its operations, and Identity Store for each
// (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html).
const documentedRate = 20.0

// Unlimited is the RateShare from which on no limit is kept.
const Unlimited = transport.Unlimited

// Options describe the lens.
type Options struct {
	// Region is where the instance lives. Profile chooses the credentials; empty is AWS's own default chain.
	Region, Profile string
	// IdentityStoreID and InstanceARN may be empty: then the account is asked for its one instance.
	IdentityStoreID, InstanceARN string
	// Endpoint takes the place of all three services; empty means AWS's own.
	Endpoint string
	// Credentials take the place of the default chain.
	Credentials aws.CredentialsProvider
	// RateShare is the share of AWS's 20 requests a second that is used: 0 means 0.5, and Unlimited or more no limit.
	RateShare float64
	// HTTP carries what the lens has no opinion on: certificate authorities, observers, recorder, retries, time-outs.
	HTTP transport.Options
	// Sleep waits between two looks at a change that AWS makes by and by, or ends early with ctx; nil is a real timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Client reads one identity store and its instance. It is safe for many goroutines.
type Client struct {
	opts        Options
	httpClients []*httpClient
	// connect makes the services when they are first wanted: finding credentials may take time and reach other hosts.
	connect func(ctx context.Context) error
	proof   func(ctx context.Context) error
	store   *identitystore.Client
	admin   *ssoadmin.Client
	orgs    *organizations.Client

	mu sync.Mutex
	// storeID and instance are what the options say, or what the account was found to have.
	storeID, instance string
	// issuer is under which external ids of SCIM stand in this store, learnt from its records.
	issuer string
	// statusMissing: some user of the last list had no status.
	statusMissing atomic.Bool
	names         nameCache
	// lastAssignments are the account assignments of principals that are there, as the lists by account last had them.
	lastAssignments map[model.Principal][]model.Assignment
}

// New makes a client. It sends nothing and looks for no credentials yet.
func New(o Options) *Client {
	if o.Sleep == nil {
		o.Sleep = transport.Sleep
	}
	c := &Client{opts: o, storeID: o.IdentityStoreID, instance: o.InstanceARN}
	// The services' addresses follow from the region, so that a wrong one is a refusal and no panic. They share no
	// limit: each service has its own.
	store, admin, orgs := c.newHTTPClient(), c.newHTTPClient(), c.newHTTPClient()
	if o.Endpoint != "" {
		admin, orgs = store, store
	}
	var once sync.Once
	var failed error
	c.connect = func(ctx context.Context) error {
		// who gives up must not spoil it for the next
		once.Do(func() { failed = c.connectServices(context.WithoutCancel(ctx), store, admin, orgs) })
		if failed == nil && c.proof != nil && ctx.Value(provingKey{}) == nil {
			return c.proof(ctx)
		}
		return failed
	}
	return c
}

func (c *Client) connectServices(ctx context.Context, store, admin, orgs *httpClient) error {
	loaded, err := c.awsConfig(ctx)
	if err != nil {
		return err
	}
	var endpoint *string
	if c.opts.Endpoint != "" {
		endpoint = aws.String(strings.TrimRight(c.opts.Endpoint, "/"))
	}
	c.store = identitystore.NewFromConfig(loaded, func(o *identitystore.Options) {
		o.HTTPClient, o.BaseEndpoint, o.Retryer = store, endpoint, aws.NopRetryer{}
	})
	c.admin = ssoadmin.NewFromConfig(loaded, func(o *ssoadmin.Options) {
		o.HTTPClient, o.BaseEndpoint, o.Retryer = admin, endpoint, aws.NopRetryer{}
	})
	c.orgs = organizations.NewFromConfig(loaded, func(o *organizations.Options) {
		o.HTTPClient, o.BaseEndpoint, o.Retryer = orgs, endpoint, aws.NopRetryer{}
	})
	return nil
}

// awsConfig has the settings of the SDK. Credentials that were given are all there is: then nothing of this machine is
// looked at, neither files nor environment nor instance metadata.
func (c *Client) awsConfig(ctx context.Context) (aws.Config, error) {
	if c.opts.Credentials != nil {
		return aws.Config{Region: c.opts.Region, Credentials: c.opts.Credentials}, nil
	}
	// The SDK's own HTTP client fetches credentials (single sign-on, roles, instance metadata); ours is for the
	// services.
	load := []func(*config.LoadOptions) error{config.WithRegion(c.opts.Region)}
	if c.opts.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(c.opts.Profile))
	}
	loaded, err := config.LoadDefaultConfig(ctx, load...) // reads files only
	if err != nil {
		return aws.Config{}, fmt.Errorf("the AWS configuration cannot be used: %w; check aws.profile and ~/.aws/config",
			err)
	}
	return loaded, nil
}

// Close drops idle connections.
func (c *Client) Close() {
	for _, d := range c.httpClients {
		d.close()
	}
}

// Requests is how many requests were sent so far, retries included.
func (c *Client) Requests() (n int) {
	for _, d := range c.httpClients {
		n += d.requests()
	}
	return n
}

func (c *Client) resolveStoreID(ctx context.Context) (*string, error) {
	return c.resolveID(ctx, &c.storeID)
}

func (c *Client) resolveInstance(ctx context.Context) (*string, error) {
	return c.resolveID(ctx, &c.instance)
}

// resolveID gives one of the two ids; the account is asked for both where the options leave it out.
func (c *Client) resolveID(ctx context.Context, of *string) (*string, error) {
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	c.mu.Lock()
	id, store, instance := *of, c.storeID, c.instance
	c.mu.Unlock()
	if id != "" {
		return &id, nil
	}
	out, err := c.admin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return nil, c.explain(err)
	}
	var fits [][2]string
	for i := range out.Instances {
		one := [2]string{aws.ToString(out.Instances[i].IdentityStoreId), aws.ToString(out.Instances[i].InstanceArn)}
		if (store == "" || store == one[0]) && (instance == "" || instance == one[1]) {
			fits = append(fits, one)
		}
	}
	if len(fits) != 1 {
		return nil, fmt.Errorf("this account shows %d instances of IAM Identity Center in %s that fit; "+
			"set aws.identity_store_id and aws.instance_arn", len(fits), c.opts.Region)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.storeID, c.instance = fits[0][0], fits[0][1]
	return aws.String(*of), nil
}

// Unreadable gives the fields that the last list did not carry: older stores have no status of users.
func (c *Client) Unreadable() model.FieldSet {
	if c.statusMissing.Load() {
		return model.FieldSetOf(model.FieldActive)
	}
	return 0
}
