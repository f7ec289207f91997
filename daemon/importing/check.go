package importing

import (
	"errors"
	"io"
	"time"

	"sambung/queue/intake"
	"sambung/queue/workhours"
)

// faultsKept bounds how many faults a report holds.
const faultsKept = 1000

// Report is what was found in a file.
type Report struct {
	Rows   int     `json:"rows"` // good ones and bad ones
	Bad    int     `json:"bad"`  // rows with faults
	Faults []Fault `json:"faults,omitempty"`
	// Omitted counts the faults beyond those that are kept.
	Omitted int `json:"omitted,omitempty"`
}

// Check reads a file to its end and judges every row by itself, as the daemon
// will: what only the daemon knows, such as open tickets and agents, it finds
// later. good, if not nil, is shown every good row. The error is a *FileError or
// the reader's.
func Check(file io.Reader, now time.Time, good func(Row)) (Report, error) {
	return CheckBy(file, alone(now), good)
}

// Judge says everything that is wrong with a row whose fields could be read; nil
// if nothing is. The error is about judging.
type Judge func(Row) (*intake.Refusal, error)

// alone judges a row by itself. The deadline is the daemon's to compute; no
// calendar is needed.
func alone(now time.Time) Judge {
	rules := intake.Rules{Calendar: workhours.AlwaysOpen(), TimeLimit: time.Hour}
	return func(r Row) (*intake.Refusal, error) { return r.judge(rules, now), nil }
}

// CheckBy is [Check] with a judge who knows more. Its error ends the check.
func CheckBy(file io.Reader, judge Judge, good func(Row)) (Report, error) {
	var report Report
	for row, err := range Rows(file) {
		if err != nil {
			return report, err
		}
		report.Rows++
		refusal := row.Refusal
		if refusal == nil {
			if refusal, err = judge(row); err != nil {
				return report, err
			}
		}
		if refusal == nil {
			if good != nil {
				good(row)
			}
			continue
		}
		report.Bad++
		report.add(row, refusal)
	}
	return report, nil
}

// judge says everything that is wrong with a row; nil if nothing is.
func (r Row) judge(rules intake.Rules, now time.Time) *intake.Refusal {
	if r.Refusal != nil {
		return r.Refusal
	}
	var refusal *intake.Refusal
	_, err := rules.Validate(r.Submission, now)
	errors.As(err, &refusal)
	return refusal
}

func (r *Report) add(row Row, refusal *intake.Refusal) {
	for _, f := range refusal.Fields {
		if len(r.Faults) == faultsKept {
			r.Omitted++
			continue
		}
		r.Faults = append(r.Faults, Fault{Line: row.Line, Column: row.column(f.Field), Field: f.Field, Reason: f.Problem, Remedy: f.Remedy})
	}
}
