package evidence

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Checkpoint remembers, outside the archive, which manifests there were, and how
// far their custody went: hashes by key. Its file has a line for each, as sha256sum writes them.
type Checkpoint map[string]string

// LoadCheckpoint reads a checkpoint's file. One that does not exist yet is empty.
func LoadCheckpoint(path string) (Checkpoint, error) {
	c := make(Checkpoint)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		sum, key, ok := strings.Cut(lines.Text(), "  ")
		if !ok || len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "" || !strings.HasPrefix(key, manifests) && !strings.HasPrefix(key, custody) {
			return nil, fmt.Errorf("checkpoint %s, line %d: want a SHA-256 in hex, two spaces, and the key of a manifest or of a custody link", path, n)
		}
		if earlier, twice := c[key]; twice && earlier != sum {
			return nil, fmt.Errorf("checkpoint %s, line %d: %s stands there twice, with different hashes", path, n, key)
		}
		c[key] = sum
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	return c, nil
}

// Note remembers a dossier that was found sound.
func (c Checkpoint) Note(v Verdict) {
	c[v.Manifest] = v.SHA256
	for _, link := range v.Custody {
		c[link.Key] = link.SHA256
	}
}

// Save writes the checkpoint in place of its file, whole or not at all. That of a link is
// where it leads.
func (c Checkpoint) Save(path string) error {
	if _, err := os.Lstat(path); err == nil { // else there is nothing yet
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
	}
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(c)) {
		fmt.Fprintf(&text, "%s  %s\n", c[key], key)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".checkpoint-*")
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	_, err = file.WriteString(text.String())
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}
