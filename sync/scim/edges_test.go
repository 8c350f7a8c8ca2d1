package scim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func rowsFrom(from, to int) (rows []json.RawMessage) {
	for i := from; i <= to; i++ {
		rows = append(rows, rawRow(i))
	}
	return rows
}

func TestTheEndOfACursorWalkIsComparedWithItsTotals(t *testing.T) {
	said := func(n int) number { return number{true, n} }
	for name, c := range map[string]struct {
		pages []page
		whole bool
		good  int // how often a cursor is good, if not always
	}{
		"totals of everything": {pages: []page{
			{rows: rowsFrom(1, 2), total: said(3), next: "x"},
			{rows: rowsFrom(3, 3), total: said(3)},
		}, whole: true},
		"totals of the page": {pages: []page{
			{rows: rowsFrom(1, 2), total: said(2), next: "x"},
			{rows: rowsFrom(3, 3), total: said(1)},
		}, whole: true},
		"fewer than the total": {pages: []page{
			{rows: rowsFrom(1, 2), total: said(4), next: "x"},
			{rows: rowsFrom(3, 3), total: said(4)},
		}},
		"a total that falls": {pages: []page{
			{rows: rowsFrom(1, 2), total: said(4), next: "x"},
			{rows: rowsFrom(3, 3), total: said(3)},
		}},
		"a single page of more": {pages: []page{{rows: rowsFrom(1, 2), total: said(4)}}},
		"a total on the last page only": {pages: []page{
			{rows: rowsFrom(1, 2), next: "x"},
			{rows: rowsFrom(1, 2), total: said(2)},
		}},
		"no total on the last page": {pages: []page{
			{rows: rowsFrom(1, 2), total: said(3), next: "x"},
			{rows: rowsFrom(3, 3)},
		}},
		"an empty last page, asked for twice": {pages: []page{{rows: rowsFrom(1, 2), next: "x"}, {}}, whole: true},
		"an empty last page behind a cursor that is good once": {
			pages: []page{{rows: rowsFrom(1, 2), next: "x"}, {}}, whole: true, good: 1,
		},
	} {
		asked := 0
		err := walkCursor(context.Background(), c.pages[0],
			pager{add: listingOfUsers().add, fetchNext: func(context.Context, string) (page, error) {
				if asked++; asked > c.good && c.good > 0 {
					return page{}, &transport.StatusError{Status: http.StatusBadRequest}
				}
				return c.pages[1], nil
			}})
		if (err == nil) != c.whole {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An empty first page is no empty list where there is said to be somebody.
func TestAnEmptyFirstPageOfMoreIsNotTheWhole(t *testing.T) {
	list := pager{add: listingOfUsers().add, fetchFrom: func(context.Context, int) (page, error) { return page{}, nil }}
	for total, whole := range map[int]bool{0: true, 3: false} {
		if err := walkIndex(context.Background(), page{total: number{true, total}}, list); (err == nil) != whole {
			t.Errorf("a total of %d: %v", total, err)
		}
	}
}

func TestAListOfOnePageIsWholeThoughTheFirstPageComesAgainPastTheEnd(t *testing.T) {
	for _, n := range []int{1, 2, 10, 20, 50} {
		s := &indexServer{size: 100, total: "true", past: "first"}
		for i := range n {
			s.rows = append(s.rows, i+1)
		}
		if err := walkPlainly(t, s); err != nil {
			t.Errorf("%d rows: %v", n, err)
		}
	}
}

func TestARowThatCameInFrontOfAOnePageListIsMissed(t *testing.T) {
	var short *shortfall
	err := walkPlainly(t, &indexServer{rows: []int{1, 2, 3}, size: 5, total: "true", past: "empty", grow: true, at: 2})
	if !errors.As(err, &short) || !short.retryable {
		t.Errorf("three of four rows pass for all: %v", err)
	}
}

func TestOneRowOutAndOneInIsSeenByTheRowThatComesTwice(t *testing.T) {
	// A row was added in front and the last one removed: the total is as before, and row 2 comes twice.
	pages := map[int]page{
		1: {rows: rowsFrom(1, 2), total: number{true, 4}},
		3: {rows: rowsFrom(2, 3), total: number{true, 4}},
	}
	err := walkIndex(context.Background(), pages[1], pager{
		add:       listingOfUsers().add,
		fetchFrom: func(_ context.Context, start int) (page, error) { return pages[start], nil },
	})
	if err == nil {
		t.Error("three rows pass for four")
	}
}

func walkPlainly(t *testing.T, s *indexServer) error {
	t.Helper()
	first, err := s.page(1)
	if err != nil {
		t.Fatal(err)
	}
	return walkIndex(context.Background(), first, pager{
		add:       listingOfUsers().add,
		fetchFrom: func(_ context.Context, start int) (page, error) { return s.page(start) },
	})
}

func TestAnEmptyListOfAnotherKindIsNotBelieved(t *testing.T) {
	users := cursorTarget("bare", true, map[string][]object{"/Users": userRows(130)})
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/Groups" {
			reply(rw, 200, object{"totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []object{}})
			return
		}
		users(rw, r)
	})
	c := client(t, s.URL, AWS)
	_, coverage := c.Users(t.Context(), nil)
	wantCoverage(t, "users", coverage, model.Complete)
	_, coverage = c.Groups(t.Context(), nil)
	wantCoverage(t, "groups", coverage, model.Unknown)
}

func TestAShortListThatOwnsUpToMoreIsNotWhole(t *testing.T) {
	s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 200, object{"totalResults": 130, "startIndex": 1, "Resources": userRows(20)})
	})
	_, coverage := client(t, s.URL, AWS).Users(t.Context(), nil)
	wantCoverage(t, "users", coverage, model.Partial)
}

func TestAPageForPeopleIsNoWordThatARecordIsGone(t *testing.T) {
	s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 404, "<html><title>Nothing here</title></html>")
	})
	if _, found, err := client(t, s.URL, Generic).GetUser(t.Context(), "u1"); err == nil || found {
		t.Errorf("the user passes for gone: %v %v", found, err)
	}
}

func TestOtherRecordsAreNoWordThatOneIsAbsent(t *testing.T) {
	s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 200, object{"totalResults": 2, "startIndex": 1, "Resources": userRows(2)})
	})
	c := client(t, s.URL, AWS)
	if _, found, err := c.FindUser(t.Context(), "nobody@corp.example", ""); err == nil || found {
		t.Errorf("the user passes for absent: %v %v", found, err)
	}
	if u, found, err := c.FindUser(t.Context(), "user2@corp.example", ""); err != nil || !found || u.ID != "u2" {
		t.Errorf("%+v %v %v", u, found, err)
	}
	if _, _, err := c.GetUser(t.Context(), "u9"); err == nil {
		t.Error("a list passes for a user")
	}
}

func TestATokenIsHiddenHoweverItIsEscaped(t *testing.T) {
	s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 401, `{"detail":"bad token a\/b+c\u003d\u003d"}`)
	})
	c, err := New(Options{URL: s.URL, Token: "a/b+c==", RateShare: Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, coverage := c.Users(t.Context(), nil)
	if strings.Contains(coverage.Reason, "a/b+c==") || !strings.Contains(coverage.Reason, "bad token") {
		t.Error(coverage.Reason)
	}
}

func TestMembersByUserDoNotNeedTheGroupsToHaveBeenListedHere(t *testing.T) {
	s := serve(t, filterTarget(2, 9, func(string) ([]object, int) {
		return []object{groupRow(1, nil), groupRow(7, nil)}, 200
	}))
	c := client(t, s.URL, AWS)
	users, _ := c.Users(t.Context(), nil)
	groups := []model.Group{{ID: "g0"}, {ID: "g1"}, {ID: "g2"}}
	lists, coverage, _ := c.Memberships(t.Context(), users, groups, nil, nil)
	wantCoverage(t, "memberships", coverage, model.Complete)
	if len(lists[0].IDs) != 0 || len(lists[1].IDs) != 2 {
		t.Errorf("%+v", lists)
	}
}

func TestNotesAreThoseOfTheLastRead(t *testing.T) {
	g := &generic{users: userRows(2), groups: []object{groupRow(0,
		[]object{{"value": "g1", "type": "Group"}, {"value": "u1"}})}}
	_, c := g.start(t)
	loadAll(t, c, nil)
	g.groups = []object{groupRow(0, members(1))}
	loadAll(t, c, nil)
	if notes := c.Notes(); len(notes) != 0 {
		t.Errorf("notes %q", notes)
	}
}
