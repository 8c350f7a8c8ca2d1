package config

import "cmp"

// Outline is a connection as it is written, for a list of all: name, accent, addresses, app, dialect, and whether it is
// read-only. Secrets stay unresolved and nothing is checked, so that a connection which cannot be opened is listed too.
// It is empty but for the name where the file has none of that name.
func (f *File) Outline(name string) Connection {
	s := f.Connections[name]
	c := Connection{Name: name, Accent: s.Accent, OneLogin: s.OneLogin, Target: s.Target}
	c.Guard.ReadOnly = s.ReadOnly || s.Target.Secret == nil
	c.Target.Dialect = cmp.Or(c.Target.Dialect, "aws")
	c.OneLogin.Secret, c.Target.Secret = nil, nil
	return c
}
