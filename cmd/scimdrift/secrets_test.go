package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/scimdrift/scimdrift/sync/config"
)

// scriptStrangers leaves of the simulation what an operator knows of a tenant that nobody has connected yet: addresses
// and credentials in variables, and no file.
func scriptStrangers(ts *testscript.TestScript, _ bool, _ []string) {
	r := staged(ts)
	c := connectionTo(ts, r)
	ts.Check(os.Remove(r.config))
	ts.Setenv("SCIMDRIFT_CONFIG", "")
	for name, value := range map[string]string{
		"ACCOUNT": c.OneLogin.URL, "CLIENT_ID": c.OneLogin.ClientID, "APP": fmt.Sprint(c.OneLogin.AppID),
		"ENDPOINT":               c.Target.URL,
		"ONELOGIN_CLIENT_SECRET": c.OneLogin.ClientSecret, "SCIM_TOKEN": c.Target.Token,
	} {
		ts.Setenv(name, value)
	}
}

func connectionTo(ts *testscript.TestScript, r *rig) config.Connection {
	file, err := config.Parse([]byte(r.Config()), "the simulation")
	ts.Check(err)
	c, err := file.Connection(context.Background(), "", config.Sources{})
	ts.Check(err)
	return c
}

// scriptHeard runs the program, wants one exit code, and keeps everything that it said in the file heard: heard CODE
// ARGS...
func scriptHeard(ts *testscript.TestScript, neg bool, args []string) {
	scriptCode(ts, neg, args)
	f, err := os.OpenFile(ts.MkAbs("heard"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer f.Close()
	_, err = f.WriteString(strings.Join(args, " ") + "\n" + ts.ReadFile("stdout") + ts.ReadFile("stderr"))
	ts.Check(err)
}

// scriptNoSecrets fails if a file below the work directory holds a secret of the simulation: nosecrets [EXCEPT...],
// where EXCEPT are files into which the operator put one. It wants to have seen a journal, a debug log, and what was
// heard.
func scriptNoSecrets(ts *testscript.TestScript, _ bool, except []string) {
	secrets := secretsOf(ts, staged(ts))
	work := ts.Getenv("WORK")
	var seen []string
	ts.Check(filepath.WalkDir(work, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(work, path)
		if err != nil {
			return err
		}
		seen = append(seen, filepath.ToSlash(name))
		text, err := os.ReadFile(path)
		if err != nil || slices.Contains(except, filepath.ToSlash(name)) {
			return err
		}
		for what, secret := range secrets {
			if strings.Contains(string(text), secret) {
				ts.Fatalf("%s holds the %s", name, what)
			}
		}
		return nil
	}))
	for _, want := range []string{"heard", "debug.log", ".jsonl"} {
		if !slices.ContainsFunc(seen, func(name string) bool { return strings.HasSuffix(name, want) }) {
			ts.Fatalf("there is no %s among %v", want, seen)
		}
	}
}

// secretsOf are the secrets of a simulation in every form in which they travel.
func secretsOf(ts *testscript.TestScript, r *rig) map[string]string {
	c := connectionTo(ts, r)
	pair := c.OneLogin.ClientID + ":" + c.OneLogin.ClientSecret
	secrets := map[string]string{
		"client secret": c.OneLogin.ClientSecret, "token": c.Target.Token,
		"token in a URL": url.QueryEscape(c.Target.Token),
		"credential":     base64.StdEncoding.EncodeToString([]byte(pair)),
	}
	// A login gives the token that is still alive.
	q, err := http.NewRequest(http.MethodPost, r.URL()+"/auth/oauth2/v2/token",
		strings.NewReader(`{"grant_type":"client_credentials"}`))
	ts.Check(err)
	q.SetBasicAuth(c.OneLogin.ClientID, c.OneLogin.ClientSecret)
	q.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(q)
	ts.Check(err)
	defer answer.Body.Close()
	var login struct {
		AccessToken string `json:"access_token"`
	}
	ts.Check(json.NewDecoder(answer.Body).Decode(&login))
	secrets["access token"] = login.AccessToken
	for what, secret := range secrets {
		if len(secret) < 16 {
			ts.Fatalf("the %s is %q, which proves nothing", what, secret)
		}
	}
	return secrets
}
