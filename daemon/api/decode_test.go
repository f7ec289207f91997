package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// Whatever a body holds, it is either read, and then means the same when it is
// written again, or refused as invalid.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"code":"delivered"}`, `{"code":"callback","callback_at":"2026-11-24T10:00:00+07:00"}`, `{"note":"\ud800"}`,
		`{"code":1,"code":2}`, `[`, `{"a":{"b":[{}]}}`, "{\"\xff\":1}", `{"code":"x"}}`, `null`, ` {"note":"x"} `, `{"note":"x",}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var body outcome
		err := decodeJSON(data, reflect.ValueOf(&body).Elem())
		if err != nil {
			var failure *Failure
			if !errors.As(err, &failure) || failure.Status != http.StatusBadRequest || len(failure.Fields) == 0 {
				t.Fatalf("error = %#v", err)
			}
			for _, field := range failure.Fields {
				if field.Problem == "" || field.Remedy == "" || strings.ContainsAny(field.Field, "\r\n\x00") {
					t.Errorf("field = %+v", field)
				}
			}
			return
		}
		written, err := json.Marshal(body)
		if err != nil {
			return // a year beyond 9999
		}
		var again outcome
		if err := decodeJSON(written, reflect.ValueOf(&again).Elem()); err != nil || again.Code != body.Code || again.Note != body.Note {
			t.Errorf("%q became %q: %v", data, written, err)
		}
	})
}
