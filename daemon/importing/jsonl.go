package importing

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"sambung/queue/intake"
)

// lineLimit is the longest line of JSON that is read, in bytes. What is longer
// than intake.MaxBody is refused as a row; what is longer than this ends the file.
const lineLimit = 2 << 20

// jsonRows yields one row for each line that is not empty.
func jsonRows(r *bufio.Reader, yield func(Row, error) bool) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), lineLimit)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		row, err := jsonRow(n, line)
		if !yield(row, err) || err != nil {
			return
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		yield(Row{}, &FileError{Line: n + 1, What: fmt.Sprintf("is longer than %d bytes", lineLimit), Remedy: "want one object on each line"})
	} else if err != nil {
		yield(Row{}, err)
	}
}

func jsonRow(n int, line []byte) (Row, error) {
	row := Row{Line: n, column: func(string) int { return 0 }}
	var err error
	row.Submission, err = intake.DecodeJSON(bytes.NewReader(line))
	if errors.As(err, &row.Refusal) {
		return row, nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return row, err
	}
	return row, nil
}
