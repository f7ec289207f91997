package asterisk_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/telephony"
	"sambung/telephony/ari"
	"sambung/telephony/asterisk"
	"sambung/telephony/softphone"
	"sambung/telephony/softphone/tone"
	"sambung/telephony/softphone/wav"
)

// harness is a switch on a real Asterisk, one agent's telephone, and a carrier.
type harness struct {
	t        *testing.T
	asterisk *realservers.AsteriskServer
	config   asterisk.Config
	address  ari.Config
	sw       *asterisk.Switch
	agent    *softphone.Phone
	carrier  *softphone.Phone

	mu       sync.Mutex
	taxpayer softphone.Behaviour       // mu
	agentDo  []softphone.Behaviour     // mu; call by call, the last for all after
	events   []telephony.Event         // mu
	refuse   map[telephony.Kind]error  // mu; intents
	react    map[telephony.Kind]func() // mu; runs after an event was observed
	calls    int
}

const taxpayerNumber = "+628120000001"

func newHarness(t *testing.T) *harness {
	t.Helper()
	h := &harness{
		t: t, taxpayer: softphone.Answer(), agentDo: []softphone.Behaviour{softphone.Answer()},
		refuse: make(map[telephony.Kind]error), react: make(map[telephony.Kind]func()),
	}
	h.carrier = h.listen(softphone.Config{User: "carrier", Behave: func(softphone.Invite) softphone.Behaviour {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.taxpayer
	}})
	h.asterisk = realservers.Asterisk(t, realservers.AsteriskOptions{Agents: 1, Trunk: h.carrier.Addr().String()})
	account := h.asterisk.Agents[0]
	h.agent = h.listen(softphone.Config{User: account.User, Behave: func(softphone.Invite) softphone.Behaviour {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.calls++
		return h.agentDo[min(h.calls, len(h.agentDo))-1]
	}})
	err := h.agent.Register(t.Context(), softphone.Account{Registrar: h.asterisk.SIPAddr, User: account.User, Password: account.Password})
	if err != nil {
		t.Fatal(err)
	}
	h.config = asterisk.Config{Trunk: h.asterisk.Trunk, DialFormat: asterisk.DialE164Plus, MaxDuration: 5 * time.Minute}
	h.address = ari.Config{URL: h.asterisk.ARIURL, Application: "sambung-test", User: h.asterisk.User, Password: h.asterisk.Password}
	h.sw = h.connect()
	return h
}

func (h *harness) listen(c softphone.Config) *softphone.Phone {
	h.t.Helper()
	phone, err := softphone.Listen(c)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = phone.Close() })
	return phone
}

// connect makes a switch and runs it until the test ends.
func (h *harness) connect() *asterisk.Switch {
	h.t.Helper()
	log := slog.New(slog.NewTextHandler(testLog{h.t}, nil))
	owned := func(context.Context) error { return nil }
	sw, err := asterisk.New(h.config, h.address, owned, time.Now, log)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = sw.Run(ctx) })
	h.t.Cleanup(func() { cancel(); running.Wait() })
	wait, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	if err := sw.WaitUp(wait); err != nil {
		h.t.Fatal(err)
	}
	return sw
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

var callNumber struct {
	sync.Mutex
	n int
}

// request is a call of short times.
func (h *harness) request() telephony.Request {
	callNumber.Lock()
	defer callNumber.Unlock()
	callNumber.n++
	return telephony.Request{
		ID: fmt.Sprintf("01JTEST%019d-1", callNumber.n), Agent: "PJSIP/agent-1", Number: taxpayerNumber,
		AgentRing: 3 * time.Second, TaxpayerRing: 3 * time.Second, WrapUp: 6 * time.Second,
		RingbackAfter: time.Second, MuteLimit: 3 * time.Second, OutcomeKeys: "12345678",
		Commands: make(chan telephony.Command, 8),
	}
}

func (h *harness) observe(e telephony.Event) error {
	h.mu.Lock()
	if err := h.refuse[e.Kind]; err != nil {
		h.mu.Unlock()
		return err
	}
	h.events = append(h.events, e)
	react := h.react[e.Kind]
	h.mu.Unlock()
	if react != nil {
		react()
	}
	return nil
}

// on runs something once an event of that kind was observed.
func (h *harness) on(k telephony.Kind, do func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.react[k] = do
}

func (h *harness) kinds() []telephony.Kind {
	h.mu.Lock()
	defer h.mu.Unlock()
	var kinds []telephony.Kind
	for _, e := range h.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (h *harness) event(k telephony.Kind) (telephony.Event, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if e.Kind == k {
			return e, true
		}
	}
	return telephony.Event{}, false
}

// call makes a call, bounded in time, and checks what holds after every call.
func (h *harness) call(r telephony.Request) telephony.Result {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 90*time.Second)
	defer cancel()
	result, err := h.sw.Call(ctx, r, h.observe)
	if err != nil {
		h.t.Errorf("the call: %v", err)
	}
	h.nothingLeft(r.ID)
	return result
}

// nothingLeft checks that the switch holds nothing of the call, and that the
// carrier was asked at most once.
func (h *harness) nothingLeft(id string) {
	h.t.Helper()
	calls, err := h.sw.Calls(h.t.Context())
	if err != nil {
		h.t.Error(err)
	}
	if len(calls) > 0 {
		h.t.Errorf("after call %s the switch still holds %v", id, calls)
	}
	if dialogs := h.carrier.Calls(); len(dialogs) > 1 {
		h.t.Errorf("the carrier saw %d INVITE dialogs for one call", len(dialogs))
	}
}

// track fetches one recording.
func (h *harness) track(name string) []int16 {
	h.t.Helper()
	var file bytes.Buffer
	if _, err := h.sw.Fetch(h.t.Context(), name, &file); err != nil {
		h.t.Fatal(err)
	}
	sound, err := wav.Read(&file)
	if err != nil {
		h.t.Fatal(err)
	}
	return sound.Samples
}

// expect checks that the kinds were observed in this order, others between.
func (h *harness) expect(want ...telephony.Kind) {
	h.t.Helper()
	got := h.kinds()
	i := 0
	for _, k := range got {
		if i < len(want) && k == want[i] {
			i++
		}
	}
	if i < len(want) {
		h.t.Errorf("events %v: %s is missing or out of order", got, want[i])
	}
}

func seconds(samples []int16) float64 { return float64(len(samples)) / tone.SampleRate }
