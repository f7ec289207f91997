package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"sambung/telephony/softphone"
)

// Moments that Asterisk takes.
const (
	enterTime  = time.Millisecond     // from the creation to StasisStart
	inviteTime = time.Millisecond     // from the dial to the telephone
	endTime    = 2 * time.Millisecond // from the hang-up to ChannelDestroyed
)

// States of a channel.
const (
	stateDown    = "Down"
	stateRinging = "Ringing"
	stateUp      = "Up"
)

// channel is a leg or a snoop. Everything of it is guarded by the simulator's mu.
type channel struct {
	id, name  string
	state     string
	app       *application // once it is in Stasis, until it leaves
	watchers  []*application
	created   time.Time
	shown     string // the number that the person called sees
	variables map[string]string

	telephone *Telephone // of a leg: whom it can ring
	dialled   bool
	called    string // number or name that is dialled
	line      *Line  // of a leg: once it was dialled
	says      score  // of a leg: what its person says

	snooped  *channel   // of a snoop: whom it listens to, or speaks for
	spies    bool       // of a snoop: it listens
	snoops   []*channel // of a leg
	whispers []*channel // likewise: those that ever spoke for it into its bridge
	tape     *recording // of a snoop: being written

	bridge *bridge     // it is in
	stay   *stay       // in that bridge
	stays  []*stay     // in all bridges
	plays  []*playback // to it alone

	hangsUp []*task // by time-outs
	ending  bool
}

// stay is a time of a channel in a bridge; an open one has a zero to.
type stay struct {
	bridge   *bridge
	channel  *channel
	from, to time.Time
}

func (c *channel) model() *channelModel {
	return &channelModel{
		ID: c.id, Name: c.name, State: c.state, Connected: party{Number: c.shown}, Created: stamp(c.created), Language: "id",
	}
}

// tellOf sends an event about a channel to who is to hear of it.
func (s *Simulator) tellOf(c *channel, e event) {
	if e.Type == "Dial" {
		e.Peer = c.model()
	} else {
		e.Channel = c.model()
	}
	s.tell(c.app, e)
	for _, app := range c.watchers {
		if app != c.app {
			s.tell(app, e)
		}
	}
}

// withChannel finds the channel of a request, or answers 404.
func (s *Simulator) withChannel(do func(http.ResponseWriter, *http.Request, *channel)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := s.channels[r.PathValue("id")]
		if c == nil {
			refuse(w, http.StatusNotFound, "Channel not found")
			return
		}
		do(w, r, c)
	}
}

// listChannels serves GET /channels.
func (s *Simulator) listChannels(w http.ResponseWriter, _ *http.Request) {
	all := make([]*channelModel, 0, len(s.channels))
	for _, c := range s.channels {
		all = append(all, c.model())
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	reply(w, http.StatusOK, all)
}

// describeChannel serves GET /channels/{id}.
func (s *Simulator) describeChannel(w http.ResponseWriter, _ *http.Request, c *channel) {
	reply(w, http.StatusOK, c.model())
}

// createChannel serves POST /channels/create: it rings nobody.
func (s *Simulator) createChannel(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	id, app := query.Get("channelId"), s.applications[query.Get("app")]
	if query.Get("app") == "" || query.Get("endpoint") == "" {
		refuse(w, http.StatusBadRequest, "Endpoint and application must be specified")
		return
	}
	conn := connectionOf(r)
	if id != "" && s.channels[id] != nil {
		conn.conflict = true
		refuse(w, http.StatusConflict, "Channel with given unique ID already exists")
		return
	}
	var body struct {
		Variables map[string]string `json:"variables"`
	}
	if !decodeBody(w, r, &body) {
		return
	}
	telephone, called := s.reach(query.Get("endpoint"))
	if telephone == nil {
		status := http.StatusInternalServerError
		if conn.conflict { // Asterisk 22.10.1 keeps the reason of a refusal on its connection
			status = http.StatusConflict
		}
		refuse(w, status, "Allocation failed")
		return
	}
	c := s.newChannel(id, telephone.endpoint)
	c.telephone, c.called, c.variables = telephone, called, body.Variables
	c.shown = strings.Trim(body.Variables["CONNECTEDLINE(all,i)"], "<>")
	if limit, err := strconv.Atoi(body.Variables["TIMEOUT(absolute)"]); err == nil && limit > 0 {
		c.hangsUp = append(c.hangsUp, s.after(time.Duration(limit)*time.Second, func() { s.end(c, ending{by: softphone.Remote, cause: 16}) }))
	}
	s.enter(c, app, query.Get("appArgs"))
	reply(w, http.StatusOK, c.model())
}

// newChannel makes a channel of an endpoint, "PJSIP/<name>" or "Snoop/<id>".
func (s *Simulator) newChannel(id, endpoint string) *channel {
	s.named++
	if id == "" {
		id = fmt.Sprintf("%d.%d", s.now().Unix(), s.named)
	}
	c := &channel{id: id, name: fmt.Sprintf("%s-%08x", endpoint, s.named), state: stateDown, created: s.now()}
	s.channels[id] = c
	return c
}

// enter brings a channel into the application, a moment later.
func (s *Simulator) enter(c *channel, app *application, args string) {
	s.after(enterTime, func() {
		if s.channels[c.id] != c || c.ending {
			return
		}
		if app == nil { // nobody takes it in
			s.end(c, ending{by: softphone.Remote, cause: 16})
			return
		}
		c.app = app
		list := []string{}
		if args != "" {
			list = strings.Split(args, ",")
		}
		s.tellOf(c, event{Type: "StasisStart", Args: &list})
	})
}

// getVariable serves GET /channels/{id}/variable.
func (s *Simulator) getVariable(w http.ResponseWriter, r *http.Request, c *channel) {
	name := r.URL.Query().Get("variable")
	value, known := c.variables[name]
	if !known {
		refuse(w, http.StatusNotFound, "Provided variable was not found")
		return
	}
	if limit, err := strconv.Atoi(value); err == nil && name == "TIMEOUT(absolute)" {
		left := c.created.Add(time.Duration(limit) * time.Second).Sub(s.now())
		value = strconv.FormatFloat(left.Seconds(), 'f', 3, 64)
	}
	reply(w, http.StatusOK, map[string]string{"value": value})
}

// setVariable serves POST /channels/{id}/variable.
func (s *Simulator) setVariable(w http.ResponseWriter, r *http.Request, c *channel) {
	name, value := r.URL.Query().Get("variable"), r.URL.Query().Get("value")
	if name == "" {
		refuse(w, http.StatusBadRequest, "Variable name is required")
		return
	}
	if c.variables == nil {
		c.variables = make(map[string]string)
	}
	c.variables[name] = value
	s.tellOf(c, event{Type: "ChannelVarset", Variable: name, Value: value})
	w.WriteHeader(http.StatusNoContent)
}

// snoopChannel serves POST /channels/{id}/snoop/{snoop}.
func (s *Simulator) snoopChannel(w http.ResponseWriter, r *http.Request, c *channel) {
	query := r.URL.Query()
	id, app := r.PathValue("snoop"), s.applications[query.Get("app")]
	spies, whispers := query.Get("spy") == "in", query.Get("whisper") == "in"
	in := func(direction string) bool { return slices.Contains([]string{"", "none", "in"}, query.Get(direction)) }
	switch {
	case s.channels[id] != nil || c.ending:
		refuse(w, http.StatusInternalServerError, "Snoop channel could not be created")
		return
	case !spies && !whispers || !in("spy") || !in("whisper"):
		refuse(w, http.StatusNotImplemented, "The simulator has snoops with spy=in and whisper=in only")
		return
	}
	snoop := s.newChannel(id, "Snoop/"+c.id)
	snoop.state, snoop.snooped, snoop.spies = stateUp, c, spies
	c.snoops = append(c.snoops, snoop)
	if whispers {
		c.whispers = append(c.whispers, snoop)
	}
	s.enter(snoop, app, query.Get("appArgs"))
	reply(w, http.StatusOK, snoop.model())
}
