package doctor

import (
	"errors"
	"fmt"

	"sambung/configs"
)

// Severity is how bad a finding is.
type Severity string

// The severities.
const (
	OK      Severity = "ok"
	Warning Severity = "warning" // work goes on, or it could not be found out
	Fault   Severity = "fault"   // calls, recordings or deadlines are at risk
)

// Finding is what was found out about one part of an installation.
type Finding struct {
	// Subject is the part: "redis", "s3", "epoch", "switch pbx1", "trunk pbx1", "agent
	// agent-1", "agents", "browser pbx1", "browser agent-1", "pages", "calendar", "clock",
	// "spool", "configuration".
	Subject  string   `json:"subject"`
	Severity Severity `json:"severity"`
	What     string   `json:"what"`
	Remedy   string   `json:"remedy,omitempty"` // how to mend it; empty where nothing is to mend
	Detail   string   `json:"detail,omitempty"` // figures, and what the other side said
}

// Count counts the findings of a severity.
func Count(findings []Finding, s Severity) int {
	n := 0
	for _, f := range findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Refused turns the error of configs.Load into findings, in the loader's words.
func Refused(err error) []Finding {
	s := &sheet{subject: "configuration"}
	var refused *configs.LoadError
	if errors.As(err, &refused) {
		for _, p := range refused.Problems {
			s.fault(place(p)+p.What, p.Remedy)
		}
	} else {
		s.fault(err.Error(), "name the file by --config, and see whether this user may read it")
	}
	s.skipped("the rest", "configuration")
	return s.findings
}

// place is where a problem stands, for the front of a sentence.
func place(p configs.Problem) string {
	text := p.Source
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d:%d", text, p.Line, p.Column)
	}
	if p.Key != "" {
		text += ": " + p.Key
	}
	return text + ": "
}

// sheet collects the findings about one subject. One goroutine writes it.
type sheet struct {
	subject  string
	findings []Finding
}

func (s *sheet) add(severity Severity, what, remedy string, detail ...any) {
	text := fmt.Sprint(detail...)
	s.findings = append(s.findings, Finding{Subject: s.subject, Severity: severity, What: what, Remedy: remedy, Detail: text})
}

func (s *sheet) ok(what string, detail ...any) { s.add(OK, what, "", detail...) }

func (s *sheet) warn(what, remedy string, detail ...any) { s.add(Warning, what, remedy, detail...) }

func (s *sheet) fault(what, remedy string, detail ...any) { s.add(Fault, what, remedy, detail...) }

// skipped says that something could not be examined, and what it depends on.
func (s *sheet) skipped(what, dependsOn string) {
	s.warn("not examined: "+what, "mend this first: "+dependsOn, "it depends on "+dependsOn)
}
