// Package softphone is a SIP telephone (RFC 3261) made of code: it registers,
// rings, answers, speaks, listens, presses keys and hangs up as it is told. It
// plays the agents, the taxpayers and the carrier's trunk against a real
// switch, and it is the operator's telephone behind `sambung phone`.
//
// A [Phone] listens on one UDP address. Who calls is given to a function that
// chooses a [Behaviour], so one phone can be the carrier for every number there
// is:
//
//	carrier, err := softphone.Listen(softphone.Config{
//		Behave: func(in softphone.Invite) softphone.Behaviour {
//			switch in.Called {
//			case "081200000001":
//				return softphone.Busy()
//			case "081200000002":
//				return softphone.RingOut().WithEarlyMedia(tone.Sine(425, -12))
//			default:
//				return softphone.AnswerAfter(time.Second).
//					Playing(tone.Sine(880, -12)).
//					HangingUp(30 * time.Second)
//			}
//		},
//	})
//	defer carrier.Close()
//
// Every dialog leaves a [CallRecord], kept as long as the phone lives; nothing
// is ever forgotten, so that a test can count. Tests wait for what they expect
// instead of sleeping:
//
//	call, err := carrier.WaitCall(ctx, func(r softphone.CallRecord) bool {
//		return r.Called == "081200000003" && r.Answered()
//	})
//	...
//	<-call.Done()
//	left := call.Heard().Samples
//
// # Guarantees
//
//   - A Call-ID with a caller's tag is one record, however often its INVITE is
//     sent: a repetition of the same transaction is counted as Retransmissions,
//     another transaction as Invites (and refused with 482).
//   - Times in a record are the phone's own: AnsweredAt is taken right before
//     the 200 leaves, and position 0 of what is played is that very moment;
//     EndedAt when the BYE arrived, or right before ours left.
//   - Sound is sent every 20 ms by the clock and does not drift; what is heard
//     is placed by RTP timestamp, and gaps are silence.
//   - Close ends every call, gives up the registration, and returns when no
//     goroutine is left.
//
// # Limits
//
// UDP and IP literals, G.711, RTP/AVP without encryption, no Record-Route, no
// REFER, PRACK or UPDATE. A call has one control goroutine and, while there is
// sound, one that speaks and one that listens.
package softphone
