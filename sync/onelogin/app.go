package onelogin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// App reads the app, and with it begins another load: controls are asked again. An app that is not there, or a name
// that does not fit exactly one app, is an error that says what to set.
func (c *Client) App(ctx context.Context) (model.App, error) {
	c.controls.reset()
	return c.readApp(ctx, true)
}

// knownAppID resolves a configured name once and for all: an app that is renamed later stays the same app.
func (c *Client) knownAppID(ctx context.Context) (string, error) {
	release, err := c.appMu.Lock(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return c.resolveApp(ctx)
}

// readApp gives the app as it was last read, which the parts of one load share; anew reads it whether it was or not.
func (c *Client) readApp(ctx context.Context, anew bool) (model.App, error) {
	release, err := c.appMu.Lock(ctx)
	if err != nil {
		return model.App{}, err
	}
	defer release()
	if c.app != nil && !anew {
		return *c.app, nil
	}
	appID, err := c.resolveApp(ctx)
	if err != nil {
		return model.App{}, err
	}
	var raw json.RawMessage
	if _, err = c.api.GetJSON(ctx, "/api/2/apps/"+url.PathEscape(appID), "", &raw); err != nil {
		if isNotFound(err) {
			return model.App{}, transport.Explain(err, "OneLogin has no app %s; take app_id from the app's address in "+
				"the console, /apps/APP_ID/edit", appID)
		}
		return model.App{}, explain(err, readAll)
	}
	app, err := decodeApp(raw)
	if err == nil && app.ID != appID {
		err = fmt.Errorf("OneLogin was asked for app %s and answered with app %s, which is not believed; %s", appID,
			transport.OneLine(app.ID), readAgain)
	}
	if err != nil {
		return model.App{}, err
	}
	c.app = &app
	return app, nil
}

const readAgain = "read again, and report it with the request log if it stays so"

// ListedApp is an app as the list of all apps shows it.
type ListedApp struct{ ID, Name string }

// Apps lists every app of the account. It is all or nothing, because an app is chosen by what is not in the list too.
func (c *Client) Apps(ctx context.Context) ([]ListedApp, error) {
	type item struct {
		ID   id   `json:"id"`
		Name text `json:"name"`
	}
	got := walk(ctx, c, list[item]{
		path: "/api/2/apps", limits: []int{1000, 100}, scope: readAll,
		id: func(a item) string { return string(a.ID) },
	}, nil)
	if got.err != nil && len(got.rows) == 0 {
		return nil, got.err
	}
	if got.reason != "" {
		return nil, fmt.Errorf("the list of OneLogin apps was not read completely (%s); try again, or set app_id "+
			"instead of app_name", got.reason)
	}
	return model.Map(got.rows, func(a *item) ListedApp { return ListedApp{string(a.ID), a.Name.value} }), nil
}

// resolveApp finds the app's id. OneLogin's own name filter knows only "*", and its rule on case is not documented.
func (c *Client) resolveApp(ctx context.Context) (string, error) {
	if c.appID != "" {
		return c.appID, nil
	}
	apps, err := c.Apps(ctx)
	if err != nil {
		return "", err
	}
	var names, ids []string
	for _, a := range apps {
		fits, err := path.Match(model.Fold(c.opts.AppName), model.Fold(a.Name))
		if err != nil {
			return "", fmt.Errorf("app_name %q is no pattern (%w); use * for any characters", c.opts.AppName, err)
		}
		if fits {
			ids = append(ids, a.ID)
			names = append(names, fmt.Sprintf("%s (app_id %s)", transport.OneLine(a.Name), a.ID))
		}
	}
	switch len(ids) {
	case 1:
		c.appID = ids[0]
		return c.appID, nil
	case 0:
		return "", fmt.Errorf("none of the %d OneLogin apps is named like %q; correct app_name, or set app_id",
			len(apps), c.opts.AppName)
	}
	slices.Sort(names)
	return "", fmt.Errorf("app_name %q fits %d OneLogin apps: %s; set app_id to one of them", c.opts.AppName, len(ids),
		strings.Join(names, ", "))
}

// decodeApp reads the answer for one app. An answer without an id is a bad read: believed, an empty object would be an
// app without roles, and every group that its roles yield would look deleted. RoleIDs is nil where the answer does not
// say which roles grant the app, and empty where it says that none does.
func decodeApp(raw json.RawMessage) (model.App, error) {
	var wire struct {
		ID           id     `json:"id"`
		Name         text   `json:"name"`
		RoleIDs      idList `json:"role_ids"`
		AuthMethod   id     `json:"auth_method"`
		Provisioning lenient[struct {
			Enabled triValue `json:"enabled"`
		}] `json:"provisioning"`
		Parameters json.RawMessage `json:"parameters"`
	}
	if err := transport.Decode(raw, &wire); err != nil {
		return model.App{}, fmt.Errorf("OneLogin's description of the app has an unknown shape (%w); report it with "+
			"the request log", err)
	}
	if wire.ID == "" {
		return model.App{}, errors.New("OneLogin's description of the app carries no id and is not believed; " +
			readAgain)
	}
	roles := wire.RoleIDs.ids
	if wire.RoleIDs.set && roles == nil {
		roles = []string{}
	}
	app := model.App{
		ID: string(wire.ID), Name: wire.Name.value, RoleIDs: roles,
		SignIn:       signInMethod(string(wire.AuthMethod)),
		Provisioning: model.Tri(wire.Provisioning.value.Enabled),
		Parameters:   parameters(wire.Parameters),
	}
	app.GroupsIncluded, app.UserNameField = app.GroupsParameter().Included, userNameField(app.Parameters)
	return app, nil
}

// signInMethod names an authentication method of OneLogin's list; one that is not in it is called by its number.
func signInMethod(method string) string {
	names := map[string]string{
		"0": "password", "1": "OpenID", "2": model.SignInSAML, "3": "API", "4": "Google", "6": "forms",
		"7": "WS-Federation", "8": "OpenID Connect",
	}
	if method == "" || names[method] != "" {
		return names[method]
	}
	return "method " + method
}

// userNameField is the field that the parameter scimusername takes; never that of saml_username, which is for sign-in.
// A mapping that is a macro of one field, such as "{email}", is that field; another macro is given as it stands, and
// cannot be followed.
func userNameField(params []model.Parameter) string {
	for _, p := range params {
		if model.Fold(p.Key) != "scimusername" && model.Fold(p.Label) != "scimusername" {
			continue
		}
		if mapping := strings.TrimSpace(p.Mapping); mapping != "_macro_" {
			return mapping
		}
		return cmp.Or(p.Field(), strings.TrimSpace(p.Macro))
	}
	return ""
}

// parameters reads the rows of the Parameters tab in the order of their keys, from the map that the API documents
// (https://developers.onelogin.com/api-docs/2/apps/get-app); anything else gives none. Values come back as they were
// stored, a string or a list (https://github.com/onelogin/terraform-provider-onelogin/issues/239).
func parameters(raw json.RawMessage) []model.Parameter {
	var byKey map[string]struct {
		Label     text     `json:"label"`
		Mapping   text     `json:"user_attribute_mappings"`
		Macro     text     `json:"user_attribute_macros"`
		Values    texts    `json:"values"`
		Defaults  texts    `json:"default_values"`
		Included  triValue `json:"provisioned_entitlements"`
		Assertion triValue `json:"include_in_saml_assertion"`
		Safe      triValue `json:"safe_entitlements_enabled"`
	}
	if transport.Decode(raw, &byKey) != nil {
		return nil
	}
	out := make([]model.Parameter, 0, len(byKey))
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		p := byKey[key]
		out = append(out, model.Parameter{
			Key: key, Label: p.Label.value, Mapping: p.Mapping.value, Macro: p.Macro.value,
			Value:    cmp.Or(p.Values.value, p.Defaults.value),
			Defaults: p.Defaults.nonBlank(), Values: p.Values.nonBlank(),
			Included: model.Tri(p.Included), InAssertion: model.Tri(p.Assertion), Safe: model.Tri(p.Safe),
		})
	}
	return out
}
