package ari

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"sambung/internal/realservers"
	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
)

// wire is what a switch says over ARI, in which order and with which status.
// What holds on the real one and not on the simulator is a fault of the simulator.
func wire() map[string]func(*testing.T, opener) {
	return map[string]func(*testing.T, opener){
		"SelfProbe": wireSelfProbe, "Dial": wireDial, "RingTimeout": wireRingTimeout, "Unreachable": wireUnreachable,
		"Recording": wireRecording, "Bridge": wireBridge, "Filter": wireFilter, "Replaced": wireReplaced, "Cut": wireCut,
		"ReplyLost": wireReplyLost, "Restart": wireRestart, "Causes": wireCauses, "HangUps": wireHangUps, "Refusals": wireRefusals,
	}
}

func TestAsterisk(t *testing.T) {
	for name, run := range wire() {
		t.Run(name, func(t *testing.T) { t.Parallel(); run(t, openAsterisk) })
	}
}

func TestSimulator(t *testing.T) {
	for name, run := range wire() {
		t.Run(name, func(t *testing.T) { t.Parallel(); run(t, openSimulator) })
	}
}

// openAsterisk starts a real Asterisk with a carrier made by hand.
func openAsterisk(t *testing.T, answer string) *exchange {
	t.Helper()
	trunk := "127.0.0.1:9"
	e := &exchange{invited: func() invitation { t.Fatal("there is no line"); return invitation{} }, calls: func() int { return 0 }}
	if answer != "" {
		line := newCarrier(t, answer)
		trunk = line.addr()
		seen := 0
		e.invited = func() invitation {
			message := line.invite()
			seen++
			_, caller, _ := strings.Cut(header(message, "From"), "<sip:")
			caller, _, _ = strings.Cut(caller, "@")
			return invitation{caller, func(name string) string { return header(message, name) }}
		}
		e.calls = func() int { return seen + len(line.invites) }
	}
	server := realservers.Asterisk(t, realservers.AsteriskOptions{Trunk: trunk})
	e.url, e.user, e.password, e.trunk = server.ARIURL, server.User, server.Password, server.Trunk
	e.restart = server.Restart
	if len(server.Agents) > 0 {
		e.nobody = "PJSIP/" + server.Agents[0].Endpoint
	}
	return e
}

// openSimulator starts a simulated switch whose line behaves likewise.
func openSimulator(t *testing.T, answer string) *exchange {
	t.Helper()
	sim, err := simulator.Start(simulator.Options{Sounds: sounds(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	status, _ := strconv.Atoi(strings.SplitN(answer, " ", 2)[0])
	line := sim.AddTrunk("trunk", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour {
		switch status {
		case 180:
			return softphone.RingOut()
		case 200:
			return softphone.Answer()
		case 0:
			return softphone.Reject(503)
		}
		return softphone.Reject(status)
	}})
	seen := 0
	return &exchange{
		url: sim.URL(), user: sim.User(), password: sim.Password(), trunk: "trunk", nobody: "PJSIP/nobody", restart: sim.Restart,
		calls: func() int { return len(line.Calls()) },
		invited: func() invitation {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			n := 0
			call, err := line.WaitCall(ctx, func(softphone.CallRecord) bool { n++; return n > seen })
			if err != nil {
				t.Fatal(err)
			}
			seen++
			in := call.Invite()
			return invitation{in.Caller, in.Header}
		},
	}
}
