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
	// CallerID is the number taxpayers see; empty: what the trunk says.
	CallerID string
	// AutoAnswerHeader, "Name: value", is sent to the agent's telephone; empty: none.
	AutoAnswerHeader string
	// MaxDuration bounds a channel that nobody watches any more.
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
	plainName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	agentLeg  = regexp.MustCompile(`^PJSIP/[A-Za-z0-9_-]{1,64}$`)
	e164      = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
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
	if name, _, ok := strings.Cut(c.AutoAnswerHeader, ":"); c.AutoAnswerHeader != "" && (!ok || !plainName.MatchString(name)) {
		return fmt.Errorf("auto-answer header %q: want \"Name: value\"", c.AutoAnswerHeader)
	}
	return nil
}

// dialString is what reaches the taxpayer: made of the number's digits and the
// configured trunk, and of nothing else. It refuses everything but an E.164 number.
func (c Config) dialString(number string) (string, error) {
	if !e164.MatchString(number) {
		return "", fmt.Errorf("the taxpayer's number is not in E.164 form: want + and 7 to 15 digits")
	}
	digits := number[1:]
	switch c.DialFormat {
	case DialE164Plus:
		digits = number
	case DialNational:
		rest, domestic := strings.CutPrefix(digits, "62")
		if !domestic {
			return "", fmt.Errorf("the taxpayer's number is not Indonesian, and the trunk wants national numbers")
		}
		digits = "0" + rest
	}
	return "PJSIP/" + digits + "@" + c.Trunk, nil
}
