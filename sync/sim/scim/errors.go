package scim

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// known gives the exception and the text that are answered for a status: neither says anything about the cause.
func known(status int) (exception, detail string) {
	switch status {
	case http.StatusBadRequest:
		return "ValidationException", "Request is unparsable, syntactically incorrect, or violates schema."
	case http.StatusUnauthorized:
		return "UnauthorizedException", "The security token included in the request is invalid."
	case http.StatusNotFound:
		return "ResourceNotFoundException", "Resource not found."
	case http.StatusConflict:
		return "ConflictException", "Refused to create a new, duplicate resource."
	case http.StatusTooManyRequests:
		return "ThrottlingException", "Rate exceeded."
	}
	return "InternalServerException", http.StatusText(status)
}

// failure is a refusal: the status, and the text that the service answers.
type failure struct {
	status int
	detail string
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.status, f.detail) }

// refuse makes a failure with the one text that is known for its status.
func refuse(status int) *failure {
	_, detail := known(status)
	return &failure{status, detail}
}

var (
	errInvalid      = refuse(http.StatusBadRequest) // what most mistakes get
	errUnauthorised = refuse(http.StatusUnauthorized)
	errNotFound     = refuse(http.StatusNotFound)
	errConflict     = refuse(http.StatusConflict)
	errThrottled    = refuse(http.StatusTooManyRequests)
)

// body has both schema and schemas, a string status and no scimType, as clients have logged it since 2022.
func (f *failure) body(requestID string, now time.Time) object {
	return object{
		"schema": []string{errorURN}, "schemas": []string{errorURN}, "detail": f.detail,
		"status":             strconv.Itoa(f.status),
		"exceptionRequestId": requestID,
		// A space and no zone, with up to three fraction digits: what github.com/slashdevops/idp-scim-sync/issues/45
		// shows.
		"timeStamp": now.Format("2006-01-02 15:04:05.999"),
	}
}

// requestID is random and not drawn from the world, or the number of requests would change the ids of later resources.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // documented never to fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
