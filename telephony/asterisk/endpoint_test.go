package asterisk

import (
	"regexp"
	"strings"
	"testing"
)

func TestTaxpayerEndpoint(t *testing.T) {
	for _, c := range []struct{ format, number, want string }{
		{DialNational, "+628121234567", "PJSIP/08121234567@trunk"},
		{DialE164, "+628121234567", "PJSIP/628121234567@trunk"},
		{DialE164Plus, "+628121234567", "PJSIP/+628121234567@trunk"},
		{DialE164, "+6581234567", "PJSIP/6581234567@trunk"},
		{DialNational, "+6581234567", ""},
		{DialE164, "628121234567", ""},
		{DialE164, "+0628121234567", ""},
		{DialE164, "+62812123456789012", ""},
		{DialE164, "+628121", ""},
		{DialE164, "", ""},
		{DialE164, "+62812 1234567", ""},
		{DialE164, "+628121234567@evil", ""},
		{DialE164, "+628121234567/sip:x@evil", ""},
		{DialE164, "+628121234567\n", ""},
		{DialE164, "+٦٢٨١٢١٢٣٤٥٦٧", ""},
	} {
		got, err := Config{Trunk: "trunk", DialFormat: c.format}.taxpayerEndpoint(c.number)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s of %q: %q, %v, want %q", c.format, c.number, got, err, c.want)
		}
		if err != nil && c.number != "" && strings.Contains(err.Error(), c.number) {
			t.Errorf("the refusal %q names the number", err)
		}
	}
}

// FuzzTaxpayerEndpoint shows that no number reaches anything but the trunk.
func FuzzTaxpayerEndpoint(f *testing.F) {
	for _, seed := range []string{"+628121234567", "08121234", "+62812@evil", "+62812/sip:x@evil", "trunk/sip:x@evil", "+62,812", "+628121234567&PJSIP/1", "+62\x00812"} {
		for _, format := range []string{DialNational, DialE164, DialE164Plus} {
			f.Add(seed, "trunk", format)
		}
	}
	f.Add("+628121234567", "trunk/sip:x@evil", DialE164)
	f.Fuzz(func(t *testing.T, number, trunk, format string) {
		config := Config{Trunk: trunk, DialFormat: format}
		if config.validate() != nil {
			return
		}
		got, err := config.taxpayerEndpoint(number)
		if err != nil {
			if got != "" {
				t.Errorf("%q was refused, and %q returned", number, got)
			}
			return
		}
		if !regexp.MustCompile(`^PJSIP/\+?[0-9]{6,16}@` + regexp.QuoteMeta(trunk) + `$`).MatchString(got) {
			t.Errorf("%q leads to %q", number, got)
		}
		digits := strings.TrimSuffix(strings.TrimPrefix(got, "PJSIP/"), "@"+trunk)
		if !strings.HasSuffix(number, strings.TrimPrefix(strings.TrimPrefix(digits, "+"), "0")) {
			t.Errorf("%q leads to another number: %q", number, got)
		}
	})
}

func FuzzAgentEndpoint(f *testing.F) {
	for _, seed := range []string{"PJSIP/agent-1", "PJSIP/agent-1/sip:x@evil", "PJSIP/1@trunk", "Local/1@default", "PJSIP/agent-1&PJSIP/agent-2", "PJSIP/agent-1\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		if !agentEndpoint.MatchString(endpoint) {
			return
		}
		name, ok := strings.CutPrefix(endpoint, "PJSIP/")
		if !ok || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			t.Errorf("%q passes for an agent's telephone", endpoint)
		}
	})
}
