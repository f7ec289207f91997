package queue

// Kind says what an activity records.
type Kind string

// Class says what an activity may do to the state, and when it must be durable.
type Class int

// The three classes of activities.
const (
	// ClassDecision changes the state by a decision of the system or a person.
	// Where the transition table does not allow it, it is refused.
	ClassDecision Class = iota
	// ClassIntent announces an act on the telephone network and is durable
	// before the act. Where the table does not allow it, it is refused.
	ClassIntent
	// ClassObservation records what was seen. It is never refused: where the
	// table does not allow the move (it came late), it is kept without one.
	ClassObservation
)

// What happens to a follow-up, in the order in which a life usually runs.
const (
	KindReceived   Kind = "received"
	KindEdited     Kind = "edited"
	KindDesignated Kind = "designated" // a co-supervisor names the agent
	KindRequeued   Kind = "requeued"
	KindCancelled  Kind = "cancelled"

	KindAssigned Kind = "assigned" // handed to an agent for one attempt

	KindAgentRinging       Kind = "agent_ringing"
	KindAgentAnswered      Kind = "agent_answered"
	KindRecordingStarted   Kind = "recording_started"
	KindTaxpayerDialing    Kind = "taxpayer_dialing"
	KindTaxpayerRinging    Kind = "taxpayer_ringing"
	KindTaxpayerAnswered   Kind = "taxpayer_answered"
	KindAnnouncementPlayed Kind = "announcement_played"
	KindIdentityConfirmed  Kind = "identity_confirmed"
	KindRecordingMuted     Kind = "recording_muted"
	KindRecordingUnmuted   Kind = "recording_unmuted"
	KindMonitorStarted     Kind = "monitor_started" // a supervisor is going to hear the talk
	KindMonitorEnded       Kind = "monitor_ended"
	KindCallEnded          Kind = "call_ended"

	KindOutcomeRingback  Kind = "outcome_ringback" // the agent hung up unheard and is rung once more
	KindOutcomeConfirmed Kind = "outcome_confirmed"
	KindWrapUpExpired    Kind = "wrap_up_expired"
	KindOutcomeCorrected Kind = "outcome_corrected"
	KindAttemptSettled   Kind = "attempt_settled"

	KindManualConversation Kind = "manual_conversation" // held without the system, filed afterwards

	// KindAttemptPresumed: an attempt that the ledger knows nothing of was made, or
	// may have been, see PresumeAttempt.
	KindAttemptPresumed Kind = "attempt_presumed"

	KindReconciling Kind = "reconciling" // the fate of a call is being found out
	KindResumed     Kind = "resumed"     // a live call was taken over

	KindRecordingArchived Kind = "recording_archived"
	KindRecordingAlarm    Kind = "recording_alarm"
	KindRecordingRemoved  Kind = "recording_removed" // deleted at the telephone server
	KindRecordingOpened   Kind = "recording_opened"  // heard before the seal; after it, a custody link says so
	KindHistoryShipped    Kind = "history_shipped"
	KindSealed            Kind = "sealed"

	KindDeadlineProvisional Kind = "deadline_provisional"
	KindDeadlineWarning     Kind = "deadline_warning"
	KindAgentAbsent         Kind = "agent_absent"
	KindDeadlineMissed      Kind = "deadline_missed"
)

// KindInfo describes one kind of activity.
type KindInfo struct {
	Kind  Kind
	Class Class
	// Label is the Indonesian wording of the activity history.
	Label string
}

var kinds = []KindInfo{
	{KindReceived, ClassDecision, "Tindak lanjut eskalasi informasi diterima"},
	{KindEdited, ClassDecision, "Data tindak lanjut diperbaiki"},
	{KindDesignated, ClassDecision, "Co Supervisor Eskalasi menugaskan agen eskalasi"},
	{KindRequeued, ClassDecision, "Tindak lanjut dikembalikan ke antrean"},
	{KindCancelled, ClassDecision, "Tindak lanjut dibatalkan"},
	{KindAssigned, ClassDecision, "Tindak lanjut diserahkan kepada agen eskalasi"},
	{KindAgentRinging, ClassIntent, "Agen eskalasi dipanggil"},
	{KindAgentAnswered, ClassObservation, "Agen eskalasi menjawab"},
	{KindRecordingStarted, ClassObservation, "Perekaman suara dimulai"},
	{KindTaxpayerDialing, ClassIntent, "Wajib Pajak/Masyarakat dihubungi"},
	{KindTaxpayerRinging, ClassObservation, "Telepon Wajib Pajak/Masyarakat berdering"},
	{KindTaxpayerAnswered, ClassObservation, "Wajib Pajak/Masyarakat menjawab"},
	{KindAnnouncementPlayed, ClassObservation, "Pemberitahuan perekaman diperdengarkan"},
	{KindIdentityConfirmed, ClassObservation, "Identitas Wajib Pajak/Masyarakat dikonfirmasi"},
	{KindRecordingMuted, ClassObservation, "Perekaman dijeda"},
	{KindRecordingUnmuted, ClassObservation, "Perekaman dilanjutkan"},
	{KindMonitorStarted, ClassIntent, "Percakapan mulai dipantau"},
	{KindMonitorEnded, ClassObservation, "Pemantauan percakapan berakhir"},
	{KindCallEnded, ClassObservation, "Percakapan telepon berakhir"},
	{KindOutcomeRingback, ClassIntent, "Agen eskalasi dipanggil kembali untuk konfirmasi hasil"},
	{KindOutcomeConfirmed, ClassDecision, "Hasil penyampaian dikonfirmasi"},
	{KindWrapUpExpired, ClassDecision, "Batas waktu konfirmasi hasil terlampaui"},
	{KindOutcomeCorrected, ClassDecision, "Hasil penyampaian diperbaiki"},
	{KindAttemptSettled, ClassDecision, "Percobaan panggilan diselesaikan"},
	{KindManualConversation, ClassDecision, "Percakapan didokumentasikan secara manual"},
	{KindAttemptPresumed, ClassDecision, "Percobaan panggilan di luar catatan dianggap telah dilakukan"},
	{KindReconciling, ClassDecision, "Keadaan panggilan sedang dipastikan"},
	{KindResumed, ClassDecision, "Panggilan diambil alih"},
	{KindRecordingArchived, ClassObservation, "Rekaman suara diarsipkan dan diverifikasi"},
	{KindRecordingAlarm, ClassObservation, "Peringatan rekaman suara"},
	{KindRecordingRemoved, ClassObservation, "Rekaman di server telepon dihapus setelah diarsipkan"},
	{KindRecordingOpened, ClassObservation, "Rekaman suara dibuka"},
	{KindHistoryShipped, ClassObservation, "Riwayat aktivitas diarsipkan"},
	{KindSealed, ClassDecision, "Berkas disegel untuk Seksi Penjaminan Kualitas Layanan"},
	{KindDeadlineProvisional, ClassObservation, "Batas waktu bersifat sementara"},
	{KindDeadlineWarning, ClassObservation, "Peringatan batas waktu"},
	{KindAgentAbsent, ClassObservation, "Agen eskalasi yang ditugaskan tidak tersedia"},
	{KindDeadlineMissed, ClassObservation, "Batas waktu terlampaui"},
}

// beginsAttempt reports whether an activity of this kind is the first of its attempt.
func (k Kind) beginsAttempt() bool {
	return k == KindAssigned || k == KindManualConversation || k == KindAttemptPresumed
}

// Kinds lists every kind of activity with its class and wording.
func Kinds() []KindInfo { return append([]KindInfo(nil), kinds...) }

// Info returns the description of the kind, and whether this version knows it.
func (k Kind) Info() (KindInfo, bool) {
	for _, info := range kinds {
		if info.Kind == k {
			return info, true
		}
	}
	return KindInfo{}, false
}
