package intake_test

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"sambung/queue"
	"sambung/queue/intake"
)

func TestDecodeJSON(t *testing.T) {
	want := good()
	body, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := intake.DecodeJSON(iotest.OneByteReader(strings.NewReader(string(body))))
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = intake.DecodeJSON(strings.NewReader(" {\"ticket\":\"\\u00e9\", \"allow_duplicate\": true}\n"))
	if err != nil || got != (intake.Submission{Ticket: "é", AllowDuplicate: "true"}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDecodeJSONRefuses(t *testing.T) {
	tests := []struct{ name, body, field, problem, remedy string }{
		{"nothing", "", "body", "empty", "one JSON object"},
		{"blanks", " \n", "body", "empty", "one JSON object"},
		{"an array", `[]`, "body", "not a JSON object", "one JSON object"},
		{"a string", `"ticket"`, "body", "not a JSON object", "one JSON object"},
		{"cut off", `{"ticket":"A`, "body", "ends too early", "one JSON object"},
		{"cut off after a key", `{"ticket"`, "body", "ends too early", "one JSON object"},
		{"not closed", `{"ticket":"A"`, "body", "ends too early", "one JSON object"},
		{"not JSON", `{ticket: A}`, "body", "not JSON near byte 1", "one JSON object"},
		{"two objects", `{"ticket":"A"}{}`, "body", "something follows", "nothing after it"},
		{"a comma too many", `{"ticket":"A",}`, "body", "not JSON near byte", "one JSON object"},
		{"wrong UTF-8", "{\"taxpayer\":\"Andr\xe9\"}", "body", "not valid UTF-8", "encode"},
		{"too large", `{"message":"` + strings.Repeat("x", 1<<20) + `"}`, "body", "larger than 65536 bytes", "at most 4000 characters"},
		{"unknown key", `{"tiket":"A"}`, "tiket", "unknown key", "did you mean ticket?"},
		{"key in capitals", `{"Ticket":"A"}`, "Ticket", "unknown key", "did you mean ticket?"},
		{"key far from any", `{"colour":"red"}`, "colour", "unknown key", "known: ticket, route"},
		{"key that is a text", `{"Siti Rahayu 0812":"A"}`, "body", "a key is not a field name", "known: ticket"},
		{"doubled key", `{"ticket":"A","ticket":"B"}`, "ticket", "given twice", "once"},
		{"number", `{"npwp":123456789012345}`, "npwp", "not a string", "in quotes"},
		{"null", `{"agent":null}`, "agent", "null", "leave the key out"},
		{"object", `{"taxpayer":{"name":"Siti"}}`, "taxpayer", "not a string", "in quotes"},
		{"truth for a text", `{"ticket":true}`, "ticket", "not a string", "in quotes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := intake.DecodeJSON(strings.NewReader(tt.body))
			wantOnly(t, err, tt.field, tt.problem, tt.remedy)
			if errors.Is(err, intake.ErrTooLarge) != (tt.name == "too large") {
				t.Errorf("ErrTooLarge: %v", err)
			}
		})
	}
}

// The longest message fits even when every character of it is escaped.
func TestLongestBodyFits(t *testing.T) {
	s := good()
	s.Message = strings.Repeat("😀", 4000)
	body := strings.Replace(mustJSON(t, s), strings.Repeat("😀", 4000), strings.Repeat(`\ud83d\ude00`, 4000), 1)
	if len(body) < 48_000 {
		t.Fatalf("the body has only %d bytes", len(body))
	}
	if _, err := rules(t).AcceptJSON(strings.NewReader(body), now); err != nil {
		t.Error(err)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDecodeJSONPassesReadErrorsOn(t *testing.T) {
	_, err := intake.DecodeJSON(iotest.ErrReader(io.ErrClosedPipe))
	var refusal *intake.Refusal
	if !errors.Is(err, io.ErrClosedPipe) || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}

func TestAcceptJSON(t *testing.T) {
	e, err := rules(t).AcceptJSON(strings.NewReader(mustJSON(t, good())), now)
	if err != nil || e.FollowUp.Taxpayer.Phone != "+6281234567890" || e.Fingerprint != good().Fingerprint() {
		t.Errorf("got %+v, %v", e, err)
	}
}

// Faults of form and of content come in one refusal, one per field.
func TestAcceptJoinsRefusals(t *testing.T) {
	_, err := rules(t).AcceptJSON(strings.NewReader(`{"tiket":"A","route":"answer","phone":812,"taxpayer":"Siti","message":"x","taxpayer":"Sita"}`), now)
	wantFields(t, err, "tiket unknown key", "phone not a string", "taxpayer given twice", "ticket missing")

	_, err = rules(t).AcceptJSON(strings.NewReader(`{"ticket":`), now)
	wantFields(t, err, "body the JSON ends too early")

	_, err = rules(t).AcceptFields(map[string]string{"tiket": "A", "ticket": "A", "route": "answer", "phone": "112", "taxpayer": "Siti", "message": "x"}, now)
	wantFields(t, err, "tiket unknown key", "phone it is an emergency or service number")

	_, err = rules(t).AcceptJSON(iotest.ErrReader(io.ErrClosedPipe), now)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func wantFields(t *testing.T, err error, want ...string) {
	t.Helper()
	var refusal *intake.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal", err)
	}
	var got []string
	for _, f := range refusal.Fields {
		got = append(got, f.Field+" "+f.Problem)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAcceptFields(t *testing.T) {
	fields := map[string]string{"ticket": "A", "route": "answer", "phone": "081234567890", "taxpayer": "Siti", "message": "x", "agent": ""}
	e, err := rules(t).AcceptFields(fields, now)
	if err != nil || e.FollowUp.Ticket != "A" || e.FollowUp.Route != queue.RouteAnswer {
		t.Errorf("got %+v, %v", e, err)
	}
}

// Keys, JSON tags and fields are one list in three places.
func TestKeysAreTheJSONTags(t *testing.T) {
	typ := reflect.TypeFor[intake.Submission]()
	var tags []string
	fields := map[string]string{}
	for i := range typ.NumField() {
		tag := strings.TrimSuffix(typ.Field(i).Tag.Get("json"), ",omitempty")
		tags, fields[tag] = append(tags, tag), "value of "+tag
	}
	if !reflect.DeepEqual(tags, intake.Keys()) {
		t.Errorf("tags %v, keys %v", tags, intake.Keys())
	}
	s, err := intake.FromFields(fields)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(mustJSON(t, s)), &back); err != nil || !reflect.DeepEqual(back, fields) {
		t.Errorf("got %v, %v", back, err)
	}
}

func TestRefusalJSON(t *testing.T) {
	_, err := intake.DecodeJSON(strings.NewReader(`{"tiket":"A"}`))
	if got, want := mustJSON(t, err), `{"fields":[{"field":"tiket","problem":"unknown key","remedy":"did you mean ticket?"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFingerprint(t *testing.T) {
	seen := map[string]bool{good().Fingerprint(): true}
	v := reflect.TypeFor[intake.Submission]()
	for i := range v.NumField() {
		s := good()
		reflect.ValueOf(&s).Elem().Field(i).SetString("other")
		if seen[s.Fingerprint()] {
			t.Errorf("%s does not count", v.Field(i).Name)
		}
		seen[s.Fingerprint()] = true
	}
}
