package style

import "github.com/charmbracelet/x/ansi"

// Notification rings the terminal's bell and has it show a notification (OSC 9). A terminal that knows none shows
// nothing.
func Notification(text string) string { return ansi.Notify(Name(text)) + "\a" }
