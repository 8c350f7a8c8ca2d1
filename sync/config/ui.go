package config

import "fmt"

// Theme is ui.theme: its name, or colours by role.
func (f *File) Theme() (name string, colours map[string]string, err error) {
	switch value := f.UI.Theme.(type) {
	case nil:
	case string:
		name = value
	case map[string]any:
		colours = map[string]string{}
		for role, colour := range value {
			switch colour.(type) {
			case string, int64:
				colours[role] = fmt.Sprint(colour)
			default:
				return "", nil, f.Wrong("ui.theme."+role,
					"must be a colour: a name, a number from 0 to 255, or #rrggbb")
			}
		}
	default:
		return "", nil, f.Wrong("ui.theme", "must be the name of a theme, or a table of colours by role")
	}
	return name, colours, nil
}

// Wrong is an error about a key: where it stands, which it is, and what is wrong with it.
func (f *File) Wrong(key, text string) error { return fmt.Errorf("%s: %s %s", f.at(key), key, text) }
