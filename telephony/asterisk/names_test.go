package asterisk

import "testing"

func TestCallOf(t *testing.T) {
	const id = "01J9ZK3V5N8Q2R4T6W8Y0ABCDE-12"
	for _, own := range []string{id, id + "-agent", id + "-taxpayer-snoop", id + "-ringback", id + "-play-mwti0sw5-3"} {
		if got := callOf(own); got != id {
			t.Errorf("%s belongs to %q, want %s", own, got, id)
		}
	}
	for _, foreign := range []string{
		"", "-", "1795452434.15", "9f1c2d3e-4b5a-6789-abcd-ef0123456789", "01J9ZK3V5N8Q2R4T6W8Y0ABCDE", "01J9ZK3V5N8Q2R4T6W8Y0ABCDE-x",
		"01J9ZK3V5N8Q2R4T6W8Y0ABCDE-", "x" + id, id + "-agent\n", id + "-Agent", id + "/agent",
	} {
		if got := callOf(foreign); got != "" {
			t.Errorf("%q belongs to call %q, and is none of ours", foreign, got)
		}
	}
}
