package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxBody is the largest JSON body in bytes. It leaves room for the longest
// message with every character escaped.
const MaxBody = 64 << 10

// DecodeJSON reads one submission from JSON, strictly: one object, known keys only,
// each once, valid UTF-8, at most [MaxBody] bytes, values as strings
// (allow_duplicate and manual may be true or false).
//
// A [*Refusal] lists every fault found; what could be read is returned all the
// same, so that the other fields can be judged too. Any other error is the reader's.
func DecodeJSON(r io.Reader) (Submission, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxBody+1))
	if err != nil {
		return Submission{}, fmt.Errorf("read submission: %w", err)
	}
	var s Submission
	var p problems
	switch {
	case len(body) > MaxBody:
		p.cause = ErrTooLarge
		p.unreadable(fmt.Sprintf("larger than %d bytes", MaxBody),
			fmt.Sprintf("shorten the message to at most %d characters", maxMessage))
	case len(bytes.TrimSpace(body)) == 0:
		p.unreadable("empty", "send one JSON object")
	case !utf8.Valid(body):
		p.unreadable("not valid UTF-8", "encode the request as UTF-8")
	default:
		s.decode(json.NewDecoder(bytes.NewReader(body)), &p)
	}
	return s, p.refusal()
}

// decode walks the object token by token, because encoding/json would let a
// doubled key and a key in another case pass.
func (s *Submission) decode(dec *json.Decoder, p *problems) {
	seen := make(map[string]bool)
	err := object(dec, func(key string, value json.RawMessage) {
		place := s.field(key)
		switch {
		case place == nil:
			p.unknownKey(key)
		case seen[key]:
			p.add(key, "given twice", "send each key once")
		default:
			*place = text(key, value, p)
		}
		seen[key] = true
	})
	if err != nil {
		p.unreadable(err.Error(), "send one JSON object and nothing after it")
	}
}

// object calls member for each member of the one object that dec holds.
func object(dec *json.Decoder, member func(key string, value json.RawMessage)) error {
	if start, err := dec.Token(); err != nil {
		return syntax(dec, err)
	} else if start != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return syntax(dec, err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return syntax(dec, err)
		}
		member(key.(string), value) // the decoder yields nothing but strings here
	}
	if _, err := dec.Token(); err != nil {
		return syntax(dec, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// syntax says where JSON is broken; the decoder's own words would quote the body.
func syntax(dec *json.Decoder, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	at := dec.InputOffset()
	var broken *json.SyntaxError
	if errors.As(err, &broken) {
		at = broken.Offset
	}
	return fmt.Errorf("not JSON near byte %d", at)
}

// text reads a member's value.
func text(key string, value json.RawMessage, p *problems) string {
	var s string
	switch {
	case json.Unmarshal(value, &s) == nil && value[0] == '"':
		return s
	case (key == "allow_duplicate" || key == "manual") && (string(value) == "true" || string(value) == "false"):
		return string(value)
	case string(value) == "null":
		p.add(key, "null", "leave the key out")
	default:
		p.add(key, "not a string", "write the value in quotes")
	}
	return ""
}
