package onelogin

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// maxSingles bounds the users that are read one by one: a tenth of an hour's calls.
const maxSingles = 500

// Users reads the users that the app is assigned to, with their details. Only the app's own list says who is assigned,
// and only the list of users says who is suspended, so both are read, at the same time. Who cannot be read in full
// keeps what the app's list says of them, and makes the users partial. Users whom the list of users shows beside them
// come last, not assigned: they explain records that linger at the target. Progress counts details.
func (c *Client) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	ctx = transport.BeginPart(ctx)
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	var roll, details walkResult[user]
	var want neededFields
	var unreadApp error
	var both sync.WaitGroup
	both.Go(func() { roll = c.walkRoll(ctx, appID) })
	both.Go(func() {
		want, unreadApp = c.currentNeededFields(ctx)
		l := userList(url.Values{"app_id": {appID}})
		l.extra, l.trim = want.fieldsQuery(), want.trim
		details = walk(ctx, c, l, progress)
	})
	both.Wait()
	coverage := roll.coverage(appUsers)
	if coverage.State == model.Unknown {
		return nil, coverage
	}
	var known map[string]*user // of nobody, while it is not known which field is the userName
	var trouble string
	if unreadApp != nil {
		trouble = "which field is sent as userName could not be read: " + unreadApp.Error()
	} else {
		known, trouble = c.completeDetails(ctx, roll.rows, details, want)
	}
	others, dispute := c.usersBeyondRoll(ctx, roll, details, want)
	users, doubt := toModelUsers(roll.rows, known, want)
	if why := cmp.Or(dispute, trouble, doubt); why != "" && coverage.Complete() {
		coverage = model.PartialCoverage(why)
	}
	return append(users, others...), coverage
}

func userID(u user) string { return string(u.ID) }

// userList asks for 100 a page, which the documentation is not of one mind about, and takes what it gets.
func userList(query url.Values) list[user] {
	return list[user]{path: "/api/2/users", query: query, limits: []int{100, 50}, scope: readAll, id: userID}
}

// toModelUsers makes the users that OneLogin would push. Of those who are not among the known ones, only the roll
// speaks.
func toModelUsers(roll []user, known map[string]*user, want neededFields) (users []model.User, doubt string) {
	users = make([]model.User, 0, len(roll))
	unmapped, undocumented := 0, map[string]int{}
	for i := range roll {
		u := &roll[i]
		full, read := known[userID(*u)]
		if read {
			u = full
		}
		out, mapped := u.toModel(want, true)
		if read && !mapped {
			unmapped++
		}
		if read && out.RollOnly {
			undocumented[out.Standing]++
		}
		out.RollOnly = out.RollOnly || !read || !mapped
		users = append(users, out)
	}
	for _, word := range slices.Sorted(maps.Keys(undocumented)) {
		doubt = fmt.Sprintf("OneLogin says %s of %d of %d users, which it documents nowhere, so that whether they "+
			"should be active is not known; look at them in OneLogin", word, undocumented[word], len(roll))
	}
	if unmapped > 0 {
		doubt = fmt.Sprintf("the field %q, which is sent as userName, could not be read for %d of %d users; set "+
			"user_name to a field of the user", want.userName, unmapped, len(roll))
	}
	return users, doubt
}
