package style

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Link makes text a hyperlink (OSC 8) on terminals that know them, also over SSH; others show the text. An address
// that is none of the web, or holds anything but plain characters, stays text: it could end the link early and tell
// the terminal something.
func Link(address, text string) string {
	web := strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	if !web || text == "" || !ascii(address) || strings.Contains(address, " ") {
		return text
	}
	return ansi.SetHyperlink(address) + text + ansi.ResetHyperlink()
}
