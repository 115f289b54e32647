"""The keyword menu: what is a command, what is a sentence, and that nothing anybody types breaks it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.journal.models import Line as JournalLine
from simpul.lib import ids
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.messages import actions
from simpul.messages.models import Message
from simpul.messages.rules import menu
from simpul.messages.rules.menu import Word
from tests.cast import assemble
from tests.talk import Line

NUMBER = ids.format_case_number("SPL", 2026, 11, 47)
LETTER = NUMBER[-1]
PIN = "481923"

COMMANDS = [
    ("LAPOR jalan ke dusun putus", Word.REPORT, "jalan ke dusun putus"),
    ("lapor: jalan putus", Word.REPORT, "jalan putus"),
    ("  Lapor\njalan putus\nsejak Senin", Word.REPORT, "jalan putus\nsejak Senin"),
    ("lapoor jalan putus", Word.REPORT, "jalan putus"),
    ("LAP0R jalan putus", Word.REPORT, "jalan putus"),
    ("lapr0 air mati", Word.REPORT, "air mati"),
    ("la por air mati", Word.REPORT, "air mati"),
    ("#LAPOR air mati", Word.REPORT, "air mati"),
    ("/lapor air mati", Word.REPORT, "air mati"),
    ("Laporan: air mati", Word.REPORT, "air mati"),
    ("REPORT the bridge is broken", Word.REPORT, "the bridge is broken"),
    ("lapor", Word.REPORT, ""),
    ("LAPORRR!!!", Word.REPORT, ""),
    ("bantuan", Word.HELP, ""),
    ("BANTUAN?", Word.HELP, ""),
    ("bantuuan", Word.HELP, ""),
    ("help", Word.HELP, ""),
    ("/start", Word.START, ""),
    ("info", Word.HELP, ""),
    ("?", Word.HELP, ""),
    ("berhenti", Word.STOP, ""),
    ("Berenti.", Word.STOP, ""),
    ("STOP", Word.STOP, ""),
    ("mulai", Word.START, ""),
    ("selesai", Word.DONE, ""),
    ("Selesai pak, terima kasih", Word.DONE, ""),
    ("slesai", Word.DONE, ""),
    ("done", Word.DONE, ""),
    ("status", Word.STATUS, ""),
    ("Setatus laporan saya", Word.STATUS, ""),
    ("surat", Word.LETTER, ""),
    ("SURAT pak", Word.LETTER, ""),
    ("Surta", Word.LETTER, ""),
    ("surat keterangan desa", Word.LETTER, ""),
    ("LETTER", Word.LETTER, ""),
]

SENTENCES = [
    "tolong lapor ke polisi",
    "Pak, saya mau lapor",
    "Lapar sekali, sudah dua hari belum ada beras",
    "Laporan saya kemarin bagaimana?",
    "Bantuan belum sampai di dusun kami",
    "bantuan pak",
    "Pekerjaan jembatan sudah selesai",
    "Selesai sudah harapan kami",
    "selesai kapan jalannya?",
    "status tanah kami bagaimana",
    "Stop pungli di kantor desa!",
    "Mulai kapan dibagikan?",
    "Info gempa dong",
    "cek listrik dusun Taludu",
    "info 081244556677",
    "Terima kasih",
    "",
    "   ",
    "👍",
    "Labor kami rusak",
    "Surat saya kapan jadi?",
    "surat domisili untuk anak saya",
    "Surau kami bocor",
]

ASKED = [
    f"STATUS {NUMBER} {PIN}",
    f"status {NUMBER.lower()} {PIN}",
    f"setatus {NUMBER.replace('-', '')}{PIN}",
    f"stts SPL 26II OOO47 {LETTER} 48I923",
    f"status no {NUMBER} pin {PIN}",
    f"STATUS:{NUMBER}/PIN{PIN}",
    f"cek 2611-00047-{LETTER} {PIN}",
    f"sta tus {NUMBER} {PIN}",
    f"Status laporan nomor {NUMBER} dengan pin {PIN} terima kasih",
    f"sttatus {NUMBER}\n{PIN}",
]


@pytest.mark.parametrize(("text", "word", "words"), COMMANDS)
def test_commands_are_understood_however_they_are_typed(text: str, word: Word, words: str) -> None:
    found = menu.read(text, "SPL")
    assert found == menu.Command(word, words=words)


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_are_for_people(text: str) -> None:
    assert menu.read(text, "SPL") is None


@pytest.mark.parametrize("text", ASKED)
def test_number_and_pin_are_read_however_they_are_typed(text: str) -> None:
    assert menu.read(text, "SPL") == menu.Command(Word.STATUS, number=NUMBER, pin=PIN)
    done = menu.read(
        "SELESAI" + text[text.index(" ") :] if text.startswith("STATUS ") else f"SELESAI {NUMBER}{PIN}", "SPL"
    )
    assert done == menu.Command(Word.DONE, number=NUMBER, pin=PIN)


def test_a_receipt_of_sixteen_digits_stands_alone() -> None:
    receipt = ids.new_receipt16()
    found = menu.read(f"status {ids.group_digits(receipt, 4)}", "SPL")
    assert found == menu.Command(Word.STATUS, number=receipt)


def test_a_wrong_number_stays_a_try() -> None:
    found = menu.read("STATUS SPL-2611-00048-A 111222", "SPL")
    assert found is not None
    assert (found.word, found.pin) == (Word.STATUS, "111222")
    assert found.number


def test_pins_are_hidden_from_officers() -> None:
    shown = menu.without_pin(f"status {NUMBER}{PIN}", "SPL")
    assert PIN not in shown
    assert NUMBER in shown
    assert PIN not in menu.without_pin(f"Laporan diterima. Nomor {NUMBER} PIN {PIN}. Dijawab", "SPL")
    assert PIN not in menu.without_pin(f"Nomor: {NUMBER}\nPIN: {PIN}\n", "SPL")
    receipt = ids.new_receipt16()
    assert receipt not in menu.without_pin(f"STATUS {receipt}", "SPL")
    assert menu.without_pin("Jalan putus 123456", "SPL") == "Jalan putus 123456"


@given(st.text(max_size=300))
def test_no_text_breaks_the_menu(text: str) -> None:
    found = menu.read(text, "SPL")
    assert found is None or isinstance(found.word, Word)
    menu.without_pin(text, "SPL")


@given(st.text(alphabet=string.ascii_lowercase + " ", min_size=1, max_size=120))
def test_what_follows_lapor_is_never_lost(words: str) -> None:
    found = menu.read(f"LAPOR {words}", "SPL")
    assert found is not None
    assert found.words == words.strip()


@given(
    st.integers(1, 9_999_999),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.sampled_from(["", " ", "-", ".", "/", "  "]),
    st.booleans(),
)
def test_every_number_and_pin_is_read(sequence: int, pin: str, gap: str, small: bool) -> None:
    number = ids.format_case_number("SPL", 2026, 11, sequence)
    typed = f"status {number.replace('-', gap)}{gap}{pin}"
    found = menu.read(typed.lower() if small else typed, "SPL")
    assert found == menu.Command(Word.STATUS, number=number, pin=pin)


@pytest.mark.django_db
def test_the_outbox_forgets_pins_after_a_day() -> None:
    line = Line(assemble())
    line.says("LAPOR air mati")
    line.says("bantuan")
    receipt = Message.objects.get(asked_key="menu_receipt")
    pin = receipt.values["pin"]
    Message.objects.update(state="sent")
    assert actions.forget_pins(by=MACHINE, at=line.wait(hours=23)) == 0
    assert actions.forget_pins(by=MACHINE, at=line.wait(hours=2)) == 1
    receipt.refresh_from_db()
    assert pin not in receipt.body
    assert receipt.values == {}
    assert actions.forget_pins(by=MACHINE, at=line.wait(hours=2)) == 0
    assert JournalLine.objects.get(kind="pins.forget").facts == {"messages": 1}
    with pytest.raises(NotAllowed):
        actions.forget_pins(by=line.cast.admin, at=line.at)
