import { dictionary } from './language'

/** What the codes of refusals mean for people; a code that is missing here speaks by its message. */
export const refusals = dictionary<Record<string, string>>({
  id: {
    ticket_open: 'Tiket ini masih mempunyai tindak lanjut yang berjalan.',
    refused: 'Tidak dapat dilakukan dalam keadaan tindak lanjut sekarang. Periksa statusnya, lalu coba lagi bila masih perlu.',
    forbidden: 'Peran Anda tidak berhak melakukan ini.',
    not_found: 'Tidak ditemukan. Mungkin sudah dihapus oleh orang lain.',
    too_large: 'Terlalu besar.',
    media_type: 'Jenis berkas tidak dikenal. Pakai berkas .csv atau .jsonl.',
    no_call: 'Tidak ada panggilan yang sedang berlangsung.',
    no_talk: 'Percakapan belum tersambung atau sudah selesai.',
    monitored: 'Orang lain sedang mendengarkan percakapan ini.',
    not_reached: 'Telepon Anda tidak dijawab. Periksa telepon, lalu coba lagi.',
    other_switch: 'Telepon Anda terdaftar di server telepon lain daripada percakapan ini.',
    no_telephone: 'Akun Anda belum mempunyai telepon. Mintalah administrator mengaturnya.',
    no_monitor: 'Anda sedang tidak mendengarkan percakapan ini.',
  },
  en: {
    ticket_open: 'The ticket has an open follow-up.',
    refused: 'Not possible as the follow-up stands now. Look at its status, then try again if it is still needed.',
    forbidden: 'Your role may not do this.',
    not_found: 'Not found. Somebody else may have removed it.',
    too_large: 'Too large.',
    media_type: 'This kind of file is not known. Use a .csv or .jsonl file.',
    no_call: 'There is no call under way.',
    no_talk: 'The talk is not connected yet, or over.',
    monitored: 'Somebody else is listening to this talk.',
    not_reached: 'Your telephone was not answered. Check it, then try again.',
    other_switch: 'Your telephone is registered at another switch than this talk.',
    no_telephone: 'Your account has no telephone. Ask an administrator to set one.',
    no_monitor: 'You are not listening to this talk.',
  },
})
