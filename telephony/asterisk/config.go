package asterisk

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// How numbers are dialled over the trunk.
const (
	DialNational = "national"  // 08121234
	DialE164     = "e164"      // 628121234
	DialE164Plus = "e164_plus" // +628121234
)

// Config says how a switch is used.
type Config struct {
	// Trunk is the PJSIP endpoint that leads to the telephone network.
	Trunk string
	// DialFormat is how the trunk wants numbers.
	DialFormat string
	// CallerID is the number that taxpayers and agents see; empty: what the
	// trunk says.
	CallerID string
	// AutoAnswerHeader, "Name: value", is sent to the agent's telephone; empty: none.
	AutoAnswerHeader string
	// MaxDuration bounds a channel that nobody watches any more; 0: nothing does.
	MaxDuration time.Duration
	// Media names what is played; the zero value is DefaultMedia.
	Media Media
}

// Media are the sounds of a call, as ARI media URIs.
type Media struct {
	Announcement    string // to both: this conversation is recorded
	OutcomeMenu     string // to the agent: which key for which outcome
	OutcomeAccepted string
	OutcomeInvalid  string
	NotReached      string // to the agent: the taxpayer was not reached
}

// DefaultMedia are the prompts shipped in configs/asterisk/sounds.
func DefaultMedia() Media {
	return Media{
		Announcement:    "sound:sambung/id/announcement",
		OutcomeMenu:     "sound:sambung/id/outcome-menu",
		OutcomeAccepted: "sound:sambung/id/outcome-accepted",
		OutcomeInvalid:  "sound:sambung/id/outcome-invalid",
		NotReached:      "sound:sambung/id/beep",
	}
}

var (
	plainName   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	plainNumber = regexp.MustCompile(`^\+?[0-9]{2,20}$`)
	headerValue = regexp.MustCompile(`^[\x21-\x7E][\x20-\x7E]{0,199}$`)
)

func (c Config) validate() error {
	if !plainName.MatchString(c.Trunk) {
		return fmt.Errorf("trunk %q: want the name of a PJSIP endpoint, letters, digits, - and _ only", c.Trunk)
	}
	switch c.DialFormat {
	case DialNational, DialE164, DialE164Plus:
	default:
		return fmt.Errorf("dial format %q: want %s, %s or %s", c.DialFormat, DialNational, DialE164, DialE164Plus)
	}
	if c.CallerID != "" && !plainNumber.MatchString(c.CallerID) {
		return fmt.Errorf("caller id %q: want digits only, with or without +", c.CallerID)
	}
	name, value := c.autoAnswer()
	if c.AutoAnswerHeader != "" && (!plainName.MatchString(name) || !headerValue.MatchString(value)) {
		return fmt.Errorf("auto-answer header %q: want \"Name: value\" such as \"Call-Info: <sip:sambung>;answer-after=0\"", c.AutoAnswerHeader)
	}
	if c.MaxDuration < 0 || (c.MaxDuration > 0 && c.MaxDuration < time.Second) {
		return fmt.Errorf("longest duration of a channel %s: want 0, or 1s and more", c.MaxDuration)
	}
	return nil
}

// autoAnswer are the parts of AutoAnswerHeader.
func (c Config) autoAnswer() (name, value string) {
	name, value, _ = strings.Cut(c.AutoAnswerHeader, ":")
	return name, strings.TrimSpace(value)
}
