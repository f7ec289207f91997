package phonenumber

import "github.com/nyaruka/phonenumbers"

// globalRegion is libphonenumber's name for networks without a country: satellite
// telephones and international services, which no taxpayer's office number is.
const globalRegion = "001"

// Lengths of an E.164 number in digits, country code included (ITU-T E.164, 6.1;
// the lower bound is ours).
const (
	minE164 = 7
	maxE164 = 15
)

// foreign checks a number of another country, given with its country code.
func foreign(digits string) (string, error) {
	n, err := phonenumbers.Parse("+"+digits, "")
	if err != nil {
		return "", refuse("its country code does not exist", "write + and the country code")
	}
	// A national prefix after the country code, as in +44 (0)20, is dropped by the parser.
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	region := phonenumbers.GetRegionCodeForNumber(n)
	switch {
	case len(e164) <= minE164 || len(e164) > 1+maxE164:
		return "", refuse("it is too short or too long", remedyDigits)
	case region == globalRegion:
		return "", refuse("it belongs to a satellite or international service network", remedySubscriber)
	case region == "":
		return "", refuse("no such number exists in the numbering plan", remedyDigits)
	}
	return checked(e164[1:], region)
}
