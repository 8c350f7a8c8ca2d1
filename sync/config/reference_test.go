package config_test

import (
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/config"
)

var update = flag.Bool("update", false, "write the reference into the README")

// The reference is what the decoder accepts, key for key.
func TestReferenceNamesEveryKey(t *testing.T) {
	t.Parallel()
	var accepted []string
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		for _, field := range reflect.VisibleFields(typ) {
			tag := field.Tag.Get("toml")
			switch {
			case tag == "":
			case field.Type.Kind() == reflect.Map:
				walk(field.Type.Elem(), path+tag+".NAME.")
			case field.Type.Kind() == reflect.Struct:
				walk(field.Type, path+tag+".")
			default:
				accepted = append(accepted, path+tag)
			}
		}
	}
	walk(reflect.TypeFor[config.File](), "")
	var documented []string
	for _, k := range config.Reference() {
		documented = append(documented, k.Path)
		if k.Meaning == "" || k.Default == "" || strings.Contains(k.Meaning+k.Default, "|") {
			t.Errorf("%s has no meaning or default that fits a table", k.Path)
		}
	}
	slices.Sort(accepted)
	slices.Sort(documented)
	if diff := cmp.Diff(accepted, documented); diff != "" {
		t.Errorf("-accepted +documented:\n%s", diff)
	}
}

// The README's table is made from the reference: go test ./sync/config -run README -update.
func TestReferenceInTheREADME(t *testing.T) {
	t.Parallel()
	const path, from, to = "../../README.md", "<!-- keys: made by go generate ./sync/config -->\n", "<!-- /keys -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), from)
	table, after, ok2 := strings.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatalf("the README has no markers %q and %q", from, to)
	}
	want := "\n" + config.ReferenceMarkdown() + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(before+from+want+to+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("the README's table is not that of the code; run go generate ./sync/config (-want +README):\n%s", diff)
	}
}
