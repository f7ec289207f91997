import type { Directorate, MissedCause, Outcome, Presence, Result, Role, Route, Status } from '../api/types'
import { dictionary } from './language'

interface Terms {
  status: Record<Status, string>
  outcome: Record<Outcome, string>
  result: Record<Result, string>
  route: Record<Route, string>
  directorate: Record<Directorate, string>
  presence: Record<Presence, string>
  role: Record<Role, string>
  missedCause: Record<MissedCause, string>
  /** Kinds of activities; the Indonesian ones are the ledger's own labels. */
  kind: Record<string, string>
  followUp: string
  ticket: string
  taxpayer: string
  agent: string
  deadline: string
  message: string
  earlier: string
}

/** The words of SOP LIP20-0020, as the ledger uses them. */
export const terms = dictionary<Terms>({
  id: {
    followUp: 'Tindak lanjut',
    ticket: 'Nomor tiket',
    taxpayer: 'Wajib Pajak/Masyarakat',
    agent: 'Agen eskalasi',
    deadline: 'Batas waktu',
    message: 'Pesan yang disampaikan',
    earlier: 'Penyelesaian sebelumnya',
    status: {
      awaiting_agent: 'menunggu penugasan', queued: 'dalam antrean', assigned: 'diserahkan kepada agen', dialing: 'dihubungi',
      talking: 'percakapan berlangsung', wrap_up: 'menunggu hasil', reconciling: 'sedang dipastikan',
      handed_back: 'dikembalikan ke Co Supervisor', closed: 'selesai', cancelled: 'dibatalkan',
    },
    outcome: {
      delivered: 'tersampaikan', callback: 'minta dihubungi kembali', wrong_person: 'salah orang', refused: 'menolak',
      needs_escalation: 'perlu eskalasi', cut_off: 'terputus', voicemail: 'kotak suara',
      identity_unconfirmed: 'identitas tidak terkonfirmasi', unconfirmed: 'hasil belum dikonfirmasi',
    },
    result: {
      answered: 'dijawab', busy: 'sibuk', no_answer: 'tidak diangkat', rejected: 'panggilan ditolak', unreachable: 'tidak terjangkau',
      invalid_number: 'nomor tidak valid', agent_no_answer: 'agen tidak menjawab', trunk_failure: 'gangguan saluran',
      interrupted: 'terhenti karena gangguan sistem', unknown: 'tidak diketahui',
    },
    route: {
      answer: 'Jawaban atas eskalasi', opinion_requested: 'Pendapat direktorat (diminta)',
      opinion_unrequested: 'Pendapat direktorat (tidak diminta)',
    },
    directorate: { pp1: 'Direktorat Peraturan Perpajakan I', pp2: 'Direktorat Peraturan Perpajakan II' },
    presence: { offline: 'tidak bertugas', ready: 'siap', paused: 'jeda' },
    role: { agent: 'Agen eskalasi', supervisor: 'Co Supervisor Eskalasi', qa: 'Penjaminan Kualitas Layanan', admin: 'Administrator' },
    missedCause: {
      assignment: 'terlambat ditugaskan', agents: 'tidak ada agen yang bebas', trunk: 'gangguan saluran',
      unreachable: 'Wajib Pajak tidak terjangkau', system: 'gangguan sistem',
    },
    kind: {
      received: 'Tindak lanjut eskalasi informasi diterima',
      edited: 'Data tindak lanjut diperbaiki',
      designated: 'Co Supervisor Eskalasi menugaskan agen eskalasi',
      requeued: 'Tindak lanjut dikembalikan ke antrean',
      cancelled: 'Tindak lanjut dibatalkan',
      assigned: 'Tindak lanjut diserahkan kepada agen eskalasi',
      agent_ringing: 'Agen eskalasi dipanggil',
      agent_answered: 'Agen eskalasi menjawab',
      recording_started: 'Perekaman suara dimulai',
      taxpayer_dialing: 'Wajib Pajak/Masyarakat dihubungi',
      taxpayer_ringing: 'Telepon Wajib Pajak/Masyarakat berdering',
      taxpayer_answered: 'Wajib Pajak/Masyarakat menjawab',
      announcement_played: 'Pemberitahuan perekaman diperdengarkan',
      identity_confirmed: 'Identitas Wajib Pajak/Masyarakat dikonfirmasi',
      recording_muted: 'Perekaman dijeda',
      recording_unmuted: 'Perekaman dilanjutkan',
      call_ended: 'Percakapan telepon berakhir',
      outcome_ringback: 'Agen eskalasi dipanggil kembali untuk konfirmasi hasil',
      outcome_confirmed: 'Hasil penyampaian dikonfirmasi',
      wrap_up_expired: 'Batas waktu konfirmasi hasil terlampaui',
      outcome_corrected: 'Hasil penyampaian diperbaiki',
      attempt_settled: 'Percobaan panggilan diselesaikan',
      manual_conversation: 'Percakapan didokumentasikan secara manual',
      reconciling: 'Keadaan panggilan sedang dipastikan',
      attempt_presumed: 'Percobaan panggilan di luar catatan dianggap telah dilakukan',
      resumed: 'Panggilan diambil alih',
      recording_archived: 'Rekaman suara diarsipkan dan diverifikasi',
      recording_alarm: 'Peringatan rekaman suara',
      recording_removed: 'Rekaman di server telepon dihapus setelah diarsipkan',
      recording_opened: 'Rekaman suara dibuka',
      history_shipped: 'Riwayat aktivitas diarsipkan',
      sealed: 'Berkas disegel untuk Seksi Penjaminan Kualitas Layanan',
      deadline_provisional: 'Batas waktu bersifat sementara',
      deadline_warning: 'Peringatan batas waktu',
      agent_absent: 'Agen eskalasi yang ditugaskan tidak tersedia',
      deadline_missed: 'Batas waktu terlampaui',
      monitor_started: 'Percakapan mulai dipantau',
      monitor_ended: 'Pemantauan percakapan berakhir',
    },
  },
  en: {
    followUp: 'Follow-up',
    ticket: 'Ticket',
    taxpayer: 'Taxpayer',
    agent: 'Escalation agent',
    deadline: 'Deadline',
    message: 'Message to deliver',
    earlier: 'Earlier resolution',
    status: {
      awaiting_agent: 'awaiting an agent', queued: 'queued', assigned: 'handed to an agent', dialing: 'dialling', talking: 'talking',
      wrap_up: 'awaiting the outcome', reconciling: 'being reconciled', handed_back: 'handed back', closed: 'closed', cancelled: 'cancelled',
    },
    outcome: {
      delivered: 'delivered', callback: 'asked to be called back', wrong_person: 'wrong person', refused: 'refused',
      needs_escalation: 'needs escalation', cut_off: 'cut off', voicemail: 'voicemail', identity_unconfirmed: 'identity not confirmed',
      unconfirmed: 'outcome not confirmed',
    },
    result: {
      answered: 'answered', busy: 'busy', no_answer: 'no answer', rejected: 'rejected', unreachable: 'unreachable',
      invalid_number: 'invalid number', agent_no_answer: 'agent did not answer', trunk_failure: 'trunk failure',
      interrupted: 'interrupted by a fault', unknown: 'unknown',
    },
    route: { answer: 'Answer to an escalation', opinion_requested: 'Opinion, requested', opinion_unrequested: 'Opinion, unrequested' },
    directorate: { pp1: 'Directorate of Tax Regulations I', pp2: 'Directorate of Tax Regulations II' },
    presence: { offline: 'off duty', ready: 'ready', paused: 'paused' },
    role: { agent: 'Escalation agent', supervisor: 'Co-supervisor', qa: 'Quality Assurance', admin: 'Administrator' },
    missedCause: {
      assignment: 'assigned too late', agents: 'no agent was free', trunk: 'trunk failure', unreachable: 'taxpayer unreachable',
      system: 'system failure',
    },
    kind: {
      received: 'Follow-up received',
      edited: 'Follow-up corrected',
      designated: 'Co-supervisor designated an agent',
      requeued: 'Follow-up put back into the queue',
      cancelled: 'Follow-up cancelled',
      assigned: 'Follow-up handed to an agent',
      agent_ringing: 'Agent rung',
      agent_answered: 'Agent answered',
      recording_started: 'Recording started',
      taxpayer_dialing: 'Taxpayer dialled',
      taxpayer_ringing: 'Taxpayer’s telephone rings',
      taxpayer_answered: 'Taxpayer answered',
      announcement_played: 'Recording announced',
      identity_confirmed: 'Identity confirmed',
      recording_muted: 'Recording paused',
      recording_unmuted: 'Recording resumed',
      call_ended: 'Call ended',
      outcome_ringback: 'Agent rung back for the outcome',
      outcome_confirmed: 'Outcome confirmed',
      wrap_up_expired: 'No outcome within the limit',
      outcome_corrected: 'Outcome corrected',
      attempt_settled: 'Attempt settled',
      manual_conversation: 'Conversation documented by hand',
      reconciling: 'State of the call being found out',
      attempt_presumed: 'Attempt outside the record counted as made',
      resumed: 'Call taken over',
      recording_archived: 'Recording archived and verified',
      recording_alarm: 'Recording alarm',
      recording_removed: 'Recording removed at the switch',
      recording_opened: 'Recording opened',
      history_shipped: 'History archived',
      sealed: 'Dossier sealed for Quality Assurance',
      deadline_provisional: 'Deadline is provisional',
      deadline_warning: 'Deadline warning',
      agent_absent: 'Designated agent not available',
      deadline_missed: 'Deadline missed',
      monitor_started: 'Supervisor began to listen',
      monitor_ended: 'Supervisor stopped listening',
    },
  },
})
