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
	out, found, err := c.describeUser(ctx, id)
	if !found || err != nil {
		return model.User{}, false, err
	}
	return c.user(&types.User{
		UserId: out.UserId, ExternalIds: out.ExternalIds, UserName: out.UserName, DisplayName: out.DisplayName,
		Name: out.Name, Emails: out.Emails, UserStatus: out.UserStatus, CreatedBy: out.CreatedBy,
	}), true, nil
}

// GetGroup reads one group.
func (c *Client) GetGroup(ctx context.Context, id string) (model.Group, bool, error) {
	out, found, err := c.describeGroup(ctx, id)
	if !found || err != nil {
		return model.Group{}, false, err
	}
	return c.group(&types.Group{
		GroupId: out.GroupId, ExternalIds: out.ExternalIds, DisplayName: out.DisplayName, CreatedBy: out.CreatedBy,
	}), true, nil
}

// Revision is what Identity Store gives the present version of a record as; empty from a store that gives none, and for
// a record that is gone.
func (c *Client) Revision(ctx context.Context, of model.Principal) (string, error) {
	if of.Type == model.SubjectUser {
		out, found, err := c.describeUser(ctx, of.ID)
		if !found || err != nil {
			return "", err
		}
		return aws.ToString(out.Revision), nil
	}
	out, found, err := c.describeGroup(ctx, of.ID)
	if !found || err != nil {
		return "", err
	}
	return aws.ToString(out.Revision), nil
}

func (c *Client) describeUser(
	ctx context.Context, id string,
) (out *identitystore.DescribeUserOutput, found bool, err error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return nil, false, err
	}
	in := identitystore.DescribeUserInput{IdentityStoreId: store, UserId: aws.String(id)}
	out, err = c.store.DescribeUser(ctx, &in)
	found, err = c.found(err, "identitystore:DescribeUser", types.ResourceTypeUser)
	if found && aws.ToString(out.UserId) != id {
		return nil, false, errOtherRecord
	}
	return out, found, err
}

func (c *Client) describeGroup(
	ctx context.Context, id string,
) (out *identitystore.DescribeGroupOutput, found bool, err error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return nil, false, err
	}
	in := identitystore.DescribeGroupInput{IdentityStoreId: store, GroupId: aws.String(id)}
	out, err = c.store.DescribeGroup(ctx, &in)
	found, err = c.found(err, "identitystore:DescribeGroup", types.ResourceTypeGroup)
	if found && aws.ToString(out.GroupId) != id {
		return nil, false, errOtherRecord
	}
	return out, found, err
}

// found tells a record that is not there from a question that failed.
func (c *Client) found(err error, action string, kind types.ResourceType) (bool, error) {
	if err == nil || gone(err, kind) {
		return err == nil, nil
	}
	return false, c.explain(action, err)
}

var errOtherRecord = errors.New("AWS answered with another record than was asked for; read again")

// FindUser looks a user up by name and, if there is none and the id is not empty, by external id.
func (c *Client) FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error) {
	id, err := c.find(ctx, "userName", userName, externalID, "identitystore:GetUserId", types.ResourceTypeUser,
		func(store *string, key types.AlternateIdentifier) (*string, error) {
			out, err := c.store.GetUserId(ctx, &identitystore.GetUserIdInput{
				IdentityStoreId: store, AlternateIdentifier: key,
			})
			if err != nil {
				return nil, err
			}
			return out.UserId, nil
		})
	if id == nil || err != nil {
		return model.User{}, false, err
	}
	return c.GetUser(ctx, *id)
}

// FindGroup looks a group up by name and, if there is none and the id is not empty, by external id.
func (c *Client) FindGroup(ctx context.Context, displayName, externalID string) (model.Group, bool, error) {
	id, err := c.find(ctx, "displayName", displayName, externalID, "identitystore:GetGroupId", types.ResourceTypeGroup,
		func(store *string, key types.AlternateIdentifier) (*string, error) {
			out, err := c.store.GetGroupId(ctx, &identitystore.GetGroupIdInput{
				IdentityStoreId: store, AlternateIdentifier: key,
			})
			if err != nil {
				return nil, err
			}
			return out.GroupId, nil
		})
	if id == nil || err != nil {
		return model.Group{}, false, err
	}
	return c.GetGroup(ctx, *id)
}

// find gives the id of the record that has one of the keys; nil if none has.
func (c *Client) find(
	ctx context.Context, attribute, value, externalID, action string, kind types.ResourceType,
	ask func(store *string, key types.AlternateIdentifier) (id *string, err error),
) (*string, error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := c.alternates(attribute, value, externalID)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		id, err := ask(store, key)
		if found, err := c.found(err, action, kind); err != nil {
			return nil, err
		} else if found {
			return aws.String(aws.ToString(id)), nil
		}
	}
	return nil, nil //nolint:nilnil // no error, and nobody found
}

// alternates are the keys of a lookup, in the order in which they are tried.
func (c *Client) alternates(attribute, value, externalID string) (keys []types.AlternateIdentifier, err error) {
	if value != "" {
		keys = append(keys, &types.AlternateIdentifierMemberUniqueAttribute{
			Value: types.UniqueAttribute{
				AttributePath:  aws.String(attribute),
				AttributeValue: document.NewLazyDocument(value),
			},
		})
	}
	if externalID == "" {
		return keys, nil
	}
	c.mu.Lock()
	issuer := c.issuer
	c.mu.Unlock()
	if issuer == "" {
		return nil, errNoIssuer
	}
	return append(keys, &types.AlternateIdentifierMemberExternalId{
		Value: types.ExternalId{Issuer: aws.String(issuer), Id: aws.String(externalID)},
	}), nil
}
