package phonenumber_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"sambung/queue/phonenumber"
)

func TestNormaliseAccepts(t *testing.T) {
	for in, want := range map[string]string{
		"081234567890":           "+6281234567890",
		"0812-3456-7890":         "+6281234567890",
		"0812.3456.7890":         "+6281234567890",
		"  0812 3456 7890 ":      "+6281234567890",
		"+62 812 3456 7890":      "+6281234567890",
		"+6281234567890":         "+6281234567890",
		"6281234567890":          "+6281234567890",
		"62 812-3456-7890":       "+6281234567890",
		"+62 (0) 812 3456 7890":  "+6281234567890",
		"62 0812 3456 7890":      "+6281234567890",
		"0811 234 567":           "+62811234567", // the shortest mobile
		"0868 123 456":           "+62868123456", // satellite, in the national plan
		"(021) 525 0208":         "+62215250208",
		"021-5250208":            "+62215250208",
		"021 2952 0208":          "+622129520208",
		"+62 21 525 0208":        "+62215250208",
		"(0274) 512345":          "+62274512345",
		"0274 500200":            "+62274500200", // six digits are usual outside Jakarta
		"0628 20345":             "+6262820345",  // the area 0628
		"(0361) 23-45-67":        "+62361234567",
		"+62.361.234567":         "+62361234567",
		"0812 3456 7890 - ( . )": "+6281234567890",
	} {
		got, err := phonenumber.Normalise(in, phonenumber.Options{})
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %s", in, got, err, want)
		}
	}
}

func TestNormaliseRefuses(t *testing.T) {
	tests := []struct{ in, problem, remedy string }{
		{"", "empty", "08xx"},
		{" \t\n", "empty", "08xx"},
		{"-", "no digits", "08xx"},
		{"+", "no digits", "08xx"},
		{"0062 812 3456 7890", "begins with 0062", "write +62 or 0"},
		{"00 62 812 3456 7890", "begins with 0062", "write +62 or 0"},
		{"001 62 812 3456 7890", "international prefix", "write +"},
		{"008", "international prefix", "write +"},
		{"00180312345", "international prefix", "write +"}, // valid to libphonenumber
		{"112", "emergency", "taxpayer's own"},
		{"110", "emergency", "taxpayer's own"},
		{"+62112", "emergency", "taxpayer's own"},
		{"62 112", "emergency", "taxpayer's own"},
		{"0112", "emergency", "taxpayer's own"},
		{"021 110", "emergency", "taxpayer's own"},
		{"14045", "short or service", "taxpayer's own"},
		{"021 14045", "short or service", "taxpayer's own"}, // valid to libphonenumber
		{"0809 123 4567", "premium", "taxpayer's own"},
		{"+62 809 1 234 567", "premium", "taxpayer's own"},
		{"0809123456", "premium", "taxpayer's own"},
		{"0800 1 234 567", "service", "taxpayer's own"},
		{"0806 1 234 567", "080x is a service", "taxpayer's own"}, // unknown to libphonenumber
		{"0804 1 234 567", "service", "taxpayer's own"},
		{"1500200", "call-centre", "taxpayer's own"},
		{"1500 200", "call-centre", "taxpayer's own"},
		{"021 1500200", "call-centre", "taxpayer's own"}, // valid to libphonenumber
		{"(0274) 1500-200", "call-centre", "taxpayer's own"},
		{"+62 1500 200", "call-centre", "taxpayer's own"},
		{"021 500 200", "call-centre", "taxpayer's own"}, // valid to libphonenumber
		{"021 0525 0208", "a 0", "missing or doubled"},
		{"+1 202 555 0143", "foreign", "Indonesian"},
		{"+65 8123 4567", "foreign", "Indonesian"},
		{"+0812 3456 7890", "0 follows the +", "leave the + out"},
		{"812 3456 7890", "lacks the leading 0", "0 and the area code"},
		{"525 0208", "lacks the leading 0", "0 and the area code"},
		{"0812-FLOWERS", "letters", "digits, spaces"},
		{"081234@evil", "characters", "digits, spaces"},
		{"0812 3456 7890@evil", "characters", "digits, spaces"},
		{"PJSIP/trunk/sip:1@evil", "letters", "digits, spaces"},
		{"0812;3456", "characters", "digits, spaces"},
		{"0812/3456/7890", "characters", "digits, spaces"},
		{"tel:+6281234567890", "letters", "digits, spaces"},
		{"081234567890,,1", "characters", "digits, spaces"},
		{"081234567890 ext 5", "letters", "digits, spaces"},
		{"0812\x003456", "characters", "digits, spaces"},
		{"0812\n3456\n7890", "characters", "digits, spaces"},
		{"0812\u00a03456\u00a07890", "characters", "digits, spaces"},
		{"٠٨١٢٣٤٥٦٧٨٩٠", "characters", "digits, spaces"}, // digits, but not ours
		{"0812\xff3456", "UTF-8", "digits, spaces"},
		{"0812+3456", "a + stands elsewhere", "one leading +"},
		{"++62 812 3456 7890", "a + stands elsewhere", "one leading +"},
		{"(+62) 812 3456 7890", "a + stands elsewhere", "one leading +"},
		{"0812345", "too short", "missing or doubled"},
		{"0812 3456", "too short", "missing or doubled"},
		{"021 525", "too short", "area code"},
		{"0", "too short", "missing or doubled"},
		{"+62", "too short", "missing or doubled"},
		{"0812 3456 7890 12", "too long", "missing or doubled"},
		{"021 525 0208 0209", "too long", "missing or doubled"},
		{"0812 3456 7890 0812 3456 7890", "too long", "missing or doubled"},
		{strings.Repeat("0812 ", 20), "too long", "one number only"},
		{"0700 2345678", "numbering plan", "missing or doubled"},
		{"+62 62 812 3456 7890", "stands twice", "+62"},
		{"0628 1234 5678 90", "after a 0", "08xx"},
		{"+62 00 812 3456 7890", "more than one leading 0", "08xx"},
	}
	for _, tt := range tests {
		got, err := phonenumber.Normalise(tt.in, phonenumber.Options{})
		wantRefusal(t, tt.in, got, err, tt.problem, tt.remedy)
	}
}

func wantRefusal(t *testing.T, in, got string, err error, problem, remedy string) {
	t.Helper()
	var refusal *phonenumber.Refusal
	if !errors.As(err, &refusal) || got != "" {
		t.Errorf("%q: got %q, %v; want a Refusal", in, got, err)
		return
	}
	if !strings.Contains(refusal.Problem, problem) || !strings.Contains(refusal.Remedy, remedy) {
		t.Errorf("%q: got %q; %q; want %q and %q in them", in, refusal.Problem, refusal.Remedy, problem, remedy)
	}
}

func TestNormaliseForeign(t *testing.T) {
	allowed := phonenumber.Options{AllowForeign: true}
	for in, want := range map[string]string{
		"+1 202 555 0143":        "+12025550143",
		"+65 8123 4567":          "+6581234567",
		"+44 (0)20 7946 0018":    "+442079460018",
		"+39 06 698 12345":       "+390669812345",
		"+62 812 3456 7890":      "+6281234567890",
		"0812 3456 7890":         "+6281234567890",
		"+683 4321":              "+6834321",
		"+ 65 (8123) 45.67":      "+6581234567",
		"+62 (0)21 - 525 - 0208": "+62215250208",
	} {
		got, err := phonenumber.Normalise(in, allowed)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %s", in, got, err, want)
		}
	}
	for in, problem := range map[string]string{
		"+1 900 555 0143":   "service number",
		"+44 909 8790001":   "service number",
		"+1 800 555 0143":   "service number",
		"+870 773 111 632":  "satellite",
		"+800 1234 5678":    "satellite or international",
		"+999 123 4567":     "country code",
		"+1 911":            "too short",
		"+62 1500 200":      "call-centre",
		"+062 812 345 678":  "0 follows the +",
		"0065 8123 4567":    "international prefix",
		"65 8123 4567":      "lacks the leading 0",
		"+65 8123 4567 890": "numbering plan",
	} {
		got, err := phonenumber.Normalise(in, allowed)
		wantRefusal(t, in, got, err, problem, "")
	}
}

// Whatever comes in, the result is dialable digits or a refusal that gives nothing away.
func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"081234567890", "+62 (0)21-525.0208", "0062812", "021 1500200", "081234@evil", "+1 202 555 0143",
		"+44 (0)20 7946 0018", "+39 06 698 12345", "+5493435551212", "62816640000", "+6262816640000", "+", "\xff", "1500200", "+8835 1000 1234", "+52 1 33 1234 5678"} {
		f.Add(s)
	}
	indonesian := regexp.MustCompile(`^\+62[1-9][0-9]{6,12}$`)
	any := regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	f.Fuzz(func(t *testing.T, s string) {
		for o, form := range map[phonenumber.Options]*regexp.Regexp{{}: indonesian, {AllowForeign: true}: any} {
			got, err := phonenumber.Normalise(s, o)
			var refusal *phonenumber.Refusal
			if errors.As(err, &refusal) {
				if got != "" || refusal.Problem == "" || refusal.Remedy == "" {
					t.Errorf("%q: an unhelpful refusal: %q, %v", s, got, err)
				}
				continue
			}
			if err != nil || !form.MatchString(got) {
				t.Errorf("%q: got %q, %v", s, got, err)
			}
			if again, err := phonenumber.Normalise(got, o); err != nil || again != got {
				t.Errorf("%q: %q becomes %q, %v when normalised again", s, got, again, err)
			}
		}
	})
}
