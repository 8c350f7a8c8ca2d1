package identitycenter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/aws/smithy-go"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// The operations that are written, as AWS names them on the wire.
const (
	targetHeader     = "X-Amz-Target"
	createAssignment = "SWBExternalService.CreateAccountAssignment"
	deleteAssignment = "SWBExternalService.DeleteAccountAssignment"
)

// What both operations take, as AWS names it on the wire.
const (
	keyInstance      = "InstanceArn"
	keyTarget        = "TargetId"
	keyTargetType    = "TargetType"
	keyPermissionSet = "PermissionSetArn"
	keyPrincipalType = "PrincipalType"
	keyPrincipal     = "PrincipalId"
)

// Encode words the removal or the making of account assignments, one request each. It is pure but for the instance, for
// which the account is asked once where it is not configured.
func (c *Client) Encode(ctx context.Context, in *model.Intent) ([]model.Encoded, error) {
	operation := createAssignment
	if in.Repair == model.RemoveAssignments || in.Repair == model.ClearAssignments {
		operation = deleteAssignment
	}
	instance, err := c.resolveInstance(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]model.Encoded, 0, len(in.Assignments))
	for _, a := range in.Assignments {
		id := any(a.PrincipalID)
		if a.PrincipalRef != "" {
			id = model.RefInBody(a.PrincipalRef)
		}
		raw, err := json.Marshal(map[string]any{
			keyInstance: aws.ToString(instance), keyTarget: a.AccountID, keyTargetType: "AWS_ACCOUNT",
			keyPermissionSet: a.PermissionSetARN,
			keyPrincipalType: principalType(a.PrincipalType), keyPrincipal: id,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, model.Encoded{Request: model.Request{
			Service: model.ServiceAWS, Method: "POST", Path: "/", Body: raw,
			Headers: map[string]string{targetHeader: operation, "Content-Type": "application/x-amz-json-1.1"},
		}})
	}
	return out, nil
}

// Write sends one request of a plan, once, and waits until AWS has done it: it answers at once and works afterwards
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html).
func (c *Client) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	if err := c.connect(ctx); err != nil {
		return model.Answer{}, writeError(model.WriteNotSent, err)
	}
	var b map[string]string
	if json.Unmarshal(r.Body, &b) != nil || len(b) != 6 {
		return model.Answer{}, writeError(model.WriteNotSent, errors.New("the request is none that the AWS lens can "+
			"send; make the plan again"))
	}
	in := ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: aws.String(b[keyInstance]), TargetId: aws.String(b[keyTarget]),
		TargetType:       types.TargetType(b[keyTargetType]),
		PermissionSetArn: aws.String(b[keyPermissionSet]), PrincipalType: types.PrincipalType(b[keyPrincipalType]),
		PrincipalId: aws.String(b[keyPrincipal]),
	}
	var status *types.AccountAssignmentOperationStatus
	var err error
	switch r.Headers[targetHeader] {
	case createAssignment:
		var out *ssoadmin.CreateAccountAssignmentOutput
		if out, err = c.admin.CreateAccountAssignment(ctx, &in); err == nil {
			status = out.AccountAssignmentCreationStatus
		}
	case deleteAssignment:
		same := ssoadmin.DeleteAccountAssignmentInput(in)
		var out *ssoadmin.DeleteAccountAssignmentOutput
		if out, err = c.admin.DeleteAccountAssignment(ctx, &same); err == nil {
			status = out.AccountAssignmentDeletionStatus
			of := model.Principal{Type: model.SubjectGroup, ID: b[keyPrincipal]}
			if in.PrincipalType == types.PrincipalTypeUser {
				of.Type = model.SubjectUser
			}
			c.unlist(of, b[keyTarget], b[keyPermissionSet]) // the list by account may show it for a while
		}
	default:
		return model.Answer{}, writeError(model.WriteNotSent, errors.New("the AWS lens does not send this operation; "+
			"make the plan again"))
	}
	if err != nil {
		return model.Answer{}, writeError(fateOf(err), c.explainMissing(ctx, b, err))
	}
	return c.pollUntilDone(ctx, r.Headers[targetHeader], b[keyInstance], status)
}

func writeError(fate model.WriteFate, err error) *model.WriteError {
	return &model.WriteError{Fate: fate, Err: err}
}

// An assignment takes AWS a second or a few; all operations of SSO Admin share one rate.
const (
	firstPollWait = 250 * time.Millisecond
	maxPollWait   = 2 * time.Second
)

// pollUntilDone asks how far a change is until it is done. A look that fails leaves the change in doubt, which reading
// settles.
func (c *Client) pollUntilDone(
	ctx context.Context, operation, instance string, status *types.AccountAssignmentOperationStatus,
) (model.Answer, error) {
	for pause := firstPollWait; ; pause = min(2*pause, maxPollWait) {
		if status == nil || aws.ToString(status.RequestId) == "" {
			return model.Answer{}, writeError(model.WriteUnsure,
				errors.New("AWS took the request and did not say what became of it"))
		}
		switch status.Status {
		case types.StatusValuesSucceeded:
			return model.Answer{Status: 200}, nil
		case types.StatusValuesFailed:
			return model.Answer{}, writeError(model.WriteRefused,
				fmt.Errorf("AWS could not do it (%s): %s; look at the account assignment in its console",
					strings.Replace(operation, "SWBExternalService.", "sso:", 1), aws.ToString(status.FailureReason)))
		case types.StatusValuesInProgress:
		}
		err := c.opts.Sleep(ctx, pause)
		if err == nil {
			status, err = c.requestStatus(ctx, operation, instance, status.RequestId)
		}
		switch {
		case ctx.Err() != nil:
			return model.Answer{}, writeError(model.WriteUnsure,
				errors.New("AWS took the request and was still at it when the time for that was up"))
		case err != nil:
			return model.Answer{}, writeError(model.WriteUnsure,
				fmt.Errorf("AWS took the request, and whether it is done cannot be told: %w", err))
		}
	}
}

func (c *Client) requestStatus(
	ctx context.Context, operation, instance string, id *string,
) (*types.AccountAssignmentOperationStatus, error) {
	if operation == deleteAssignment {
		out, err := c.admin.DescribeAccountAssignmentDeletionStatus(ctx,
			&ssoadmin.DescribeAccountAssignmentDeletionStatusInput{
				InstanceArn: aws.String(instance), AccountAssignmentDeletionRequestId: id,
			})
		if err != nil {
			return nil, c.explain(err)
		}
		return out.AccountAssignmentDeletionStatus, nil
	}
	out, err := c.admin.DescribeAccountAssignmentCreationStatus(ctx,
		&ssoadmin.DescribeAccountAssignmentCreationStatusInput{
			InstanceArn: aws.String(instance), AccountAssignmentCreationRequestId: id,
		})
	if err != nil {
		return nil, c.explain(err)
	}
	return out.AccountAssignmentCreationStatus, nil
}

// fateOf says what became of a write without a good answer.
func fateOf(err error) model.WriteFate {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		switch api.ErrorCode() {
		case "ThrottlingException", "TooManyRequestsException":
			return model.WriteThrottled
		case "ResourceNotFoundException":
			return model.WriteAbsent
		case "ConflictException":
			return model.WriteConflict
		case "InternalServerException", "InternalFailure", "ServiceUnavailable", "UnknownError", "":
		default:
			if api.ErrorFault() == smithy.FaultClient || api.ErrorFault() == smithy.FaultUnknown {
				return model.WriteRefused
			}
		}
		return model.WriteUnsure
	}
	lost, ok := errors.AsType[*transport.ConnError](err)
	if ok && !lost.Sent || httpCause(err) == nil && isUnsigned(err) {
		return model.WriteNotSent
	}
	return model.WriteUnsure
}
