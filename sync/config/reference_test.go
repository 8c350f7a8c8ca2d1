package config_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/config"
)

// The reference is what the decoder accepts, key for key.
func TestReferenceNamesEveryKey(t *testing.T) {
	t.Parallel()
	var accepted []string
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		for _, field := range reflect.VisibleFields(typ) {
			tag, _, _ := strings.Cut(field.Tag.Get("toml"), ",")
			switch {
			case tag == "" || tag == "-":
			case field.Type.Kind() == reflect.Map && field.Type.Elem().Kind() == reflect.Struct:
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
