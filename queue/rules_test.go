package queue

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// TestEveryResultAndOutcomeHasARule reads the constants from the source, so
// that one that is added cannot be forgotten.
func TestEveryResultAndOutcomeHasARule(t *testing.T) {
	results, outcomes := constantsOf(t, "Result"), constantsOf(t, "Outcome")
	if len(results) != len(everyResult) || len(outcomes) != len(everyOutcome) {
		t.Fatalf("the source has results %q and outcomes %q; the tests know others", results, outcomes)
	}
	for _, r := range results {
		if r == string(ResultAnswered) {
			continue
		}
		if _, ok := RuleFor(Result(r), ""); !ok {
			t.Errorf("no rule for result %s", r)
		}
		if rule, ok := RuleFor(Result(r), OutcomeDelivered); !ok || rule.Outcome != "" {
			t.Errorf("result %s must pass over the outcome, got %+v", r, rule)
		}
	}
	for _, o := range outcomes {
		rule, ok := RuleFor(ResultAnswered, Outcome(o))
		if !ok {
			t.Errorf("no rule for an answered call with outcome %s", o)
		}
		if want := Outcome(o) != OutcomeUnconfirmed; Outcome(o).Confirmable() != want || (rule.Key != "") != want {
			t.Errorf("outcome %s: confirmable %v with key %q, want %v", o, Outcome(o).Confirmable(), rule.Key, want)
		}
	}
	if _, ok := RuleFor(ResultAnswered, ""); ok {
		t.Error("an answered call without outcome has a rule")
	}
	if Outcome("").Confirmable() || Outcome("busy").Confirmable() {
		t.Error("an outcome that does not exist is confirmable")
	}
}

func TestEveryKeyMeansOneOutcome(t *testing.T) {
	var seen []Outcome
	for key := 1; key <= 8; key++ {
		o, ok := OutcomeForKey(strconv.Itoa(key))
		if !ok || slices.Contains(seen, o) || o != everyOutcome[key-1] {
			t.Errorf("key %d means %q, want %q", key, o, everyOutcome[key-1])
		}
		seen = append(seen, o)
	}
	for _, key := range []string{"", "0", "9", "*", "#", "11"} {
		if o, ok := OutcomeForKey(key); ok {
			t.Errorf("key %q means %q", key, o)
		}
	}
}

func TestEveryRuleAndKindHasAWording(t *testing.T) {
	for _, r := range Rules() {
		if r.Label == "" {
			t.Errorf("%s %s has no label", r.Result, r.Outcome)
		}
	}
	for _, k := range constantsOf(t, "Kind") {
		if info, ok := Kind(k).Info(); !ok || info.Label == "" {
			t.Errorf("kind %s is not described", k)
		}
	}
	if len(Kinds()) != len(constantsOf(t, "Kind")) {
		t.Error("a kind is described twice, or is no constant")
	}
}

// TestSettle is the table of docs/state-machine.md, written down once more.
func TestSettle(t *testing.T) {
	type want struct {
		next   Next
		pace   Pace
		reason string
	}
	wants := map[string]want{
		"answered/delivered":            {NextClose, PaceNone, ""},
		"answered/callback":             {NextRetry, PaceCallback, ""},
		"answered/wrong_person":         {NextHandBack, PaceNone, "wrong_person"},
		"answered/refused":              {NextClose, PaceNone, ""},
		"answered/needs_escalation":     {NextClose, PaceNone, ""},
		"answered/cut_off":              {NextRetry, PaceSoon, ""},
		"answered/voicemail":            {NextRetry, PaceSpread, ""},
		"answered/identity_unconfirmed": {NextHandBack, PaceNone, "identity_unconfirmed"},
		"answered/unconfirmed":          {NextHandBack, PaceNone, "unconfirmed"},
		"busy/":                         {NextRetry, PaceSoon, ""},
		"no_answer/":                    {NextRetry, PaceSpread, ""},
		"rejected/":                     {NextRetry, PaceSpread, ""},
		"unreachable/":                  {NextRetry, PaceSpread, ""},
		"invalid_number/":               {NextHandBack, PaceNone, "invalid_number"},
		"agent_no_answer/":              {NextRetry, PaceAtOnce, ""},
		"trunk_failure/":                {NextRetry, PaceSoon, ""},
		"interrupted/":                  {NextRetry, PaceSoon, ""},
		"unknown/":                      {NextRetry, PaceSpread, ""},
	}
	for _, rule := range Rules() {
		t.Run(fmt.Sprintf("%s/%s", rule.Result, rule.Outcome), func(t *testing.T) {
			w, ok := wants[string(rule.Result)+"/"+string(rule.Outcome)]
			if !ok {
				t.Fatal("the test knows no answer")
			}
			b := newBook(t, sampleFollowUp()).attempt(true, rule.Result, rule.Outcome)
			d := b.settle()
			if d.Next != w.next || d.Pace != w.pace || d.Reason != w.reason {
				t.Errorf("settled as %s, %q, %q; want %+v", d.Next, d.Pace, d.Reason, w)
			}
			if (d.RetryAt != nil) != (w.next == NextRetry) {
				t.Errorf("next is %s, and the next attempt comes at %v", d.Next, d.RetryAt)
			}
			counts := rule.Result != ResultTrunkFailure && rule.Result != ResultAgentNoAnswer
			if d.Counted != counts || (b.state.Counted == 1) != counts {
				t.Errorf("counted %v, state %d; want %v", d.Counted, b.state.Counted, counts)
			}
			status := map[Next]Status{NextClose: StatusClosed, NextRetry: StatusQueued, NextHandBack: StatusHandedBack}[w.next]
			if b.state.Status != status || b.state.Settled != b.state.Version {
				t.Errorf("it is %s, settled at %d of %d; want %s", b.state.Status, b.state.Settled, b.state.Version, status)
			}
		})
	}
}

// constantsOf reads the values of all constants of a type from this package.
func constantsOf(t *testing.T, typeName string) (values []string) {
	t.Helper()
	for _, file := range []string{"outcome.go", "kind.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, value)
			}
			return false
		})
	}
	return values
}
