package style

import (
	"image/color"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/scimdrift/scimdrift/model"
)

// Choice is a theme as it is configured: its name, and colours of its own by role.
type Choice struct {
	Name    string
	Colours map[string]string
}

// Names lists the themes.
func Names() []string { return []string{Auto, Dark, Light, Mono} }

// Wrong says what is wrong with a choice, by role; what is wrong with the name stands under no role.
func (c Choice) Wrong() map[string]string {
	wrong := map[string]string{}
	if c.Name != "" && !slices.Contains(Names(), c.Name) {
		wrong[""] = "is no theme; write " + strings.Join(Names(), ", ") + ", or colours by role" +
			model.DidYouMean(c.Name, Names())
	}
	for role, value := range c.Colours {
		number, err := strconv.Atoi(value)
		_, named := accents()[value]
		switch {
		case !slices.Contains(Roles(), role):
			wrong[role] = "is no role; the roles are " + strings.Join(Roles(), ", ") + model.DidYouMean(role, Roles())
		case !named && !hexadecimal.MatchString(value) && (err != nil || number < 0 || number > 255):
			wrong[role] = "is no colour; write a name such as bright-red, a number from 0 to 255, or #rrggbb" +
				model.DidYouMean(value, accentNames())
		}
	}
	return wrong
}

var hexadecimal = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Roles lists what can be given a colour of its own.
func Roles() []string { return slices.Sorted(maps.Keys((&Theme{}).roles())) }

func accentNames() []string { return slices.Sorted(maps.Keys(accents())) }

// accents maps the names of the configuration to colours of the terminal.
func accents() map[string]color.Color {
	return map[string]color.Color{
		"red": lipgloss.Red, "green": lipgloss.Green, "yellow": lipgloss.Yellow, "blue": lipgloss.Blue,
		"magenta": lipgloss.Magenta, "cyan": lipgloss.Cyan, "bright-red": lipgloss.BrightRed,
		"bright-green": lipgloss.BrightGreen, "bright-yellow": lipgloss.BrightYellow,
		"bright-blue":    lipgloss.BrightBlue,
		"bright-magenta": lipgloss.BrightMagenta, "bright-cyan": lipgloss.BrightCyan,
	}
}

// parseColour reads one of the 16 by its name, else a number from 0 to 255 or "#rrggbb".
func parseColour(value string) color.Color {
	if c, ok := accents()[value]; ok {
		return c
	}
	return lipgloss.Color(value)
}
