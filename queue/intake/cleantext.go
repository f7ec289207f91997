package intake

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean checks a required text: valid UTF-8, of at most longest characters, without
// control characters other than those allowed.
func (p *problems) clean(field, s string, longest int, allowed, ask string) bool {
	switch {
	case s == "":
		p.add(field, "missing", ask)
	case strings.ContainsRune(s, utf8.RuneError):
		// Found for invalid bytes, and for the U+FFFD that a decoder before us put in their place.
		p.add(field, "not valid UTF-8, or damaged on the way", "encode the text as UTF-8")
	case utf8.RuneCountInString(s) > longest:
		p.add(field, fmt.Sprintf("longer than %d characters", longest), "shorten it")
	case strings.ContainsFunc(s, func(r rune) bool { return isControl(r) && !strings.ContainsRune(allowed, r) }):
		p.add(field, "contains control characters", "send plain text"+exceptLines(allowed))
	default:
		return true
	}
	return false
}

// isControl also counts what would reorder or break the line on an agent's screen
// without being seen.
func isControl(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

func exceptLines(allowed string) string {
	if strings.Contains(allowed, "\n") {
		return "; line breaks and tabs may stay"
	}
	return " on one line"
}
