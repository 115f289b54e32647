"""Reading mails: the words, the thread, what no person wrote, and bytes of any kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simpul.messages.transports import mailreading
from simpul.messages.transports.incoming import Unreadable

HEAD = (
    "From: Siti Aminah <Siti@Contoh.ID>\r\nTo: pengaduan@mamuju.contoh\r\nSubject: {subject}\r\n"
    "Date: Mon, 23 Nov 2026 10:00:00 +0800\r\nMessage-ID: <abc@contoh.id>\r\n"
)


def mail(
    body: str = "Lampu jalan padam.", subject: str = "Lampu", more: str = "", kind: str = "text/plain"
) -> bytes:
    head = HEAD.format(subject=subject) + more
    return f"{head}Content-Type: {kind}; charset=utf-8\r\n\r\n{body}".encode()


def heard(raw: bytes):
    [one] = mailreading.read_mail(raw, "pengaduan@mamuju.contoh").heard
    return one


def test_a_plain_mail_is_its_sender_time_words_and_name() -> None:
    one = heard(mail())
    assert (one.channel, one.address, one.shown_name) == ("email", "siti@contoh.id", "Siti Aminah")
    assert (one.subject, one.text, one.external_id) == ("Lampu", "Lampu jalan padam.", "abc@contoh.id")
    assert one.sent_at == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert not one.is_automatic and not one.is_verified


def test_an_answer_names_the_mail_it_answers_and_the_number_in_its_subject() -> None:
    more = "In-Reply-To: <m1@mamuju.contoh>\r\nReferences: <m0@mamuju.contoh> <m1@mamuju.contoh>\r\n"
    one = heard(mail(subject="Re: Pertanyaan [SPL-2611-00047-K]", more=more))
    assert one.reply_to == "m1@mamuju.contoh"
    assert one.data["references"] == ["m1@mamuju.contoh", "m0@mamuju.contoh"]
    assert one.data["number"] == "SPL-2611-00047-K"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Di Dusun Taludu.\n\nPada Sen, 23 Nov 2026 pukul 09.00 Simpul <x@y> menulis:\n> Di dusun mana?", "Di Dusun Taludu."),
        ("Ya.\n\nOn Mon, Nov 23, 2026 at 9:00 AM Simpul wrote:\n> Benar?", "Ya."),
        ("Sudah.\n\n-----Original Message-----\nFrom: x@y", "Sudah."),
        ("> Di dusun mana?\nTaludu.\n> Sejak kapan?\nSebulan.", "> Di dusun mana?\nTaludu.\n> Sejak kapan?\nSebulan."),
        ("> hanya kutipan", "> hanya kutipan"),
        ("Kata mereka: Pada hari itu\nsaya menulis: tidak", "Kata mereka: Pada hari itu\nsaya menulis: tidak"),
    ],
)  # fmt: skip
def test_what_was_quoted_below_is_kept_apart_and_nothing_is_lost(body: str, words: str) -> None:
    one = heard(mail(body))
    assert one.text == words
    whole = f"{one.text}\n{one.data.get('quoted', '')}"
    assert all(line.strip() in whole for line in body.splitlines())


def test_html_becomes_words_without_script_style_or_hidden_addresses() -> None:
    markup = (
        "<html><head><style>p{color:red}</style></head><body><p>Atap <b>bocor</b> &amp; basah</p>"
        "<script>alert(1)</script><a href='https://jahat.contoh'>klik</a><img src='https://lacak.contoh/x.png'></body></html>"
    )
    one = heard(mail(markup, kind="text/html"))
    assert one.text.split() == ["Atap", "bocor", "&", "basah", "klik"]
    assert "https" not in one.text


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated; owner\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <warga.contoh.id>\r\n",
        "X-Autoreply: yes\r\n",
        "Return-Path: <>\r\n",
        "X-Auto-Response-Suppress: All\r\n",
    ],
)
def test_what_no_person_wrote_is_marked(more: str) -> None:
    assert heard(mail(more=more)).is_automatic


@pytest.mark.parametrize("more", ["Auto-Submitted: no\r\n", "Return-Path: <siti@contoh.id>\r\n", ""])
def test_what_a_person_wrote_is_not(more: str) -> None:
    assert not heard(mail(more=more)).is_automatic


def test_our_own_mail_coming_round_is_not_heard() -> None:
    raw = mail().replace(b"Siti@Contoh.ID", b"Pengaduan@mamuju.contoh")
    assert mailreading.read_mail(raw, "pengaduan@mamuju.contoh").heard == ()


def test_a_mail_without_a_sender_or_a_name_is_kept() -> None:
    raw = b"Date: Mon, 23 Nov 2026 10:00:00 +0800\r\nSubject: tolong\r\n\r\nTolong kami."
    one = heard(raw)
    assert (one.address, one.external_id, one.text) == ("", "", "Tolong kami.")
    assert one.once == heard(raw).once != heard(raw + b"!").once


def test_attachments_are_named_and_can_be_taken_out_again() -> None:
    raw = (
        HEAD.format(subject="Foto").encode()
        + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nLihat foto.\r\n"
        b'--x\r\nContent-Type: image/jpeg; name="atap.jpg"\r\nContent-Disposition: attachment; filename="atap.jpg"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n/9j/2Q==\r\n"
        b'--x\r\nContent-Type: text/html; name="a.html"\r\nContent-Disposition: attachment; filename="a.html"\r\n\r\n<p>x</p>\r\n'
        b"--x--\r\n"
    )
    one = heard(raw)
    assert one.text == "Lihat foto."
    assert [(file.kind, file.name, file.mime) for file in one.files] == [
        ("image", "atap.jpg", "image/jpeg"),
        ("document", "a.html", "text/html"),
    ]
    assert mailreading.file_of(raw, 0) == b"\xff\xd8\xff\xd9"
    with pytest.raises(Unreadable):
        mailreading.file_of(raw, 9)


BOUNCE = b"""From: Mailer-Daemon@mail.contoh
To: pengaduan@mamuju.contoh
Date: Mon, 23 Nov 2026 10:05:00 +0800
Message-ID: <bounce1@mail.contoh>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.contoh

Final-Recipient: rfc822; siti@contoh.id
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

From: pengaduan@mamuju.contoh
Message-ID: <m1@mamuju.contoh>
Subject: Jawaban

Isi
--b--
"""


def test_a_bounce_is_a_report_about_our_mail_and_no_message() -> None:
    reading = mailreading.read_mail(BOUNCE.replace(b"\n", b"\r\n"), "pengaduan@mamuju.contoh")
    assert reading.heard == ()
    [report] = reading.reports
    assert (report.external_id, report.status, report.code) == ("m1@mamuju.contoh", "failed", "5.1.1")
    assert "550" in report.detail


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"hanya kata-kata", b"{}", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        mailreading.read_mail(raw, "")


HEADS = st.sampled_from(
    [b"From: ", b"Subject: ", b"Date: ", b"Message-ID: <", b"Content-Type: ", b"In-Reply-To: ", b"=?utf-8?B?", b"\r\n",
     b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", b"charset=nonsense", b"Content-Transfer-Encoding: base64\r\n"]
)  # fmt: skip


@given(st.lists(st.one_of(HEADS, st.binary(max_size=40)), max_size=20).map(b"".join))
@example(b"From: =?utf-8?B?!!!?= <a@b>\r\nContent-Type: text/plain; charset=\xff\r\n\r\n\xff\xfe")
@example(b"From: a@b\r\nContent-Disposition: attachment; filename*0*=utf-16''%FF\r\n\r\nx")
def test_any_bytes_are_read_or_refused_and_always_the_same_way(raw: bytes) -> None:
    try:
        first = mailreading.read_mail(b"Date: x\r\n" + raw, "kami@contoh.id")
    except Unreadable:
        return
    assert mailreading.read_mail(b"Date: x\r\n" + raw, "kami@contoh.id") == first
