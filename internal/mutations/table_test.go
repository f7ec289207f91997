package mutations

// mutation is one mistake, and the test that notices it.
type mutation struct {
	patch string // in testdata, without .patch; it says what is broken
	pkg   string // the package of the test, its folder from the root
	test  string // as the test's own output names it
}

// table lists every patch. The first eight are the ways in which such a daemon
// does the most harm.
func table() []mutation {
	const (
		asterisk   = "telephony/telephonytest"
		ledger     = "queue/redisqueue"
		archivist  = "daemon/archivist"
		dispatcher = "daemon/dispatch"
	)
	return []mutation{
		{"dial-before-intent", asterisk, "TestSimulator/NobodyIsRungBeforeTheIntent"},
		{"removed-before-archived", archivist, "TestEvidenceIsSealed"},
		{"fence-unchecked", ledger, "TestOnMiniredis/fences"},
		{"activity-after-the-commit", ledger, "TestStateAndActivityAreOne"},
		{"blind-redial", asterisk, "TestSimulator/DialRequestLost"},
		{"observation-dropped", dispatcher, "TestAnObservationOutlivesTheLedgersAbsence"},
		{"sealed-unrecorded", "queue", "TestNothingIsSealedBeforeItsRecording"},
		{"custody-unchained", "storage/dossier", "TestCustody"},

		{"activity-before-the-commit", ledger, "TestStateAndActivityAreOne"},
		{"alarm-suppressed", archivist, "TestAlarms/a_silent_track"},
		{"claimed-after-hours", dispatcher, "TestNothingIsClaimedOutsideOfficeHours"},
		{"dialled-after-hours", dispatcher, "TestNobodyIsRungOnceTheOfficeHasClosed"},
		{"dossier-unchained", "storage/dossier", "TestVerifyFindsABrokenChain"},
		{"epoch-unchecked", "daemon/epoch", "TestSetBack"},
		{"history-unchained", "queue", "TestChainFindsARehashedChange"},
		{"intent-not-durable", asterisk, "TestSimulator/NobodyIsRungBeforeTheIntent"},
		{"latest-deadline-first", ledger, "TestOnMiniredis/earliest_deadline_first"},
		{"lease-outlived", ledger, "TestOnMiniredis/a_lease_that_ran_out"},
		{"left-for-the-sleeper", asterisk, "TestSimulator/SleepersDialFindsNothing"},
		{"number-not-reserved", ledger, "TestOnMiniredis/agent_and_number_are_exclusive"},
		{"opened-unrecorded", "daemon/api", "TestNothingIsHandedOutUnrecorded"},
		{"read-back-left-out", "storage/s3", "TestWhatIsStoredIsReadBack/one_bit"},
		{"repeated-commit", ledger, "TestALostReplyRepeatsNothing"},
		{"trial-ignored", dispatcher, "TestASwitchThatDoesNotRecordIsGivenNoWork"},
		{"unassigned-opinion", "queue", "TestAnUnrequestedOpinionWaitsForItsAgent"},
		{"unconditional-put", "storage/embedded", "TestConformance"},
		{"unexplained-removed", "daemon/reconcile", "TestSweep/unrecorded"},
	}
}
