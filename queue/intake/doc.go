// Package intake is the door through which follow-ups come in from outside: as
// JSON over HTTP, as fields of a stream entry, as rows of a file.
//
// A submission is refused whole or accepted whole. A [*Refusal] lists everything
// that is wrong with it at once, each with field, problem and remedy, and never
// repeats what was submitted: names, numbers and messages are personal data, and
// refusals end up in logs and dead letters.
//
// What is accepted is normalised: the telephone number is in E.164 form, the NPWP
// is digits, times are UTC, and the deadline is set by the office calendar.
package intake
