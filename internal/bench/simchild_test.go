package bench_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"sambung/telephony/simulator"
	"sambung/telephony/softphone"
)

// simSpec says what the simulated switches have.
type simSpec struct {
	Switches, Agents int // agents of each
	Sounds           string
}

// simProgram runs simulated switches until its input ends. Agents answer at
// once and press the outcome after a second; taxpayers answer at once and stay
// until the command "hang up".
func simProgram(text []byte) error {
	var spec simSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	var addresses []switchSpec
	var trunks []*simulator.Telephone
	for i := range spec.Switches {
		s, err := simulator.Start(simulator.Options{Sounds: os.DirFS(spec.Sounds)})
		if err != nil {
			return err
		}
		defer s.Close()
		for n := range spec.Agents {
			s.AddAgent(string(agentID(i*spec.Agents+n)), simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour {
				return softphone.Answer().Pressing(time.Second, "*1")
			}})
		}
		trunks = append(trunks, s.AddTrunk("trunk", simulator.Person{Behave: func(softphone.Invite) softphone.Behaviour { return softphone.Answer() }}))
		addresses = append(addresses, switchSpec{
			Name: fmt.Sprintf("sim-%d", i+1), URL: s.URL(), User: s.User(), Password: s.Password(), Trunk: "trunk", Calls: spec.Agents,
		})
	}
	answer, err := json.Marshal(addresses)
	if err != nil {
		return err
	}
	fmt.Println(string(answer))
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		hangUp(trunks)
		fmt.Println("hung up")
	}
	return nil
}

// hangUp ends every call of the trunks from the taxpayers' side.
func hangUp(trunks []*simulator.Telephone) {
	var all sync.WaitGroup
	for _, trunk := range trunks {
		all.Go(func() {
			for _, r := range trunk.Calls() {
				line, err := trunk.WaitCall(context.Background(), func(other softphone.CallRecord) bool { return other.CallID == r.CallID })
				if err == nil {
					_ = line.HangUp(context.Background()) // one that is over stays so
				}
			}
		})
	}
	all.Wait()
}
