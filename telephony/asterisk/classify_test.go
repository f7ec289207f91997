package asterisk

import (
	"testing"

	"sambung/telephony"
)

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		sip, cause int
		want       telephony.Status
	}{
		{486, 17, telephony.Busy},
		{486, 21, telephony.Busy},         // the SIP status decides
		{403, 21, telephony.TrunkFailure}, // a trunk's refusal is not a person's
		{603, 21, telephony.Rejected},
		{480, 19, telephony.Unreachable},
		{408, 18, telephony.NoAnswer},
		{404, 1, telephony.InvalidNumber},
		{503, 34, telephony.TrunkFailure},
		{488, 58, telephony.TrunkFailure}, // not listed
		{302, 0, telephony.TrunkFailure},
		{699, 0, telephony.TrunkFailure},
		{0, 17, telephony.Busy},
		{0, 19, telephony.NoAnswer},
		{0, 21, telephony.Rejected},
		{0, 28, telephony.InvalidNumber},
		{0, 20, telephony.Unreachable},
		{0, 38, telephony.TrunkFailure},
		{0, 16, telephony.TrunkFailure},
		{0, 0, telephony.TrunkFailure},
	} {
		got, reason := classify(c.sip, c.cause)
		if got != c.want || reason == "" {
			t.Errorf("SIP %d, cause %d: %s (%q), want %s", c.sip, c.cause, got, reason, c.want)
		}
	}
}

// TestClassifyListsOnce keeps a second line from hiding behind a first.
func TestClassifyListsOnce(t *testing.T) {
	for _, table := range [][]fate{bySIP, byCause} {
		seen := make(map[int]bool)
		for _, f := range table {
			if seen[f.code] {
				t.Errorf("%d is listed twice", f.code)
			}
			seen[f.code] = true
		}
	}
}
