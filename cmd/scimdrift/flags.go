package main

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// The environment can choose the file and the connection; flags go before it.
const (
	configVariable     = "SCIMDRIFT_CONFIG"
	connectionVariable = "SCIMDRIFT_CONNECTION"
)

type flags struct {
	config, connection string
	readOnly, noColor  bool
	plain              bool
	quiet, demo        bool
	debugLog           string
	// since is how far back events are read; 0 is eventWindow.
	since  time.Duration
	tenant tenantFlags
}

type tenantFlags struct {
	tenants.Options

	latency time.Duration
	// from says where the groups come from, as groups.from does in a configuration; empty is from roles.
	from string
	// lens puts the AWS lens before the tenant's target.
	lens bool
}

func (p *program) commonFlags(root *cobra.Command) {
	f := &p.flags
	all := root.PersistentFlags()
	p.common = all
	all.StringVar(&f.config, "config", os.Getenv(configVariable),
		"configuration file (or "+configVariable+"; else "+config.DefaultPath()+")")
	all.StringVar(&f.connection, "connection", os.Getenv(connectionVariable),
		"connection to use, by name (or "+connectionVariable+")")
	all.BoolVar(&f.readOnly, "read-only", false, "refuse every write")
	all.BoolVar(&f.plain, "plain", false, "the board in words, one fact a line, for screen readers (as ui.plain)")
	all.BoolVar(&f.noColor, "no-color", false, "no colours (so does any non-empty NO_COLOR)")
	all.BoolVar(&f.quiet, "quiet", false, "no progress on standard error")
	all.Var(&parsedFlag[time.Duration]{&f.since, "", "", func(text string) (time.Duration, error) {
		return parseWindow(text, time.Now())
	}}, "since", "how far back to read OneLogin's events: 72h, 30d or a date (default 14d)")
	all.StringVar(&f.debugLog, "debug-log", "", "write every request to this file, secrets and personal data masked")
	all.BoolVar(&f.demo, "demo", false, "use the built-in tenant in place of a configured connection")
	f.tenant.register(root, all)
	completeFlag(root, "connection", p.connectionNames)
}

func (f *tenantFlags) register(root *cobra.Command, set *pflag.FlagSet) {
	f.from = "roles"
	set.IntVar(&f.Users, "users", 0, "size of the built-in tenant (default the scenario's own)")
	set.IntVar(&f.Groups, "groups", 0, "groups of the built-in tenant (default the scenario's own)")
	set.Uint64Var(&f.Seed, "seed", 1, "seed of the built-in tenant; the same seed gives the same ids")
	choiceFlag(root, set, &f.Scenario, "scenario", "", "what is wrong with the built-in tenant (see scimdrift "+
		"help demo)", scenarioNames())
	choiceFlag(root, set, &f.from, "from", "", "where the groups of the built-in tenant come from",
		[]string{"roles", "rules", "auto"})
	set.BoolVar(&f.lens, "lens", false, "read the built-in tenant through the AWS lens too: account assignments show")
	set.DurationVar(&f.latency, "latency", 0, "delay of every answer of the built-in tenant")
}

// unquotedWord needs no quotes in a shell.
var unquotedWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// commandLine is a command line of this program as it is typed into a shell, with the common flags that were given now,
// so that it is about the same records. connection is the one that it is about; empty leaves that to those flags.
func (p *program) commandLine(connection string, words ...string) string {
	if p.flags.demo {
		words = append(words, "--demo")
	} else if connection != "" {
		words = append(words, "--connection", connection)
	}
	p.common.VisitAll(func(f *pflag.Flag) {
		switch f.Name {
		case "demo", "plain", "no-color", "quiet", "debug-log": // the first stands there, the others change no result
			return
		case "connection":
			if p.flags.demo || connection != "" {
				return
			}
		}
		switch value := f.Value.String(); {
		case !f.Changed:
		case f.Value.Type() == "bool":
			words = append(words, "--"+f.Name+strings.TrimSuffix("="+value, "=true"))
		default:
			words = append(words, "--"+f.Name, value)
		}
	})
	for i, word := range words {
		if !unquotedWord.MatchString(word) {
			words[i] = model.ShellQuoted(word)
		}
	}
	return "scimdrift " + strings.Join(words, " ")
}

// eventWindow is how far back events are read unless --since says otherwise.
const eventWindow = 14 * 24 * time.Hour

var errSince = errors.New(`--since takes a time span or a date in the past; write it as 72h, 30d or 2026-11-01`)

// parseWindow is how far back from now events are read: a span in hours and smaller units or in days, or since a date
// (UTC) or a moment in RFC 3339. Empty is the default.
func parseWindow(since string, now time.Time) (time.Duration, error) {
	since = strings.TrimSpace(since)
	if since == "" {
		return eventWindow, nil
	}
	span, err := time.ParseDuration(since)
	if days, ok := strings.CutSuffix(since, "d"); ok {
		span, err = time.ParseDuration(days + "h")
		if span > 100*365*time.Hour { // a span of centuries does not fit into a Duration
			return 0, errSince
		}
		span *= 24
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, wrong := time.Parse(layout, since); wrong == nil {
			span, err = now.Sub(at), nil
		}
	}
	if err != nil || span <= 0 {
		return 0, errSince
	}
	return span, nil
}
