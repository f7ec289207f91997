package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sambung/configs"
)

const (
	// roomFault is the part of what a spool may hold that must be free: below it
	// the daemon begins no call.
	roomFault = 10
	slowSync  = 500 * time.Millisecond
)

func (x *examination) examineSpool(ctx context.Context) []Finding {
	s := &sheet{subject: "spool"}
	dir := x.config.Spool.Dir
	folder, err := existing(dir)
	if err != nil {
		s.fault("its folder cannot be looked at", "correct spool.dir, or let the daemon's user reach it", err)
		return s.findings
	}
	if folder != dir {
		s.ok("its folder is not there yet; the daemon makes it")
	}
	trySpool(ctx, s, folder, x.limit)
	spoolRoom(s, folder, dir, x.config.Spool.MaxBytes)
	return s.findings
}

// existing is the folder, or the nearest above it that exists.
func existing(dir string) (string, error) {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return "", fmt.Errorf("%s is not a folder", dir)
		case err == nil:
			return dir, nil
		case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir:
			return "", err
		}
		dir = filepath.Dir(dir)
	}
}

// trySpool writes a file through to the disk. A disk that hangs cannot be
// interrupted; then the check ends without it.
func trySpool(ctx context.Context, s *sheet, folder string, limit time.Duration) {
	done := make(chan error, 1)
	began := time.Now()
	go func() { done <- writeThrough(folder) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		took := time.Since(began)
		switch {
		case err != nil:
			s.fault(folder+" cannot be written", fmt.Sprintf("let the daemon's user write there: install -d -o sambung -m 700 %s", folder), err)
		case took > slowSync:
			s.warn("writing through to the disk takes "+short(took), "relieve the disk, or name a folder on another")
		default:
			s.ok("writing through to the disk takes " + short(took))
		}
	case <-timer.C:
		s.fault("the disk under "+folder+" does not answer", "see the system's log (dmesg)")
	case <-ctx.Done():
		s.skipped("the disk", "time: the examination was cut short")
	}
}

// writeThrough leaves nothing behind; what a crash would leave, the daemon
// removes by its name.
func writeThrough(folder string) (err error) {
	f, err := os.CreateTemp(folder, ".tmp-doctor-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := f.WriteString("sambung doctor\n"); err != nil {
		return err
	}
	return f.Sync()
}

func spoolRoom(s *sheet, folder, dir string, most configs.Bytes) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		s.warn("the free room is not known", "see the system's log", err)
		return
	}
	free := int64(disk.Bavail) * int64(disk.Bsize)
	used := used(dir)
	need := int64(most) - used
	what := fmt.Sprintf("%s are free for the %s that spool.max_bytes allows", size(free), size(need))
	remedy := "give the disk more room, or lower spool.max_bytes"
	switch {
	case need < int64(most)/roomFault:
		s.fault(fmt.Sprintf("it holds %s of %s: no call is begun", size(used), size(int64(most))), "see why recordings do not reach the archive, or raise spool.max_bytes")
	case free < int64(most)/roomFault:
		s.fault(what, remedy)
	case free < need:
		s.warn(what, remedy)
	default:
		s.ok(what)
	}
}

// used is what lies in the folder, in bytes.
func used(dir string) (sum int64) {
	entries, _ := os.ReadDir(dir) // none: nothing is used
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			sum += info.Size()
		}
	}
	return sum
}

func size(n int64) string {
	for _, u := range []struct {
		name string
		unit int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if n >= u.unit {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(u.unit), u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
