package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sambung/queue/intake"
)

// readBody returns a body that is declared as JSON and not above intake.MaxBody.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, failure(http.StatusUnsupportedMediaType, "media_type", "the body is not declared as JSON; send Content-Type: application/json")
	}
	limit := exchangeOf(r).limits.body
	// Errors: the recorder of a test has no deadlines; a connection always has.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(limit))
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, intake.MaxBody))
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return nil, err
	}
	if err != nil {
		return nil, failure(http.StatusBadRequest, "body", "the body did not arrive; send it whole, within "+limit.String())
	}
	_ = control.SetReadDeadline(time.Time{})
	return data, nil
}

// decode reads a JSON body into the struct that v points to, strictly: known keys
// only, each once, as they are spelt. It names everything wrong at once.
func decode(w http.ResponseWriter, r *http.Request, v any) error {
	data, err := readBody(w, r)
	if err != nil {
		return err
	}
	return decodeJSON(data, reflect.ValueOf(v).Elem())
}

func decodeJSON(data []byte, v reflect.Value) error {
	if !utf8.Valid(data) {
		return invalid(Field{"body", "is not UTF-8", "encode the text as UTF-8"})
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return notAnObject
	}
	var fields []Field
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		name, isKey := token.(string)
		var value json.RawMessage
		if err != nil || !isKey || decoder.Decode(&value) != nil {
			return notAnObject
		}
		if f, ok := member(v, name, value, seen[name]); !ok {
			fields = append(fields, f)
		}
		seen[name] = true
	}
	_, unclosed := decoder.Token()
	if _, err := decoder.Token(); unclosed != nil || !errors.Is(err, io.EOF) {
		return notAnObject
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}

var notAnObject = invalid(Field{"body", "is not one JSON object", "send one, and nothing after it"})

// member reads one member of the object, or says what is wrong with it.
func member(v reflect.Value, name string, value json.RawMessage, twice bool) (Field, bool) {
	var known []string
	for i := range v.NumField() {
		key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if key != name {
			known = append(known, key)
			continue
		}
		switch {
		case twice:
			return Field{name, "is given twice", "send it once"}, false
		case string(value) == "null":
			return Field{name, "is null", "leave it out"}, false
		case json.Unmarshal(value, v.Field(i).Addr().Interface()) != nil:
			return Field{name, "is not understood", "send " + expected(v.Field(i).Type())}, false
		}
		return Field{}, true
	}
	return Field{printable(name), "is not known", "known: " + strings.Join(known, ", ")}, false
}

// expected says what a member of that type looks like.
func expected(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "a time such as 2026-11-23T08:00:00+07:00"
	case t.Kind() == reflect.Int:
		return "a whole number"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Slice:
		return "a list of strings"
	default:
		return "a string"
	}
}

// printable keeps what a key can be made of.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r
		}
		return -1
	}, name)
	return name[:min(len(name), 40)]
}

// flag reads a query parameter that is true, false or left out.
func flag(values url.Values, name string) (bool, error) {
	switch values.Get(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, invalid(Field{name, "is neither true nor false", "send " + name + "=true, or leave it out"})
}

// checkQuery lets through the query parameters that a route knows, each once; states are
// a list. What probes and scrapers add to their paths is theirs.
func (rt route) checkQuery(r *http.Request) error {
	if _, path, _ := strings.Cut(rt.pattern, " "); !strings.HasPrefix(path, "/v1/") {
		return nil
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid(Field{"query", "is not understood", "encode it as key=value&key=value"})
	}
	remedy := "leave it out"
	if len(rt.query) > 0 {
		remedy = "known: " + strings.Join(rt.query, ", ")
	}
	var fields []Field
	for _, key := range slices.Sorted(maps.Keys(values)) {
		switch {
		case slices.Contains([]string{"phone", "taxpayer", "name", "npwp"}, key):
			fields = append(fields, Field{key, "personal data does not belong in a URL", "send it in the body of POST /v1/follow-ups/search"})
		case !slices.Contains(rt.query, key):
			fields = append(fields, Field{printable(key), "is not known", remedy})
		case len(values[key]) > 1 && key != "state":
			fields = append(fields, Field{key, "is given twice", "send it once"})
		}
	}
	if len(fields) > 0 {
		return invalid(fields...)
	}
	return nil
}
