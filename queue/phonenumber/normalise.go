package phonenumber

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLength bounds the input; the longest real one, with separators, has about 25 characters.
const maxLength = 40

// Options say which numbers are accepted beyond Indonesian ones.
type Options struct {
	// AllowForeign accepts valid subscriber numbers of other countries. They cost
	// more, and expensive destinations are what telephone fraud lives on.
	AllowForeign bool
}

// Normalise returns the number in E.164 form. The error is a [*Refusal].
func Normalise(s string, o Options) (string, error) {
	digits, international, err := extract(s)
	if err != nil {
		return "", err
	}
	switch {
	case international && strings.HasPrefix(digits, "62"):
		return indonesian(strings.TrimPrefix(digits[2:], "0")) // +62 (0)21 ...
	case international && strings.HasPrefix(digits, "0"):
		return "", refuse("a 0 follows the +", "write +62 and the number without its leading 0, or leave the + out")
	case international && o.AllowForeign:
		return foreign(digits)
	case international:
		return "", refuse("it is a foreign number", remedyForeign)
	case strings.HasPrefix(digits, "0062"):
		return "", refuse("it begins with 0062", "write +62 or 0 instead of 0062")
	case strings.HasPrefix(digits, "00"):
		return "", refuse("it begins with an international prefix", "write + and the country code; "+remedyForm)
	case strings.HasPrefix(digits, "0"):
		return indonesian(digits[1:])
	case strings.HasPrefix(digits, "62"):
		return indonesian(strings.TrimPrefix(digits[2:], "0"))
	case strings.HasPrefix(digits, "1"):
		return "", refuseShort(digits)
	default:
		return "", refuse("it lacks the leading 0 or +62", remedyForm)
	}
}

// extract returns the digits of s and whether a + leads them.
func extract(s string) (digits string, international bool, err error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", false, refuse("it is empty", remedyForm)
	}
	if !utf8.ValidString(s) {
		return "", false, refuse("it is not valid UTF-8", remedyCharacters)
	}
	rest, international := strings.CutPrefix(s, "+")
	var b strings.Builder
	for _, r := range rest {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -.()", r):
		case unicode.IsLetter(r):
			return "", false, refuse("it contains letters", remedyCharacters)
		case r == '+':
			return "", false, refuse("a + stands elsewhere than at its beginning", remedyCharacters)
		default:
			return "", false, refuse("it contains characters that belong to no telephone number", remedyCharacters)
		}
	}
	switch {
	case b.Len() == 0:
		return "", false, refuse("it has no digits", remedyForm)
	case len(s) > maxLength:
		return "", false, refuse("it is too long", "give one number only; an extension has its own field")
	}
	return b.String(), international, nil
}
