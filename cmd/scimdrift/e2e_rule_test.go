package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/scimdrift/scimdrift/sync/config"
)

// remove is somebody who deletes a rule of the app in OneLogin, over its own API, while the program looks on.
func (s *stage) remove(rest string) error {
	name, ok := strings.CutPrefix(rest, "rule ")
	if !ok {
		return errors.New("write: remove rule NAME")
	}
	c, err := s.connection()
	if err != nil {
		return err
	}
	var token struct {
		Access string `json:"access_token"`
	}
	grant := strings.NewReader(`{"grant_type":"client_credentials"}`)
	q, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, c.OneLogin.URL+"/auth/oauth2/v2/token", grant)
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	q.SetBasicAuth(c.OneLogin.ClientID, c.OneLogin.ClientSecret)
	if err := answered(q, &token); err != nil {
		return err
	}
	ask := func(method, path string, into any) error {
		url := fmt.Sprintf("%s/api/2/apps/%d/rules%s", c.OneLogin.URL, c.OneLogin.AppID, path)
		q, err := http.NewRequestWithContext(s.t.Context(), method, url, nil)
		if err != nil {
			return err
		}
		q.Header.Set("Authorization", "Bearer "+token.Access)
		return answered(q, into)
	}
	var rules []struct {
		ID   int64
		Name string
	}
	if err := ask(http.MethodGet, "", &rules); err != nil {
		return err
	}
	for _, r := range rules {
		if r.Name == name {
			return ask(http.MethodDelete, fmt.Sprint("/", r.ID), nil)
		}
	}
	return fmt.Errorf("the app has no rule %q, but %v", name, rules)
}

// connection is what sim.toml connects to.
func (s *stage) connection() (config.Connection, error) {
	file, err := config.Read(filepath.Join(s.dir, "sim.toml"))
	if err != nil {
		return config.Connection{}, err
	}
	return file.Connection(s.t.Context(), "", config.Sources{})
}

// answered sends a request and decodes its answer.
func answered(q *http.Request, into any) error {
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", q.Method, q.URL.Path, r.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(r.Body).Decode(into)
}
