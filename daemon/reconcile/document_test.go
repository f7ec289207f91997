package reconcile

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/reconciliation.md anew")

const documentPath = "../../docs/reconciliation.md"

// TestDocument holds docs/reconciliation.md to the table, byte for byte.
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
		t.Errorf("%s is not what the table says; write it anew with: go test ./daemon/reconcile -run TestDocument -update", documentPath)
	}
}

func document() string {
	var w strings.Builder
	w.WriteString(`# Reconciliation

Generated from the table in package ` + "`daemon/reconcile`" + `. Do not edit: ` + "`go test ./daemon/reconcile -run TestDocument -update`" + ` writes it anew.

After every gap (a start, a take-over, a reconnection to the switch, an order whose reply was lost) and every minute, what is in the world is held against the ledger. A difference
is found by the name that everything of an attempt carries, ` + "`<follow-up>-<attempt>`" + `, and settled by its line below; for one without a line it is *alarm*.

| the attempt is | that means |
|---|---|
`)
	for _, s := range standings {
		fmt.Fprintf(&w, "| %s | %s |\n", s.standing, s.meaning)
	}
	var found Found
	for _, r := range table {
		if r.Found != found {
			found = r.Found
			fmt.Fprintf(&w, "\n## Found: %s\n\n| attempt | decision | why |\n|---|---|---|\n", found)
		}
		fmt.Fprintf(&w, "| %s | **%s** | %s |\n", r.Standing, r.Decision, r.Why)
	}
	w.WriteString(`
Recordings under other names are not looked at: the switch's own, and those of ` + "`sambung doctor`" + `. What was decided is counted in ` + "`sambung_reconciled_total`" + `; what is
kept with an alarm, in ` + "`sambung_unexplained_recordings`" + `.
`)
	return w.String()
}

// standings are the words of the table.
var standings = []struct {
	standing Standing
	meaning  string
}{
	{InHand, "under way, held at this switch; for a recording, at any"},
	{Elsewhere, "of a follow-up that is under way at another switch"},
	{Claimed, "reserved with its agent, and never assigned"},
	{Over, "settled"},
	{Due, "settled, its recording not archived yet"},
	{Archived, "settled, its recording verified in the archive"},
	{Alarmed, "settled, with an alarm that says why its recording is missing or is not what it should be"},
	{Undialled, "settled before its taxpayer was dialled"},
	{Unrecorded, "settled, its taxpayer dialled, and no recording known"},
	{Unknown, "not in the ledger, or only presumed there: its beginning is lost"},
}
