package config

// Outline is a connection as it is written, for a list of all: name, accent, addresses, app, dialect, and whether it is
// read-only. Secrets stay unresolved and nothing is checked, so that a connection which cannot be opened is listed too.
// It is empty but for the name where the file has none of that name.
func (f *File) Outline(name string) Connection {
	s := f.Connections[name]
	c := Connection{
		Name: name, Accent: s.Accent,
		OneLogin: OneLogin{URL: s.OneLogin.URL, AppID: s.OneLogin.AppID, AppName: s.OneLogin.AppName},
		Target:   Target{Dialect: s.Target.Dialect, URL: s.Target.URL},
	}
	c.Guard.ReadOnly = s.ReadOnly || s.Target.Token == nil
	if c.Target.Dialect == "" {
		c.Target.Dialect = "aws"
	}
	return c
}
