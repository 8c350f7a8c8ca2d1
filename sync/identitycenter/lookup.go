package identitycenter

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"github.com/scimdrift/scimdrift/model"
)

// errNoIssuer: external ids stand under the name of the SCIM tenant, which only a record that has one tells.
var errNoIssuer = errors.New("external ids cannot be looked up before any record with one was read; list the users " +
	"first")

// GetUser reads one user.
func (c *Client) GetUser(ctx context.Context, id string) (model.User, bool, error) {
	out, err := c.describeUser(ctx, id)
	if out == nil || err != nil {
		return model.User{}, false, err
	}
	return c.toUser(&types.User{
		UserId: out.UserId, ExternalIds: out.ExternalIds, UserName: out.UserName, DisplayName: out.DisplayName,
		Name: out.Name, Emails: out.Emails, UserStatus: out.UserStatus, CreatedBy: out.CreatedBy,
	}), true, nil
}

// GetGroup reads one group.
func (c *Client) GetGroup(ctx context.Context, id string) (model.Group, bool, error) {
	out, err := c.describeGroup(ctx, id)
	if out == nil || err != nil {
		return model.Group{}, false, err
	}
	return c.toGroup(&types.Group{
		GroupId: out.GroupId, ExternalIds: out.ExternalIds, DisplayName: out.DisplayName, CreatedBy: out.CreatedBy,
		CreatedAt: out.CreatedAt,
	}), true, nil
}

// Revision is Identity Store's present version of a record; empty where it gives none, and of one that is gone.
func (c *Client) Revision(ctx context.Context, of model.Principal) (revision string, err error) {
	if of.Type == model.SubjectUser {
		var out *identitystore.DescribeUserOutput
		if out, err = c.describeUser(ctx, of.ID); out != nil {
			revision = aws.ToString(out.Revision)
		}
		return revision, err
	}
	out, err := c.describeGroup(ctx, of.ID)
	if out != nil {
		revision = aws.ToString(out.Revision)
	}
	return revision, err
}

// describeUser gives nil for a user who is not there.
func (c *Client) describeUser(ctx context.Context, id string) (*identitystore.DescribeUserOutput, error) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return nil, err
	}
	in := identitystore.DescribeUserInput{IdentityStoreId: store, UserId: aws.String(id)}
	out, err := c.store.DescribeUser(ctx, &in)
	switch {
	case err != nil:
		return nil, c.explainUnlessGone(err, types.ResourceTypeUser)
	case aws.ToString(out.UserId) != id:
		return nil, errOtherRecord
	}
	return out, nil
}

// describeGroup gives nil for a group that is not there.
func (c *Client) describeGroup(ctx context.Context, id string) (*identitystore.DescribeGroupOutput, error) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return nil, err
	}
	in := identitystore.DescribeGroupInput{IdentityStoreId: store, GroupId: aws.String(id)}
	out, err := c.store.DescribeGroup(ctx, &in)
	switch {
	case err != nil:
		return nil, c.explainUnlessGone(err, types.ResourceTypeGroup)
	case aws.ToString(out.GroupId) != id:
		return nil, errOtherRecord
	}
	return out, nil
}

// explainUnlessGone is the error of a question that failed, nil for one whose answer is that there is no such record.
func (c *Client) explainUnlessGone(err error, kind types.ResourceType) error {
	if isRecordGone(err, kind) {
		return nil
	}
	return c.explain(err)
}

var errOtherRecord = errors.New("AWS answered with another record than was asked for; read again")

// FindUser looks a user up by name and, if there is none and the id is not empty, by external id.
func (c *Client) FindUser(ctx context.Context, userName, externalID string) (u model.User, found bool, err error) {
	id, err := c.find(ctx, types.ResourceTypeUser, "userName", userName, externalID,
		func(in identitystore.GetUserIdInput) (*string, error) {
			out, err := c.store.GetUserId(ctx, &in)
			if err != nil {
				return nil, err
			}
			return out.UserId, nil
		})
	if id == "" || err != nil {
		return u, false, err
	}
	return c.GetUser(ctx, id)
}

// FindGroup looks a group up by name and, if there is none and the id is not empty, by external id.
func (c *Client) FindGroup(ctx context.Context, name, externalID string) (g model.Group, found bool, err error) {
	id, err := c.find(ctx, types.ResourceTypeGroup, "displayName", name, externalID,
		func(in identitystore.GetUserIdInput) (*string, error) {
			same := identitystore.GetGroupIdInput(in)
			out, err := c.store.GetGroupId(ctx, &same)
			if err != nil {
				return nil, err
			}
			return out.GroupId, nil
		})
	if id == "" || err != nil {
		return g, false, err
	}
	return c.GetGroup(ctx, id)
}

// find asks by name, then by external id, until one is known, and gives its id.
func (c *Client) find(
	ctx context.Context, kind types.ResourceType, attribute, value, externalID string,
	ask func(in identitystore.GetUserIdInput) (*string, error),
) (string, error) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return "", err
	}
	var keys []types.AlternateIdentifier
	if value != "" {
		keys = append(keys, &types.AlternateIdentifierMemberUniqueAttribute{Value: types.UniqueAttribute{
			AttributePath: aws.String(attribute), AttributeValue: document.NewLazyDocument(value),
		}})
	}
	if externalID != "" {
		c.mu.Lock()
		issuer := c.issuer
		c.mu.Unlock()
		if issuer == "" {
			return "", errNoIssuer
		}
		keys = append(keys, &types.AlternateIdentifierMemberExternalId{
			Value: types.ExternalId{Issuer: aws.String(issuer), Id: aws.String(externalID)},
		})
	}
	for _, key := range keys {
		id, err := ask(identitystore.GetUserIdInput{IdentityStoreId: store, AlternateIdentifier: key})
		if err == nil && aws.ToString(id) == "" {
			return "", errOtherRecord
		} else if err == nil {
			return *id, nil
		}
		if err = c.explainUnlessGone(err, kind); err != nil {
			return "", err
		}
	}
	return "", nil
}
