import { dictionary } from '../i18n/language'

/** Texts of the demonstration. */
export const demoTexts = dictionary({
  id: {
    lead: 'Ini peragaan: semua orang, suara, dan nomor adalah rekaan. Pilih satu pintu; yang lain dapat dibuka kemudian.',
    be: { agent: 'Jadilah agen', supervisor: 'Jadilah supervisor', qa: 'Jadilah QA', admin: '' },
    door: {
      agent: 'Sebuah panggilan masuk. Dengarkan, lalu tetapkan hasilnya.',
      supervisor: 'Masukkan tindak lanjut, dan lihat ia dihubungi.',
      qa: 'Temukan percakapannya, dan dengarkan.',
      admin: '',
    },
    heading: 'Peragaan',
    steps: {
      agent: [
        'Tekan R: Anda siap, dan panggilan masuk sendiri. Telepon Anda disimulasikan: ia menjawab sendiri, dan sebuah suara berbicara sebagai Anda.',
        'Dengarkan wajib pajak. Tekan I bila identitasnya cocok: pesannya tampak utuh.',
        'Tekan H dua kali untuk menutup telepon, lalu 1 dan Enter: pesan tersampaikan. Setelah itu jadilah QA dan dengarkan rekamannya.',
      ],
      supervisor: [
        'Buka Tambah dan isi dengan apa saja, misalnya tiket COBA-1 dan nomor 081200000777: nomor apa pun dijawab oleh wajib pajak rekaan.',
        'Buka Papan, lalu klik tiket itu: agen rekaan dipanggil, lalu wajib pajak, sampai selesai.',
        'Selagi mereka bicara, tekan Dengarkan: telepon Anda disimulasikan, ia menjawab sendiri, dan Anda mendengar keduanya di sini.',
      ],
      qa: ['Pilih satu berkas dari daftar.', 'Putar rekamannya: agen di atas, wajib pajak di bawah. Lalu terima atau kembalikan.'],
      admin: [],
    },
    sound: 'Suara telepon',
    allow: 'Nyalakan suara',
    failed: 'Pintu itu tidak terbuka. Coba lagi.',
  },
  en: {
    lead: 'This is a demonstration: everybody, every voice and every number is made up. Choose a door; the others can be opened later.',
    be: { agent: 'Be the agent', supervisor: 'Be the supervisor', qa: 'Be QA', admin: '' },
    door: {
      agent: 'A call comes in. Listen, then say what came of it.',
      supervisor: 'Enqueue a follow-up, and see it dialled.',
      qa: 'Find the conversation, and hear it.',
      admin: '',
    },
    heading: 'Demonstration',
    steps: {
      agent: [
        'Press R: you are ready, and a call comes by itself. Your telephone is simulated: it answers by itself, and a voice speaks as you.',
        'Listen to the taxpayer. Press I once the identity is right: the message is shown in full.',
        'Press H twice to hang up, then 1 and Enter: the message was delivered. After that be QA, and hear the recording.',
      ],
      supervisor: [
        'Open Add and fill in anything, such as ticket COBA-1 and number 081200000777: a made-up taxpayer answers at any number.',
        'Open the Wall, then click that ticket: a made-up agent is rung, then the taxpayer, up to the end.',
        'While they talk, press Listen: your telephone is simulated, it answers by itself, and you hear both of them here.',
      ],
      qa: ['Choose a dossier from the list.', 'Play its recording: the agent above, the taxpayer below. Then accept or return it.'],
      admin: [],
    },
    sound: 'Sound of the telephone',
    allow: 'Turn the sound on',
    failed: 'That door does not open. Try again.',
  },
})
