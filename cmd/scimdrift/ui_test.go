package main

import "testing"

// TestTheLocaleChoosesTheSigns: the first variable that is set decides; none is a terminal of today.
func TestTheLocaleChoosesTheSigns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set  map[string]string
		want bool
	}{
		{nil, false},
		{map[string]string{"LC_ALL": "C"}, true},
		{map[string]string{"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, true},
		{map[string]string{"LC_ALL": "C.utf8", "LANG": "C"}, false},
		{map[string]string{"LC_CTYPE": "de_DE.ISO-8859-1"}, true},
		{map[string]string{"LANG": "POSIX"}, true},
		{map[string]string{"LANG": "en_US.UTF-8"}, false},
	} {
		if got := asciiOnly(func(name string) string { return c.set[name] }); got != c.want {
			t.Errorf("%v: ASCII only is %t", c.set, got)
		}
	}
}
