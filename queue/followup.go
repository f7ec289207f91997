package queue

import "time"

// ID names a follow-up: a ULID of 26 characters of Crockford base 32, so that
// identifiers sort by the moment the follow-up was entered.
type ID string

// AgentID names an escalation agent: 1 to 32 characters of [a-z0-9-].
type AgentID string

// Route tells where a follow-up comes from (SOP LIP20-0020, clause E).
type Route string

// The three routes of SOP clause E.
const (
	// RouteAnswer is the answer to an escalation (E.a).
	RouteAnswer Route = "answer"
	// RouteOpinionRequested is a directorate's opinion that was asked for (E.b).
	RouteOpinionRequested Route = "opinion_requested"
	// RouteOpinionUnrequested is a directorate's opinion given unasked (E.c).
	// It is never dialled before a co-supervisor has assigned an agent (G.1.c.iii).
	RouteOpinionUnrequested Route = "opinion_unrequested"
)

// Routes lists every route in the order of SOP clause E.
func Routes() []Route {
	return []Route{RouteAnswer, RouteOpinionRequested, RouteOpinionUnrequested}
}

// Directorate is the one whose opinion is passed on: Peraturan Perpajakan I or II.
type Directorate string

// The two directorates the SOP names.
const (
	DirectoratePP1 Directorate = "pp1"
	DirectoratePP2 Directorate = "pp2"
)

// Taxpayer is who is rung. Every field is personal data: none of them may
// reach a log line, a metric, an object key or a URL.
type Taxpayer struct {
	Name string `json:"name"`
	// NPWP is the tax number, 15 or 16 digits, or empty.
	NPWP string `json:"npwp,omitempty"`
	// Phone is in E.164 form: "+" and digits.
	Phone string `json:"phone"`
	// Extension is what the agent asks for after the answer; digits or empty.
	Extension string `json:"extension,omitempty"`
}

// FollowUp (tindak lanjut) is one answer or opinion to be told to one taxpayer.
type FollowUp struct {
	ID          ID          `json:"id"`
	Ticket      string      `json:"ticket"`
	Route       Route       `json:"route"`
	Directorate Directorate `json:"directorate,omitempty"`
	Taxpayer    Taxpayer    `json:"taxpayer"`
	// Message is what the agent is to deliver. Personal data.
	Message string `json:"message,omitempty"`
	// Follows is the earlier resolution that this one completes (route E.c).
	Follows ID `json:"follows,omitempty"`
	// Agent is the agent a co-supervisor designated; empty means any.
	Agent AgentID `json:"agent,omitempty"`
	// ReceivedAt is when the office received the follow-up; the hour runs from it.
	ReceivedAt time.Time `json:"received_at"`
	// EnteredAt is when this system took it over.
	EnteredAt time.Time `json:"entered_at"`
	// Deadline is one working hour after ReceivedAt by the calendar named below.
	Deadline time.Time `json:"deadline"`
	// Provisional marks a deadline that reaches into a year whose holidays are not final.
	Provisional bool `json:"deadline_provisional,omitempty"`
	// Manual marks one whose conversation was held without the system: nobody is
	// rung for it, it waits to be documented (SOP G.3).
	Manual bool `json:"manual,omitempty"`
	// Calendar is the version of the working-hours calendar that gave Deadline.
	Calendar string `json:"calendar"`
}

// Repeats says whether both tell the same taxpayer the same: nothing would be lost
// if one of them were left out.
func (f FollowUp) Repeats(other FollowUp) bool {
	return f.Ticket == other.Ticket && f.Route == other.Route && f.Directorate == other.Directorate &&
		f.Taxpayer == other.Taxpayer && f.Message == other.Message && f.Follows == other.Follows
}
