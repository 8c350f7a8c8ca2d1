package identitycenter

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/aws/smithy-go"

	"github.com/scimdrift/scimdrift/model"
)

// AccessControl tells whether attributes for access control are enabled and which AWS maps itself, and what tags the
// inline policies of permission sets ask for, of at most so many permission sets. What could not be told is in the
// facts, each part for itself.
func (c *Client) AccessControl(ctx context.Context, most int) model.AccessFacts {
	instance, err := c.resolveInstance(ctx)
	if err != nil {
		return model.AccessFacts{Trouble: err.Error(), Conditions: model.ConditionFacts{Trouble: err.Error()}}
	}
	facts, err := c.accessMappings(ctx, instance)
	if err != nil {
		facts = model.AccessFacts{Trouble: err.Error()}
	}
	if facts.Conditions, err = c.tagConditions(ctx, instance, most); err != nil {
		facts.Conditions = model.ConditionFacts{Trouble: err.Error()}
	}
	return facts
}

// accessMappings reads the instance's own attributes for access control
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeInstanceAccessControlAttributeConfiguration.html).
// Where the feature was never enabled AWS knows no such resource, which is also its answer for an instance that is not
// there: that the instance has a list of permission sets tells the two apart.
func (c *Client) accessMappings(ctx context.Context, instance *string) (model.AccessFacts, error) {
	out, err := c.admin.DescribeInstanceAccessControlAttributeConfiguration(ctx,
		&ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput{
			InstanceArn: instance,
		})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "ResourceNotFoundException" {
		_, err := c.permissionSets(ctx, instance)
		return model.AccessFacts{Asked: err == nil}, err
	}
	if err != nil {
		return model.AccessFacts{}, c.explain(err)
	}
	if out.Status == "" {
		return model.AccessFacts{}, errors.New("AWS gave an answer about attributes for access control that has " +
			"no status; read again")
	}
	facts := model.AccessFacts{Asked: true, Status: string(out.Status), Reason: aws.ToString(out.StatusReason)}
	if set := out.InstanceAccessControlAttributeConfiguration; set != nil {
		for i := range set.AccessControlAttributes {
			a := &set.AccessControlAttributes[i]
			mapping := model.AccessMapping{Key: aws.ToString(a.Key)}
			if a.Value != nil {
				mapping.Sources = a.Value.Source
			}
			facts.Mapped = append(facts.Mapped, mapping)
		}
	}
	return facts, nil
}

// tagConditions goes through the policies of permission sets. Only inline ones are at SSO Admin: of customer-managed
// ones it knows the names, and each account has the text.
func (c *Client) tagConditions(ctx context.Context, instance *string, most int) (model.ConditionFacts, error) {
	sets, err := c.permissionSets(ctx, instance)
	if err != nil {
		return model.ConditionFacts{}, err
	}
	facts := model.ConditionFacts{Asked: true}
	if len(sets) > most {
		facts.Rest = fmt.Sprintf("only the first %d of %d permission sets were looked through", most, len(sets))
		sets = sets[:most]
	}
	for _, set := range sets {
		out, err := c.admin.GetInlinePolicyForPermissionSet(ctx, &ssoadmin.GetInlinePolicyForPermissionSetInput{
			InstanceArn: instance, PermissionSetArn: aws.String(set),
		})
		if err != nil {
			return model.ConditionFacts{}, c.explain(err)
		}
		keys, err := tagsAskedFor(aws.ToString(out.InlinePolicy))
		if err != nil {
			facts.Unread = append(facts.Unread, c.permissionSetName(ctx, set))
		}
		for _, key := range keys {
			facts.Tags = append(facts.Tags, model.TagCondition{Set: c.permissionSetName(ctx, set), Key: key})
		}
		if facts.ElsewhereTrouble != "" {
			continue // it would only be refused again
		}
		switch managed, err := c.managedPolicies(ctx, instance, set); {
		case err != nil:
			facts.ElsewhereTrouble = err.Error()
		case len(managed) > 0:
			facts.Elsewhere = append(facts.Elsewhere,
				c.permissionSetName(ctx, set)+" ("+strings.Join(managed, ", ")+")")
		}
	}
	return facts, nil
}

// permissionSetName is what a permission set is called, else the end of its ARN, which tells it among those of its
// instance.
func (c *Client) permissionSetName(ctx context.Context, arn string) string {
	return cmp.Or(c.knownSetName(ctx, arn), arn[strings.LastIndex(arn, "/")+1:])
}

func (c *Client) managedPolicies(ctx context.Context, instance *string, set string) ([]string, error) {
	pages := ssoadmin.NewListCustomerManagedPolicyReferencesInPermissionSetPaginator(c.admin,
		&ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{
			InstanceArn: instance, PermissionSetArn: aws.String(set), MaxResults: aws.Int32(perPage),
		})
	rows, err := walk(ctx, c, pages, func(
		out *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput,
	) []types.CustomerManagedPolicyReference {
		return out.CustomerManagedPolicyReferences
	}, func(r types.CustomerManagedPolicyReference) string {
		return aws.ToString(r.Path) + aws.ToString(r.Name)
	}, nil)
	if err != nil {
		return nil, err
	}
	return model.Map(rows, func(r *types.CustomerManagedPolicyReference) string { return aws.ToString(r.Name) }), nil
}

// How a policy names a tag of whoever signs in: as the key of a condition, and as a variable in a text. Neither heeds
// case (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
var (
	tagKey = regexp.MustCompile(`(?i)^aws:PrincipalTag/(.+)$`)
	// One with a default, after a comma, asks for nothing.
	tagVariable = regexp.MustCompile(`(?i)\$\{aws:PrincipalTag/([^},]+)\}`)
)

// tagsAskedFor are the tags without which something in a policy does not hold, sorted, each once but for case.
func tagsAskedFor(policy string) ([]string, error) {
	if strings.TrimSpace(policy) == "" {
		return nil, nil
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return nil, err
	}
	var keys []string
	add := func(key string) { keys = append(keys, strings.TrimSpace(key)) }
	var texts func(value any)
	texts = func(value any) {
		switch v := value.(type) {
		case string:
			for _, match := range tagVariable.FindAllStringSubmatch(v, -1) {
				add(match[1])
			}
		case []any:
			for _, one := range v {
				texts(one)
			}
		case map[string]any:
			for name, one := range v {
				if strings.EqualFold(name, "Condition") {
					for _, key := range conditionKeys(one) {
						add(key)
					}
				}
				texts(one)
			}
		}
	}
	texts(document)
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(model.Fold(a), model.Fold(b)), cmp.Compare(a, b))
	})
	return slices.CompactFunc(keys, func(a, b string) bool { return model.Fold(a) == model.Fold(b) }), nil
}

// conditionKeys are the tags that a block of conditions needs. IfExists holds without, and Null may ask for that.
func conditionKeys(block any) (keys []string) {
	operators, _ := block.(map[string]any)
	for operator, conditions := range operators {
		lower := strings.ToLower(operator)
		if lower == "null" || strings.HasSuffix(lower, "ifexists") {
			continue
		}
		named, _ := conditions.(map[string]any)
		for key := range named {
			if match := tagKey.FindStringSubmatch(strings.TrimSpace(key)); match != nil {
				keys = append(keys, match[1])
			}
		}
	}
	return keys
}
