"""The places that every letter's text may use, what they mean, and an example of each with clearly made-up people.

Three kinds fill at different times: the village's, the person's and the family's when a letter is drafted; the letter's and the
signer's at its release (``PENDING``), because before that there is no number and nobody has signed. A type's own inputs and parties
come on top (``letters.rules.types``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from simpul.letters.rules import spelling

FAMILY_SIZE = 7
"""Members of the family card that a text can name one by one; a repeated row ("*klg:") prints as many as there are."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One place: its name, what it is in both languages, where it comes from, and an example."""

    name: str
    label: str
    label_en: str
    source: str  # letter, village, person, family, signer
    sample: str


def _rows(source: str, *rows: tuple[str, str, str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(name, label, label_en, source, sample) for name, label, label_en, sample in rows)


LETTER = _rows(
    "letter",
    ("judul_surat", "Judul surat", "Heading of the letter", "Surat Keterangan Contoh"),
    ("nomor_surat", "Nomor surat", "Number of the letter", "400.8/001/CONTOH/XI/2026"),
    ("tgl_surat", "Tanggal surat", "Date of the letter", "2026-11-26"),
    ("mulai_berlaku", "Mulai berlaku", "Valid from", "2026-11-26"),
    ("berlaku_sampai", "Berlaku sampai", "Valid until", "2026-12-26"),
    ("keperluan", "Keperluan", "Purpose", "melamar pekerjaan"),
)
VILLAGE = _rows(
    "village",
    ("nama_desa", "Nama desa", "Name of the village", "Contoh Jaya"),
    ("kode_desa", "Kode desa", "Code of the village", "73.99.99.2999"),
    ("nama_kecamatan", "Nama kecamatan", "Name of the district", "Contoh Timur"),
    ("nama_kabupaten", "Nama kabupaten atau kota", "Name of the regency or city", "Contoh Raya"),
    ("nama_provinsi", "Nama provinsi", "Name of the province", "Sulawesi Contoh"),
    ("sebutan_desa", "Sebutan desa", "What the village is called", "Desa"),
    ("sebutan_kepala_desa", "Sebutan kepala desa", "What its head is called", "Kepala Desa"),
    ("sebutan_kecamatan", "Sebutan kecamatan", "What the district is called", "Kecamatan"),
    ("sebutan_kabupaten", "Sebutan kabupaten", "What the regency is called", "Kabupaten"),
)
PERSON = _rows(
    "person",
    ("nama", "Nama lengkap", "Full name", "Contoh Daeng Ngalle"),
    ("nik", "NIK", "NIK", "7399990101900001"),
    ("ttl", "Tempat, tanggal lahir", "Place and date of birth", "Contoh Jaya, 1 Januari 1990"),
    ("tempatlahir", "Tempat lahir", "Place of birth", "Contoh Jaya"),
    ("tanggallahir", "Tanggal lahir", "Date of birth", "1990-01-01"),
    ("usia", "Usia (tahun)", "Age in years", "36"),
    ("jenis_kelamin", "Jenis kelamin", "Sex", "Laki-laki"),
    ("agama", "Agama", "Religion", "Islam"),
    ("status_kawin", "Status perkawinan", "Marital status", "Kawin"),
    ("pekerjaan", "Pekerjaan", "Occupation", "Petani"),
    ("pendidikan_kk", "Pendidikan", "Education", "SMA sederajat"),
    ("warga_negara", "Kewarganegaraan", "Nationality", "Indonesia"),
    ("alamat", "Alamat", "Address", "Dusun Contoh, Desa Contoh Jaya, Kecamatan Contoh Timur"),
    ("dusun", "Dusun", "Hamlet", "Contoh"),
    ("gol_darah", "Golongan darah", "Blood group", "O"),
    ("no_kk", "Nomor KK", "Number of the family card", "7399990101100001"),
    ("kepala_kk", "Kepala keluarga", "Head of the family", "Contoh Daeng Ngalle"),
    ("hubungan_kk", "Hubungan dalam keluarga", "Relation to the head", "Kepala keluarga"),
    ("akta_lahir", "Nomor akta kelahiran", "Number of the birth certificate", "7399-LT-01012010-0001"),
    ("akta_nikah", "Nomor akta atau buku nikah", "Number of the marriage record", "0001/01/I/2012"),
    ("nama_ayah", "Nama ayah", "Father's name", "Contoh Daeng Tompo"),
    ("nik_ayah", "NIK ayah", "Father's NIK", "7399990101600001"),
    ("nama_ibu", "Nama ibu", "Mother's name", "Contoh Daeng Baji"),
    ("nik_ibu", "NIK ibu", "Mother's NIK", "7399994101620001"),
    ("nomor_kis", "Nomor kartu KIS", "Number of the KIS card", "0009999999999"),
    ("telepon", "Nomor telepon", "Telephone number", "0812-0000-0000"),
)
SIGNER = _rows(
    "signer",
    (
        "atas_nama",
        "Atas nama (kosong bila ditandatangani sendiri)",
        "In whose name",
        "a.n. Kepala Desa Contoh Jaya",
    ),
    ("jabatan", "Jabatan penanda tangan", "Office of who signs", "Kepala Desa Contoh Jaya"),
    ("nama_pamong", "Nama penanda tangan", "Name of who signs", "Contoh Daeng Situju"),
    ("nip_pamong", "NIP atau NIAP penanda tangan", "Staff number of who signs", "199001012020011001"),
)
OF_A_MEMBER = (
    "nama",
    "nik",
    "ttl",
    "tempatlahir",
    "tanggallahir",
    "usia",
    "jenis_kelamin",
    "agama",
    "status_kawin",
    "pekerjaan",
    "pendidikan",
    "hubungan",
)
"""What is known of each member of the family: ``klg1_nama`` ... ``klg7_hubungan``, or without the number in a row "*klg:"."""

_SAMPLE_FAMILY: Sequence[Mapping[str, str]] = (
    {
        "nama": "Contoh Daeng Ngalle",
        "nik": "7399990101900001",
        "ttl": "Contoh Jaya, 1 Januari 1990",
        "usia": "36",
        "jenis_kelamin": "Laki-laki",
        "status_kawin": "Kawin",
        "pekerjaan": "Petani",
        "hubungan": "Kepala keluarga",
    },
    {
        "nama": "Contoh Daeng Rannu",
        "nik": "7399994202920002",
        "ttl": "Contoh Jaya, 2 Februari 1992",
        "usia": "34",
        "jenis_kelamin": "Perempuan",
        "status_kawin": "Kawin",
        "pekerjaan": "Pedagang",
        "hubungan": "Istri",
    },
    {
        "nama": "Contoh Daeng Lesang",
        "nik": "7399990303150003",
        "ttl": "Contoh Jaya, 3 Maret 2015",
        "usia": "11",
        "jenis_kelamin": "Laki-laki",
        "status_kawin": "Belum kawin",
        "pekerjaan": "Pelajar",
        "hubungan": "Anak",
    },
)
ALL: tuple[Variable, ...] = (*PERSON, *VILLAGE, *LETTER, *SIGNER)
"""Every place with a name of its own, in the order a writer looks for them."""
NAMES: frozenset[str] = frozenset(
    {
        *(one.name for one in ALL),
        *(f"klg{number}_{name}" for number in range(1, FAMILY_SIZE + 1) for name in OF_A_MEMBER),
    }
)
"""Every name a text may use besides its type's own."""
PENDING: frozenset[str] = frozenset(
    {one.name for one in (*SIGNER, *LETTER)} - {"keperluan"},
)
"""Filled at release, and therefore not missing before it."""
GROUPS: Mapping[str, tuple[str, ...]] = {"klg": OF_A_MEMBER}
"""Groups of people a row can be repeated for, besides the type's own parties."""


def sample_values() -> dict[str, str]:
    """A value for every place, of people who are plainly made up: for the preview of a text."""
    found = {one.name: one.sample for one in ALL} | {"atas_nama": ""}
    for number, member in enumerate(_SAMPLE_FAMILY, start=1):
        found |= {f"klg{number}_{name}": value for name, value in member.items()}
    return found


def release_values(
    *,
    heading: str,
    number: str,
    letter_date: date,
    valid_until: date | None,
    authority: str,
    signer_name: str,
    signer_title: str,
    signer_number: str,
    head_title: str,
) -> dict[str, str]:
    """What a letter's text gets at release: number, dates, and who signs by which right.

    Args:
        authority: "own", or "an" when somebody signs in the head's name (Permendagri 1/2023 Appendix: "a.n." before the office).
        head_title: the head's office, such as "Kepala Desa Massamaturu"; named by who signs in his name.
    """
    acting = authority == "an"
    return {
        "judul_surat": heading,
        "nomor_surat": number,
        "tgl_surat": letter_date.isoformat(),
        "mulai_berlaku": letter_date.isoformat(),
        "berlaku_sampai": valid_until.isoformat() if valid_until else "",
        "atas_nama": f"a.n. {head_title}" if acting else "",
        "jabatan": f"{signer_title}, atas nama {head_title}" if acting else signer_title,
        "nama_pamong": signer_name,
        "nip_pamong": signer_number,
    }


def birth_words(place: str, day: date | None) -> str:
    """Place and date of birth as identity cards have it: "Takalar, 3 Mei 1990"; what is unknown is left out."""
    return ", ".join(part for part in (place.strip(), spelling.long_date(day) if day else "") if part)
