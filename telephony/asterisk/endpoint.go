package asterisk

import (
	"errors"
	"regexp"
	"strings"
)

var (
	agentEndpoint = regexp.MustCompile(`^PJSIP/[A-Za-z0-9_-]{1,64}$`)
	e164Number    = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`) // ITU-T E.164: at most 15 digits
)

// Refusals of numbers. They do not name the number: it is personal data.
var (
	errNotE164     = errors.New("the number is not in E.164 form: want + and 7 to 15 digits")
	errNotDomestic = errors.New("the number is foreign, and this trunk is dialled in the national form of +62")
)

// taxpayerEndpoint is what reaches a taxpayer: PJSIP/<digits>@<trunk>, made of
// the number's digits and the configured trunk and of nothing else. It refuses
// every number that is not in E.164 form, so no input leads elsewhere.
func (c Config) taxpayerEndpoint(number string) (string, error) {
	if !e164Number.MatchString(number) {
		return "", errNotE164
	}
	dialled := number
	switch c.DialFormat {
	case DialE164:
		dialled = number[1:]
	case DialNational:
		rest, domestic := strings.CutPrefix(number, "+62")
		if !domestic {
			return "", errNotDomestic
		}
		dialled = "0" + rest
	}
	return "PJSIP/" + dialled + "@" + c.Trunk, nil
}
