package scim

import (
	"net/http"
	"strings"
	"testing"
)

// A 404 in SCIM's words says that the record is gone. Any other may be a gateway's, and counts only if the same
// endpoint answers for a record that is there; whoever deletes on the strength of a gateway's 404 calls everybody gone.
func TestA404CountsInSCIMsWordsOrWithAControl(t *testing.T) {
	t.Parallel()
	for body, own := range map[string]bool{ // whether these are SCIM's own words
		scimGone: true,
		// AWS, older
		`{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"x","exceptionRequestId":"7"}`: true,
		`{"Errors":[{"description":"no such user","code":"404"}]}`:                                         false,
		`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}`:                                       false,
		`{"detail":"Not Found"}`:           false,
		`{"message":null}`:                 false,
		`<html><title>404</title></html>`:  false,
		`<!doctype html><p>"schemas"</p>`:  false,
		`{"Errors":"urn:x:Error"}`:         false,
		``:                                 false,
		`"urn:ietf:params:scim:api:Error"`: false,
	} {
		for name, lives := range map[string]bool{
			"only this record answers 404": true,
			"every record answers 404":     false,
		} {
			for _, dialect := range []string{AWS, Generic} {
				g := &generic{users: userRows(3)}
				s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/Users/u9" || !lives && strings.HasPrefix(r.URL.Path, "/Users/") {
						reply(rw, 404, body)
						return
					}
					g.ServeHTTP(rw, r)
				})
				c := client(t, s.URL, dialect)
				if lives { // then those of the list are there to ask for
					c.Users(t.Context(), nil)
				}
				_, found, err := c.GetUser(t.Context(), "u9")
				if want := own || lives; found || (err == nil) != want {
					t.Errorf("%s, %s, %q: %v %v", dialect, name, body, found, err)
				}
				if err != nil && !strings.Contains(err.Error(), "no SCIM error") {
					t.Errorf("%s, %q: it is not said what is wrong: %v", dialect, body, err)
				}
			}
		}
	}
}

// The last record of a target is gone if its list says that there are none, and is not while the list has it.
func TestAListIsTheControlWhereNobodyElseIsThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rows []object
		gone bool
	}{"an empty list": {nil, true}, "the list has it": {userRows(1), false}} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/Users/") {
				reply(rw, 404, "")
				return
			}
			(&generic{users: c.rows}).ServeHTTP(rw, r)
		})
		if _, found, err := client(t, s.URL, Generic).GetUser(t.Context(), "u1"); found || (err == nil) != c.gone {
			t.Errorf("%s: %v %v", name, found, err)
		}
	}
}

// An empty answer to a filter counts only if that filter finds somebody who is there. A generic target is walked
// otherwise, at AWS it is an error.
func TestAnEmptyFilterAnswerNeedsAControl(t *testing.T) {
	t.Parallel()
	blind := func(string, string, string) []object { return nil }
	for _, dialect := range []string{AWS, Generic} {
		g := &generic{users: userRows(3), filter: blind}
		_, generic := g.start(t)
		c := generic
		if dialect == AWS {
			s := serve(t, g.ServeHTTP)
			c = client(t, s.URL, AWS)
		}
		user, found, err := c.FindUser(t.Context(), "user2@corp.example", "")
		if dialect == Generic && (!found || user.ID != "u2" || err != nil) {
			t.Errorf("a user who is there, at a target whose filter finds nobody: %+v %v %v", user, found, err)
		}
		if dialect == AWS && (found || err == nil) {
			t.Errorf("a filter that finds nobody is believed: %v %v", found, err)
		}
	}
	g := &generic{users: userRows(3)}
	g.filter = func(_, attribute, value string) (out []object) {
		for _, row := range g.users {
			if row[attribute] == value {
				out = append(out, row)
			}
		}
		return out
	}
	s, c := g.start(t)
	c.Users(t.Context(), nil)
	before := len(s.asked())
	for _, name := range []string{"nobody", "noone", "niemand"} {
		if _, found, err := c.FindUser(t.Context(), name, ""); found || err != nil {
			t.Errorf("%s: %v %v", name, found, err)
		}
	}
	if n := len(s.asked()) - before; n != 4 {
		t.Errorf("three names took %d requests; one control is enough for all", n)
	}
}
