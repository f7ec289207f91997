package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sambung/queue"
	"sambung/queue/phonenumber"
)

// Each method checks one trimmed field and returns its value, or notes what is
// wrong with it and returns the zero value.

func (p *problems) ticket(s string) string {
	const remedy = "give the ticket number of the escalation: up to 64 letters, digits and . _ / -"
	allowed := func(c byte) bool { return isAlphanumeric(c) || strings.IndexByte("._/-", c) >= 0 }
	switch {
	case s == "":
		p.add("ticket", "missing", remedy)
	case len(s) > maxTicket:
		p.add("ticket", "too long", remedy)
	case !only(s, allowed):
		p.add("ticket", "contains other characters than letters, digits and . _ / -", remedy)
	case slices.ContainsFunc(strings.Split(s, "/"), func(part string) bool { return strings.Trim(part, ".") == "" }):
		// The archive files pointers by ticket; object stores refuse such names.
		p.add("ticket", "has an empty part, or one of dots alone, between slashes", "write it as a/b, with letters or digits in each part")
	default:
		return s
	}
	return ""
}

func (p *problems) route(s string) queue.Route {
	if slices.Contains(queue.Routes(), queue.Route(s)) {
		return queue.Route(s)
	}
	p.add("route", missingOr(s, "unknown"), suggest(s, words(queue.Routes())))
	return ""
}

func (p *problems) directorate(s, route string) queue.Directorate {
	known := []queue.Directorate{queue.DirectoratePP1, queue.DirectoratePP2}
	opinion := route == string(queue.RouteOpinionRequested) || route == string(queue.RouteOpinionUnrequested)
	switch {
	case s == "" && opinion:
		p.add("directorate", "missing", "name the directorate whose opinion it is: pp1 or pp2")
	case s == "":
	case route == string(queue.RouteAnswer):
		p.add("directorate", "given with route answer, which has none", "leave it out, or choose route opinion_requested or opinion_unrequested")
	case !slices.Contains(known, queue.Directorate(s)):
		p.add("directorate", "unknown", suggest(s, words(known)))
	}
	return queue.Directorate(s)
}

func (p *problems) name(s string) string {
	if p.clean("taxpayer", s, maxName, "", "give the taxpayer's name") {
		return s
	}
	return ""
}

func (p *problems) message(s string) string {
	if p.clean("message", s, maxMessage, "\n\t", "give the text that the agent is to deliver") {
		return s
	}
	return ""
}

func (p *problems) npwp(s string) string {
	digits := strings.NewReplacer(".", "", "-", "", " ", "").Replace(s)
	switch {
	case s == "":
	case !only(digits, isDigit):
		p.add("npwp", "contains other characters than digits, dots, dashes and spaces", "write its 15 or 16 digits")
	case len(digits) != 15 && len(digits) != 16:
		p.add("npwp", fmt.Sprintf("has %d digits", len(digits)), "write all 15 or 16 digits, zeros included")
	default:
		return digits
	}
	return ""
}

func (p *problems) phone(s string, o phonenumber.Options) string {
	number, err := phonenumber.Normalise(s, o)
	var refusal *phonenumber.Refusal
	if errors.As(err, &refusal) {
		p.add("phone", refusal.Problem, refusal.Remedy)
	}
	return number
}

func (p *problems) extension(s string) string {
	if len(s) <= maxExtension && only(s, isDigit) {
		return s
	}
	p.add("extension", "not a number of up to 6 digits", "give the digits of the extension alone, or leave it out")
	return ""
}

func (p *problems) agent(s string) queue.AgentID {
	allowed := func(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'z' || c == '-' }
	if len(s) <= maxAgent && only(s, allowed) {
		return queue.AgentID(s)
	}
	p.add("agent", "not an agent id", "write up to 32 of a-z, 0-9 and -, or leave it out")
	return ""
}

func (p *problems) follows(s, route string) queue.ID {
	id := strings.ToUpper(s)
	// Crockford's alphabet lacks I, L, O and U; 128 bits leave the first digit below 8.
	alphabet := func(c byte) bool { return isDigit(c) || 'A' <= c && c <= 'Z' && strings.IndexByte("ILOU", c) < 0 }
	unknownRoute := !slices.Contains(queue.Routes(), queue.Route(route))
	switch {
	case s == "":
	case route != string(queue.RouteOpinionUnrequested) && !unknownRoute:
		p.add("follows", "given with another route than opinion_unrequested", "leave it out: only an unrequested opinion completes an earlier resolution")
	case len(id) != 26 || id[0] > '7' || !only(id, alphabet):
		p.add("follows", "not the id of a follow-up", "give the 26 characters of the earlier follow-up's id")
	}
	return queue.ID(id)
}

// receivedAt also accepts a moment slightly ahead of our clock and takes it for now.
func (p *problems) receivedAt(s string, now time.Time) time.Time {
	if s == "" {
		return now
	}
	t, err := time.Parse(time.RFC3339, s)
	switch {
	case err != nil:
		p.add("received_at", "not a time in RFC 3339 form", "write it like 2026-11-23T10:15:00+07:00, or leave it out for now")
	case t.After(now.Add(clockSkew)):
		p.add("received_at", "in the future", "give the time of receipt, with the right zone, or leave it out for now")
	case t.Before(now.AddDate(-1, 0, 0)):
		p.add("received_at", "more than a year ago", "check the year")
	case t.After(now):
		return now
	default:
		return t.UTC()
	}
	return time.Time{}
}

func (p *problems) allowDuplicate(s string) bool {
	return p.choice("allow_duplicate", s, "accept a second open follow-up of the ticket")
}

func (p *problems) manual(s string) bool {
	return p.choice("manual", s, "have nobody rung, because the conversation was held already")
}

// choice reads true or false; meaning is what true is written for.
func (p *problems) choice(key, s, meaning string) bool {
	if s != "" && s != "true" && s != "false" {
		p.add(key, "neither true nor false", "write true to "+meaning+", or leave it out")
	}
	return s == "true"
}

func missingOr(s, problem string) string {
	if s == "" {
		return "missing"
	}
	return problem
}

func words[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
