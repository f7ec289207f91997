package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxEscaped bounds one escaped segment. A file system under an S3 server takes
// 255 bytes for a name.
const maxEscaped = 128

// Escape makes a key segment of any text, a different one for every text:
// letters, digits and hyphens stay, every other byte becomes an underscore and
// two hex digits. What would be longer than 128 bytes is cut and ends in "_h"
// and the SHA-256 of the text; the empty text is "_h" alone. ("h" is no hex
// digit, so neither can be the escape of another text.)
func Escape(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < len(text) && b.Len() <= maxEscaped; i++ {
		if c := text[i]; isPlain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'_', digits[c>>4], digits[c&15]})
		}
	}
	switch s := b.String(); {
	case s == "":
		return "_h"
	case len(s) > maxEscaped:
		sum := sha256.Sum256([]byte(text))
		return s[:maxEscaped/3] + "_h" + hex.EncodeToString(sum[:])
	default:
		return s
	}
}
