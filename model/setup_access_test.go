package model

import (
	"strings"
	"testing"
)

func TestSetupOfAccessAttributes(t *testing.T) {
	t.Parallel()
	with := func(params ...Parameter) func(*world, *Options) {
		return func(w *world, _ *Options) { w.app.Parameters = params }
	}
	named := func(key string) Parameter {
		return Parameter{Key: key, Label: "Department", Mapping: "department", InAssertion: Yes}
	}
	change := func(p Parameter, edit func(*Parameter)) Parameter {
		edit(&p)
		return p
	}
	cases := []setupCase{
		{name: "none", want: CheckFine, seen: "optional"},
		{name: "good", change: with(named(accessPrefix+"Department"), named(accessPrefix+"Cost Center")), want: CheckFine, seen: "2 access-control"},
		{name: "not in the assertion", change: with(change(named(accessPrefix+"Department"), func(p *Parameter) { p.InAssertion = No })), want: CheckMend, seen: "not included in the SAML assertion"},
		{name: "assertion unsaid", change: with(change(named(accessPrefix+"Department"), func(p *Parameter) { p.InAssertion = Unsaid })), want: CheckLook},
		{name: "no value", change: with(change(named(accessPrefix+"Department"), func(p *Parameter) { p.Mapping = "" })), want: CheckMend, seen: "has no value"},
		{name: "a fixed value", change: with(change(named(accessPrefix+"Department"), func(p *Parameter) { p.Mapping, p.Value = "", "ops" })), want: CheckFine},
		{name: "an empty macro", change: with(change(named(accessPrefix+"Department"), func(p *Parameter) { p.Mapping = "_macro_" })), want: CheckMend, seen: "has no value"},
		{name: "a macro", change: with(change(named(accessPrefix+"Department"), func(p *Parameter) { p.Mapping, p.Macro = "_macro_", "{department}" })), want: CheckFine},
		{name: "no key", change: with(named(accessPrefix)), want: CheckMend, seen: "no key that AWS takes"},
		{name: "a key with a space in front", change: with(named(accessPrefix + " Department")), want: CheckMend},
		{name: "a key of 129", change: with(named(accessPrefix + strings.Repeat("k", 129))), want: CheckMend},
		{name: "a key of 128", change: with(named(accessPrefix + strings.Repeat("k", 128))), want: CheckFine},
		{name: "a key in another script", change: with(named(accessPrefix + "部門")), want: CheckFine},
		{name: "a hidden character in the key", change: with(named(accessPrefix + "Depart\u200bment")), want: CheckMend},
		{name: "twice but for case", change: with(named(accessPrefix+"Department"), named(accessPrefix+"department")), want: CheckMend, seen: "twice"},
		{name: "in the label only", change: with(Parameter{Key: "cost", Label: accessPrefix + "Cost", Mapping: "x", InAssertion: Yes}), want: CheckFine, seen: "1 access"},
		{name: "control characters", change: with(named("\x1b[2J" + accessPrefix + "Department")), want: CheckMend},
		{name: "others", change: with(
			named("groups"), named("saml_username"), named("scimusername"), named(""),
			named("https://aws.amazon.com/SAML/Attributes/Role"), named("https://aws.amazon.com/SAML/Attributes/RoleSessionName"),
			named("https://aws.amazon.com/SAML/Attributes/SessionDuration"), named("https://aws.amazon.com/SAML/Attributes/PrincipalTag:Team"),
			named("Access level"), named("Controller"),
		), want: CheckFine, seen: "optional"},
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
		cases = append(cases, setupCase{name: lookAlike, change: with(named(lookAlike)), want: CheckMend, seen: "does not begin with exactly " + accessPrefix})
	}
	for i := range cases {
		cases[i].id, cases[i].severity = SetupAccessAttributes, Medium
	}
	runSetupCases(t, cases)
}

// TestALongNameIsCheap: a parameter's name is a stranger's text, and looking for edits takes the square of its length.
func TestALongNameIsCheap(t *testing.T) {
	t.Parallel()
	if got := squash(strings.Repeat("a", 10_000_000)); len(got) > 1000 {
		t.Errorf("%d letters are compared", len(got))
	}
}
