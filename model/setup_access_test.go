package model_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/setup"
)

func TestSetupOfAccessAttributes(t *testing.T) {
	t.Parallel()
	with := func(params ...model.Parameter) func(*world, *drift.Options) {
		return func(w *world, _ *drift.Options) {
			w.app.Parameters = params
			everybodyHas(w, map[string]string{"department": "Engineering", "x": "1"})
		}
	}
	named := func(key string) model.Parameter {
		return model.Parameter{Key: key, Label: "Department", Mapping: "department", InAssertion: model.Yes}
	}
	change := func(p model.Parameter, edit func(*model.Parameter)) model.Parameter {
		edit(&p)
		return p
	}
	cases := []setupCase{
		{name: "none", want: model.CheckFine, seen: "optional"},
		{
			name: "good", change: with(named(setup.AccessPrefix+"Department"), named(setup.AccessPrefix+"Cost Center")),
			want: model.CheckFine, seen: "2 access-control",
		},
		{
			name: "not in the assertion",
			change: with(change(named(setup.AccessPrefix+"Department"),
				func(p *model.Parameter) { p.InAssertion = model.No })), want: model.CheckMend,
			seen: "not included in the SAML assertion",
		},
		{name: "assertion unsaid", change: with(change(named(setup.AccessPrefix+"Department"),
			func(p *model.Parameter) { p.InAssertion = model.Unsaid })), want: model.CheckLook},
		{name: "no value", change: with(change(named(setup.AccessPrefix+"Department"),
			func(p *model.Parameter) { p.Mapping = "" })), want: model.CheckMend, seen: "has no value"},
		{name: "a fixed value", change: with(change(named(setup.AccessPrefix+"Department"),
			func(p *model.Parameter) { p.Mapping, p.Value = "", "ops" })), want: model.CheckFine},
		{name: "an empty macro", change: with(change(named(setup.AccessPrefix+"Department"),
			func(p *model.Parameter) { p.Mapping = "_macro_" })), want: model.CheckMend, seen: "has no value"},
		{name: "a macro", change: with(change(named(setup.AccessPrefix+"Department"),
			func(p *model.Parameter) { p.Mapping, p.Macro = "_macro_", "{department}" })), want: model.CheckFine},
		{
			name: "a macro of more than a field", want: model.CheckLook, seen: "only OneLogin knows",
			change: with(change(named(setup.AccessPrefix+"Department"),
				func(p *model.Parameter) { p.Mapping, p.Macro = "_macro_", "{department.downcase}" })),
		},
		{
			name: "the guide's own word", change: with(named(setup.AccessPrefix + "AttributeName")),
			want: model.CheckMend,
			seen: "still has the guide's AttributeName",
		},
		{
			name: "the guide's own word in braces", change: with(named(setup.AccessPrefix + "{TagKey}")),
			want: model.CheckMend, seen: "still has the guide's {TagKey}",
		},
		{
			name: "another way in", change: with(named("https://aws.amazon.com/SAML/Attributes/PrincipalTag:Team")),
			want: model.CheckMend, seen: "is named PrincipalTag:",
		},
		{
			name: "a reserved key", change: with(named(setup.AccessPrefix + "AWS:Team")), want: model.CheckMend,
			seen: "AWS keeps for itself",
		},
		{
			name: "a fixed value that is no tag",
			change: with(change(named(setup.AccessPrefix+"Department"),
				func(p *model.Parameter) { p.Mapping, p.Value = "", "R&D" })), want: model.CheckMend,
			seen: "takes for no tag",
		},
		{
			name: "a fixed value with the reserved prefix",
			change: with(change(named(setup.AccessPrefix+"Department"),
				func(p *model.Parameter) { p.Mapping, p.Value = "", "AWS:ops" })), want: model.CheckMend,
			seen: "takes for no tag",
		},
		{name: "fifty", change: with(numbered(50)...), want: model.CheckFine, seen: "50 access-control attributes"},
		{
			name: "fifty-one", change: with(numbered(51)...), want: model.CheckMend,
			seen: "51 attributes are sent, and AWS takes 50 tags at most",
		},
		{name: "no key", change: with(named(setup.AccessPrefix)), want: model.CheckMend, seen: "no key that AWS takes"},
		{
			name: "a key with a space in front", change: with(named(setup.AccessPrefix + " Department")),
			want: model.CheckMend,
		},
		{
			name: "a key of 129", change: with(named(setup.AccessPrefix + strings.Repeat("k", 129))),
			want: model.CheckMend,
		},
		{
			name: "a key of 128", change: with(named(setup.AccessPrefix + strings.Repeat("k", 128))),
			want: model.CheckFine,
		},
		{name: "a key in another script", change: with(named(setup.AccessPrefix + "部門")), want: model.CheckFine},
		{
			name: "a hidden character in the key", change: with(named(setup.AccessPrefix + "Depart\u200bment")),
			want: model.CheckMend,
		},
		{name: "twice but for case", change: with(named(setup.AccessPrefix+"Department"),
			named(setup.AccessPrefix+"department")), want: model.CheckMend, seen: "twice"},
		{name: "in the label only", change: with(model.Parameter{
			Key: "cost", Label: setup.AccessPrefix + "Cost",
			Mapping: "x", InAssertion: model.Yes,
		}), want: model.CheckFine, seen: "1 access"},
		{
			name: "control characters", change: with(named("\x1b[2J" + setup.AccessPrefix + "Department")),
			want: model.CheckMend,
		},
		{name: "others", change: with(
			named("groups"), named("saml_username"), named("scimusername"), named(""),
			named("https://aws.amazon.com/SAML/Attributes/Role"),
			named("https://aws.amazon.com/SAML/Attributes/RoleSessionName"),
			named("https://aws.amazon.com/SAML/Attributes/SessionDuration"),
			named("https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys"),
			named("https://aws.amazon.com/SAML/Attributes/SourceIdentity"),
			named("Access level"), named("Controller"),
		), want: model.CheckFine, seen: "optional"},
	}
	for _, lookAlike := range []string{
		"https://aws.amazon.com/saml/attributes/accesscontrol:Department", // case
		"http://aws.amazon.com/SAML/Attributes/AccessControl:Department",  // scheme
		"https://aws.amazon.com/SAML/Attributes/AccessControl;Department", // punctuation
		"https://aws.amazon.com/SAML/Attributes/AccessControl/Department",
		"https://aws.amazon.com/SAML/Attributes/AcessControl:Department", // spelling
		"https://aws.amazon.com/SAML/Attribute/AccessControl:Department",
		"https://aws.amazn.com/SAML/Atributes/Access_Control:Department",
		" https://aws.amazon.com/SAML/Attributes/AccessControl:Department",     // space
		"https://aws.amazon.com/SAML/Attributes/Ac\u0441essControl:Department", // a Cyrillic letter
		"https://aws.amazon.com/SAML/Attributes/AccessControl\u200b:Department",
		"AccessControl:Department", "Accesscontroll: Department",
	} {
		cases = append(cases, setupCase{
			name: lookAlike, change: with(named(lookAlike)), want: model.CheckMend,
			seen: "does not begin with exactly " + setup.AccessPrefix,
		})
	}
	for i := range cases {
		cases[i].id, cases[i].severity = model.SetupAccessAttributes, model.Medium
	}
	runSetupCases(t, cases)
}

// everybodyHas gives each user these values of fields that parameters name.
func everybodyHas(w *world, values map[string]string) {
	names := slices.Sorted(maps.Keys(values))
	for i := range w.users {
		a := &model.Attributes{Names: names}
		for _, name := range names {
			a.Values = append(a.Values, values[name])
		}
		w.users[i].Attributes = a
	}
}

func numbered(n int) []model.Parameter {
	out := make([]model.Parameter, n)
	for i := range out {
		out[i] = model.Parameter{
			Key: setup.AccessPrefix + strconv.Itoa(i), Mapping: "department",
			InAssertion: model.Yes,
		}
	}
	return out
}

// TestTheTableSaysWhoHasNoValue: of those who can sign in, each is with a value, without, with one that is no tag, or
// not read.
func TestTheTableSaysWhoHasNoValue(t *testing.T) {
	t.Parallel()
	check, _ := checkOf(t, model.SetupAccessAttributes, func(w *world, _ *drift.Options) {
		w.app.Parameters = []model.Parameter{{
			Key: setup.AccessPrefix + "Team", Mapping: "Department",
			InAssertion: model.Yes,
		}}
		everybodyHas(w, map[string]string{"department": "Engineering"})
		values := []string{"", strings.Repeat("x", 257), "R&D", "aws:ops", model.JoinValues([]string{"ops", "dev"})}
		for i, value := range values {
			w.users[i].Attributes = &model.Attributes{Names: []string{"department"}, Values: []string{value}}
		}
		unread, left := len(values), len(values)+1
		w.users[unread].Attributes = nil
		w.users[left].Attributes, w.users[left].Active = nil, false // nobody asks for the tags of who cannot sign in
		w.tusers[left].Active = false
	})
	if len(check.Attributes) != 1 {
		t.Fatalf("%+v", check)
	}
	got := check.Attributes[0]
	if got.Key != "Team" || got.Behind != "Department" || len(got.Without) != 1 || len(got.Unfit) != 4 ||
		got.Unread != 1 {
		t.Errorf("%+v", got)
	}
	if check.Result != model.CheckMend || !strings.Contains(check.Seen, "4 users") {
		t.Errorf("%s: %s", check.Result, check.Seen)
	}
}

// TestAnyKeyAndValueWithinTheLimitsIsATag, and none outside them.
func TestAnyKeyAndValueWithinTheLimitsIsATag(t *testing.T) {
	t.Parallel()
	letters := []rune("abZ09éß部_.:/=+-@")
	inner := append(slices.Clone(letters), ' ', '\u3000')
	foreign := []rune("&#\"'<>{}[]()*,;!?%$~^|\\\n\x00\u200b")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{1, 2, 3, 40, 127, 128, 129, 130, 255, 256, 257}).Draw(t, "length")
		text := []rune(rapid.StringOfN(rapid.RuneFrom(inner), n, n, -1).Draw(t, "text"))
		text[0], text[n-1] = rapid.SampledFrom(letters).Draw(t, "first"), rapid.SampledFrom(letters).Draw(t, "last")
		spoilt := rapid.Bool().Draw(t, "spoilt")
		if spoilt {
			text[rapid.IntRange(0, n-1).Draw(t, "where")] = rapid.SampledFrom(foreign).Draw(t, "foreign")
		}
		word := string(text)
		var c drift.Comparer
		c.Source.App.Parameters = []model.Parameter{
			{Key: setup.AccessPrefix + word, Mapping: "department", InAssertion: model.Yes},
			{Key: setup.AccessPrefix + "fixed", Value: word, InAssertion: model.Yes},
		}
		table := setup.TabulateAccess(&c)
		key := !spoilt && n <= 128 && !strings.HasPrefix(model.Fold(word), "aws:")
		if got := table[0].Key == word && len(table[0].Wrong) == 0; got != key {
			t.Errorf("the key %q of %d characters: %v, %q", word, n, got, table[0].Wrong)
		}
		if got := len(table[1].Wrong) == 0; got != (!spoilt && n <= 256 && !strings.HasPrefix(model.Fold(word),
			"aws:")) {
			t.Errorf("the value %q of %d characters: %v, %q", word, n, got, table[1].Wrong)
		}
	})
}

func TestSetupOfAccessControlAtAWS(t *testing.T) {
	t.Parallel()
	// at is a target of AWS whose lens says this, with an app that sends Department.
	at := func(facts model.AccessFacts, edit ...func(*world, *drift.Options)) func(*world, *drift.Options) {
		return func(w *world, o *drift.Options) {
			w.app.Parameters = []model.Parameter{{
				Key: setup.AccessPrefix + "Department", Mapping: "department",
				InAssertion: model.Yes,
			}}
			o.Facts.Access = facts
			for _, e := range edit {
				e(w, o)
			}
		}
	}
	none := func(w *world, _ *drift.Options) { w.app.Parameters = nil }
	left := func(w *world, _ *drift.Options) { w.app.Parameters[0].InAssertion = model.No }
	enabled := model.AccessFacts{Asked: true, Status: model.AccessEnabled}
	asks := func(f model.AccessFacts, tags ...string) model.AccessFacts {
		f.Conditions.Asked = true
		for _, key := range tags {
			f.Conditions.Tags = append(f.Conditions.Tags, model.TagCondition{Set: "Billing", Key: key})
		}
		return f
	}
	mapping := func(f model.AccessFacts, key string) model.AccessFacts {
		f.Mapped = []model.AccessMapping{{Key: key, Sources: []string{"${path:enterprise.department}"}}}
		return f
	}
	const enabling, asking = model.SetupAccessEnabled, model.SetupAccessConditions
	runSetupCases(t, []setupCase{
		{name: "no lens", id: enabling, change: at(model.AccessFacts{}), want: model.CheckLook, seen: "the AWS lens"},
		{name: "no lens, nothing sent", id: enabling, change: at(model.AccessFacts{}, none), want: model.CheckFine},
		{
			name: "never enabled", id: enabling, change: at(model.AccessFacts{Asked: true}), want: model.CheckMend,
			seen: "not enabled", severity: model.Medium,
		},
		{
			name: "never enabled, nothing sent", id: enabling, change: at(model.AccessFacts{Asked: true}, none),
			want: model.CheckFine,
		},
		{
			name: "failed", id: enabling,
			change: at(model.AccessFacts{Asked: true, Status: "CREATION_FAILED", Reason: "no quota"}),
			want:   model.CheckMend, seen: "no quota", severity: model.Medium,
		},
		{
			name: "on its way", id: enabling,
			change: at(model.AccessFacts{Asked: true, Status: "CREATION_IN_PROGRESS"}),
			want:   model.CheckLook, seen: "CREATION_IN_PROGRESS",
		},
		{
			name: "on its way, with a reason", id: enabling,
			change: at(model.AccessFacts{Asked: true, Status: "CREATION_IN_PROGRESS", Reason: "busy"}),
			want:   model.CheckLook, seen: "CREATION_IN_PROGRESS of it (busy)",
		},
		{name: "enabled", id: enabling, change: at(enabled), want: model.CheckFine, seen: "maps no attributes"},
		{
			name: "mapped too", id: enabling, change: at(mapping(enabled, "department")), want: model.CheckLook,
			seen: "AWS puts the value of its identity store in place",
		},
		{
			name: "mapped otherwise", id: enabling, change: at(mapping(enabled, "Company")), want: model.CheckFine,
			seen: "Company from ${path:enterprise.department}",
		},
		{
			name: "denied", id: enabling, change: at(model.AccessFacts{Trouble: "may not"}), want: model.CheckUnknown,
			seen: "may not",
		},

		{name: "no lens", id: asking, change: at(model.AccessFacts{}), want: model.CheckLook, seen: "the AWS lens"},
		{name: "nothing asked for", id: asking, change: at(asks(enabled)), want: model.CheckFine},
		{name: "sent", id: asking, change: at(asks(enabled, "DEPARTMENT")), want: model.CheckFine, seen: "DEPARTMENT"},
		{name: "mapped", id: asking, change: at(asks(mapping(enabled, "Team"), "team")), want: model.CheckFine},
		{
			name: "lacking", id: asking, change: at(asks(enabled, "Team")), want: model.CheckMend,
			seen:     "Team by Billing",
			severity: model.Medium,
		},
		{
			name: "not in the assertion", id: asking, change: at(asks(enabled, "Department"), left),
			want: model.CheckMend,
			seen: "Department by Billing", severity: model.Medium,
		},
		{
			name: "not enabled", id: asking, change: at(asks(model.AccessFacts{Asked: true}, "Department")),
			want: model.CheckMend, seen: "is not enabled", severity: model.Medium,
		},
		{
			name: "could not be enabled", id: asking,
			change: at(asks(model.AccessFacts{Asked: true, Status: "CREATION_FAILED"}, "Department")),
			want:   model.CheckMend, seen: "is not enabled", severity: model.Medium,
		},
		{
			name: "mapping denied", id: asking, change: at(asks(model.AccessFacts{Trouble: "may not"}, "Team")),
			want: model.CheckUnknown, seen: "Team by Billing",
		},
		{
			name: "denied", id: asking, change: at(
				model.AccessFacts{Conditions: model.ConditionFacts{Trouble: "may not"}}), want: model.CheckUnknown,
			seen: "may not",
		},
		{
			name: "policies in accounts", id: asking,
			change: at(model.AccessFacts{
				Asked: true, Status: model.AccessEnabled,
				Conditions: model.ConditionFacts{Asked: true, Elsewhere: []string{"Billing (Limits)"}},
			}),
			want: model.CheckLook, seen: "Billing (Limits)",
		},
		{
			name: "those denied", id: asking,
			change: at(model.AccessFacts{
				Asked: true, Status: model.AccessEnabled,
				Conditions: model.ConditionFacts{Asked: true, ElsewhereTrouble: "may not"},
			}), want: model.CheckUnknown,
			seen: "inline policies",
		},
		{
			name: "not all", id: asking,
			change: at(model.AccessFacts{
				Asked: true, Status: model.AccessEnabled,
				Conditions: model.ConditionFacts{Asked: true, Rest: "the first 500"},
			}), want: model.CheckUnknown,
			seen: "the first 500",
		},
		{
			name: "lacking and not all", id: asking,
			change: at(asks(model.AccessFacts{
				Asked: true, Status: model.AccessEnabled,
				Conditions: model.ConditionFacts{Rest: "the first 500"},
			}, "Team")), want: model.CheckMend,
			severity: model.Medium,
		},
		{
			name: "not AWS", id: asking, change: func(w *world, _ *drift.Options) { w.kind = "generic" },
			want: model.CheckFine,
		},
	})
}
