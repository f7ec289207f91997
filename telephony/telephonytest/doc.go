// Package telephonytest says by tests what a telephone switch guarantees. Run
// it against every telephony.Switch there is: what holds on the real one and
// not on a stand-in is a fault of the stand-in.
//
// A [Site] gives one test a switch of its own with people at both ends, who do
// as they are told in the words of package softphone. Each test is a script
// that reads like the procedure: the call begins, this is observed, somebody
// presses a key, the call ends like that.
//
// Whatever a test is about, these are checked in every one of them:
//
//   - the network was asked for the taxpayer at most once for one call, resumed
//     or not, and never without a durable intent;
//   - events come one at a time, no intent is repeated, one Ended carries the
//     very result that is returned, and nothing but the outcome follows it;
//   - afterwards the switch holds nothing of the call but its recordings.
package telephonytest
