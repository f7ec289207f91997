package importing

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"sambung/queue/intake"
)

// Row is one follow-up of a file. Either Refusal or Submission is set.
type Row struct {
	Line       int // of its beginning, from 1
	Submission intake.Submission
	// Refusal says what is wrong with the row by itself: unknown keys, no JSON.
	Refusal *intake.Refusal
	// column is where a field stands, from 1; 0 where there is no such thing.
	column func(field string) int
}

// Fault is one thing wrong with a row.
type Fault struct {
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"` // bytes, from 1
	Field  string `json:"field"`
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
}

func (f Fault) String() string {
	place := fmt.Sprintf("line %d", f.Line)
	if f.Column > 0 {
		place += fmt.Sprintf(", column %d", f.Column)
	}
	return fmt.Sprintf("%s: %s: %s; %s", place, f.Field, f.Reason, f.Remedy)
}

// FileError means that a file cannot be read as rows at all.
type FileError struct {
	Line   int // 0 if it is about no line
	What   string
	Remedy string
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("the file %s; %s", e.What, e.Remedy)
	}
	return fmt.Sprintf("line %d %s; %s", e.Line, e.What, e.Remedy)
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// Rows yields the rows of a file: JSON lines if its first character is a brace,
// else CSV whose first row names the columns. An error, a *FileError or the
// reader's, is yielded last.
func Rows(file io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := bufio.NewReaderSize(file, 64<<10)
		if mark, _ := r.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
			_, _ = r.Discard(len(byteOrderMark))
		}
		first, err := firstCharacter(r)
		switch {
		case errors.Is(err, io.EOF):
			yield(Row{}, &FileError{What: "is empty", Remedy: "want rows"})
		case err != nil:
			yield(Row{}, err)
		case first == '{':
			jsonRows(r, yield)
		default:
			csvRows(r, yield)
		}
	}
}

// firstCharacter is the first that is no white space; nothing is consumed.
func firstCharacter(r *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		head, err := r.Peek(n)
		if len(head) < n {
			return 0, err
		}
		if c := head[n-1]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, nil
		}
	}
}
