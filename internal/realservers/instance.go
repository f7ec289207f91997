package realservers

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
)

// instanceDirs is the folder of one Asterisk inside the shared root folder.
type instanceDirs struct {
	root string // of the chroot
	name string // of the instance
}

// inside names a path as Asterisk sees it, outside as the test does.
func (d instanceDirs) inside(path string) string {
	return filepath.Join("/instances", d.name, path)
}

func (d instanceDirs) outside(path string) string { return filepath.Join(d.root, d.inside(path)) }

// makeInstance makes the folders of an Asterisk that shares with others only
// what none of them writes to. The sounds are this work tree's. Its name is its
// first port, so that what a killed test left under that name goes away.
func makeInstance(root, sounds string, port int) (instanceDirs, error) {
	d := instanceDirs{root: root, name: strconv.Itoa(port)}
	return d, errors.Join(os.RemoveAll(d.outside("")), d.fill(sounds))
}

func (d instanceDirs) fill(sounds string) error {
	for _, name := range []string{"etc", "var/keys", "run", "log", "cache", "data", "spool/recording"} {
		if err := os.MkdirAll(d.outside(name), 0o755); err != nil {
			return err
		}
	}
	if err := d.linkAll("/usr/share/asterisk", "data", "sounds"); err != nil {
		return err
	}
	// As on an operator's machine: Debian's files, and over them the shipped.
	if err := d.linkAll("/etc/asterisk", "etc", ""); err != nil {
		return err
	}
	return os.CopyFS(d.outside("data/sounds"), os.DirFS(sounds))
}

// linkAll links what is in a folder of the root folder, but for one name, into
// a folder of the instance.
func (d instanceDirs) linkAll(from, to, except string) error {
	entries, err := os.ReadDir(filepath.Join(d.root, from))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() == except {
			continue
		}
		link := d.outside(filepath.Join(to, entry.Name()))
		if err := os.Symlink(filepath.Join(from, entry.Name()), link); err != nil {
			return err
		}
	}
	return nil
}
