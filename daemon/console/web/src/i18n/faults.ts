import type { Failure, FieldFault } from '../api/failure'
import { language } from './language'

type Words = readonly (readonly [RegExp, string])[]

// The daemon writes its faults in English, for programs and people alike. Here are those
// that people meet on the pages; one that is not here stays as it was written.
const problems: Words = [
  [/^(is )?missing$|^it is empty$/, 'belum diisi'],
  [/^is missing, and the user is new$/, 'belum diisi, padahal pengguna ini baru'],
  [/^too long$|^it is too long$/, 'terlalu panjang'],
  [/^it is too short$/, 'terlalu pendek'],
  [/^it is too short or too long$/, 'terlalu pendek atau terlalu panjang'],
  [/^(?:is )?longer than (\d+) (?:characters|bytes)$/, 'lebih panjang dari $1 karakter'],
  [/^is shorter than (\d+) characters$/, 'lebih pendek dari $1 karakter'],
  [/^contains other characters than letters, digits and \. _ \/ -$/, 'mengandung tanda lain selain huruf, angka, dan . _ / -'],
  [/^has an empty part, or one of dots alone, between slashes$/, 'mempunyai bagian kosong di antara garis miring'],
  [/^unknown$|^is not known$/, 'tidak dikenal'],
  [/^unknown key$/, 'kolom tidak dikenal'],
  [/^given with route answer, which has none$/, 'diisi, padahal jawaban atas eskalasi tidak memakai direktorat'],
  [/^contains other characters than digits, dots, dashes and spaces$/, 'mengandung tanda lain selain angka, titik, strip, dan spasi'],
  [/^has (\d+) digits$/, 'terdiri atas $1 angka'],
  [/^not a number of up to 6 digits$/, 'bukan nomor paling banyak 6 angka'],
  [/^not an agent id$|^is not an agent's id$/, 'bukan nama agen'],
  [/^given with another route than opinion_unrequested$/, 'diisi, padahal hanya pendapat tanpa diminta yang melengkapi penyelesaian sebelumnya'],
  [/^not the id of a follow-up$/, 'bukan nomor tindak lanjut'],
  [/^not a time in RFC 3339 form$/, 'bukan waktu yang dikenal'],
  [/^in the future$/, 'ada di masa depan'],
  [/^more than a year ago$/, 'lebih dari setahun yang lalu'],
  [/^not valid UTF-8, or damaged on the way$/, 'bukan teks UTF-8, atau rusak'],
  [/^contains control characters$/, 'mengandung tanda kendali'],
  [/^it has more than one leading 0$/, 'diawali lebih dari satu angka 0'],
  [/^0809 is a premium-rate number$/, '0809 adalah nomor berbayar khusus'],
  [/^080x is a service number$|^it is a service number$|^it is a short or service number$/, 'nomor layanan atau nomor pendek'],
  [/^the country code 62 stands twice, or after a 0$/, 'kode negara 62 tertulis dua kali, atau sesudah angka 0'],
  [/^after the area code stands a 0$/, 'ada angka 0 sesudah kode area'],
  [/^it is a call-centre number/, 'nomor pusat layanan'],
  [/^it is an emergency or service number$/, 'nomor darurat atau nomor layanan'],
  [/^no such number exists in the numbering plan$/, 'nomor seperti ini tidak ada'],
  [/^it has (\d+) fields, the header (\d+)$/, 'baris ini mempunyai $1 kolom, judulnya $2'],
  [/^given twice$/, 'diisi dua kali'],
  [/^is not a telephone at the switch$/, 'bukan telepon di server telepon'],
  [/^is not a configured switch$/, 'bukan server telepon yang terpasang'],
  [/^is not a user's name$/, 'bukan nama pengguna yang sah'],
  [/^is the name of a configured token$/, 'sudah dipakai sebagai nama token'],
  [/^is the user's name, or little more$/, 'sama dengan nama pengguna, atau hampir'],
  [/^repeats a few characters$/, 'mengulang beberapa tanda saja'],
  [/^is not in the future$/, 'sudah lewat'],
  [/^is outside office hours$/, 'di luar jam kerja'],
  [/^is negative$/, 'kurang dari nol'],
  [/^is negative or below min_seconds$/, 'lebih pendek daripada batas bawah'],
  [/^is not after from$/, 'mendahului hari pertama'],
  [/^is not after from, or more than a year after it$/, 'periodenya lebih dari setahun, atau terbalik'],
  [/^has an open follow-up$/, 'masih mempunyai tindak lanjut yang berjalan'],
]

const remedies: Words = [
  [/^give the ticket number of the escalation: up to 64 letters, digits and \. _ \/ -$/, 'nomor tiket eskalasi, paling banyak 64 huruf, angka, dan . _ / -'],
  [/^write it as a\/b, with letters or digits in each part$/, 'tulis seperti a/b, dengan huruf atau angka di setiap bagian'],
  [/^name the directorate whose opinion it is: pp1 or pp2$/, 'pilih direktorat yang berpendapat: pp1 atau pp2'],
  [/^leave it out, or choose route opinion_requested or opinion_unrequested$/, 'kosongkan, atau pilih jenis pendapat direktorat'],
  [/^give the taxpayer's name$/, 'nama Wajib Pajak/Masyarakat'],
  [/^give the text that the agent is to deliver$/, 'isi pesan yang harus disampaikan agen'],
  [/^write its 15 or 16 digits$/, 'tulis 15 atau 16 angkanya'],
  [/^write all 15 or 16 digits, zeros included$/, 'tulis semua 15 atau 16 angkanya, termasuk nol'],
  [/^give the digits of the extension alone, or leave it out$/, 'tulis angka ekstensinya saja, atau kosongkan'],
  [/^write up to 32 of a-z, 0-9 and -, or leave it out$/, 'paling banyak 32 tanda a-z, 0-9, dan -, atau kosongkan'],
  [/^use 1 to 32 characters of a-z, 0-9 and -$/, '1 sampai 32 tanda a-z, 0-9, dan -'],
  [/^leave it out: only an unrequested opinion completes an earlier resolution$/, 'kosongkan'],
  [/^give the 26 characters of the earlier follow-up's id$/, '26 tanda nomor tindak lanjut sebelumnya'],
  [/^write it like 2026-11-23T10:15:00\+07:00, or leave it out for now$/, 'tulis seperti 2026-11-23T10:15:00+07:00, atau kosongkan untuk sekarang'],
  [/^give the time of receipt, with the right zone, or leave it out for now$/, 'waktu penerimaan, atau kosongkan untuk sekarang'],
  [/^check the year$/, 'periksa tahunnya'],
  [/^shorten it$/, 'persingkat'],
  [/^encode the text as UTF-8$/, 'simpan sebagai UTF-8'],
  [/^write it as 08xx\.\.\., 0 and the area code, or \+62\.\.\.$/, 'tulis sebagai 08xx…, 0 dan kode area, atau +62…'],
  [/^use digits, spaces, dashes, dots, parentheses and one leading \+ only$/, 'pakai angka, spasi, strip, titik, kurung, dan satu + di depan saja'],
  [/^give the taxpayer's own mobile or fixed-line number$/, 'nomor ponsel atau telepon tetap milik Wajib Pajak/Masyarakat sendiri'],
  [/^give an Indonesian number$/, 'nomor Indonesia'],
  [/^check it for missing or doubled digits(, and for the area code)?$/, 'periksa apakah ada angka yang kurang atau dobel'],
  [/^give one number only; an extension has its own field$/, 'satu nomor saja; ekstensi ada kolomnya sendiri'],
  [/^name an agent that the office has, or leave it out$/, 'nama agen yang terdaftar, atau kosongkan'],
  [/^give the id of the follow-up that this one completes, or leave it out$/, 'nomor tindak lanjut yang dilengkapi, atau kosongkan'],
  [/^want one field for each column, empty ones too$/, 'satu isian untuk setiap kolom, juga yang kosong'],
  [/^did you mean (.+)\?$/, 'mungkin maksudnya $1'],
  [/^(?:known: |one of )(.+)$/, 'salah satu dari $1'],
  [/^write it as (PJSIP\/\S+): letters, digits, - and _$/, 'tulis seperti $1: huruf, angka, - dan _'],
  [/^use 1 to 32 characters of a-z, 0-9, dots and -, a letter or digit first$/, '1 sampai 32 tanda a-z, 0-9, titik, dan -, diawali huruf atau angka'],
  [/^choose another: the history tells them apart by name$/, 'pilih nama lain'],
  [/^take some words that do not belong together$/, 'pakai beberapa kata yang tidak berhubungan'],
  [/^give the user's first password$/, 'kata sandi pertama pengguna ini'],
  [/^say why: the history carries it$/, 'tulis alasannya; alasan masuk riwayat aktivitas'],
  [/^give the time the taxpayer asked for$/, 'waktu yang diminta Wajib Pajak/Masyarakat'],
  [/^the office opens next at (.+)$/, 'kantor buka lagi pada $1'],
  [/^leave it out(?: for no bound)?$/, 'kosongkan'],
  [/^export a year at a time$/, 'ekspor paling lama satu tahun sekali'],
  [/^cancel that one, or set allow_duplicate to true$/, 'batalkan yang itu, atau isi kolom allow_duplicate dengan true'],
]

/** A fault in the language of the pages. */
export function faultIn(fault: FieldFault): FieldFault {
  if (language.value === 'en') return { ...fault, problem: capital(fault.problem) }
  return { ...fault, problem: capital(said(problems, fault.problem)), remedy: said(remedies, fault.remedy) }
}

/** What was refused of one field, in the language of the pages. */
export function faultOf(failure: Failure | undefined, field: string): FieldFault | undefined {
  const fault = failure?.of(field)
  return fault && faultIn(fault)
}

function said(words: Words, text: string): string {
  for (const [pattern, translation] of words) {
    if (pattern.test(text)) return text.replace(pattern, translation)
  }
  return text
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
