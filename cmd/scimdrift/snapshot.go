package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/state"
)

func (p *program) snapshotCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Keep both sides in a file, look at it later, compare two",
	}
	var output string
	diff := &cobra.Command{
		Use: "diff BEFORE AFTER", Short: "Say what changed from one snapshot to another",
		Args: cobra.ExactArgs(2), //nolint:mnd // before and after
		RunE: func(_ *cobra.Command, args []string) error { return p.snapshotDiff(args[0], args[1], output) },
	}
	form(diff, &output, "form", "text", "json")
	cmd.AddCommand(
		&cobra.Command{
			Use: "save FILE", Short: "Read both sides and keep them in a file", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return p.snapshotSave(cmd.Context(), args[0]) },
		},
		&cobra.Command{
			Use: "open FILE", Short: "Look at a snapshot on the board", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return p.snapshotOpen(cmd.Context(), args[0]) },
		},
		diff,
	)
	return cmd
}

func (p *program) snapshotSave(ctx context.Context, path string) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	r, err := p.read(ctx, s)
	if err != nil {
		return err
	}
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return err
	}
	reading, _, _ := s.loader.Kept() // it has just been read
	snap := state.Snapshot{
		Connection: s.connection.Name, Fingerprint: fingerprint, Version: version, SavedAt: time.Now(),
		Options: s.options, Reading: reading,
	}
	var b bytes.Buffer
	if err := snap.Save(&b); err != nil {
		return err
	}
	if err := replaceFile(path, b.Bytes()); err != nil {
		return fmt.Errorf("the snapshot could not be saved: %w; choose another file", err)
	}
	if !r.Complete() {
		s.note("a part could not be read completely; the snapshot says which, and it is not compared with others")
	}
	return nil
}

func readSnapshot(path string) (*state.Snapshot, error) {
	f, err := os.Open(path) //nolint:gosec // the operator's own choice of file
	if err != nil {
		return nil, fmt.Errorf("the snapshot cannot be read: %w; make one with: scimdrift snapshot save FILE", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	s, err := state.ReadSnapshot(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func (p *program) snapshotDiff(before, after, output string) error {
	a, err := readSnapshot(before)
	if err != nil {
		return err
	}
	b, err := readSnapshot(after)
	if err != nil {
		return err
	}
	if a.Fingerprint != b.Fingerprint {
		return fmt.Errorf("%s is of connection %s and %s of connection %s: other addresses or another app, so that "+
			"every record would differ; save both from one connection, or one built-in tenant",
			before, model.Visible(a.Connection), after, model.Visible(b.Connection))
	}
	d := drift.Differences(a.Compare(), b.Compare())
	switch {
	case len(d.Changes) > 0:
		p.code = exitDrift
	case len(d.Open) > 0:
		p.code = exitIncomplete
	}
	if output == "json" {
		return report.DifferenceJSON(p.stdout, d)
	}
	return report.DifferenceText(p.stdout, d)
}
