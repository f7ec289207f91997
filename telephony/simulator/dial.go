package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"sambung/telephony/softphone"
)

// reach finds whom an endpoint rings: an agent's telephone that is plugged in,
// or a number over a trunk that is up. nil means that nobody can be reached.
func (s *Simulator) reach(endpoint string) (telephone *Telephone, called string) {
	name := after(endpoint, "PJSIP/")
	if number, trunk, over := strings.Cut(name, "@"); over {
		telephone, called = s.trunks[trunk], number
	} else if telephone, called = s.agents[name], name; telephone == nil {
		telephone = s.trunks[name] // without a number: to be created, for a trial
	}
	if telephone == nil || !telephone.plugged {
		return nil, ""
	}
	return telephone, called
}

// dialChannel serves POST /channels/{id}/dial.
func (s *Simulator) dialChannel(w http.ResponseWriter, r *http.Request, c *channel) {
	switch {
	case c.app == nil || c.telephone == nil:
		refuse(w, http.StatusConflict, "Channel not in Stasis application")
		return
	case c.dialled:
		refuse(w, http.StatusConflict, "Channel is not in the 'Down' state")
		return
	}
	c.dialled = true
	if seconds, err := strconv.Atoi(r.URL.Query().Get("timeout")); err == nil && seconds > 0 {
		c.hangsUp = append(c.hangsUp, s.after(time.Duration(seconds)*time.Second, func() {
			if c.state != stateUp {
				s.end(c, ending{by: softphone.Remote, cause: 19, status: 480})
			}
		}))
	}
	s.tellDial(c, "")
	s.after(inviteTime, func() {
		if !c.ending {
			s.invite(c)
		}
	})
	w.WriteHeader(http.StatusNoContent)
}

// tellDial tells how a dial goes; "" says that it was carried out.
func (s *Simulator) tellDial(c *channel, status string) {
	s.tellOf(c, event{Type: "Dial", DialStatus: &status})
}

// setState changes the state of a leg, and says so.
func (s *Simulator) setState(c *channel, state string) {
	if c.state == state || c.ending {
		return
	}
	c.state = state
	s.tellOf(c, event{Type: "ChannelStateChange"})
}
