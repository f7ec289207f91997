import { dictionary } from '../i18n/language'

export const adminTexts = dictionary({
  id: {
    partsLabel: 'Bagian halaman administrator',
    parts: { system: 'Keadaan sistem', users: 'Pengguna', agents: 'Agen', calendar: 'Kalender' },
    remove: 'Hapus',
    system: {
      heading: 'Keadaan sistem', readAgain: 'Baca ulang', answered: (node: string, version: string) => `dijawab oleh ${node}, versi ${version}`,
      dialling: 'Panggilan baru', diallingOn: 'berjalan', archive: 'Arsip', works: 'baik', fails: 'terganggu',
      switches: 'Server telepon', name: 'Nama', state: 'Keadaan', owner: 'Dipegang oleh', reachable: 'terjangkau', unreachable: 'tidak terjangkau',
      owned: 'layanan ini', nobody: 'tidak ada', counts: 'Tindak lanjut', number: 'Jumlah', evidence: 'Bukti',
      awaiting: 'Sudah direkam, menunggu masuk arsip', pending: 'Tindak lanjut yang buktinya belum lengkap di arsip', spool: 'Ruang antara',
      spoolOf: (bytes: string, limit: string, files: number) => `${bytes} dari ${limit}, ${files} berkas`,
      evidenceLead: 'Rekaman baru dihapus dari server telepon setelah salinannya di arsip diverifikasi.',
    },
    users: {
      heading: 'Pengguna', add: 'Tambah pengguna', change: 'Ubah', role: 'Peran', telephone: 'Agen atau telepon', changed: 'Diubah', actions: 'Tindakan',
      none: 'Belum ada pengguna.', disabled: 'dinonaktifkan', disable: 'Nonaktifkan: tidak dapat masuk, dan semua sesinya berakhir',
      changeTitle: (name: string) => `Ubah ${name}`, saved: (name: string) => `Pengguna ${name} disimpan.`,
      removeTitle: (name: string) => `Hapus pengguna ${name}?`, removeLead: 'Semua sesinya langsung berakhir. Yang sudah tercatat dalam riwayat tetap ada.',
      nameHint: '1 sampai 32 tanda: a-z, 0-9, titik, dan strip', ownChoice: 'pilihan pengguna sendiri',
      newPassword: 'Kata sandi baru', passwordHint: 'Sedikitnya 12 tanda', passwordStays: 'Kosong: kata sandi tetap. Bila diisi, semua sesinya berakhir',
      endpoint: 'Telepon sendiri', endpointHint: 'Untuk mendengarkan percakapan, seperti PJSIP/spv-1; boleh kosong', atSwitch: 'Server telepon',
    },
    agents: {
      heading: 'Agen dan teleponnya', add: 'Tambah agen', change: 'Ubah', id: 'Agen', idHint: '1 sampai 32 tanda: a-z, 0-9, dan strip',
      endpoint: 'Telepon', endpointHint: 'Seperti PJSIP/agent-1', atSwitch: 'Server telepon', specialisation: 'Keahlian', presence: 'Kehadiran', actions: 'Tindakan',
      optional: 'Boleh kosong', none: 'Belum ada agen.', saved: (id: string) => `Agen ${id} disimpan.`, changeTitle: (id: string) => `Ubah ${id}`,
      removeTitle: (id: string) => `Hapus agen ${id}?`, removeLead: 'Agen ini tidak akan menerima panggilan lagi. Yang sudah tercatat dalam riwayat tetap ada.',
    },
    calendar: {
      heading: 'Kalender yang berlaku', version: (version: string) => `versi ${version}`, provisional: 'sementara',
      provisionalLead: 'Sebagian bergantung pada hari libur yang belum ditetapkan.', alwaysOpen: 'Kalender ini selalu buka. Hanya untuk percobaan.',
      lead: 'Batas waktu dihitung dari kalender ini. Operator mengubahnya lewat berkas kalender.', days: 'Jam kerja', day: 'Hari', hours: 'Jam',
      holidays: 'Hari libur', holiday: 'Keterangan', none: 'Tidak ada dalam 30 hari mendatang.',
    },
  },
  en: {
    partsLabel: 'Parts of the administrator’s page',
    parts: { system: 'System state', users: 'Users', agents: 'Agents', calendar: 'Calendar' },
    remove: 'Remove',
    system: {
      heading: 'System state', readAgain: 'Read again', answered: (node: string, version: string) => `answered by ${node}, version ${version}`,
      dialling: 'New calls', diallingOn: 'go on', archive: 'Archive', works: 'works', fails: 'fails',
      switches: 'Switches', name: 'Name', state: 'State', owner: 'Held by', reachable: 'reachable', unreachable: 'not reachable',
      owned: 'this daemon', nobody: 'nobody', counts: 'Follow-ups', number: 'Number', evidence: 'Evidence',
      awaiting: 'Recorded, awaiting the bucket', pending: 'Follow-ups whose evidence is not complete in the archive', spool: 'Spool',
      spoolOf: (bytes: string, limit: string, files: number) => `${bytes} of ${limit}, ${files} files`,
      evidenceLead: 'A recording is removed from the switch only after its copy in the archive was verified.',
    },
    users: {
      heading: 'Users', add: 'Add a user', change: 'Change', role: 'Role', telephone: 'Agent or telephone', changed: 'Changed', actions: 'Actions',
      none: 'There are no users yet.', disabled: 'disabled', disable: 'Disable: cannot sign in, and all sessions end',
      changeTitle: (name: string) => `Change ${name}`, saved: (name: string) => `User ${name} saved.`,
      removeTitle: (name: string) => `Remove user ${name}?`, removeLead: 'All sessions end at once. What stands in the history stays.',
      nameHint: '1 to 32 characters: a-z, 0-9, dots and dashes', ownChoice: 'as the user chooses',
      newPassword: 'New password', passwordHint: 'At least 12 characters', passwordStays: 'Empty: the password stays. If given, all sessions end',
      endpoint: 'Own telephone', endpointHint: 'To listen to talks, such as PJSIP/spv-1; may be empty', atSwitch: 'Switch',
    },
    agents: {
      heading: 'Agents and their telephones', add: 'Add an agent', change: 'Change', id: 'Agent', idHint: '1 to 32 characters: a-z, 0-9 and dashes',
      endpoint: 'Telephone', endpointHint: 'Such as PJSIP/agent-1', atSwitch: 'Switch', specialisation: 'Specialisation', presence: 'Presence', actions: 'Actions',
      optional: 'May be empty', none: 'There are no agents yet.', saved: (id: string) => `Agent ${id} saved.`, changeTitle: (id: string) => `Change ${id}`,
      removeTitle: (id: string) => `Remove agent ${id}?`, removeLead: 'This agent gets no calls any more. What stands in the history stays.',
    },
    calendar: {
      heading: 'The calendar in force', version: (version: string) => `version ${version}`, provisional: 'provisional',
      provisionalLead: 'Some of it rests on holidays that are not final.', alwaysOpen: 'This calendar is always open. For trials only.',
      lead: 'Deadlines are counted by this calendar. The operator changes it in its files.', days: 'Working hours', day: 'Day', hours: 'Hours',
      holidays: 'Holidays', holiday: 'Name', none: 'None within the next 30 days.',
    },
  },
})
