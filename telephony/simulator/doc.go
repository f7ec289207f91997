// Package simulator is a telephone switch in the process: a server that speaks
// the Asterisk REST Interface (ARI, as Asterisk 22 does) over HTTP and
// WebSocket, with people at its telephones who answer, are busy, ring out, talk
// and hang up as they are told in the words of package softphone.
//
// It is for demonstrations, tests and benchmarks: the same daemon drives it and
// a real Asterisk, only the address differs. What it says of channels, bridges,
// playbacks, snoops and recordings, in which order and with which status codes,
// is held against a real Asterisk by the suites of packages ari and
// telephonytest, which run on both.
//
// # Sound
//
// Nothing is mixed while a call lives. Every channel keeps a score of what its
// person says and when; a recording, or what a telephone heard, is played from
// the scores when somebody asks for it. So ten thousand conversations cost no
// more than their events, and their recordings are true to the sample.
//
// # What it leaves out
//
// SIP and RTP; incoming calls; recordings of a channel that is no snoop;
// snoops on what goes out to a leg; pausing a recording; everything else of ARI that Sambung does not
// use, which answers 404 or 501 with a word on it.
//
// # Faults
//
// [Simulator.Arm] harms a request: delays it, loses it or its reply, answers in
// its place. [Simulator.Cut], [Simulator.SetDown] and [Simulator.Restart] harm
// the switch.
package simulator
