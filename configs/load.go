package configs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxFileSize is far above any real configuration (5 KB) and bounds the parser.
const maxFileSize = 256 << 10

// Load reads the file, then the overrides in environ ("NAME=value", as from
// os.Environ), then the secrets, and checks it all. An empty path means that the
// environment says everything. The error is a [*LoadError], or wraps that of the
// file system.
func Load(path string, environ []string) (Config, error) {
	if path == "" {
		return Parse("environment", nil, environ)
	}
	f, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("open the configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration %s: %w", path, err)
	}
	return Parse(path, data, environ)
}

// Parse is [Load] on the content of a file. name is the file's path: it stands in
// messages, and relative paths in data begin at its folder.
func Parse(name string, data []byte, environ []string) (Config, error) {
	l := &loader{file: name, config: Default(), places: map[string]place{}, bad: map[string]bool{}}
	l.readFile(data)
	l.resolvePaths(filepath.Dir(name))
	l.override(environ)
	if l.config.Calendar.Dir == "" && !l.config.Calendar.AlwaysOpen {
		l.config.Calendar.Dir = filepath.Join(filepath.Dir(name), "calendar")
	}
	if l.config.Site.Node == "" {
		host, err := os.Hostname()
		if err != nil {
			return Config{}, errors.Join(errors.New("site.node is not set, and the host name is not known"), err)
		}
		l.config.Site.Node = host
	}
	l.readSecrets()
	l.config.check(l)
	if len(l.problems) > 0 {
		sortProblems(l.problems)
		return Config{}, &LoadError{Problems: l.problems}
	}
	return l.config, nil
}

// loader collects a configuration, where each key was written, and the problems.
type loader struct {
	file     string
	config   Config
	places   map[string]place
	bad      map[string]bool // keys that have a problem already
	problems []Problem
}

// place is where a key was written: in the file, or in an environment variable.
type place struct {
	variable     string
	line, column int
}

// problem notes one at the key, or at the nearest section around it that was written.
func (l *loader) problem(key, what, remedy string) {
	l.bad[key] = true
	at, ok := l.places[key]
	for k := key; !ok && k != ""; at, ok = l.places[k] {
		k = parentKey(k)
	}
	p := Problem{Key: key, Source: l.file, Line: at.line, Column: at.column, What: what, Remedy: remedy}
	if at.variable != "" {
		p.Source = at.variable
	}
	l.problems = append(l.problems, p)
}

// check notes a problem unless ok. A key that could not even be read, or stands
// in a section that could not, has its problem already.
func (l *loader) check(ok bool, key, what, remedy string) {
	for k := key; ; k = parentKey(k) {
		if l.bad[k] {
			return
		}
		if k == "" {
			break
		}
	}
	if !ok {
		l.problem(key, what, remedy)
	}
}

// parentKey is "switches[0]" of "switches[0].trunk" and "switches" of that.
func parentKey(key string) string {
	for i := len(key) - 1; i > 0; i-- {
		if key[i] == '.' || key[i] == '[' {
			return key[:i]
		}
	}
	return ""
}
