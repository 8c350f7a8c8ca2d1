package model_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// hostileText draws what could be mistaken for a reference.
func hostileText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		`{"$id":"s1"}`, `{$id:s1}`, `$id`, `"`, `\`, `}`, `{\"$id\":`, "a/b", "%7B$id:s1%7D", "..", `x"},{"$id":"s1"}`,
	}))
}

func TestOnlyReferencesAreReplaced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name, id := hostileText().Draw(t, "name"), hostileText().Draw(t, "id")
		ref := hostileText().Filter(func(s string) bool { return s != "" }).Draw(t, "ref")
		made := hostileText().Filter(func(s string) bool { return s != "" }).Draw(t, "made")
		body, err := json.Marshal(map[string]any{
			"name": name, "members": []any{map[string]any{"value": id}, map[string]any{"value": model.RefInBody(ref)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		r := model.Request{Path: "/Groups/" + url.PathEscape(id) + "/" + model.RefInPath(ref), Body: body}
		if refs, err := r.Refs(); err != nil || !slices.Equal(refs, []string{ref}) {
			t.Fatalf("references %q, %v; want %q", refs, err, ref)
		}
		renamed, err := r.RenameRefs(func(string) (string, error) { return "s7", nil })
		if err != nil {
			t.Fatal(err)
		}
		done, err := renamed.Resolve(func(ref string) (string, error) {
			if ref != "s7" {
				t.Fatalf("asked for %q", ref)
			}
			return made, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := "/Groups/" + url.PathEscape(id) + "/" + url.PathEscape(made); done.Path != want {
			t.Fatalf("path %q, want %q", done.Path, want)
		}
		want, _ := json.Marshal(map[string]any{"name": name, "members": []any{
			map[string]any{"value": id},
			map[string]any{"value": made},
		}})
		if string(done.Body) != string(want) {
			t.Fatalf("body %s, want %s", done.Body, want)
		}
	})
}

func TestAReferenceThatIsNoneIsRefused(t *testing.T) {
	for name, r := range map[string]model.Request{
		"an open path":           {Path: "/Groups/{$id:s1"},
		"a nameless one":         {Path: "/Groups/{$id:}"},
		"a broken escape":        {Path: "/Groups/{$id:s%zz}"},
		"beside another key":     {Body: json.RawMessage(`{"a":{"$id":"s1","b":1}}`)},
		"behind another key":     {Body: json.RawMessage(`{"a":{"b":1,"$id":"s1"}}`)},
		"an escaped key":         {Body: json.RawMessage(`{"a":{"\u0024id":"s1"}}`)},
		"a number":               {Body: json.RawMessage(`{"a":{"$id":1}}`)},
		"a nameless one, inside": {Body: json.RawMessage(`{"a":{"$id":""}}`)},
		"no JSON":                {Body: json.RawMessage(`{"a":`)},
	} {
		if _, err := r.Refs(); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	spaced := model.Request{Body: json.RawMessage("{\"a\": { \"$id\" : \"s1\" }}")}
	if refs, err := spaced.Refs(); err != nil || !slices.Equal(refs, []string{"s1"}) {
		t.Errorf("with spaces: %q %v", refs, err)
	}
	if _, err := spaced.Resolve(func(string) (string, error) { return "", nil }); err == nil ||
		!strings.Contains(err.Error(), "s1") {
		t.Errorf("an empty id resolves: %v", err)
	}
	unknown := errors.New("no such step")
	if _, err := spaced.Resolve(func(string) (string, error) { return "x", unknown }); !errors.Is(err, unknown) {
		t.Errorf("an unknown step resolves: %v", err)
	}
}
