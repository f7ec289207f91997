package realservers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// confFile is an Asterisk configuration file whose values can be changed in
// place, so that tests run the files that operators install.
type confFile struct {
	path  string
	lines []string
}

func readConf(path string) (*confFile, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &confFile{path: path, lines: strings.Split(string(b), "\n")}, nil
}

// set gives a new value to a key of the first section of that name which has
// the key. One that is not there is an error: the file and this package have
// gone apart.
func (c *confFile) set(section, key, value string) error {
	in := false
	for i, line := range c.lines {
		if name, ok := sectionName(line); ok {
			in = name == section
			continue
		}
		if k, sep, ok := keyName(line); in && ok && k == key {
			c.lines[i] = key + " " + sep + " " + value
			return nil
		}
	}
	return fmt.Errorf("%s: no %q in section [%s]", c.path, key, section)
}

// write puts the file at path, in the place of a link that may be there.
func (c *confFile) write(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, []byte(strings.Join(c.lines, "\n")), 0o600)
}

// sectionName reads the head of a section: "[name]" or "[name](template)".
func sectionName(line string) (string, bool) {
	rest, ok := strings.CutPrefix(line, "[")
	name, _, _ := strings.Cut(rest, "]")
	return name, ok
}

// keyName reads the key of "key = value" or "key => value", and the separator.
func keyName(line string) (key, sep string, ok bool) {
	if strings.HasPrefix(line, ";") {
		return "", "", false
	}
	key, rest, ok := strings.Cut(line, "=")
	if !ok {
		return "", "", false
	}
	sep = "="
	if strings.HasPrefix(rest, ">") {
		sep = "=>"
	}
	return strings.TrimSpace(key), sep, true
}

// remove takes every line with that key out.
func (c *confFile) remove(key string) {
	c.lines = slices.DeleteFunc(c.lines, func(line string) bool {
		k, _, ok := keyName(line)
		return ok && k == key
	})
}
