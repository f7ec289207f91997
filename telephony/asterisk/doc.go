// Package asterisk carries calls over one Asterisk 22: it is a telephony.Switch
// on ARI.
//
// # The call
//
//	bridge            <call>            joins whoever is on the line
//	agent leg         <call>-agent      create, intent, dial, answer, into the bridge
//	taxpayer leg      <call>-taxpayer   create (rings nobody), into the bridge
//	snoops            <call>-…-snoop    listen to each leg alone; each is recorded
//	intent            durable, then dial the taxpayer leg, once
//	talk              announcement, keys, commands; ends when either leg is gone
//	wrap-up           the outcome by key, or the agent is rung back once: <call>-ringback
//
// One goroutine carries a call and owns all of its state; a second one writes
// its observations down in order, so that a slow ledger holds up no sound. An
// intent waits until everything before it is written.
//
// Whatever happens at the switch is known from events; after a gap in them the
// call looks at its channels and goes on from what it finds. A request without
// a reply is not repeated: the channel tells what became of it.
package asterisk
