package asterisk

import "sambung/telephony"

// fate is what a code says of a taxpayer's leg that ended unanswered.
type fate struct {
	code   int
	status telephony.Status
	reason string
}

// bySIP tells SIP statuses apart (RFC 3261; 607 RFC 8197; 608 RFC 8688). A
// status that is not listed is a failure of the trunk: it speaks of the
// signalling, not of a person.
var bySIP = []fate{
	{404, telephony.InvalidNumber, "the network knows no such number"},
	{484, telephony.InvalidNumber, "the number is incomplete"},
	{604, telephony.InvalidNumber, "the number exists nowhere"},
	{408, telephony.NoAnswer, "the network got no answer in time"},
	{487, telephony.NoAnswer, "the network ended the ringing"},
	{410, telephony.Unreachable, "the number is no longer reachable"},
	{480, telephony.Unreachable, "the telephone is off or out of reach"},
	{486, telephony.Busy, "busy"},
	{600, telephony.Busy, "busy everywhere"},
	{603, telephony.Rejected, "declined"},
	{607, telephony.Rejected, "declined as unwanted"},
	{608, telephony.Rejected, "declined by a filter of the network"},
	{401, telephony.TrunkFailure, "the trunk asks for a password"},
	{403, telephony.TrunkFailure, "the trunk refuses the call"},
	{407, telephony.TrunkFailure, "the trunk asks for a password"},
	{503, telephony.TrunkFailure, "the trunk has no service"},
}

// byCause tells causes of ITU-T Q.850 apart, where no SIP status was told.
var byCause = []fate{
	{1, telephony.InvalidNumber, "the number is not allocated"},
	{22, telephony.InvalidNumber, "the number has changed"},
	{28, telephony.InvalidNumber, "the number's format is invalid"},
	{17, telephony.Busy, "busy"},
	{18, telephony.NoAnswer, "nobody responded"},
	{19, telephony.NoAnswer, "nobody answered"},
	{20, telephony.Unreachable, "the subscriber is absent"},
	{27, telephony.Unreachable, "the destination is out of order"},
	{21, telephony.Rejected, "declined"},
}

// classify says what became of a taxpayer's leg that ended unanswered: by the
// SIP status first, the Q.850 cause second. Legs that we or Asterisk itself
// took down must not come here: they carry a 603 or a 480 that nobody sent.
func classify(sip, cause int) (telephony.Status, string) {
	if sip != 0 {
		return find(bySIP, sip, "the trunk failed the call")
	}
	return find(byCause, cause, "the trunk ended the call without saying why")
}

func find(table []fate, code int, otherwise string) (telephony.Status, string) {
	for _, f := range table {
		if f.code == code {
			return f.status, f.reason
		}
	}
	return telephony.TrunkFailure, otherwise
}
