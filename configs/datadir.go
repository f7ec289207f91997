package configs

import (
	"errors"
	"path/filepath"
)

// DataDir is the folder of a user's data of this program, by the XDG Base
// Directory Specification: $XDG_DATA_HOME/sambung, or ~/.local/share/sambung.
// It need not exist yet.
func DataDir(getenv func(string) string) (string, error) {
	if base := getenv("XDG_DATA_HOME"); filepath.IsAbs(base) { // a relative one is to be ignored
		return filepath.Join(base, "sambung"), nil
	}
	home := getenv("HOME")
	if home == "" {
		return "", errors.New("neither XDG_DATA_HOME nor HOME is set: name a folder")
	}
	return filepath.Join(home, ".local", "share", "sambung"), nil
}
