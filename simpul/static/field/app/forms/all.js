// The forms by the name in their address; each file is loaded when its form is first opened.

const FILES = {
  kunjungan: ["./visit.js", "visit"],
  verifikasi: ["./visit.js", "verification"],
  "rumah-tangga": ["./register.js", "household"],
  orang: ["./register.js", "person"],
  gabung: ["./register.js", "join"],
  koreksi: ["./correct.js", "household"],
  rumah: ["./correct.js", "house"],
  "ubah-orang": ["./correct.js", "person"],
  profil: ["./correct.js", "profile"],
  kontak: ["./contact.js", "add"],
  "ubah-kontak": ["./contact.js", "change"],
  perkara: ["./matter.js", "open"],
  surat: ["./matter.js", "letter"],
  tambahan: ["./matter.js", "addition"],
  rujukan: ["./matter.js", "referral"],
  kis: ["./aid.js", "kis"],
  "minta-kis": ["./aid.js", "askCard"],
  penyerahan: ["./aid.js", "delivery"],
  peristiwa: ["./life.js", "event"],
  keluar: ["./life.js", "leave"],
  persetujuan: ["./life.js", "consent"],
  tanda: ["./life.js", "flag"],
  hadir: ["./meeting.js", "attendance"],
  tamu: ["./trip.js", "guest"],
  penjelasan: ["./trip.js", "socialisation"],
  janji: ["./trip.js", "promise"],
  pendampingan: ["./trip.js", "accompaniment"],
  dampingi: ["./trip.js", "accompany"],
  berangkat: ["./trip.js", "start"],
  tiba: ["./trip.js", "arrive"],
  pergi: ["./trip.js", "close"],
  pulang: ["./trip.js", "back"],
};

export async function find(name) {
  if (!FILES[name]) return null;
  const [file, part] = FILES[name];
  return (await import(file))[part];
}
