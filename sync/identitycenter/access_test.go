package identitycenter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// setNamed is the ARN of the tenant's permission set of that name.
func (b *bed) setNamed(t *testing.T, name string) string {
	t.Helper()
	for arn, called := range b.tenant.World.Target.PermissionSets {
		if called == name {
			return arn
		}
	}
	t.Fatalf("there is no permission set %s", name)
	return ""
}

func TestWhatAWSMapsItself(t *testing.T) {
	t.Parallel()
	const never, department = "", "${path:enterprise.department}"
	for name, c := range map[string]struct {
		there *world.AccessControl
		want  model.AccessFacts
	}{
		"never enabled": {nil, model.AccessFacts{Asked: true, Status: never}},
		"enabled, no list": {
			&world.AccessControl{Status: "ENABLED"},
			model.AccessFacts{Asked: true, Status: model.AccessEnabled},
		},
		"on its way": {
			&world.AccessControl{Status: "CREATION_IN_PROGRESS"},
			model.AccessFacts{Asked: true, Status: "CREATION_IN_PROGRESS"},
		},
		"failed, with words": {
			&world.AccessControl{Status: "CREATION_FAILED", Reason: "no"},
			model.AccessFacts{Asked: true, Status: "CREATION_FAILED", Reason: "no"},
		},
		"enabled, with a list": {
			&world.AccessControl{Status: "ENABLED", Attributes: []world.AccessAttribute{{
				Key:     "Department",
				Sources: []string{department},
			}, {Key: "Empty"}}},
			model.AccessFacts{
				Asked: true, Status: model.AccessEnabled,
				Mapped: []model.AccessMapping{{Key: "Department", Sources: []string{department}}, {Key: "Empty"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, simaws.Knobs{}, nil)
			b.tenant.World.Target.AccessControl = c.there
			got := b.lens.AccessControl(t.Context(), 500)
			got.Conditions = model.ConditionFacts{}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnInstanceThatIsNotThereIsNoFeatureThatIsOff: AWS has one word for both.
func TestAnInstanceThatIsNotThereIsNoFeatureThatIsOff(t *testing.T) {
	t.Parallel()
	b := lay(t, simaws.Knobs{},
		func(o *identitycenter.Options) { o.InstanceARN = "arn:aws:sso:::instance/ssoins-00000000000dead0" })
	got := b.lens.AccessControl(t.Context(), 500)
	if got.Asked || !strings.Contains(got.Trouble, "aws.instance_arn") ||
		!strings.Contains(got.Conditions.Trouble, "aws.instance_arn") {
		t.Errorf("%+v", got)
	}
}

// TestWhetherTheFeatureIsOffTakesAControl: without a list of permission sets nobody knows, and nothing else is lost.
func TestWhetherTheFeatureIsOffTakesAControl(t *testing.T) {
	t.Parallel()
	b := lay(t, simaws.Knobs{Deny: []string{"sso:ListPermissionSets"}}, nil)
	b.tenant.World.Target.AccessControl = nil
	if got := b.lens.AccessControl(t.Context(), 500); got.Asked ||
		!strings.Contains(got.Trouble, "sso:ListPermissionSets") {
		t.Errorf("%+v", got)
	}
}

func TestTagsThatPoliciesAskFor(t *testing.T) {
	t.Parallel()
	statement := func(condition, resource string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"` + resource +
			`","Condition":` + condition + `}]}`
	}
	for name, c := range map[string]struct {
		policy string
		want   []string
	}{
		"no policy":    {"", nil},
		"no condition": {statement(`{}`, "*"), nil},
		"a key":        {statement(`{"StringEquals":{"aws:PrincipalTag/Team":"a"}}`, "*"), []string{"Team"}},
		"a key in other case": {
			statement(`{"StringEquals":{"AWS:principaltag/Team":["a","b"]}}`, "*"),
			[]string{"Team"},
		},
		"a variable": {
			statement(`{"StringEquals":{"ec2:ResourceTag/Team":"${aws:PrincipalTag/Team}"}}`, "*"),
			[]string{"Team"},
		},
		"in a resource": {statement(`{}`, "arn:aws:s3:::bucket/${aws:PrincipalTag/Team}/*"), []string{"Team"}},
		"with a default": {statement(`{"StringEquals":{"ec2:ResourceTag/Team":"${aws:PrincipalTag/Team, 'none'}"}}`,
			"*"), nil},
		"if it exists":       {statement(`{"StringEqualsIfExists":{"aws:PrincipalTag/Team":"a"}}`, "*"), nil},
		"if it is not there": {statement(`{"Null":{"aws:PrincipalTag/Team":"true"}}`, "*"), nil},
		"of many values": {
			statement(`{"ForAnyValue:StringLike":{"aws:PrincipalTag/Team":["a*"]}}`, "*"),
			[]string{"Team"},
		},
		"another tag": {
			statement(`{"StringEquals":{"aws:RequestTag/Team":"a","aws:PrincipalTagger/x":"b"}}`, "*"),
			nil,
		},
		"one statement": {`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*",` +
			`"Condition":{"StringNotEquals":{"aws:PrincipalTag/A/B c":"a"}}}}`, []string{"A/B c"}},
		"twice but for case": {
			statement(`{"StringEquals":{"aws:PrincipalTag/team":"${aws:PrincipalTag/TEAM}"},`+
				`"StringLike":{"aws:PrincipalTag/Cost":"x"}}`, "*"), []string{"Cost", "TEAM"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, simaws.Knobs{}, nil)
			b.tenant.World.Target.Policies = map[string]world.Policies{b.setNamed(t, "Billing"): {Inline: c.policy}}
			got := b.lens.AccessControl(t.Context(), 500).Conditions
			var keys []string
			for _, tag := range got.Tags {
				if tag.Set != "Billing" {
					t.Errorf("asked for by %s", tag.Set)
				}
				keys = append(keys, tag.Key)
			}
			if diff := cmp.Diff(c.want, keys); diff != "" || !got.Asked || got.Trouble != "" {
				t.Errorf("(-want +got):\n%s%+v", diff, got)
			}
		})
	}
}

// TestWhatCannotBeReadOfPoliciesIsSaid: a text that is no policy, one that each account has for itself, and sets beyond
// the bound.
func TestWhatCannotBeReadOfPoliciesIsSaid(t *testing.T) {
	t.Parallel()
	b := lay(t, simaws.Knobs{Paging: fault.Sizes(0, 1)}, nil)
	b.tenant.World.Target.Policies = map[string]world.Policies{
		b.setNamed(t, "Billing"):       {Inline: `{"Statement":`},
		b.setNamed(t, "SecurityAudit"): {CustomerManaged: []string{"Limits", "ByTeam"}},
		b.setNamed(t,
			"ReadOnlyAccess"): {Inline: `{"Statement":{"Condition":{"StringEquals":{"aws:PrincipalTag/Team":"a"}}}}`},
	}
	want := model.ConditionFacts{
		Asked: true, Unread: []string{"Billing"}, Elsewhere: []string{"SecurityAudit (Limits, ByTeam)"},
		Tags: []model.TagCondition{{Set: "ReadOnlyAccess", Key: "Team"}},
	}
	if diff := cmp.Diff(want, b.lens.AccessControl(t.Context(), 500).Conditions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := b.lens.AccessControl(t.Context(), 2).Conditions; !strings.Contains(got.Rest, "first 2 of 5") {
		t.Errorf("not all were looked through: %+v", got)
	}
	b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{
		"sso:ListCustomerManagedPolicyReferencesInPermissionSet",
		"sso:DescribePermissionSet",
	}})
	got := b.lens.AccessControl(t.Context(), 500).Conditions
	if len(got.Tags) != 1 || !strings.Contains(got.ElsewhereTrouble,
		"sso:ListCustomerManagedPolicyReferencesInPermissionSet") || got.Trouble != "" {
		t.Errorf("what is denied takes more with it: %+v", got)
	}
}
