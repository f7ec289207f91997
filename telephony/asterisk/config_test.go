package asterisk

import (
	"strings"
	"testing"
	"time"
)

func TestConfigValidate(t *testing.T) {
	good := Config{
		Trunk: "trunk", DialFormat: DialNational, CallerID: "1500200",
		AutoAnswerHeader: "Call-Info: <sip:sambung>;answer-after=0", MaxDuration: time.Hour,
	}
	if err := good.validate(); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
	if err := (Config{Trunk: "t", DialFormat: DialE164Plus}).validate(); err != nil {
		t.Errorf("the least there can be: %v", err)
	}
	for _, c := range []struct {
		spoil func(*Config)
		says  string
	}{
		{func(c *Config) { c.Trunk = "" }, "trunk"},
		{func(c *Config) { c.Trunk = "trunk/sip:x@evil" }, "trunk"},
		{func(c *Config) { c.DialFormat = "00" }, "dial format"},
		{func(c *Config) { c.CallerID = "1500200>;x" }, "caller id"},
		{func(c *Config) { c.AutoAnswerHeader = "Call-Info" }, "auto-answer"},
		{func(c *Config) { c.AutoAnswerHeader = "Call-Info:" }, "auto-answer"},
		{func(c *Config) { c.AutoAnswerHeader = "Call)Info: x" }, "auto-answer"},
		{func(c *Config) { c.AutoAnswerHeader = "Call-Info: a\r\nVia: b" }, "auto-answer"},
		{func(c *Config) { c.MaxDuration = -time.Second }, "longest duration"},
		{func(c *Config) { c.MaxDuration = time.Millisecond }, "longest duration"},
	} {
		bad := good
		c.spoil(&bad)
		if err := bad.validate(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want one that speaks of %q", bad, err, c.says)
		}
	}
}
