package simulator

import (
	"net/http"
	"slices"
	"strconv"

	"sambung/telephony/softphone"
)

// ending is why a channel ends.
type ending struct {
	by     softphone.Party // Local: its telephone; Remote: the switch
	cause  int             // ITU-T Q.850
	status int             // SIP; 0 for none
}

// soft is what Asterisk writes as the cause of a request of its own
// (AST_SOFTHANGUP_EXPLICIT); it is a flag and no cause.
const soft = 32

// hangUpChannel serves DELETE /channels/{id}.
func (s *Simulator) hangUpChannel(w http.ResponseWriter, r *http.Request, c *channel) {
	why := ending{by: softphone.Remote, cause: 16}
	if code, err := strconv.Atoi(r.URL.Query().Get("reason_code")); err == nil && code > 0 {
		why.cause = code
	}
	if !c.dialled && c.snooped == nil {
		why.status = sipByCause(why.cause) // Asterisk's own, for a leg that rang nobody
	}
	s.end(c, why)
	w.WriteHeader(http.StatusNoContent)
}

// end ends a channel: its request and its leaving at once, the rest a moment
// later. Ending twice is nothing.
func (s *Simulator) end(c *channel, why ending) {
	if c.ending {
		return
	}
	told := event{Type: "ChannelHangupRequest", Cause: why.cause, SIPStatus: why.status}
	if why.by == softphone.Local {
		s.tellOf(c, told)
	} else if c.snooped == nil {
		s.tellOf(c, event{Type: "ChannelHangupRequest", Cause: soft, Soft: true})
	}
	c.ending = true
	s.drop(c.hangsUp...)
	c.says.rest(s.now())
	s.hangUpLine(c, why.by)
	s.leaveBridge(c)
	if c.snooped == nil {
		s.tellOf(c, event{Type: "StasisEnd"})
		if why.by == softphone.Remote && !c.dialled {
			s.tellOf(c, told)
		}
	}
	s.after(endTime, func() { s.destroy(c, why) })
}

// destroy removes a channel, with the snoops that listen to it.
func (s *Simulator) destroy(c *channel, why ending) {
	if s.channels[c.id] != c {
		return
	}
	for _, snoop := range c.snoops {
		s.endSnoop(snoop)
	}
	delete(s.channels, c.id)
	if c.snooped != nil {
		s.endSnoop(c)
		return
	}
	s.tellOf(c, event{Type: "ChannelDestroyed", Cause: why.cause, CauseText: causeText(why.cause), SIPStatus: why.status})
}

// endSnoop ends what a snoop records, and the snoop. No ChannelDestroyed tells of it.
func (s *Simulator) endSnoop(snoop *channel) {
	delete(s.channels, snoop.id)
	snoop.snooped.snoops = slices.DeleteFunc(slices.Clone(snoop.snooped.snoops), func(c *channel) bool { return c == snoop })
	if snoop.tape != nil {
		s.finish(snoop.tape, true)
	}
	s.leaveBridge(snoop)
	if snoop.app != nil {
		s.tellOf(snoop, event{Type: "StasisEnd"})
		snoop.app = nil
	}
}

// causeBySIP is how Asterisk translates a final SIP status (ITU-T Q.850).
func causeBySIP(status int) int {
	switch status {
	case 401, 403, 407, 603:
		return 21
	case 404, 485, 604:
		return 1
	case 408:
		return 18
	case 410:
		return 22
	case 480, 483:
		return 19
	case 484:
		return 28
	case 486, 600:
		return 17
	case 488, 606:
		return 58
	case 500:
		return 38
	case 502:
		return 27
	case 504:
		return 102
	case 503:
		return 34
	}
	return 127
}

// sipByCause is the status that Asterisk gives a leg it ends itself.
func sipByCause(cause int) int {
	switch cause {
	case 17:
		return 486
	case 19:
		return 480
	}
	return 603
}

// causeText is what Asterisk calls a cause.
func causeText(cause int) string {
	texts := map[int]string{
		1: "Unallocated (unassigned) number", 16: "Normal Clearing", 17: "User busy", 18: "No user responding",
		19: "User alerting, no answer", 21: "Call Rejected", 22: "Number changed", 27: "Destination out of order",
		28: "Invalid number format", 34: "Circuit/channel congestion", 38: "Network out of order",
		58: "Bearer capability not available", 102: "Recover on timer expiry", 127: "Interworking, unspecified",
	}
	if text, known := texts[cause]; known {
		return text
	}
	return "Unknown"
}
