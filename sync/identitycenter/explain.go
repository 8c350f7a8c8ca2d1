package identitycenter

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/smithy-go"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// iamAction is the operation that failed, by the name under which IAM knows it.
func iamAction(err error) string {
	failed, ok := errors.AsType[*smithy.OperationError](err)
	if !ok {
		return "an operation"
	}
	return map[string]string{
		identitystore.ServiceID: "identitystore", ssoadmin.ServiceID: "sso", organizations.ServiceID: "organizations",
	}[failed.Service()] + ":" + failed.Operation()
}

// explain words an error for an operator: what is missing, as IAM names it, and what to do.
func (c *Client) explain(err error) error {
	action := iamAction(err)
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return transport.Explain(err, "%s", c.explainAPIError(action, api))
	}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case isUnsigned(err):
		return transport.Explain(err, "no AWS credentials for %s%s; run aws sso login%s, or set AWS_PROFILE or "+
			"AWS_ACCESS_KEY_ID", action, c.profileText(" of the profile "), c.profileText(" --profile "))
	}
	if given, ok := errors.AsType[*transport.GivenUpError](err); ok {
		if status, ok := errors.AsType[*transport.StatusError](given.Err); ok &&
			isThrottled(status.Status, status.Body) {
			return transport.Explain(err, "AWS could not be asked: %s", given.Because(throttledText(action)))
		}
	}
	if sent := httpCause(err); sent != nil {
		return transport.Explain(err, "AWS could not be asked (%s): %v", action, sent)
	}
	return transport.Explain(err, "AWS gave an answer to %s that cannot be read; read again", action)
}

func (c *Client) explainAPIError(action string, api smithy.APIError) string {
	code := api.ErrorCode()
	switch code {
	case "AccessDeniedException", "AccessDenied":
		return fmt.Sprintf("the AWS credentials%s may not do %s; add it to their IAM policy (scimdrift help iam "+
			"prints one)", c.profileText(" of the profile "), action)
	case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "ExpiredTokenException",
		"ExpiredToken", "IncompleteSignature", "MissingAuthenticationToken":
		return fmt.Sprintf("AWS does not accept the credentials%s (%s); run aws sso login%s",
			c.profileText(" of the profile "), code, c.profileText(" --profile "))
	case "ThrottlingException", "TooManyRequestsException":
		return throttledText(action)
	case "ResourceNotFoundException":
		return fmt.Sprintf("AWS knows no such record (%s in %s); check aws.region, aws.identity_store_id and "+
			"aws.instance_arn", action, c.opts.Region)
	}
	return fmt.Sprintf("AWS refused %s (%s: %s); look at the AWS lens's settings", action, code, api.ErrorMessage())
}

func throttledText(action string) string {
	return "AWS refuses more requests for the moment (" + action + "); try again in a minute"
}

// profileText is the configured profile after some words; nothing where there is none.
func (c *Client) profileText(words string) string {
	if c.opts.Profile == "" {
		return ""
	}
	return words + c.opts.Profile
}

// isUnsigned reports whether a request was never sent for want of credentials. The SDK has no type for this; its
// signing step words it so (aws-sdk-go-v2, getIdentityMiddleware).
func isUnsigned(err error) bool {
	return strings.Contains(err.Error(), "get identity:") || strings.Contains(err.Error(), "refresh cached credentials")
}

// httpCause finds what our own HTTP client said, without the SDK's words around it.
func httpCause(err error) error {
	for ; err != nil; err = errors.Unwrap(err) {
		switch err.(type) { //nolint:errorlint // the chain is gone through here, for the first of several types
		case *transport.GivenUpError, *transport.ConnError, *transport.TimeoutError, *transport.WaitError,
			*transport.DecodeError, *transport.RedirectError:
			return err
		}
	}
	return nil
}

// isRecordGone reports whether a service says that the record itself is not there, and not its store or instance.
func isRecordGone(err error, kind types.ResourceType) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != "ResourceNotFoundException" {
		return false
	}
	missing, told := errors.AsType[*types.ResourceNotFoundException](err)
	return !told || missing.ResourceType == "" || missing.ResourceType == kind
}
