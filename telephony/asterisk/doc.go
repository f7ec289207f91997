// Package asterisk carries calls over one Asterisk 22: it is a telephony.Switch
// on ARI.
//
// # The call
//
//	bridge            <call>             joins whoever is on the line
//	agent leg         <call>-agent       create, intent, dial, answer, into the bridge
//	taxpayer leg      <call>-taxpayer    create (rings nobody), into the bridge, while the agent's rings
//	snoops            <call>-…-snoop     listen to each leg alone; each is recorded
//	monitor           <call>-monitor-…   a supervisor in the talk, see Switch.Monitor
//	intent            durable, then the taxpayer leg is dialled, once
//	talk              announcement, keys, commands; ends when either leg is gone
//	wrap-up           the outcome by key, or the agent is rung back once: <call>-ringback
//
// One goroutine carries a call and owns all of its state; its stages read in
// the order of the procedure. A second one writes its observations down in
// order, so that a slow ledger holds up no sound. An intent waits until
// everything before it is written; that both legs are recorded is written with the
// intent to ring the taxpayer, in one. Requests about different channels are made
// beside each other, and waited for together.
//
// # What is known, and how
//
// Whatever happens at the switch is known from events. They are taken into the
// state of the call's legs, and a stage waits until that state is what it waits
// for. After a gap in the events the legs are looked at, and the same waiting
// goes on from what is found; a resumed call begins in just that way.
//
// # Faults
//
// A request that may be repeated is repeated while the switch gives no reply. A
// dial is not: an echo (the Dial event) tells that it was carried out, and
// without one the leg is taken down before the attempt is given up. A leg that
// was dialled counts as gone only when the switch says so.
//
// When another process took the switch over, the call returns at once and
// touches nothing more.
package asterisk
