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
	store, err := c.storeOf(ctx)
	if err != nil {
		return model.User{}, false, err
	}
	out, err := c.store.DescribeUser(ctx, &identitystore.DescribeUserInput{
		IdentityStoreId: store,
		UserId:          aws.String(id),
	})
	if gone(err, string(types.ResourceTypeUser)) {
		return model.User{}, false, nil
	}
	if err != nil {
		return model.User{}, false, c.explain("identitystore:DescribeUser", err)
	}
	if aws.ToString(out.UserId) != id {
		return model.User{}, false, errOtherRecord
	}
	return c.user(&types.User{
		UserId: out.UserId, ExternalIds: out.ExternalIds, UserName: out.UserName, DisplayName: out.DisplayName,
		Name:   out.Name,
		Emails: out.Emails, UserStatus: out.UserStatus, CreatedBy: out.CreatedBy,
	}), true, nil
}

// Revision is what Identity Store gives the present version of a record as; empty from a store that gives none, and for
// a record that is gone.
func (c *Client) Revision(ctx context.Context, of model.Principal) (string, error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return "", err
	}
	action, kind := "identitystore:DescribeGroup", types.ResourceTypeGroup
	var id, revision *string
	if of.Type == model.SubjectUser {
		action, kind = "identitystore:DescribeUser", types.ResourceTypeUser
		var out *identitystore.DescribeUserOutput
		if out, err = c.store.DescribeUser(ctx, &identitystore.DescribeUserInput{
			IdentityStoreId: store,
			UserId:          aws.String(of.ID),
		}); err == nil {
			id, revision = out.UserId, out.Revision
		}
	} else {
		var out *identitystore.DescribeGroupOutput
		if out, err = c.store.DescribeGroup(ctx, &identitystore.DescribeGroupInput{
			IdentityStoreId: store,
			GroupId:         aws.String(of.ID),
		}); err == nil {
			id, revision = out.GroupId, out.Revision
		}
	}
	switch {
	case gone(err, string(kind)):
		return "", nil
	case err != nil:
		return "", c.explain(action, err)
	case aws.ToString(id) != of.ID:
		return "", errOtherRecord
	}
	return aws.ToString(revision), nil
}

var errOtherRecord = errors.New("AWS answered with another record than was asked for; read again")

// GetGroup reads one group.
func (c *Client) GetGroup(ctx context.Context, id string) (model.Group, bool, error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return model.Group{}, false, err
	}
	out, err := c.store.DescribeGroup(ctx, &identitystore.DescribeGroupInput{
		IdentityStoreId: store,
		GroupId:         aws.String(id),
	})
	if gone(err, string(types.ResourceTypeGroup)) {
		return model.Group{}, false, nil
	}
	if err != nil {
		return model.Group{}, false, c.explain("identitystore:DescribeGroup", err)
	}
	if aws.ToString(out.GroupId) != id {
		return model.Group{}, false, errOtherRecord
	}
	return c.group(&types.Group{
		GroupId: out.GroupId, ExternalIds: out.ExternalIds, DisplayName: out.DisplayName,
		CreatedBy: out.CreatedBy,
	}), true, nil
}

// FindUser looks a user up by name and, if there is none and the id is not empty, by external id.
func (c *Client) FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return model.User{}, false, err
	}
	keys, err := c.alternates("userName", userName, externalID)
	if err != nil {
		return model.User{}, false, err
	}
	for _, key := range keys {
		out, err := c.store.GetUserId(ctx, &identitystore.GetUserIdInput{
			IdentityStoreId:     store,
			AlternateIdentifier: key,
		})
		if gone(err, string(types.ResourceTypeUser)) {
			continue
		}
		if err != nil {
			return model.User{}, false, c.explain("identitystore:GetUserId", err)
		}
		return c.GetUser(ctx, aws.ToString(out.UserId))
	}
	return model.User{}, false, nil
}

// FindGroup looks a group up by name and, if there is none and the id is not empty, by external id.
func (c *Client) FindGroup(ctx context.Context, displayName, externalID string) (model.Group, bool, error) {
	store, err := c.storeOf(ctx)
	if err != nil {
		return model.Group{}, false, err
	}
	keys, err := c.alternates("displayName", displayName, externalID)
	if err != nil {
		return model.Group{}, false, err
	}
	for _, key := range keys {
		out, err := c.store.GetGroupId(ctx, &identitystore.GetGroupIdInput{
			IdentityStoreId:     store,
			AlternateIdentifier: key,
		})
		if gone(err, string(types.ResourceTypeGroup)) {
			continue
		}
		if err != nil {
			return model.Group{}, false, c.explain("identitystore:GetGroupId", err)
		}
		return c.GetGroup(ctx, aws.ToString(out.GroupId))
	}
	return model.Group{}, false, nil
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
