package phonenumber_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sambung/queue/phonenumber"
)

// How people separate digits does not matter, and neither does the way they write
// the country code: every spelling of a number that is accepted gives one result.
func TestSpellingsAgree(t *testing.T) {
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"81", "85", "89", "21", "22", "274", "361", "721", "901", ""}).Draw(t, "prefix")
		national := prefix + rapid.StringMatching(`[0-9]{0,10}`).Draw(t, "rest")
		want, err := phonenumber.Normalise("+62"+national, phonenumber.Options{})
		if err == nil {
			if accepted++; want != "+62"+national && want != "+62"+strings.TrimPrefix(national, "0") {
				t.Fatalf("+62%s became %s", national, want)
			}
		}
		for _, spelling := range []string{"0" + national, "62" + national} {
			got, gotErr := phonenumber.Normalise(scatter(t, spelling), phonenumber.Options{})
			if err == nil && !strings.HasPrefix(national, "0") && (gotErr != nil || got != want) {
				t.Errorf("%s: got %s, %v; want %s", spelling, got, gotErr, want)
			}
			if err != nil && gotErr == nil {
				t.Errorf("%s: got %s; +62%s is refused: %v", spelling, got, national, err)
			}
		}
	})
	if accepted < 10 {
		t.Errorf("only %d numbers were accepted: the test shows nothing", accepted)
	}
}

// scatter puts separators between the digits.
func scatter(t *rapid.T, digits string) string {
	var b strings.Builder
	for _, d := range digits {
		b.WriteRune(d)
		b.WriteString(rapid.SampledFrom([]string{"", "", "", "", "-", " ", ".", ")", "("}).Draw(t, "separator"))
	}
	return b.String()
}
