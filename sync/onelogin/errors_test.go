package onelogin

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestEveryErrorShapeIsUnderstood(t *testing.T) {
	for body, want := range map[string]string{
		`{"status":{"error":true,"code":404,"type":"Not Found","message":"No Route"}}`: "No Route",
		`{"status":{"error":true,"code":400,"type":"bad request","message":` +
			`{"email":["is taken"]}}}`: `{"email":["is taken"]}`,
		`{"statusCode":404,"name":"NotFoundError",` +
			`"message":"The resource could not be found"}`: "The resource could not be found",
		`{"code":422,"message":"Validation Failed","errors":[{"field":"conditions.[0].value","message":["Invalid ` +
			`condition value: 12345"]}]}`: "Validation Failed; conditions.[0].value: Invalid condition value: 12345",
		`{"status":400,"error":"BadRequestError","description":"Requests can only have cursor xor pagination ` +
			`arguments"}`: "Requests can only have cursor xor pagination arguments",
		`{"error":true,"code":422,"type":"UnprocessableEntityError","message":"flat"}`: "flat",
		`{"message":"odd","errors":{"base":"x"}}`:                                      "odd",
		`{"name":"ForbiddenError"}`:                                                    "ForbiddenError",
		"{\"message\":\"two\\nlines \\u001b[31m\"}":                                    "two lines [31m",
		`<html>502 Bad Gateway</html>`:                                                 "",
		`[]`:                                                                           "",
		``:                                                                             "",
		`{"message":"cut of`:                                                           "",
	} {
		if got := serviceMessage([]byte(body)); got != want {
			t.Errorf("%s\n got %q\nwant %q", body, got, want)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for status, want := range map[int]string{
		401: "scope Manage All", 403: "network rule", 404: "check the URL",
		500: "administrator who made the API credential",
		502: "try again later", 418: "request id",
	} {
		f := newFake()
		f.HandleFunc("/", says(status, `{"statusCode":1,"name":"X","message":"because"}`, "X-Request-Id", "rq-9"))
		_, cov := connect(t, f).Rules(t.Context())
		for _, part := range []string{want, "because", fmt.Sprint(status), "rq-9"} {
			if !strings.Contains(cov.Reason, part) {
				t.Errorf("%d: %q lacks %q", status, cov.Reason, part)
			}
		}
	}
}

func TestExplainKeepsTheCause(t *testing.T) {
	cause := &transport.StatusError{Asked: transport.Asked{Host: "h", Method: "GET", Path: "/p"}, Status: 403}
	err := explain(fmt.Errorf("wrapped: %w", cause), readAll)
	var s *transport.StatusError
	if !errors.As(err, &s) || s != cause || explain(err, manageAll).Error() != err.Error() {
		t.Errorf("got %v", err)
	}
	lost := &transport.ConnError{Asked: transport.Asked{Host: "h"}, Err: errors.New("reset")}
	if got := explain(lost, readAll); got.Error() != lost.Error() {
		t.Errorf("a lost connection became %v", got)
	}
}
