package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// words is the language of testdata/e2e and of screenshots: a line is a step. Steps that look wait until they see, with
// a deadline, so a script needs no pauses. In a script, what comes after the word is taken as it stands.
//
//	env NAME=VALUE           for what is opened afterwards
//	simulate ARGS            `scimdrift simulate ARGS`; the configuration that connects to it is in sim.toml
//	also NAME COLOUR ARGS    a second simulation; sim.toml connects to it too, by that name and in that colour
//	spoil KEY                makes the value of KEY in sim.toml wrong
//	fault JSON               the simulation goes wrong as sync/sim/fault says
//	no faults                it no longer does
//	remove rule NAME         somebody deletes that rule of the app in OneLogin
//	stop simulation          both services are gone
//	open 120x36 ARGS         a shell in a terminal of that size, and `scimdrift ARGS` in it
//	press Down Enter C-z     keys one after the other: letters, C- with a letter, and the names in keyNames
//	type TEXT                text, letter by letter
//	click TEXT               the left button on the first place that shows the text
//	wheel down, wheel up     over the middle of the screen
//	resize 80x24             the terminal's window
//	see TEXT                 the screen shows it
//	reread TEXT              R again and again until the screen shows it: a press elsewhere takes its time
//	not see TEXT             the screen does not, or no longer
//	line 1 TEXT              that line of the screen shows it; -1 is the last one
//	colours yes, colours no  the screen has some, or none at all
//	browser                  before open: the program finds a browser to open, which notes the address
//	browse press BUTTON      in a real browser, a click on that button of the page that was opened or is named
//
//	elsewhere press BUTTON   the same on the app's page, by somebody else, whatever the program shows
//	copied TEXT              the terminal's clipboard holds it
//	signal TERM              to the program
//	shell                    the shell is back and the terminal is as it was: the program is suspended
//	exit 0                   the same, and the program has ended with that code
//	run COMMAND              typed at the shell
//	with WORD STEP           the step, where the script is played with that word, see variants
//	without WORD STEP        the step, where it is played without
//
//	theme, shot, film, pause, cut: for the pictures, see screenshots/script.mjs; nothing here
//
// After Esc, look for what it does before the next key: a terminal cannot tell Esc and q from alt-q.
func (s *stage) words() map[string]func(string) error {
	return map[string]func(string) error{
		"env": s.setEnv, "simulate": s.simulate, "also": s.simulateToo, "spoil": s.spoil, "stop": s.stopSimulation,
		"fault": s.fault, "no": s.noFaults, "remove": s.remove, "backdate": s.backdate,
		"open": s.open, "resize": s.resize, "run": s.run,
		"press": s.press, "type": s.typeText, "click": s.click, "wheel": s.wheel, "signal": s.signal,
		"see": s.see, "reread": s.reread, "not": s.notSee, "line": s.lineShows, "colours": s.colours,
		"copied":  s.copied,
		"browser": s.browser, "browse": s.browse, "elsewhere": s.elsewhere,
		"shell": func(string) error { return s.backAtShell("") }, "exit": s.exited,
		"theme": pass, "shot": pass, "film": pass, "pause": pass, "cut": pass,
	}
}

func pass(string) error { return nil }

// do does one step.
func (s *stage) do(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	step, known := s.words()[word]
	if !known {
		return fmt.Errorf("nobody knows the word %q; the words stand in e2e_language_test.go", word)
	}
	return step(strings.TrimSpace(rest))
}

func (s *stage) open(rest string) error {
	size, args, _ := strings.Cut(rest, " ")
	width, height, err := parseSize(size)
	if err != nil {
		return err
	}
	if err := s.openShell(width, height); err != nil {
		return err
	}
	return s.run("scimdrift " + args)
}

// run waits for the echo before it presses enter, and for the answer after it: a prompt seen later is a new one.
func (s *stage) run(command string) error {
	if err := s.backAtShell(""); err != nil {
		return err
	}
	if err := s.pane.keys("-l", "--", command); err != nil {
		return err
	}
	echoed := func() bool { return strings.HasSuffix(lastLine(s.pane.logical()), "$ "+strings.TrimSpace(command)) }
	if err := s.until(echoed, "the shell does not echo what is typed"); err != nil {
		return err
	}
	if err := s.pane.keys("Enter"); err != nil {
		return err
	}
	return s.until(func() bool { return !echoed() }, "nothing happens after enter")
}

func (s *stage) resize(rest string) error {
	width, height, err := parseSize(rest)
	if err != nil {
		return err
	}
	return s.pane.resize(width, height)
}

// keyNames are the keys of the language with tmux's names for them. Another word would be typed letter by letter, and
// do who knows what.
func keyNames() map[string]string {
	return map[string]string{
		"Down": "Down", "Up": "Up", "Left": "Left", "Right": "Right", "Home": "Home", "End": "End", "PgUp": "PPage",
		"PgDn":  "NPage",
		"Enter": "Enter", "Esc": "Escape", "Tab": "Tab", "S-Tab": "BTab", "Space": "Space", "Backspace": "BSpace",
	}
}

func (s *stage) press(rest string) error {
	for key := range strings.FieldsSeq(rest) {
		name, named := keyNames()[key]
		switch {
		case key == "EscEsc": // so fast that both are in one read, where a terminal's alt-esc looks the same
			if err := s.pane.keys("Escape", "Escape"); err != nil {
				return err
			}
			continue
		case named:
			key = name
		case len(key) != 1 && (len(key) != 3 || !strings.HasPrefix(key, "C-")):
			return fmt.Errorf("there is no key %s; see keyNames", key)
		}
		if err := s.pane.keys(key); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) typeText(rest string) error { return s.pane.keys("-l", "--", rest) }

func (s *stage) see(text string) error {
	return s.until(func() bool { return strings.Contains(s.pane.screen(), text) }, "it is not to be seen")
}

func (s *stage) reread(text string) error {
	var pressed time.Time
	return s.until(func() bool {
		if time.Since(pressed) > afterR {
			pressed = time.Now()
			if s.pane.keys("R") != nil {
				return false
			}
		}
		return strings.Contains(s.pane.screen(), text)
	}, "it is not to be seen, however often both sides are read again")
}

// afterR is how long a read may take before R is pressed once more.
const afterR = 3 * time.Second

func (s *stage) notSee(rest string) error {
	text, ok := strings.CutPrefix(rest, "see ")
	if !ok {
		return errors.New("what is it that must not be? write: not see TEXT")
	}
	return s.until(func() bool { return !strings.Contains(s.pane.screen(), text) }, "it is to be seen")
}

func (s *stage) lineShows(rest string) error {
	number, text, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("write: line NUMBER TEXT: %w", err)
	}
	return s.until(func() bool {
		lines := strings.Split(s.pane.screen(), "\n")
		at := n - 1
		if n < 0 {
			at = len(lines) + n
		}
		return at >= 0 && at < len(lines) && strings.Contains(lines[at], text)
	}, "that line shows something else")
}

func (s *stage) colours(rest string) error {
	want := rest == "yes"
	return s.until(func() bool { return coloured(s.pane.styled()) == want }, "the colours are not as they should be")
}

func (s *stage) copied(text string) error {
	return s.until(func() bool { return s.pane.clipboard() == text }, "the clipboard holds something else")
}

func parseSize(size string) (width, height int, err error) {
	if _, err := fmt.Sscanf(size, "%dx%d", &width, &height); err != nil {
		return 0, 0, fmt.Errorf("%q is no size; write it as 120x36: %w", size, err)
	}
	return width, height, nil
}

func lastLine(text string) string {
	text = strings.TrimRight(text, " \n")
	return text[strings.LastIndexByte(text, '\n')+1:]
}
