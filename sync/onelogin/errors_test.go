package onelogin

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestErrorsSayWhatToDo(t *testing.T) {
	for status, want := range map[int]string{
		401: "scope Manage All", 403: "network rule", 404: "check the URL",
		500: "administrator who made the API credential",
		502: "try again later", 418: "request id",
	} {
		f := newFake()
		f.HandleFunc("/", says(status, `{"statusCode":1,"name":"X","message":"because"}`, "X-Request-Id", "rq-9"))
		_, _, cov := connect(t, f).Rules(t.Context())
		for _, part := range []string{want, "because", fmt.Sprint(status), "rq-9"} {
			if !strings.Contains(cov.Reason, part) {
				t.Errorf("%d: %q lacks %q", status, cov.Reason, part)
			}
		}
	}
}

func TestExplainKeepsTheCause(t *testing.T) {
	cause := &transport.StatusError{
		RequestInfo: transport.RequestInfo{Host: "h", Method: "GET", Path: "/p"}, Status: 403,
	}
	err := explain(fmt.Errorf("wrapped: %w", cause), readAll)
	var s *transport.StatusError
	if !errors.As(err, &s) || s != cause || explain(err, manageAll).Error() != err.Error() {
		t.Errorf("got %v", err)
	}
	lost := &transport.ConnError{RequestInfo: transport.RequestInfo{Host: "h"}, Err: errors.New("reset")}
	if got := explain(lost, readAll); got.Error() != lost.Error() {
		t.Errorf("a lost connection became %v", got)
	}
}
