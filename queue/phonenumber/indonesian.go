package phonenumber

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Lengths of a national number, without the leading 0.
const (
	shortest       = 7 // area code and 5 digits, or 21 and 5
	shortestMobile = 9
	longest        = 12
)

// indonesian checks a national number, given without its leading 0.
func indonesian(national string) (string, error) {
	switch {
	case strings.HasPrefix(national, "0"):
		return "", refuse("it has more than one leading 0", remedyForm)
	case strings.HasPrefix(national, "1"):
		return "", refuseShort(national)
	case strings.HasPrefix(national, "809"):
		return "", refuse("0809 is a premium-rate number", remedySubscriber)
	case strings.HasPrefix(national, "80"):
		return "", refuse("080x is a service number", remedySubscriber)
	case strings.HasPrefix(national, "628") && len(national) > 10:
		// The area 0628 is real, but its numbers are shorter.
		return "", refuse("the country code 62 stands twice, or after a 0", remedyForm)
	}
	mobile := strings.HasPrefix(national, "8")
	if !mobile {
		if err := refuseService(national); err != nil {
			return "", err
		}
	}
	switch {
	case len(national) < shortest || mobile && len(national) < shortestMobile:
		return "", refuse("it is too short", remedyDigits+", and for the area code")
	case len(national) > longest:
		return "", refuse("it is too long", remedyDigits)
	}
	return checked("62"+national, "ID")
}

// refuseService refuses a service number that is written behind an area code.
func refuseService(national string) error {
	area, own := splitArea(national)
	switch {
	case strings.HasPrefix(own, "1"):
		return refuseShort(own)
	case strings.HasPrefix(own, "0"):
		return refuse("after the area code stands a 0", remedyDigits)
	case area == "21" && len(own) == 6 && strings.HasPrefix(own, "500"):
		// Jakarta's subscribers have 7 or 8 digits; these six are the older call-centre form.
		return refuse("it is a call-centre number (500xxx)", remedySubscriber)
	}
	return nil
}

// splitArea parts a fixed line's area code, two digits for the five largest cities
// and three elsewhere, from the subscriber's own number.
func splitArea(national string) (area, own string) {
	for _, area := range []string{"21", "22", "24", "31", "61"} {
		if own, ok := strings.CutPrefix(national, area); ok {
			return area, own
		}
	}
	n := min(3, len(national))
	return national[:n], national[n:]
}

// refuseShort names the kind of a number that begins with 1.
func refuseShort(number string) error {
	switch {
	case strings.HasPrefix(number, "150"):
		return refuse("it is a call-centre number (1500xxx)", remedySubscriber)
	case len(number) <= 3:
		return refuse("it is an emergency or service number", remedySubscriber)
	default:
		return refuse("it is a short or service number", remedySubscriber)
	}
}

// checked asks libphonenumber whether the digits, country code first, are a number
// of that region that a subscriber can have, and makes sure it read the same digits.
func checked(digits, region string) (string, error) {
	want := "+" + digits
	n, err := phonenumbers.Parse(want, region)
	if err != nil || phonenumbers.Format(n, phonenumbers.E164) != want || !phonenumbers.IsValidNumberForRegion(n, region) {
		return "", refuse("no such number exists in the numbering plan", remedyDigits)
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return want, nil
	default:
		return "", refuse("it is a service number", remedySubscriber)
	}
}
