package model_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// TestPublishingSaysTheFieldsOfTheConsole with the tenant's own names, and a pattern only where the roles have one.
func TestPublishingSaysTheFieldsOfTheConsole(t *testing.T) {
	t.Parallel()
	roles := func(names ...string) (out []model.Role) {
		for i, name := range names {
			out = append(out, model.Role{ID: string(rune('1' + i)), Name: name, Grants: true})
		}
		return out
	}
	for name, tt := range map[string]struct {
		roles []model.Role
		cfg   rules.GroupsConfig
		want  []string
		never string
	}{
		"the configured pattern": {
			roles("aws-admins", "aws-readers", "portal"),
			rules.GroupsConfig{Roles: regexp.MustCompile("^aws-")},
			[]string{
				"Set Groups in AWS, Map from OneLogin, for each role with value that matches ^aws-.*.",
				"2 roles: aws-admins, aws-readers",
			},
			"portal",
		},
		"their common beginning": {
			roles("AWS - Foo", "AWS - Bar"),
			rules.GroupsConfig{},
			[]string{"matches AWS - .*."},
			"includes",
		},
		"a beginning with signs": {
			roles("a.b-1", "a.b-2"),
			rules.GroupsConfig{},
			[]string{`matches a\.b-.*.`},
			"includes",
		},
		"nothing in common": {
			roles("admins", "readers"),
			rules.GroupsConfig{},
			[]string{
				"Conditions: Roles includes admins; Actions: Set Groups in AWS to admins",
				"Roles includes readers",
			},
			"matches",
		},
		"groups of other names": {
			roles("aws-admins"),
			rules.GroupsConfig{Roles: regexp.MustCompile("^aws-(.*)"), Name: "$1"},
			[]string{"Roles includes aws-admins; Actions: Set Groups in AWS to admins"},
			"matches",
		},
		"no role": {nil, rules.GroupsConfig{}, []string{"Set Groups in AWS", "No role grants the app"}, "includes"},
	} {
		got := rules.PublishingAdvice(&rules.Source{App: model.App{Name: "AWS"}, Roles: tt.roles}, tt.cfg)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s\nlacks %q", name, got, want)
			}
		}
		if strings.Contains(got, tt.never) {
			t.Errorf("%s: %s\nsays %q", name, got, tt.never)
		}
	}
}
