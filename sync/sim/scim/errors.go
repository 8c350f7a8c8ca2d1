package scim

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

	textCatchAll   = "Request is unparsable, syntactically incorrect, or violates schema."
	textDuplicate  = "Refused to create a new, duplicate resource."
	textReplace    = "Replacing group memberships is not supported."
	textPathless   = `Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.`
	preciseFilter  = "Invalid Filter format"
	preciseJSON    = "Invalid JSON from RequestBody"
	preciseNoPath  = "Missing path in PATCH request"
	preciseNoName  = "1 validation errors detected: Value at '%s' failed to satisfy constraint: Member must have length greater than or equal to 1"
	preciseLetters = "1 validation errors detected: Value at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s"
	preciseMany    = "List attribute %s exceeds allowed limit of 1"
)

// failure is a refusal: the status, the text that the service is known to answer, and the more precise one that it
// is known (or, for want of a source, supposed) to write to CloudTrail.
type failure struct {
	status          int
	detail, precise string
}

func (f *failure) Error() string {
	return fmt.Sprintf("%d: %s (%s)", f.status, f.detail, f.precise)
}

// refuse makes a failure with the one text that is known for its status.
func refuse(status int, precise string, args ...any) *failure {
	var detail string
	switch status {
	case http.StatusBadRequest:
		detail = textCatchAll
	case http.StatusUnauthorized:
		detail = "The security token included in the request is invalid."
	case http.StatusNotFound:
		detail = "Resource not found."
	case http.StatusConflict:
		detail = textDuplicate
	case http.StatusTooManyRequests:
		detail = "Rate exceeded."
	default:
		detail = http.StatusText(status)
	}
	if len(args) > 0 {
		precise = fmt.Sprintf(precise, args...)
	}
	return &failure{status: status, detail: detail, precise: precise}
}

// invalid is the 400 that most mistakes get: it says nothing about the cause unless PreciseDetails is on.
func invalid(precise string, args ...any) *failure {
	return refuse(http.StatusBadRequest, precise, args...)
}

func exception(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "ValidationException"
	case http.StatusUnauthorized:
		return "UnauthorizedException"
	case http.StatusForbidden:
		return "AccessDeniedException"
	case http.StatusNotFound:
		return "ResourceNotFoundException"
	case http.StatusConflict:
		return "ConflictException"
	case http.StatusTooManyRequests:
		return "ThrottlingException"
	default:
		return "InternalServerException"
	}
}

// errorBody has both schema and schemas, a string status and no scimType, as clients have logged it since 2022.
type errorBody struct {
	Schema    []string `json:"schema"`
	Schemas   []string `json:"schemas"`
	Detail    string   `json:"detail"`
	Status    string   `json:"status"`
	RequestID string   `json:"exceptionRequestId"`
	TimeStamp string   `json:"timeStamp"`
}

func (f *failure) body(precise bool, requestID string, now time.Time) errorBody {
	detail := f.detail
	if precise && f.precise != "" {
		detail = f.precise
	}
	return errorBody{
		Schema: []string{errorURN}, Schemas: []string{errorURN}, Detail: detail, Status: strconv.Itoa(f.status), RequestID: requestID,
		// A space and no zone, with up to three fraction digits: what github.com/slashdevops/idp-scim-sync/issues/45 shows.
		TimeStamp: now.Format("2006-01-02 15:04:05.999"),
	}
}

// requestID is random and not drawn from the world, or the number of requests would change the ids of later resources.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // documented never to fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
