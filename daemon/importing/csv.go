package importing

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sambung/queue/intake"
)

// csvRows yields the rows below the header.
func csvRows(r *bufio.Reader, yield func(Row, error) bool) {
	head, _ := r.Peek(r.Size()) // of a short file, all of it
	rows := csv.NewReader(r)
	rows.Comma = separator(head)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		yield(Row{}, csvError(err))
		return
	}
	keys, err := columns(header)
	if err != nil {
		yield(Row{}, err)
		return
	}
	for {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if errors.Is(err, csv.ErrFieldCount) { // a fault of the row alone
			if !yield(misshapen(rows, len(record), len(keys)), nil) {
				return
			}
			continue
		}
		if err != nil {
			yield(Row{}, csvError(err))
			return
		}
		if !yield(csvRow(rows, keys, record), nil) {
			return
		}
	}
}

// csvRow makes a row of a record, which is read over by the next.
func csvRow(rows *csv.Reader, keys, record []string) Row {
	line, _ := rows.FieldPos(0)
	at := make([]int, len(keys))
	fields := make(map[string]string, len(keys))
	for i, key := range keys {
		_, at[i] = rows.FieldPos(i)
		fields[key] = strings.Clone(record[i])
	}
	row := Row{Line: line, column: func(field string) int {
		if i := slices.Index(keys, field); i >= 0 {
			return at[i]
		}
		return 0
	}}
	var err error
	row.Submission, err = intake.FromFields(fields)
	errors.As(err, &row.Refusal) // it has no other errors
	return row
}

// misshapen is a row with more or fewer fields than there are columns.
func misshapen(rows *csv.Reader, fields, columns int) Row {
	line, _ := rows.FieldPos(0)
	return Row{Line: line, column: func(string) int { return 0 }, Refusal: &intake.Refusal{Fields: []intake.FieldError{{
		Field: "body", Problem: fmt.Sprintf("it has %d fields, the header %d", fields, columns), Remedy: "want one field for each column, empty ones too",
	}}}}
}

// separator is what separates the names of the header: a semicolon where
// spreadsheets keep the comma for numbers.
func separator(head []byte) rune {
	line, _, _ := strings.Cut(string(head), "\n")
	if strings.Count(line, ";") > strings.Count(line, ",") {
		return ';'
	}
	return ','
}

// columns checks the header: known names, each once.
func columns(header []string) ([]string, error) {
	keys := make([]string, len(header))
	named := make(map[string]string, len(header))
	for i, name := range header {
		keys[i] = strings.ToLower(strings.TrimSpace(name))
		if slices.Contains(keys[:i], keys[i]) {
			return nil, &FileError{Line: 1, What: "names a column twice", Remedy: "name each once"}
		}
		named[keys[i]] = ""
	}
	var refusal *intake.Refusal
	if _, err := intake.FromFields(named); errors.As(err, &refusal) {
		f := refusal.Fields[0]
		return nil, &FileError{Line: 1, What: "names the column " + f.Field + ": " + f.Problem, Remedy: f.Remedy}
	}
	return keys, nil
}

// csvError says in our words what encoding/csv found.
func csvError(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	return &FileError{
		Line: parse.StartLine, What: "is no row of CSV: " + parse.Err.Error(),
		Remedy: "put fields with quotes or line breaks into quotes, and double the quotes in them",
	}
}
