package configs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// maxSecret bounds a secret file, in bytes.
const maxSecret = 4 << 10

// walk calls visit for every section, elements of lists included.
func walk(v reflect.Value, key string, visit func(section reflect.Value, key string)) {
	visit(v, key)
	for i := range v.NumField() {
		field, child := v.Field(i), joinKey(key, v.Type().Field(i).Tag.Get("yaml"))
		switch {
		case field.Kind() == reflect.Struct && field.Type() != secretType:
			walk(field, child, visit)
		case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct:
			for n := range field.Len() {
				walk(field.Index(n), child+"["+strconv.Itoa(n)+"]", visit)
			}
		}
	}
}

// resolvePaths makes the relative paths of the file begin at its folder. A path
// is what a key "dir" or one that ends in _file or _dir holds.
func (l *loader) resolvePaths(dir string) {
	walk(reflect.ValueOf(&l.config).Elem(), "", func(section reflect.Value, _ string) {
		for i := range section.NumField() {
			key, field := section.Type().Field(i).Tag.Get("yaml"), section.Field(i)
			isPath := key == "dir" || strings.HasSuffix(key, "_file") || strings.HasSuffix(key, "_dir")
			if isPath && field.String() != "" && !filepath.IsAbs(field.String()) {
				field.SetString(filepath.Join(dir, field.String()))
			}
		}
	})
}

// readSecrets reads the files of those secrets that the environment did not give.
func (l *loader) readSecrets() {
	walk(reflect.ValueOf(&l.config).Elem(), "", func(section reflect.Value, key string) {
		for i := range section.NumField() {
			f := section.Type().Field(i)
			if f.Type != secretType || section.Field(i).Interface().(Secret).IsSet() {
				continue
			}
			file, _ := fieldByKey(section, f.Tag.Get("file"))
			if file.String() == "" {
				continue
			}
			secret, err := readSecret(file.String())
			if err != nil {
				l.problem(joinKey(key, f.Tag.Get("file")), err.what, err.remedy)
				continue
			}
			section.Field(i).Set(reflect.ValueOf(secret))
		}
	})
}

// ReadSecret reads one secret file by the rules of those that the configuration names:
// one line, and nobody else on the machine can reach it. fs.ErrNotExist.
func ReadSecret(path string) (Secret, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Secret{}, err
	}
	secret, fault := readSecret(path)
	if fault != nil {
		return Secret{}, errors.New(fault.what + "; " + fault.remedy)
	}
	return secret, nil
}

type secretError struct{ what, remedy string }

// readSecret reads a secret file and drops the line feed at its end.
func readSecret(path string) (Secret, *secretError) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Secret{}, &secretError{"there is no file " + path, "write the secret into it, mode 0600, owned by the daemon's user"}
	case err != nil:
		return Secret{}, &secretError{err.Error(), "let the daemon's user read it"}
	case !info.Mode().IsRegular():
		return Secret{}, &secretError{path + " is not a regular file", "name a file"}
	case info.Mode().Perm()&0o007 != 0:
		return Secret{}, &secretError{
			fmt.Sprintf("%s has mode %#o: everybody on this machine can reach it", path, info.Mode().Perm()),
			"chmod 0640 or less; in a container, set the mode of the secret's mount",
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return Secret{}, &secretError{err.Error(), "let the daemon's user read it"}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	text := strings.TrimRight(string(data), "\r\n")
	switch {
	case err != nil:
		return Secret{}, &secretError{err.Error(), "let the daemon's user read it"}
	case len(data) > maxSecret:
		return Secret{}, &secretError{fmt.Sprintf("%s is larger than %d bytes", path, maxSecret), "keep the secret alone in it"}
	case text == "":
		return Secret{}, &secretError{path + " is empty", "write the secret into it"}
	case strings.ContainsAny(text, "\r\n\x00"):
		return Secret{}, &secretError{path + " holds more than one line", "keep the secret alone in it, on one line"}
	}
	return NewSecret(text), nil
}
