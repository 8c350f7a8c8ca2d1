package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesOfEveryWayToWriteAKey(t *testing.T) {
	t.Parallel()
	text := "# first\na = 1\nb.c = { d = 2, e.f = [\n  3,\n] }\n\n[t]\nx = '''\nlong\n'''\n" +
		"y = 1\n[ t . \"q.r\" ]\nz = 1\n[[list]]\nn = 1\n[[list]]\nn = 2\n"
	want := map[string]int{
		"a": 2, "b": 3, "b.c": 3, "b.c.d": 3, "b.c.e": 3, "b.c.e.f": 3, "t": 7, "t.x": 8, "t.y": 11, "t.q.r": 12,
		"t.q.r.z": 13,
		"list":    14, "list.0": 14, "list.0.n": 15, "list.1": 16, "list.1.n": 17,
	}
	if diff := cmp.Diff(want, firstLines(parsePlaces([]byte(text)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlaceOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := File{path: "c.toml", lines: map[string]int{"connections.p": 4, "connections.p.target": 6}}
	for key, want := range map[string]string{
		"connections.p.target.url": "c.toml:6", "connections.p.onelogin.url": "c.toml:4",
		"connections.q.target.url": "c.toml", "ui.plain": "c.toml",
	} {
		if got := f.position(key); got != want {
			t.Errorf("%s is at %s, want %s", key, got, want)
		}
	}
}
