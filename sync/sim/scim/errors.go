package scim

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// failure is a refusal: the status, and the text that the service answers.
type failure struct {
	status int
	detail string
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.status, f.detail) }

// The texts say nothing about the cause.
var (
	// errInvalid is what most mistakes get.
	errInvalid = &failure{
		http.StatusBadRequest, "Request is unparsable, syntactically incorrect, or violates schema.",
	}
	errUnauthorised = &failure{
		http.StatusUnauthorized, "The security token included in the request is invalid.",
	}
	errNotFound  = &failure{http.StatusNotFound, "Resource not found."}
	errConflict  = &failure{http.StatusConflict, "Refused to create a new, duplicate resource."}
	errThrottled = &failure{http.StatusTooManyRequests, "Rate exceeded."}
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
