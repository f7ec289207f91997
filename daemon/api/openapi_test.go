package api_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"sambung/daemon/api"
	"sambung/daemon/api/apitest"
	"sambung/daemon/board"
	"sambung/queue"
	"sambung/queue/intake"
)

// document is openapi.yaml as it is served.
func document(t *testing.T) map[string]any {
	t.Helper()
	s := apitest.New(t, nil)
	var doc map[string]any
	if err := yaml.Unmarshal(call(t, s, "", "GET", "/openapi.yaml", "").body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func at(t *testing.T, v any, path ...string) any {
	t.Helper()
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok || m[key] == nil {
			t.Fatalf("openapi.yaml has no %s (%s)", strings.Join(path, "."), key)
		}
		v = m[key]
	}
	return v
}

// The table of roles_test.go is held against the handler there; so this compares
// routes, roles and document both ways.
func TestTheDocumentListsTheRoutesAndTheirRoles(t *testing.T) {
	described := map[string]string{}
	for path, item := range at(t, document(t), "paths").(map[string]any) {
		for method, operation := range item.(map[string]any) {
			if method == "parameters" {
				continue
			}
			o := operation.(map[string]any)
			roles := "*"
			if list, ok := o["x-roles"].([]any); ok {
				roles = strings.Trim(fmt.Sprint(list), "[]")
			} else if security, ok := o["security"].([]any); !ok || len(security) != 0 {
				t.Errorf("%s %s is open to all, and does not say security: []", method, path)
			}
			if o["summary"] == nil || o["operationId"] == nil {
				t.Errorf("%s %s lacks summary or operationId", method, path)
			}
			described[strings.ToUpper(method)+" "+path] = roles
		}
	}
	if !reflect.DeepEqual(described, allowed) {
		t.Errorf("described:\n%v\nroutes:\n%v", described, allowed)
	}
	var served []string
	for pattern := range allowed {
		served = append(served, pattern)
	}
	slices.Sort(served)
	if routes := api.Patterns(); !slices.Equal(routes, served) {
		t.Errorf("the handler serves\n%v\nthe table has\n%v", routes, served)
	}
}

func TestEveryReferenceOfTheDocumentResolves(t *testing.T) {
	doc := document(t)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				at(t, doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(doc)
}

// The schemas hold the very fields of the types, and the very words of the enumerations.
func TestTheSchemasAreThoseOfTheCode(t *testing.T) {
	schemas := at(t, document(t), "components", "schemas")
	for name, v := range map[string]any{
		"State": queue.State{}, "FollowUp": queue.FollowUp{}, "Assignment": queue.Assignment{}, "Call": queue.Call{},
		"Activity": queue.Activity{}, "Agent": queue.Agent{}, "Submission": intake.Submission{}, "Telephone": api.Telephone{}, "System": api.System{}, "Part": api.Part{},
		"Board": board.Board{}, "BoardAgent": board.Agent{}, "BoardWaiting": board.Waiting{}, "BoardForecast": board.Forecast{}, "BoardCount": board.Count{},
	} {
		var want, got []string
		for f := range reflect.TypeOf(v).Fields() {
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			want = append(want, key)
		}
		for key := range at(t, schemas, name, "properties").(map[string]any) {
			got = append(got, key)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("schema %s has %v, the type %v", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"Status": fmt.Sprint(queue.Statuses()), "Route": fmt.Sprint(queue.Routes()),
	} {
		if got := fmt.Sprint(at(t, schemas, name, "enum")); got != want {
			t.Errorf("schema %s has %s, the code %s", name, got, want)
		}
	}
	failures := at(t, schemas, "Failure", "properties", "error", "properties")
	if got, want := fmt.Sprint(at(t, failures, "code", "enum")), fmt.Sprint(failureCodes(t)); got != want {
		t.Errorf("failures have the codes %s, in the code %s", got, want)
	}
	for f := range reflect.TypeFor[api.Failure]().Fields() {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() && key != "-" {
			at(t, failures, key)
		}
	}
	var outcomes, confirmable []queue.Outcome
	for _, r := range queue.Rules() {
		if r.Outcome != "" {
			outcomes = append(outcomes, r.Outcome)
		}
		if r.Outcome.Confirmable() {
			confirmable = append(confirmable, r.Outcome)
		}
	}
	if got := fmt.Sprint(at(t, schemas, "Outcome", "enum")); got != fmt.Sprint(outcomes) {
		t.Errorf("outcomes: %s, the code has %v", got, outcomes)
	}
	if got := fmt.Sprint(at(t, schemas, "OutcomeRequest", "properties", "code", "enum")); got != fmt.Sprint(confirmable) {
		t.Errorf("confirmable outcomes: %s, the code has %v", got, confirmable)
	}
}

// failureCodes are those that the source gives to failures.
func failureCodes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	given := regexp.MustCompile(`failure\([A-Za-z.]+,\s+"([a-z_]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range given.FindAllStringSubmatch(string(text), -1) {
			codes = append(codes, m[1])
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
