package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// version and commit are set by the linker on releases.
//
//nolint:gochecknoglobals // the linker can set nothing else
var (
	version = "dev"
	commit  = ""
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text := "scimdrift " + version
			if commit != "" {
				text += " (" + commit + ")"
			}
			if _, err := fmt.Fprintln(p.stdout, text); err != nil {
				return fmt.Errorf("print the version: %w", err)
			}
			return nil
		},
	}
}

// agent is what the program calls itself before services.
func agent() string { return "scimdrift/" + version }
