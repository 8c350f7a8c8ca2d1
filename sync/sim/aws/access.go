package aws

// accessControl says that there is nothing where the feature was never enabled. How AWS words that is not documented
// beyond the type of the error
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeInstanceAccessControlAttributeConfiguration.html),
// which is also that for an instance that is not there.
func (c *call) accessControl() (any, error) {
	set := c.target.AccessControl
	if set == nil {
		return nil, refuse("ResourceNotFoundException", "Instance access control attribute configuration not found.")
	}
	out := map[string]any{"Status": set.Status}
	if set.Reason != "" {
		out["StatusReason"] = set.Reason
	}
	if len(set.Attributes) > 0 {
		rows := make([]any, 0, len(set.Attributes))
		for _, a := range set.Attributes {
			rows = append(rows, map[string]any{"Key": a.Key, "Value": map[string]any{"Source": a.Sources}})
		}
		out["InstanceAccessControlAttributeConfiguration"] = map[string]any{"AccessControlAttributes": rows}
	}
	return out, nil
}

// permissionSet is the ARN in the input, of a set that is there.
func (c *call) permissionSet() (string, error) {
	arn := c.text("PermissionSetArn")
	if c.target.PermissionSets[arn] == "" {
		return "", refuse("ResourceNotFoundException", "PermissionSet "+arn+" not found.")
	}
	return arn, nil
}

// inlinePolicy is an empty text where a set has none
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_GetInlinePolicyForPermissionSet.html).
func (c *call) inlinePolicy() (any, error) {
	arn, err := c.permissionSet()
	if err != nil {
		return nil, err
	}
	return map[string]any{"InlinePolicy": c.target.Policies[arn].Inline}, nil
}

func (c *call) managedPolicies() (any, error) {
	arn, err := c.permissionSet()
	if err != nil {
		return nil, err
	}
	names := c.target.Policies[arn].CustomerManaged
	return c.listed("CustomerManagedPolicyReferences", len(names),
		func(i int) any { return map[string]any{"Name": names[i], "Path": "/"} })
}
