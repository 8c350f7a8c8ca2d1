package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// bentWhole is a server without PATCH behind something that changes single records on the way while it is on: those
// that are answered, and those that are written.
func bentWhole(on *atomic.Bool, answered, written func(record row)) kind {
	return func(t *testing.T, users, groups []row) location {
		t.Helper()
		p := elimityTarget(false)(t, users, groups)
		change := func(raw []byte, by func(record row)) []byte {
			var record row
			if by == nil || !on.Load() || json.Unmarshal(raw, &record) != nil {
				return raw
			}
			by(record)
			changed, err := json.Marshal(record)
			if err != nil {
				t.Error(err)
			}
			return changed
		}
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			single := !strings.HasSuffix(path.Dir(r.URL.Path), "v2") && r.URL.RawQuery == ""
			if r.Method == http.MethodPut {
				body = change(body, written)
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			answer := httptest.NewRecorder()
			p.handler.ServeHTTP(answer, r)
			out := answer.Body.Bytes()
			if r.Method == http.MethodGet && single && answer.Code == http.StatusOK {
				out = change(out, answered)
			}
			maps.Copy(rw.Header(), answer.Header())
			rw.Header().Set("Content-Length", strconv.Itoa(len(out)))
			rw.WriteHeader(answer.Code)
			_, _ = rw.Write(out)
		}))
		t.Cleanup(front.Close)
		p.url = front.URL + "/v2"
		return p
	}
}

// halfOf cuts a list of a record.
func halfOf(attribute string) func(record row) {
	return func(record row) {
		if list, is := record[attribute].([]any); is && len(list) > 1 {
			record[attribute] = list[:len(list)/2]
		}
	}
}

// TestAShortRecordIsNotWrittenBack: 65 members in the list and 40 in the group's own record, or a user without e-mails,
// would lose the rest to a PUT. No step is made of it, and one that was made before is not run.
func TestAShortRecordIsNotWrittenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		repair model.RepairName
		cut    func(record row)
		says   string
	}{
		"members": {model.AddMembers, halfOf("members"), "members"},
		"e-mails": {model.DeactivateUser, func(r row) { delete(r, "emails") }, "emails"},
		"a title": {model.UpdateUser, func(r row) { delete(r, "title") }, "title"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var on atomic.Bool
			e := newElsewhere(t, bentWhole(&on, c.cut, nil), 3)
			want := []string{"--repair", string(c.repair), "--allow", "max-percent,not-certain"}
			before := see(t, e.location)
			plan, file := e.plan(want...)
			on.Store(true)
			stderr := &trigger{}
			out, code := e.apply(t.Context(), stderr, plan, file, want[2:]...)
			if out += stderr.text(); code == exitOK || !strings.Contains(out, c.says) {
				t.Errorf("exit code %d, and whether it is said what is missing:\n%s", code, out)
			}
			again := &trigger{}
			out, code = e.command(t.Context(), again, append([]string{"plan", "-o", "json"}, want...)...)
			if strings.Contains(out, `"PUT"`) {
				t.Errorf("exit code %d\n%s", code, out)
			}
			on.Store(false)
			if diff := gocmp.Diff(before, see(t, e.location)); diff != "" {
				t.Errorf("the target has changed (-before +after):\n%s", diff)
			}
		})
	}
}

// TestWhatAPUTLosesIsNamed: a server that takes a whole record and drops a part of it has not done what the plan says.
func TestWhatAPUTLosesIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		repair model.RepairName
		lose   func(record row)
		says   string
	}{
		"members":   {model.RemoveMembers, halfOf("members"), "are not in"},
		"a title":   {model.ActivateUser, func(r row) { delete(r, "title") }, "title"},
		"an e-mail": {model.ActivateUser, halfOf("emails"), "1 of 2 emails"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var on atomic.Bool
			on.Store(true)
			e := newElsewhere(t, bentWhole(&on, nil, c.lose), 3)
			want := []string{"--repair", string(c.repair), "--allow", "max-percent,not-certain"}
			plan, file := e.plan(want...)
			out, code := e.apply(t.Context(), nil, plan, file, want[2:]...)
			if code != exitUnconfirmed || !strings.Contains(strings.Join(strings.Fields(out), " "), c.says) {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
}
