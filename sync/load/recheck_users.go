package load

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

const (
	// recheckWorkers is how many users are asked about at once.
	recheckWorkers = 4
	// strangerCost is about what it takes to look for whoever is meant by one record of the target: its two names, its external
	// id, and the apps of who is found.
	strangerCost = 6
	// userCost is what reading one user with the user's apps takes.
	userCost = 2
	// rollPage and detailPage are the rows of a page that OneLogin's list of the app's users and its list of users serve.
	rollPage, detailPage = 1000, 100
)

// recheckUsers reads users of the source again: those that are asked for, and for Strangers whoever may be meant by the
// target's records of seen. Of a few it asks one by one, whether they have the app and whether they are active; where that
// would take more requests than all users of the app do, it reads all of them.
func (l *Loader) recheckUsers(ctx context.Context, r *reading, q model.Question, seen *model.Sight) error {
	x := userRecheck{loader: l, r: r, ids: map[string]bool{}, fresh: map[string]*model.User{}, on: map[string]bool{}}
	for _, id := range q.SourceUsers {
		x.ids[id] = true
	}
	if q.Strangers {
		x.meant(seen)
	}
	if len(x.ids)+x.strangers == 0 {
		return nil
	}
	if x.tooMany(0) {
		return x.readAll(ctx)
	}
	if err := x.readRoll(ctx); err != nil {
		return err
	}
	if q.Strangers && x.newcomers() {
		return x.readAll(ctx)
	}
	return x.readSome(ctx)
}

// tooMany reports whether asking one by one, of so many more users too, takes more requests than reading all of them. A list that
// was cut once may be so again, and is not walked for that.
func (x *userRecheck) tooMany(more int) bool {
	users := len(x.r.users)
	return x.r.source[model.PartUsers].Complete() &&
		userCost*(len(x.ids)+more)+strangerCost*x.strangers > 3+users/rollPage+users/detailPage
}

// userRecheck is one re-reading of users.
type userRecheck struct {
	loader *Loader
	r      *reading
	// ids are the users to read; emails and externals are those of strangers to look for.
	ids               map[string]bool
	emails, externals []string
	strangers         int
	// on are those on the app's roll.
	on map[string]bool

	mu sync.Mutex // over fresh
	// fresh are the users as they were read, nil for who is gone.
	fresh map[string]*model.User
}

// meant adds everybody at the source who is or could be meant by the target's records: those of the last reading who share a
// key with one, and as lookups whoever else has one. Who has come to the app since is seen on the roll.
func (x *userRecheck) meant(seen *model.Sight) {
	users := x.r.users
	byExternal, byName, byEmail := map[string]bool{}, map[string]bool{}, map[string]bool{}
	note := func(u *model.User) {
		byExternal[u.ExternalID], byName[model.Fold(u.UserName)], byEmail[model.Fold(u.Email)] = true, true, true
	}
	for i := range x.r.tusers {
		if _, asked := seen.Users[x.r.tusers[i].ID]; asked {
			note(&x.r.tusers[i])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(seen.Users)) {
		u := seen.Users[id]
		if u == nil {
			continue
		}
		note(u)
		x.strangers++
		x.lookFor(u)
	}
	for i := range users {
		u := &users[i]
		if u.ExternalID != "" && byExternal[u.ExternalID] || u.UserName != "" && byName[model.Fold(u.UserName)] ||
			u.Email != "" && byEmail[model.Fold(u.Email)] {
			x.ids[u.ID] = true
		}
	}
}

// lookFor adds the lookups by the keys of one record of the target, as far as OneLogin can be searched by them: a wildcard would
// find others.
func (x *userRecheck) lookFor(u *model.User) {
	for _, address := range []string{u.Email, u.UserName} {
		if folded := model.Fold(address); folded != "" && !strings.Contains(folded, "*") && !slices.Contains(x.emails, folded) {
			x.emails = append(x.emails, folded)
		}
	}
	if _, err := strconv.ParseInt(u.ExternalID, 10, 64); err == nil {
		x.externals = append(x.externals, u.ExternalID)
	}
}

// readRoll reads who has the app.
func (x *userRecheck) readRoll(ctx context.Context) error {
	roll, coverage := x.loader.source.Roll(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !coverage.Complete() {
		return fmt.Errorf("the app's users were not read in full: %s", coverage.Reason)
	}
	if had := assigned(x.r.users); had > 0 && len(roll) == 0 {
		return errEmptyRoll(had)
	}
	for _, id := range roll {
		x.on[id] = true
	}
	return nil
}

// newcomers adds those who have the app and had not, whatever they are called. many: reading all users is cheaper.
func (x *userRecheck) newcomers() (many bool) {
	had := make(map[string]bool, len(x.on))
	for i := range x.r.users {
		had[x.r.users[i].ID] = x.r.users[i].Assigned
	}
	var came []string
	for id := range x.on {
		if !had[id] && !x.ids[id] {
			came = append(came, id)
		}
	}
	if x.tooMany(len(came)) {
		return true
	}
	for _, id := range came {
		x.ids[id] = true
	}
	return false
}

// readSome asks about single users.
func (x *userRecheck) readSome(ctx context.Context) error {
	source := x.loader.source
	if len(x.externals) > 0 {
		known, err := source.KnownUsers(ctx, x.externals)
		if err != nil {
			return err
		}
		for i := range known {
			x.ids[known[i].ID] = true
		}
	}
	group, grouped := errgroup.WithContext(ctx)
	group.SetLimit(recheckWorkers)
	for _, id := range slices.Sorted(maps.Keys(x.ids)) {
		group.Go(func() error {
			u, found, assigned, err := source.GetUser(grouped, id)
			return x.note(id, u, found, assigned, err)
		})
	}
	for _, email := range x.emails {
		group.Go(func() error {
			u, found, assigned, err := source.FindUser(grouped, email)
			if err == nil && !found {
				return nil
			}
			return x.note(u.ID, u, found, assigned, err)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := x.confirmGone(ctx); err != nil {
		return err
	}
	if err := x.confirmRoll(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(x.fresh)) {
		var user model.User
		u := x.fresh[id]
		if u != nil {
			user = *u
		}
		x.r.users = replace(x.r.users, func(u *model.User) string { return u.ID }, id, user, u != nil)
	}
	return nil
}

func (x *userRecheck) note(id string, u model.User, found, assigned bool, err error) error {
	switch {
	case err != nil:
		return err
	case assigned && u.RollOnly && u.Standing != "":
		return fmt.Errorf("OneLogin says %s of %s (user %s), which it documents nowhere, so that whether he should be active is not known; look at him in OneLogin",
			model.Visible(u.Standing), model.Visible(u.UserName), model.Visible(id))
	case assigned && u.RollOnly:
		return fmt.Errorf("the details of %s (user %s of OneLogin) were not read in full; read again", model.Visible(u.UserName), model.Visible(id))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !found {
		if x.fresh[id] == nil { // whom a search by e-mail has found is there
			x.fresh[id] = nil
		}
		return nil
	}
	u.Assigned = assigned
	x.fresh[id] = &u
	return nil
}

// confirmGone asks a second time, in another way, for those who are said not to exist: one wrong answer must not make anybody
// a stranger to OneLogin.
func (x *userRecheck) confirmGone(ctx context.Context) error {
	var gone []string
	for id, u := range x.fresh {
		if u == nil {
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	slices.Sort(gone)
	known, err := x.loader.source.KnownUsers(ctx, gone)
	if err != nil {
		return err
	}
	if len(known) > 0 {
		return fmt.Errorf("OneLogin says both that user %s is there and that he is not; read again", model.Visible(known[0].ID))
	}
	return nil
}

// confirmRoll holds those who were read against the app's own list. A user's apps may go on showing one that he has lost, and a
// list may be cut: where the two disagree nothing is granted to him and nothing taken.
func (x *userRecheck) confirmRoll() error {
	for _, id := range slices.Sorted(maps.Keys(x.fresh)) {
		if u := x.fresh[id]; x.on[id] != (u != nil && u.Assigned) {
			return errDisputed(id)
		}
	}
	return nil
}

func errEmptyRoll(had int) error {
	return fmt.Errorf("OneLogin lists no user for the app, and %d were read before; load both sides again", had)
}

func errDisputed(id string) error {
	return fmt.Errorf("the app's list of users and the apps of user %s disagree on whether he has the app; a removal may be waiting to be provisioned or approved, "+
		"so look at the app's users and plan again", model.Visible(id))
}

// readAll reads all users of the app. Who is known to the last reading without having the app stays known; those who are
// asked for and are not in the list are asked about one by one.
func (x *userRecheck) readAll(ctx context.Context) error {
	users, coverage := x.loader.source.Users(ctx, func(int, int) {})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !coverage.Complete() {
		return fmt.Errorf("the app's users were not read in full: %s", coverage.Reason)
	}
	if had := assigned(x.r.users); had > 0 && assigned(users) == 0 {
		return errEmptyRoll(had)
	}
	listed := make(map[string]bool, len(users))
	for i := range users {
		listed[users[i].ID] = true
	}
	var ask []string
	for id := range x.ids {
		if !listed[id] {
			ask = append(ask, id)
		}
	}
	if len(ask) > 0 {
		slices.Sort(ask)
		known, err := x.loader.source.KnownUsers(ctx, ask)
		if err != nil {
			return err
		}
		for i := range known {
			switch _, _, has, err := x.loader.source.GetUser(ctx, known[i].ID); {
			case err != nil:
				return err
			case has:
				return errDisputed(known[i].ID)
			}
		}
		users = append(users, known...)
	}
	for i := range x.r.users {
		if u := &x.r.users[i]; !u.Assigned && !listed[u.ID] && !x.ids[u.ID] {
			users = append(users, *u)
		}
	}
	x.r.users, x.r.source[model.PartUsers] = users, coverage
	return nil
}

// assigned counts the users who have the app.
func assigned(users []model.User) (n int) {
	for i := range users {
		if users[i].Assigned {
			n++
		}
	}
	return n
}
