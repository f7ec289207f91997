package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
)

// line is one line of the file: a record that is kept, or the number of one that
// was told.
type line struct {
	Number uint64  `json:"n"`
	Record *Record `json:"record,omitempty"` // nil: it was told
}

var (
	errLine   = errors.New("not a line of a journal")
	castTable = crc32.MakeTable(crc32.Castagnoli)
)

// encode writes a line: the CRC-32C of the JSON in eight hex digits, a space, the
// JSON, a line feed.
func encode(l line) ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.Checksum(text, castTable), text), nil
}

// decode reads a line without its line feed.
func decode(text []byte) (line, error) {
	sum, content, ok := bytes.Cut(text, []byte(" "))
	if !ok || len(sum) != 8 {
		return line{}, errLine
	}
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if err != nil || uint32(want) != crc32.Checksum(content, castTable) {
		return line{}, errLine
	}
	var l line
	if err := json.Unmarshal(content, &l); err != nil {
		return line{}, fmt.Errorf("%w: %w", errLine, err)
	}
	return l, nil
}
