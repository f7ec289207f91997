package checker

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sambung/internal/realservers"
	"sambung/queue"
)

// Place is a switch and what is known of it.
type Place struct {
	Switch   string
	Asterisk *realservers.AsteriskServer
}

// Left says what is left at the switches, in the spools and of the leases, once
// every daemon has ended. Recordings with an alarm may be left, at both: they may be
// all there is.
func Left(ctx context.Context, q queue.Queue, places []Place, spools []string) []string {
	var left []string
	note := func(format string, args ...any) { left = append(left, fmt.Sprintf(format, args...)) }
	for _, dir := range spools {
		entries, err := os.ReadDir(dir)
		if err != nil {
			note("spool: %v", err)
		}
		for _, e := range entries {
			if e.Name() != ".lock" && !e.IsDir() && !alarmed(ctx, q, e.Name()) {
				note("spool: %s", e.Name())
			}
		}
		// Of the journal an empty file is left, where there is one.
		if info, err := os.Stat(filepath.Join(dir, "journal", "observations")); err == nil && info.Size() > 0 {
			note("journal: %d bytes", info.Size())
		}
	}
	for _, p := range places {
		if out := p.Asterisk.CLI("core show channels count"); !strings.Contains(out, "0 active channels") {
			note("%s: channels: %s", p.Switch, out)
		}
		if out := p.Asterisk.CLI("bridge show all"); strings.Contains(out, "stasis") {
			note("%s: bridges: %s", p.Switch, out)
		}
		recordings, err := unexplained(ctx, q, p.Asterisk.RecordingDir)
		if err != nil || len(recordings) > 0 {
			note("%s: recordings: %v %v", p.Switch, recordings, err)
		}
		lease, err := q.Acquire(ctx, p.Switch, "afterwards", time.Second)
		if err != nil {
			note("%s: lease: %v", p.Switch, err)
			continue
		}
		_ = q.Surrender(ctx, lease) // or it runs out
	}
	return left
}

// unexplained are the recordings in a folder that no alarm speaks of.
func unexplained(ctx context.Context, q queue.Queue, dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !alarmed(ctx, q, e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// alarmed reports whether a file, <follow-up>-<attempt> and more, is of a recording
// that has an alarm.
func alarmed(ctx context.Context, q queue.Queue, name string) bool {
	id, rest, _ := strings.Cut(strings.TrimSuffix(name, ".wav"), "-")
	number, _, _ := strings.Cut(rest, "-")
	s, err := q.State(ctx, queue.ID(id))
	return err == nil && slices.ContainsFunc(s.Recordings, func(r queue.Recording) bool {
		return strconv.Itoa(r.Attempt) == number && r.Status == queue.RecordingAlarmed
	})
}
