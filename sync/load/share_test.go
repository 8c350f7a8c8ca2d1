package load_test

import (
	"testing"
	"unsafe"

	"github.com/scimdrift/scimdrift/sync/load"
)

// What reads as it did before is held once, though each answer brings texts of its own; what has changed is as it was
// read.
func TestAReloadHoldsWhatIsTheSameOnce(t *testing.T) {
	t.Parallel()
	src, tgt := inSync(3)
	l := load.New(src, tgt, options())
	first := mustLoad(t, l)
	for i := range tgt.users {
		u := &tgt.users[i]
		u.ID, u.UserName = string([]byte(u.ID)), string([]byte(u.UserName))
	}
	tgt.users[2].DisplayName = "Somebody Else"
	second := mustLoad(t, l)
	for i := range second.Target.Users {
		was, now := &first.Target.Users[i], &second.Target.Users[i]
		if unsafe.StringData(was.ID) != unsafe.StringData(now.ID) ||
			unsafe.StringData(was.UserName) != unsafe.StringData(now.UserName) {
			t.Errorf("user %s is held twice", now.ID)
		}
	}
	if second.Target.Users[2].DisplayName != "Somebody Else" || first.Target.Users[2].DisplayName == "Somebody Else" {
		t.Error("a name that changed is not as it was read")
	}
}
