package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// keys are the telephone-event codes 0 to 15 in order (RFC 4733, table 3).
const keys = "0123456789*#ABCD"

// ErrKeys says that a string has characters that a telephone has no key for.
var ErrKeys = errors.New("keys are 0 to 9, *, # and A to D")

// eventCodes turns pressed keys into event codes.
func eventCodes(pressed string) ([]byte, error) {
	codes := make([]byte, 0, len(pressed))
	for _, key := range strings.ToUpper(pressed) {
		i := strings.IndexRune(keys, key)
		if i < 0 {
			return nil, fmt.Errorf("%w: %q has %q", ErrKeys, pressed, key)
		}
		codes = append(codes, byte(i))
	}
	return codes, nil
}

// CheckKeys reports whether every character is a telephone key; the error wraps
// [ErrKeys].
func CheckKeys(pressed string) error {
	_, err := eventCodes(pressed)
	return err
}

// telephoneEvent is the payload of RFC 4733, section 2.3.
type telephoneEvent struct {
	code     byte
	end      bool
	volume   byte   // power below 0 dBm0, 0 to 63
	duration uint16 // in samples since the key was pressed
}

const eventLength = 4

func (e telephoneEvent) marshal() []byte {
	flags := e.volume & 0x3F
	if e.end {
		flags |= 0x80
	}
	return binary.BigEndian.AppendUint16([]byte{e.code, flags}, e.duration)
}

// parseEvent reads the first event of a payload.
func parseEvent(payload []byte) (telephoneEvent, error) {
	if len(payload) < eventLength {
		return telephoneEvent{}, fmt.Errorf("telephone-event of %d bytes, want %d", len(payload), eventLength)
	}
	return telephoneEvent{
		code:     payload[0],
		end:      payload[1]&0x80 != 0,
		volume:   payload[1] & 0x3F,
		duration: binary.BigEndian.Uint16(payload[2:]),
	}, nil
}

// key is the character on the key, 0 if the event is none of a telephone's keys
// (16 is the hook flash, others are signals of the line).
func (e telephoneEvent) key() byte {
	if int(e.code) >= len(keys) {
		return 0
	}
	return keys[e.code]
}
