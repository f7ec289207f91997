package intake

import (
	"errors"
	"strings"
)

// ErrTooLarge is wrapped by the refusal of a body above [MaxBody].
var ErrTooLarge = errors.New("request too large")

// FieldError is one thing wrong with one field.
type FieldError struct {
	// Field is a key of the submission, or "body" for the request as a whole.
	Field   string `json:"field"`
	Problem string `json:"problem"`
	Remedy  string `json:"remedy"`
}

func (e FieldError) String() string { return e.Field + ": " + e.Problem + "; " + e.Remedy }

// Refusal is everything wrong with a submission. It repeats nothing that was
// submitted and may be logged, stored and shown.
type Refusal struct {
	Fields []FieldError `json:"fields"`
	cause  error        // ErrTooLarge or nil
	opaque bool         // the body could not be read, so nothing is known of its fields
}

func (r *Refusal) Error() string {
	lines := make([]string, len(r.Fields))
	for i, f := range r.Fields {
		lines[i] = f.String()
	}
	return "refused: " + strings.Join(lines, " | ")
}

// Unwrap is [ErrTooLarge] for an oversized body, otherwise nil.
func (r *Refusal) Unwrap() error { return r.cause }

// problems collects field errors.
type problems struct {
	fields []FieldError
	cause  error
	opaque bool
}

func (p *problems) add(field, problem, remedy string) {
	p.fields = append(p.fields, FieldError{field, problem, remedy})
}

// unreadable notes a fault of the body as a whole.
func (p *problems) unreadable(problem, remedy string) {
	p.add("body", problem, remedy)
	p.opaque = true
}

func (p *problems) unknownKey(key string) {
	if !isName(key, 40) {
		p.add("body", "a key is not a field name", "known: "+strings.Join(Keys(), ", "))
		return
	}
	p.add(key, "unknown key", suggest(key, Keys()))
}

// refusal is nil when there are no problems.
func (p *problems) refusal() error {
	if len(p.fields) == 0 {
		return nil
	}
	return &Refusal{Fields: p.fields, cause: p.cause, opaque: p.opaque}
}

// isName reports whether a key is harmless to repeat.
func isName(s string, longest int) bool {
	return s != "" && len(s) <= longest && only(s, func(c byte) bool { return isAlphanumeric(c) || c == '_' || c == '-' })
}

func only(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlphanumeric(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
