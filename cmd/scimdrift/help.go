package main

import (
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/tui"
	"github.com/scimdrift/scimdrift/tui/style"
)

// topic is a page of the help that belongs to no command. Each is made of the tables that the program works with.
type topic struct {
	name, short string
	print       func(*helpPage)
}

func topics() []topic {
	return []topic{
		{
			"configuration", "every key of the configuration file, and where secrets may stand",
			(*helpPage).configuration,
		},
		{"exit-codes", "what the exit codes mean", (*helpPage).exitCodes},
		{"findings", "every kind of difference, in words", (*helpPage).findings},
		{"guard", "the rules that can refuse a plan", (*helpPage).guard},
		{"guide", "the vendor's guide, sentence by sentence, and what the program does with it", (*helpPage).guide},
		{"iam", "the IAM policies for the AWS lens", (*helpPage).iam},
		{"keys", "the keys of the board", (*helpPage).keys},
	}
}

func (p *program) helpCommand() *cobra.Command {
	names := model.Map(topics(), func(t *topic) string { return t.name })
	return &cobra.Command{
		Use:   "help [command|topic]",
		Short: "Help about a command, or a topic: " + strings.Join(names, ", "),
		Args:  cobra.ArbitraryArgs,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return slices.Concat(names, commandNames(cmd.Root())), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if at := slices.Index(names, strings.Join(args, " ")); at >= 0 {
				return topics()[at].write(p.stdout, p.configuredBoard())
			}
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("there is no command and no topic %q; scimdrift help lists the commands, and the "+
					"topics are %s%s",
					strings.Join(args, " "), strings.Join(names, ", "),
					model.DidYouMean(strings.Join(args, " "), slices.Concat(names, commandNames(cmd.Root()))))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

func (t topic) write(w io.Writer, board tui.Options) error {
	out := &helpPage{board: board}
	t.print(out)
	_, err := io.WriteString(w, strings.TrimPrefix(out.text.String(), "\n"))
	return err
}

// helpPage is the text of a topic. board is as the configuration wants it.
type helpPage struct {
	text  strings.Builder
	board tui.Options
}

// pageWidth is where lines end: it fits every terminal that the board fits.
const pageWidth = 80

func (p *helpPage) heading(text string) {
	p.text.WriteString("\n")
	p.fill(text, "", "")
}

func (p *helpPage) entry(term, meaning string) {
	p.fill(term, "  ", "  ")
	p.indented(meaning)
}

func (p *helpPage) indented(text string) { p.fill(text, "      ", "      ") }

// fill writes text in lines of the page's width. Words stay whole, so that a flag can be copied.
func (p *helpPage) fill(text, first, others string) {
	line := first
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case ansi.StringWidth(line)+1+ansi.StringWidth(word) > pageWidth:
			p.text.WriteString(line + "\n")
			line = others + word
		default:
			line += " " + word
		}
	}
	p.text.WriteString(line + "\n")
}

func (p *helpPage) configuration() {
	p.heading("A secret is one of")
	for _, form := range config.SecretForms() {
		p.entry(form.Path, form.Meaning)
	}
	table := "\x00"
	plain := strings.NewReplacer("`", "", "*", "")
	for _, k := range config.Reference() {
		in, name := k.Split()
		if in != table {
			table = in
			p.heading(map[bool]string{true: "At the top", false: "[" + in + "]"}[in == ""])
		}
		p.entry(name, plain.Replace(k.Meaning))
		p.indented("default: " + plain.Replace(k.Default))
	}
}

func (p *helpPage) exitCodes() {
	p.entry("every command", "1: usage or configuration. 130: interrupted.")
	for _, section := range strings.Split(commandTexts, "\n== ")[1:] {
		command, text, _ := strings.Cut(section, "\n")
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			if codes, ok := strings.CutPrefix(paragraph, "Exit code "); ok {
				p.entry(strings.TrimPrefix(command, "scimdrift "), codes)
			}
		}
	}
}

func (p *helpPage) findings() {
	part := ""
	for _, kind := range model.Kinds() {
		of, _, _ := strings.Cut(string(kind), "-")
		if setup := of == "setup"; setup && part != of {
			p.heading("Set-up (scimdrift doctor says more)")
		}
		part = of
		p.entry(string(kind), explain.KindMeaning(kind))
	}
}

func (p *helpPage) guard() {
	for _, overridable := range []bool{false, true} {
		p.heading(map[bool]string{false: "Nothing overrides", true: "--allow RULE overrides, one by one"}[overridable])
		for _, rule := range plan.GuardRules() {
			if plan.Overridable(rule) == overridable {
				p.entry(string(rule), "refuses "+explain.RefusalText(rule))
			}
		}
	}
}

func (p *helpPage) guide() {
	where := ""
	for _, line := range runbook.Guide() {
		if line.Where != where {
			where = line.Where
			p.heading(where)
		}
		p.entry(line.Asks, line.ServedBy())
	}
}

func (p *helpPage) iam() {
	for _, policy := range identitycenter.Policies() {
		p.heading("This is enough " + policy.Does + ":")
		p.text.WriteString(policy.JSON() + "\n")
	}
}

func (p *helpPage) keys() {
	all := tui.KeyMap(p.board.Views).With(p.board.Keys)
	width := 0
	for i := range all {
		width = max(width, style.Width(all[i].Binding.Help().Key))
	}
	p.fill("The name in brackets is that of the action under [ui.keys].", "", "")
	for _, section := range all.Sections() {
		p.heading(section.Name)
		for _, act := range section.Actions {
			p.fill(act.Does+" ["+act.ID+"]", "  "+style.Fit(act.Binding.Help().Key, width+2), style.Spaces(width+4))
		}
	}
}

//go:embed commands.txt
var commandTexts string

var lineEnd = regexp.MustCompile(`(\S)\n(\S)`)

// describe tells of a command and those below it at length, with examples.
func describe(cmd *cobra.Command) {
	_, text, _ := strings.Cut(commandTexts, "\n== "+cmd.CommandPath()+"\n")
	text, _, _ = strings.Cut(text, "\n== ")
	long, example, _ := strings.Cut(strings.TrimRight(text, "\n"), "\n\n-- for example\n")
	long = strings.ReplaceAll(lineEnd.ReplaceAllString(long, "$1 $2"), "{rules}", model.Listed(overridableRules()))
	cmd.Long, cmd.Example = strings.ReplaceAll(long, " {scenarios}", "\n"+scenarios()), example
	for _, sub := range cmd.Commands() {
		describe(sub)
	}
}

func scenarios() string {
	var b strings.Builder
	for _, s := range tenants.Scenarios() {
		fmt.Fprintf(&b, "  %-22s %s\n", s.Name, s.About)
	}
	return b.String()
}
