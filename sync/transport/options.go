package transport

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
)

// Options describe one service. Zero values mean the defaults given with each field.
type Options struct {
	// BaseURL is https, or http on loopback. A path prefix is kept; a trailing slash makes no difference.
	BaseURL   string
	UserAgent string

	// Authorize gives the value of the Authorization header for a path; nil sends none. stale is empty, or the value
	// that has just been answered with 401 there: then a fresh one is wanted. It is called from many goroutines and
	// must not use this Client, whose slots its callers hold.
	Authorize func(ctx context.Context, path, stale string) (header string, err error)
	// Offline, if it is set, is the error of every request: nothing is sent.
	Offline error
	// Accept is what reads ask for: application/json.
	Accept string
	// Secrets are masked wherever they would appear in an error, an event or a record. Values of fewer than four
	// bytes are ignored: masking them would only make other text unreadable.
	Secrets []string

	// Rate is the refill of a token bucket in requests a second and Burst its size (at least 1). Rate 0 sets no limit.
	Rate  float64
	Burst int
	// Concurrency is how many requests are in flight at once: 8.
	Concurrency int

	// AttemptTimeout bounds one try (30 s); TotalTimeout bounds a request with its retries and waits, from the moment
	// it has a free slot (2 min).
	AttemptTimeout, TotalTimeout time.Duration
	// Retries is how many more tries a GET gets after failures: 4. Negative means none. Backoff (500 ms) doubles up to
	// MaxBackoff (8 s). Waits that a rate limit asks for are followed by a try each, until MaxWait, TotalTimeout or the
	// patience of a part that nothing else is answered for ends them.
	Retries             int
	Backoff, MaxBackoff time.Duration
	// MaxWait is the longest wait that a server may ask for (60 s). Beyond it the request fails at once with a
	// *WaitError, so that an operator is not left before a screen that stands still.
	MaxWait time.Duration
	// MaxBody is the largest decompressed answer in bytes: 32 MiB.
	MaxBody int

	// Transient recognises a rate limit that does not come as a 429, such as OneLogin's 400 with "rate_limit_exceeded".
	Transient func(status int, body []byte) bool
	// AskedWait reads the wait that a refusal asks for in its body, for services that say it there and not in
	// Retry-After; 0 is none.
	AskedWait func(body []byte) time.Duration

	// Clock is the system's; tests bring their own.
	Clock Clock

	// Observe is told of answers and waits, from many goroutines. It must return quickly.
	Observe func(Event)
	// Recorder keeps the last exchanges. Several clients may share one.
	Recorder *Recorder

	// RootCAs replace the system's certificate authorities.
	RootCAs *x509.CertPool
}

func (o Options) withDefaults() Options {
	o.UserAgent = cmp.Or(o.UserAgent, "scimdrift")
	o.Accept = cmp.Or(o.Accept, "application/json")
	o.Concurrency = cmp.Or(o.Concurrency, 8)
	o.AttemptTimeout = cmp.Or(o.AttemptTimeout, 30*time.Second)
	o.TotalTimeout = cmp.Or(o.TotalTimeout, 2*time.Minute)
	o.Retries = max(cmp.Or(o.Retries, 4), 0)
	o.Backoff = cmp.Or(o.Backoff, 500*time.Millisecond)
	o.MaxBackoff = cmp.Or(o.MaxBackoff, 8*time.Second)
	o.MaxWait = cmp.Or(o.MaxWait, time.Minute)
	o.MaxBody = cmp.Or(o.MaxBody, 32<<20)
	o.Burst = max(o.Burst, 1)
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	return o
}

// Unlimited is the share of a documented rate from which on no limit is kept, for services that have none, such as a
// simulator.
const Unlimited = 100.0

// ShareOf turns a share of a documented rate into requests a second and a burst of one second's worth; 0 is no limit. A
// share of 0 is a half: the rate is shared with whoever else asks, such as OneLogin's own provisioner.
func ShareOf(documented, share float64) (perSecond float64, burst int) {
	switch {
	case share >= Unlimited:
		return 0, 0
	case share <= 0:
		share = 0.5
	}
	return documented * share, max(1, int(documented*share))
}

// parseBase refuses what would send a credential in the clear or hide where it goes.
func parseBase(raw string) (*url.URL, error) {
	if trouble := AddressTrouble(raw); trouble != "" {
		return nil, errors.New("the base URL " + trouble)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, err
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// AddressTrouble says what is wrong with the address of a service, and nothing if it is right: https, and http on
// loopback only, because a credential must not cross a network in the clear.
func AddressTrouble(raw string) string {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return "is missing"
	case err != nil || u.Hostname() == "":
		return "is no address; write https://HOST/PATH"
	case u.User != nil:
		return "holds a user name or password; remove it, the credential has keys of its own"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "has a query or a fragment; remove everything from the ? or # on"
	case u.Scheme != "https" && (u.Scheme != "http" || !Loopback(raw)):
		return "must begin with https:// (plain http is for loopback only)"
	}
	return ""
}

// Loopback reports whether an address is one of this machine.
func Loopback(raw string) bool {
	host := Hostname(raw)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Hostname is the host that an address names, in small letters and without its port; "" where it names none.
func Hostname(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
