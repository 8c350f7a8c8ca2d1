package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

func TestTheFateOfAWrite(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   model.WriteFate
		status int
		wait   time.Duration
	}{
		"bad request":         {answer(400, ""), model.WriteRefused, 400, 0},
		"bad token":           {answer(401, ""), model.WriteRefused, 401, 0},
		"forbidden":           {answer(403, ""), model.WriteRefused, 403, 0},
		"not there":           {answer(404, ""), model.WriteAbsent, 404, 0},
		"no such method":      {answer(405, ""), model.WriteRefused, 405, 0},
		"a proxy gave up":     {answer(408, ""), model.WriteUnsure, 408, 0},
		"conflict":            {answer(409, ""), model.WriteConflict, 409, 0},
		"another version":     {answer(412, ""), model.WriteChanged, 412, 0},
		"rate limit":          {answer(429, "", "Retry-After", "7"), model.WriteThrottled, 429, 7 * time.Second},
		"a very long limit":   {answer(429, "", "Retry-After", "7200"), model.WriteThrottled, 429, 2 * time.Hour},
		"rate limit as 400":   {answer(400, "rate_limit_exceeded"), model.WriteThrottled, 400, 0},
		"server error":        {answer(500, ""), model.WriteUnsure, 500, 0},
		"not implemented":     {answer(501, ""), model.WriteRefused, 501, 0},
		"bad gateway":         {answer(502, "<html>"), model.WriteUnsure, 502, 0},
		"busy":                {answer(503, "", "Retry-After", "3"), model.WriteUnsure, 503, 0},
		"redirect":            {answer(302, "", "Location", "https://elsewhere.example/"), model.WriteRefused, 0, 0},
		"redirect to nowhere": {answer(302, ""), model.WriteRefused, 302, 0},
		"lost":                {cut, model.WriteUnsure, 0, 0},
		"half an answer":      {half, model.WriteUnsure, 0, 0},
		"a huge answer":       {answer(200, strings.Repeat("x", 2000)), model.WriteUnsure, 200, 0},
		"a huge conflict":     {answer(409, strings.Repeat("x", 2000)), model.WriteConflict, 409, 0},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, c.answer, Options{
				MaxBody: 1000, Transient: func(_ int, body []byte) bool {
					return strings.Contains(string(body),
						"rate_limit_exceeded")
				},
			})
			r := Request{Method: http.MethodDelete, Path: "/Users/1"}
			_, err := client.Do(t.Context(), r)
			fate, status, wait := client.Fate(r, err)
			if fate != c.want || status != c.status || wait != c.wait || client.Requests() != 1 {
				t.Errorf("fate %d, status %d, wait %s after %d requests (%v)", fate, status, wait, client.Requests(),
					err)
			}
		})
	}
}

func TestAWriteThatNeverLeftHere(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	r := Request{Method: http.MethodPatch, Path: "/Users/1", Body: []byte(`{}`)}
	nobody, _ := client(t, Options{BaseURL: gone.URL})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	// A login has a client of its own, and its failure, sent or not, says nothing of the write.
	login, _ := serve(t, cut, Options{})
	locked, _ := serve(t, answer(200, ""), Options{Authorize: func(ctx context.Context, _, _ string) (string, error) {
		_, err := login.Do(ctx, Request{Method: http.MethodPost, Path: "/token"})
		return "", err
	}})
	renewals, _ := serve(t, answer(401, ""),
		Options{Authorize: func(ctx context.Context, _, stale string) (string, error) {
			if stale == "" {
				return "Bearer old", nil
			}
			_, err := login.Do(ctx, Request{Method: http.MethodPost, Path: "/token"})
			return "", err
		}})
	for name, c := range map[string]struct {
		client *Client
		ctx    context.Context
	}{
		"nobody listens": {nobody, t.Context()}, "cancelled before": {nobody, cancelled},
		"the login fails": {locked, t.Context()}, "the renewed login fails": {renewals, t.Context()},
	} {
		_, err := c.client.Do(c.ctx, r)
		fate, _, _ := c.client.Fate(r, err)
		if err == nil || fate != model.WriteNotSent {
			t.Errorf("%s: fate %d, %v", name, fate, err)
		}
	}
}

func TestACancelledWriteThatWasSentIsUnsure(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	client, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server notices that the client has gone only behind the body
		cancel(errors.New("the operator pressed ctrl-c"))
		<-r.Context().Done()
	}, Options{})
	r := Request{Method: http.MethodPost, Path: "/Users", Body: []byte(`{}`)}
	_, err := client.Do(ctx, r)
	if fate, _, _ := client.Fate(r, err); err == nil || fate != model.WriteUnsure {
		t.Errorf("fate %d, %v", fate, err)
	}
}
