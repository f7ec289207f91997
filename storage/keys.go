package storage

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MaxKeyLength is how long a key may be, in bytes. S3 allows 1,024.
const MaxKeyLength = 512

// ProbePrefix is where an archive tries out what its server can do. What lies
// there is no evidence.
const ProbePrefix = "probe/"

// ValidateKey allows [a-zA-Z0-9/._-] in segments that are neither empty nor
// begin with a dot. The error is ErrKey and does not repeat the key, which may
// hold what must not be logged.
func ValidateKey(key string) error {
	if key == "" || len(key) > MaxKeyLength {
		return fmt.Errorf("%w: it has %d bytes, 1 to %d are allowed", ErrKey, len(key), MaxKeyLength)
	}
	before := byte('/')
	for i := range len(key) {
		switch c := key[i]; {
		case c == '/' && before == '/', c == '.' && before == '/':
			return fmt.Errorf("%w: the segment at byte %d is empty or begins with a dot", ErrKey, i)
		case !isPlain(c) && c != '/' && c != '.' && c != '_':
			return fmt.Errorf("%w: byte %d is not one of a-z A-Z 0-9 / . _ -", ErrKey, i)
		}
		before = key[i]
	}
	if before == '/' {
		return fmt.Errorf("%w: it ends with a slash", ErrKey)
	}
	return nil
}

// RecordingKey is where the recording of an attempt lies. day is the office day
// of the follow-up, in the office's zone; attempts count from 1.
func RecordingKey(day time.Time, id string, attempt int) (string, error) {
	return numbered("recordings", day, id, attempt, ".wav")
}

// ManualRecordingKey is where the recording of a conversation lies that was
// held without the system: named by its hash, so that handing it in again finds
// it there, and so that no attempt is in its way.
func ManualRecordingKey(day time.Time, id, sha256 string) (string, error) {
	return key(id, "recordings", date(day), id, "manual-"+sha256+".wav")
}

// HistoryKey is where the part of the activity history lies that ends with the
// activity of that number: shipping it again finds it there.
func HistoryKey(day time.Time, id string, last int) (string, error) {
	return numbered("history", day, id, last, ".jsonl")
}

// ManifestKey is where the manifest of a sealed dossier lies.
func ManifestKey(day time.Time, id string) (string, error) {
	return key(id, "manifests", date(day), id+".json")
}

// CustodyKey is where the link of that number lies of the custody chain of a
// sealed dossier; links count from 1, and list in their order.
func CustodyKey(id string, n int) (string, error) {
	if n < 1 || n > maxCustody {
		return "", fmt.Errorf("%w: custody link %d, they count from 1 to %d", ErrKey, n, maxCustody)
	}
	return key(id, "custody", id, fmt.Sprintf("%06d.json", n))
}

// maxCustody is how many links a chain can have whose keys list in order.
const maxCustody = 999_999

// CustodyPrefix is what the custody links of a follow-up begin with.
func CustodyPrefix(id string) string { return "custody/" + id + "/" }

// TicketPointerKey is where a follow-up is found by its ticket number, which
// is escaped (see Escape).
func TicketPointerKey(ticket, id string) (string, error) {
	return key(id, TicketPrefix(ticket)+id+".json")
}

// AgentPointerKey is where a follow-up is found by the agent who closed it.
func AgentPointerKey(agent string, day time.Time, id string) (string, error) {
	return key(id, "pointers/agents", Escape(agent), date(day), id+".json")
}

// DayPointerKey is where a follow-up is found by its day.
func DayPointerKey(day time.Time, id string) (string, error) {
	return key(id, "pointers/days", date(day), id+".json")
}

// TicketPrefix is what the pointers of every follow-up of a ticket begin with.
func TicketPrefix(ticket string) string { return "pointers/tickets/" + Escape(ticket) + "/" }

func numbered(kind string, day time.Time, id string, n int, extension string) (string, error) {
	if n < 1 {
		return "", fmt.Errorf("%w: %s number %d, they count from 1", ErrKey, kind, n)
	}
	return key(id, kind, date(day), id, strconv.Itoa(n)+extension)
}

// key joins segments; the id of the follow-up must be one plain word.
func key(id string, segments ...string) (string, error) {
	for i := range len(id) {
		if !isPlain(id[i]) {
			return "", fmt.Errorf("%w: byte %d of the follow-up's id is not one of a-z A-Z 0-9 -", ErrKey, i)
		}
	}
	if id == "" {
		return "", fmt.Errorf("%w: the follow-up's id is empty", ErrKey)
	}
	k := strings.Join(segments, "/")
	return k, ValidateKey(k)
}

func date(day time.Time) string { return day.Format("2006/01/02") }

// isPlain reports whether c stands for itself in every part of a key.
func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
}
