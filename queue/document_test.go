package queue

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/state-machine.md anew")

const documentPath = "../docs/state-machine.md"

// TestDocument holds docs/state-machine.md to the tables, byte for byte.
func TestDocument(t *testing.T) {
	want := document()
	if *update {
		if err := os.WriteFile(documentPath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the tables say; write it anew with: go test ./queue -run TestDocument -update", documentPath)
	}
}

func document() string {
	var w strings.Builder
	w.WriteString(`# State machine

Generated from the tables in package ` + "`queue`" + `. Do not edit: ` + "`go test ./queue -run TestDocument -update`" + ` writes it anew.

`)
	diagram(&w)
	transitionTable(&w)
	ruleTable(&w)
	kindTable(&w)
	return w.String()
}

// name is a status as the document writes it.
func name(s Status) string {
	switch s {
	case StatusNone:
		return "(none)"
	case stay:
		return "unchanged"
	}
	return "`" + string(s) + "`"
}

// diagram draws every move from one status to another; lines between the same
// two statuses share an arrow.
func diagram(w *strings.Builder) {
	var arrows []string
	labels := map[string][]string{}
	for _, line := range Transitions() {
		for _, from := range line.From {
			if line.To == stay || line.To == from {
				continue
			}
			source := string(from)
			if from == StatusNone {
				source = "[*]"
			}
			arrow := source + " --> " + string(line.To)
			if !slices.Contains(arrows, arrow) {
				arrows = append(arrows, arrow)
			}
			label := string(line.Kind)
			if line.Kind == KindAttemptSettled {
				label += " (" + strings.TrimPrefix(line.When, "next is ") + ")"
			}
			if !slices.Contains(labels[arrow], label) {
				labels[arrow] = append(labels[arrow], label)
			}
		}
	}
	w.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, arrow := range arrows {
		fmt.Fprintf(w, "    %s: %s\n", arrow, strings.Join(labels[arrow], ", "))
	}
	for _, s := range Statuses() {
		if s.Ended() {
			fmt.Fprintf(w, "    %s --> [*]\n", s)
		}
	}
	w.WriteString("```\n\n")
}

func transitionTable(w *strings.Builder) {
	w.WriteString(`## Transitions

The first line that fits decides. An observation that fits no line came late: it is kept and moves nothing. A decision or an
intent that fits no line is refused.

| activity | from | to | when |
|---|---|---|---|
`)
	for _, line := range Transitions() {
		var from []string
		for _, s := range line.From {
			from = append(from, name(s))
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", line.Kind, strings.Join(from, ", "), name(line.To), line.When)
	}
	var reserving []string
	for _, s := range Statuses() {
		if s.Reserved() {
			reserving = append(reserving, name(s))
		}
	}
	fmt.Fprintf(w, "\nThe agent and the taxpayer's number are reserved in %s.\n\n", strings.Join(reserving, ", "))
}

func ruleTable(w *strings.Builder) {
	w.WriteString(`## What comes after an attempt

An attempt that ended before the taxpayer was dialled never counts. When the counted attempts reach the policy's
` + "`max_attempts`" + `, the retry after one that counts becomes a hand-back with the reason ` + "`" + ReasonAttemptsExhausted + "`" + `, but for a callback the taxpayer asked for.
A trunk failure counts ` + "`beside others`" + `: if the trunk has carried calls to other numbers since the last time that it failed this
one, for then it is the number that fails; then the reason is ` + "`" + ReasonNumberFails + "`" + `, and the trunk is not held for it.

| result | outcome | key | next | pace | counts | also | wording |
|---|---|---|---|---|---|---|---|
`)
	for _, r := range Rules() {
		also, counts := "", "no"
		switch {
		case r.PauseAgent:
			also = "the agent is paused"
		case r.HoldTrunk:
			also = "dialling over the trunk is held"
		}
		if r.Counts {
			counts = "yes"
		} else if r.CountsBesideOthers {
			counts = "beside others"
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | `%s` | %s | %s | %s | %s |\n",
			r.Result, code(string(r.Outcome)), r.Key, r.Next, code(string(r.Pace)), counts, also, r.Label)
	}
	w.WriteString("\n")
}

func kindTable(w *strings.Builder) {
	w.WriteString(`## Activities

An intent is durable before the act it announces. A decision or an intent that the table above does not allow is refused; an
observation never is.

| activity | class | wording of the history |
|---|---|---|
`)
	classes := map[Class]string{ClassDecision: "decision", ClassIntent: "intent", ClassObservation: "observation"}
	for _, k := range Kinds() {
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", k.Kind, classes[k.Class], k.Label)
	}
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
