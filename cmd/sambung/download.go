package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// download is a file that the daemon sends.
type download struct {
	output  string // "-" for standard output
	attempt int    // whose recording it is; 0 for another file
	note    string // said of it when it is whole
	fetch   func(ctx context.Context, w io.Writer) error
}

// save writes a file under its name only when it is whole, and says so.
func (c *cli) save(ctx context.Context, d download) error {
	fetch := func(w io.Writer) error {
		ctx, w, stop := patience(ctx, c.timeout, w)
		defer stop()
		return d.fetch(ctx, w)
	}
	if d.output == "-" {
		return fetch(c.stdout)
	}
	ctx, stop := untilSignalled(ctx) // what came of it is removed
	defer stop()
	bytes, err := writeWhole(d.output, fetch)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(struct {
			Attempt int    `json:"attempt,omitempty"`
			Bytes   int64  `json:"bytes"`
			File    string `json:"file"`
		}{d.attempt, bytes, d.output})
	}
	return c.printf("%s: %d bytes%s\n", d.output, bytes, d.note)
}

// writeWhole has a file written under its name only when it is whole. What stands under
// the name is replaced; a device or a folder is not.
func writeWhole(output string, write func(w io.Writer) error) (bytes int64, err error) {
	if info, err := os.Stat(output); err == nil && !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is no file; name one, or - for standard output", output)
	}
	f, err := os.CreateTemp(filepath.Dir(output), ".sambung-*")
	if err != nil {
		return 0, fmt.Errorf("writing %s: %w", output, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	err = write(f)
	if bytes, _ = f.Seek(0, io.SeekEnd); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(f.Name(), output); err != nil {
		return 0, fmt.Errorf("writing %s: %w", output, err)
	}
	return bytes, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
