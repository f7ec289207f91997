package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
	"sambung/queue"
)

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call makes one request; a body that begins with { is declared as JSON.
func call(t *testing.T, s *apitest.Site, token, method, path, body string, header ...string) answer {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, content)
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, data}
}

// into decodes the answer, which must have that status.
func (a answer) into(t *testing.T, status int, v any) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

func (a answer) state(t *testing.T, status int) (state queue.State) {
	t.Helper()
	a.into(t, status, &state)
	return state
}

// refused checks the uniform failure.
func (a answer) refused(t *testing.T, status int, code string, fields ...string) api.Failure {
	t.Helper()
	var body struct {
		Error api.Failure `json:"error"`
	}
	a.into(t, status, &body)
	if body.Error.Code != code || body.Error.Message == "" {
		t.Errorf("error = %+v, want code %s", body.Error, code)
	}
	var got []string
	for _, f := range body.Error.Fields {
		if f.Problem == "" || f.Remedy == "" {
			t.Errorf("field %+v lacks problem or remedy", f)
		}
		got = append(got, f.Field)
	}
	if strings.Join(got, " ") != strings.Join(fields, " ") {
		t.Errorf("fields = %v, want %v (%s)", got, fields, a.body)
	}
	return body.Error
}

const good = `{"ticket":"ESK-1","route":"answer","taxpayer":"Budi Rahasia","phone":"0812-3456-7890","message":"Permohonan rahasia disetujui."}`

func with(pairs ...string) string {
	body := strings.TrimSuffix(good, "}")
	for i := 0; i < len(pairs); i += 2 {
		body += `,"` + pairs[i] + `":` + pairs[i+1]
	}
	return body + "}"
}

func addAgents(t *testing.T, s *apitest.Site) {
	t.Helper()
	for _, id := range []string{"agent-1", "agent-2"} {
		a := call(t, s, apitest.TokenAdmin, "PUT", "/v1/agents/"+id, `{"endpoint":"PJSIP/`+id+`","switch":"asterisk-1"}`)
		if a.status != http.StatusOK {
			t.Fatalf("adding %s: %s", id, a.body)
		}
	}
}
