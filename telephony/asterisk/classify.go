package asterisk

import "sambung/telephony"

// fate says what a SIP status or a Q.850 cause of the taxpayer's leg means.
type fate struct {
	code   int
	status telephony.Status
}

// bySIP tells statuses of RFC 3261 (and RFC 8197 for 607) apart. What is not
// listed falls to its class: 4xx unreachable, 5xx trunk failure, 6xx rejected.
var bySIP = []fate{
	{401, telephony.TrunkFailure}, {402, telephony.TrunkFailure}, {403, telephony.TrunkFailure}, {407, telephony.TrunkFailure},
	{404, telephony.InvalidNumber}, {410, telephony.InvalidNumber}, {484, telephony.InvalidNumber}, {604, telephony.InvalidNumber},
	{408, telephony.NoAnswer}, {487, telephony.NoAnswer},
	{480, telephony.Unreachable},
	{486, telephony.Busy}, {600, telephony.Busy},
	{488, telephony.TrunkFailure}, {606, telephony.TrunkFailure},
	{603, telephony.Rejected}, {607, telephony.Rejected}, {608, telephony.Rejected},
}

// byCause tells causes of ITU-T Q.850 apart, where no SIP status was told.
var byCause = []fate{
	{1, telephony.InvalidNumber}, {22, telephony.InvalidNumber}, {28, telephony.InvalidNumber},
	{3, telephony.TrunkFailure}, {34, telephony.TrunkFailure}, {38, telephony.TrunkFailure}, {41, telephony.TrunkFailure},
	{42, telephony.TrunkFailure}, {58, telephony.TrunkFailure},
	{17, telephony.Busy},
	{18, telephony.NoAnswer}, {19, telephony.NoAnswer},
	{20, telephony.Unreachable}, {27, telephony.Unreachable},
	{21, telephony.Rejected},
}

// classify says what became of a taxpayer's leg that ended unanswered.
func classify(sip, cause int) telephony.Status {
	for _, f := range bySIP {
		if f.code == sip {
			return f.status
		}
	}
	switch sip / 100 {
	case 4:
		return telephony.Unreachable
	case 5:
		return telephony.TrunkFailure
	case 6:
		return telephony.Rejected
	}
	for _, f := range byCause {
		if f.code == cause {
			return f.status
		}
	}
	return telephony.Unknown
}
