package softphone_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sambung/telephony/softphone"
)

// A carrier for every number there is, and somebody who calls two of them.
func Example() {
	carrier, err := softphone.Listen(softphone.Config{
		Behave: func(in softphone.Invite) softphone.Behaviour {
			if in.Called == "081200000001" {
				return softphone.Busy()
			}
			return softphone.AnswerAfter(10*time.Millisecond).Pressing(0, "1").HangingUp(300 * time.Millisecond)
		},
	})
	if err != nil {
		panic(err)
	}
	defer carrier.Close()
	caller, err := softphone.Listen(softphone.Config{User: "office"})
	if err != nil {
		panic(err)
	}
	defer caller.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err = caller.Dial(ctx, "sip:081200000001@"+carrier.Addr().String(), softphone.Answer())
	var refused *softphone.StatusError
	if errors.As(err, &refused) {
		fmt.Println("the first is refused:", refused.Status)
	}
	call, err := caller.Dial(ctx, "sip:081200000002@"+carrier.Addr().String(), softphone.Answer())
	if err != nil {
		panic(err)
	}
	<-call.Done()
	r := call.Record()
	fmt.Println("the second pressed", r.Digits, "and the end came from the", r.EndedBy, "side")
	// Output:
	// the first is refused: 486
	// the second pressed 1 and the end came from the remote side
}
