package identitycenter

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"github.com/scimdrift/scimdrift/model"
)

// perPage is the most that Identity Store and SSO Admin give at once
// (docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_ListUsers.html).
const perPage = 100

// maxPages is far above the largest directory: 200,000 users make 2,000 pages.
const maxPages = 10_000

// issuerPrefix is how Identity Store marks external ids that came over SCIM
// (repost.aws/knowledge-center/iam-identity-center-provision).
const issuerPrefix = "https://scim.aws.com/"

var errRepeated = errors.New("a page came twice; read again")

// paginator is one of the SDK's. Pages may be short or empty while more follow, so that the token alone decides.
type paginator[Out, Options any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, with ...func(*Options)) (*Out, error)
}

// walk reads all pages of a list. A record of an earlier page that comes again means that the list cannot be believed,
// and so does a token that does; a row that is twice on one page only says the same twice, and is given once.
func walk[Out, Options, T any](
	ctx context.Context, c *Client, pages paginator[Out, Options], on func(*Out) []T, id func(T) string, told progress,
) ([]T, error) {
	var all []T
	pageOf, tokens := map[string]int{}, map[string]bool{}
	for page := range maxPages {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return all, c.explain(err)
		}
		rows := on(out)
		if rows == nil {
			return all, errors.New("an answer held no list at all; read again")
		}
		for _, row := range rows {
			key := id(row)
			before, known := pageOf[key]
			switch {
			case key == "":
				return all, errors.New("a row came without an id; read again, and report it if it happens again")
			case known && before < page:
				return all, errRepeated
			case !known:
				pageOf[key] = page
				all = append(all, row)
			}
		}
		if told != nil {
			told(len(all), 0)
		}
		if !pages.HasMorePages() {
			return all, nil
		}
		// Every answer with pages has its token in a field of this name.
		after, _ := reflect.TypeAssert[*string](reflect.ValueOf(out).Elem().FieldByName("NextToken"))
		if tokens[aws.ToString(after)] {
			return all, errRepeated
		}
		tokens[aws.ToString(after)] = true
	}
	return all, errors.New("the list does not end; read again")
}

// progress is told how far a read is; nil tells nobody.
type progress = func(done, expected int)

func coverageOfRead(rows int, err error) model.Coverage {
	switch {
	case err == nil:
		return model.CompleteCoverage()
	case rows == 0:
		return model.UnknownCoverage(err.Error())
	}
	return model.PartialCoverage(fmt.Sprintf("only %d were read: %s", rows, err))
}

// Users lists every user.
func (c *Client) Users(ctx context.Context, told progress) ([]model.User, model.Coverage) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	rows, err := walk(ctx, c, identitystore.NewListUsersPaginator(c.store, &identitystore.ListUsersInput{
		IdentityStoreId: store, MaxResults: aws.Int32(perPage),
	}), func(out *identitystore.ListUsersOutput) []types.User { return out.Users },
		func(u types.User) string { return aws.ToString(u.UserId) }, told)
	c.statusMissing.Store(slices.ContainsFunc(rows, func(u types.User) bool { return u.UserStatus == "" }))
	return model.Map(rows, c.toUser), coverageOfRead(len(rows), err)
}

// Groups lists every group.
func (c *Client) Groups(ctx context.Context, told progress) ([]model.Group, model.Coverage) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	rows, err := walk(ctx, c, identitystore.NewListGroupsPaginator(c.store, &identitystore.ListGroupsInput{
		IdentityStoreId: store, MaxResults: aws.Int32(perPage),
	}), func(out *identitystore.ListGroupsOutput) []types.Group { return out.Groups },
		func(g types.Group) string { return aws.ToString(g.GroupId) }, told)
	return model.Map(rows, c.toGroup), coverageOfRead(len(rows), err)
}

// toUser normalises a record. One without a status counts as active; Unreadable says that nothing follows from it.
func (c *Client) toUser(u *types.User) model.User {
	out := model.User{
		ID: aws.ToString(u.UserId), ExternalID: c.externalID(u.ExternalIds), UserName: aws.ToString(u.UserName),
		DisplayName: aws.ToString(u.DisplayName), Active: u.UserStatus != types.UserStatusDisabled, Assigned: true,
		CreatedBy: aws.ToString(u.CreatedBy),
	}
	if u.Name != nil {
		out.GivenName, out.FamilyName = aws.ToString(u.Name.GivenName), aws.ToString(u.Name.FamilyName)
	}
	if len(u.Emails) > 0 {
		out.Email = aws.ToString(u.Emails[0].Value)
	}
	return out
}

func (c *Client) toGroup(g *types.Group) model.Group {
	return model.Group{
		ID: aws.ToString(g.GroupId), ExternalID: c.externalID(g.ExternalIds), Name: aws.ToString(g.DisplayName),
		CreatedBy: aws.ToString(g.CreatedBy), Created: aws.ToTime(g.CreatedAt).UTC(),
	}
}

// externalID is the one that came over SCIM. Others are of somebody else's making and prove nothing.
func (c *Client) externalID(ids []types.ExternalId) string {
	for i := range ids {
		if issuer := aws.ToString(ids[i].Issuer); strings.HasPrefix(issuer, issuerPrefix) {
			c.mu.Lock()
			c.issuer = issuer
			c.mu.Unlock()
			return aws.ToString(ids[i].Id)
		}
	}
	return ""
}
