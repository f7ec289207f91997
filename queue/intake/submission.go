package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
)

// Submission is a follow-up as it is handed in, unchecked. An empty field is an
// absent one.
type Submission struct {
	Ticket      string `json:"ticket,omitempty"`
	Route       string `json:"route,omitempty"`
	Directorate string `json:"directorate,omitempty"`
	Taxpayer    string `json:"taxpayer,omitempty"` // the taxpayer's name
	NPWP        string `json:"npwp,omitempty"`
	Phone       string `json:"phone,omitempty"`
	Extension   string `json:"extension,omitempty"`
	Message     string `json:"message,omitempty"`
	// ReceivedAt is when the office received it, RFC 3339; empty means now.
	ReceivedAt string `json:"received_at,omitempty"`
	Agent      string `json:"agent,omitempty"`
	Follows    string `json:"follows,omitempty"`
	// Manual is "true" when the conversation was held already, without the
	// system: nobody is rung, it waits to be documented.
	Manual string `json:"manual,omitempty"`
	// AllowDuplicate is "true" to accept a second open follow-up of the ticket.
	AllowDuplicate string `json:"allow_duplicate,omitempty"`
}

// Keys lists the keys of a submission, in the order people are shown them.
func Keys() []string {
	return []string{"ticket", "route", "directorate", "taxpayer", "npwp", "phone", "extension",
		"message", "received_at", "agent", "follows", "manual", "allow_duplicate"}
}

// field is the place of a key's value, or nil for an unknown key.
func (s *Submission) field(key string) *string {
	switch key {
	case "ticket":
		return &s.Ticket
	case "route":
		return &s.Route
	case "directorate":
		return &s.Directorate
	case "taxpayer":
		return &s.Taxpayer
	case "npwp":
		return &s.NPWP
	case "phone":
		return &s.Phone
	case "extension":
		return &s.Extension
	case "message":
		return &s.Message
	case "received_at":
		return &s.ReceivedAt
	case "agent":
		return &s.Agent
	case "follows":
		return &s.Follows
	case "allow_duplicate":
		return &s.AllowDuplicate
	case "manual":
		return &s.Manual
	default:
		return nil
	}
}

// FromFields reads a stream entry or a row with its header. The error is a
// [*Refusal] of the keys that are unknown; the rest is filled in all the same, so
// that the other fields can be judged too.
func FromFields(fields map[string]string) (Submission, error) {
	var s Submission
	var problems problems
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if place := s.field(key); place != nil {
			*place = fields[key]
		} else {
			problems.unknownKey(key)
		}
	}
	return s, problems.refusal()
}

// Fingerprint is a digest of what was submitted. A repeated idempotency key with
// another fingerprint was used for another request.
func (s Submission) Fingerprint() string {
	data, err := json.Marshal(s)
	if err != nil {
		panic("intake: a struct of strings always marshals: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
