"""/meja/percakapan/: who waits, the conversation, replying, making a matter, and what nobody else may see."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from simpul.cases.actions import intake, protection
from simpul.cases.models import Attachment, Case, Note
from simpul.journal.models import Line as JournalLine
from simpul.messages.models import Call, Correspondent, Incoming, Message
from simpul.people.models import Contact
from tests.cast import DUNGKAIT, Cast, assemble
from tests.talk import Line, keep_file
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
ABUSE = "anak tetangga saya diperkosa oleh pak kepala dusun"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def line(cast: Cast) -> Line:
    """A modem at the call centre that answers nothing by itself."""
    line = Line(cast, menu=False)
    line.at = timezone.now() - timedelta(hours=3)
    return line


def page(client: Client, who: Correspondent) -> str:
    """The words on the page of a conversation."""
    answer = client.get(f"/meja/percakapan/{who.id}/")
    assert answer.status_code == 200
    return words(answer)


def do(client: Client, who: Correspondent, slug: str, **given: Any) -> Any:
    """Press a button of the conversation."""
    return client.post(f"/meja/percakapan/{who.id}/{slug}/", given)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_who_waits_longest_stands_on_top(cast: Cast, line: Line) -> None:
    line.says("Air mati di dusun kami")
    line.says("Kapan beras dibagikan?", who=line.caller("+6281355500000", shown_name="Ali"))
    shown = words(sit(cast, "admin").get("/meja/percakapan/"))
    assert shown.index("Air mati") < shown.index("Kapan beras")
    assert "menunggu 2 jam" in shown
    assert "2 orang menunggu jawaban" in shown
    assert "Percakapan" in words(sit(cast, "admin").get("/meja/"))


def test_filters_and_search_live_in_the_address(cast: Cast, line: Line) -> None:
    line.says("Air mati di dusun kami")
    chat = Line(cast, road="whatsapp", menu=False)
    chat.says("Jembatan putus", who=chat.caller("ID.134912086553027", shown_name="Ali", number=""))
    client = sit(cast, "admin")
    for address, there, not_there in (
        ("channel=sms", "Air mati", "Jembatan"),
        ("words=jembatan", "Jembatan", "Air mati"),
        ("words=0812-4455-6677", "Air mati", "Jembatan"),
        ("words=Ali", "Jembatan", "Air mati"),
        ("view=all&desk=centre&words=siti", "Air mati", "Jembatan"),
    ):
        shown = words(client.get(f"/meja/percakapan/?{address}"))
        assert there in shown, address
        assert not_there not in shown, address
    assert "nomor disembunyikan" in words(client.get("/meja/percakapan/?channel=whatsapp"))
    assert client.get("/meja/percakapan/?view=%3F&page=x&words=%00").status_code == 200


def test_the_list_costs_the_same_for_one_and_for_many(cast: Cast, line: Line) -> None:
    line.says("Air mati")
    client = sit(cast, "admin")
    client.get("/meja/percakapan/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/meja/percakapan/?view=all")
        return len(seen)

    one = queries()
    for number in range(12):
        line.says("Halo", who=line.caller(f"+62813555000{number:02d}", shown_name=f"Warga {number}"))
    assert queries() == one


def test_the_page_costs_the_same_for_one_message_and_for_many(cast: Cast, line: Line) -> None:
    who = line.says("Air mati").correspondent
    client = sit(cast, "admin")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/meja/percakapan/{who.id}/")
        return len(seen)

    queries()
    one = queries()
    for number in range(10):
        message = line.says(f"Pesan {number}", kind="voice")
        keep_file(message, b"OggS" + bytes([number]), "audio/ogg", kind="voice")
    assert queries() <= one + 1  # the spoken languages and the like are asked for once


def test_neighbours_and_administrators_see_nothing(cast: Cast, line: Line) -> None:
    message = line.says("Air mati")
    for part in ("neighbour", "neighbour_manager", "administrator", "pokja", "approver"):
        client = sit(cast, part)
        answer = client.get("/meja/percakapan/")
        assert answer.status_code == 404 or "Air mati" not in words(answer)
        assert client.get(f"/meja/percakapan/{message.correspondent_id}/").status_code == 404
        assert do(client, message.correspondent, "balas", body="Halo").status_code == 404
        assert do(client, message.correspondent, "spam", messages=str(message.id)).status_code == 404
    assert Client().get("/meja/percakapan/").status_code == 302


# --- the conversation -------------------------------------------------------------------------------------------------


def test_a_conversation_shows_everything_said_on_every_channel(cast: Cast, line: Line) -> None:
    first = line.says("Air mati sejak kemarin")
    who = first.correspondent
    client = sit(cast, "admin")
    assert do(client, who, "tautkan", name="Siti Aminah", owner="own", safe="both").status_code == 302
    who.refresh_from_db()
    chat = Line(cast, road="whatsapp", menu=False)
    other = chat.says("Ini saya di WhatsApp").correspondent
    Correspondent.objects.filter(id=other.id).update(person_id=who.person_id)
    Call.objects.create(
        correspondent=who,
        desk=line.gateway.desk,
        region_code=DUNGKAIT,
        started_at=line.at,
        ended_at=line.at + timedelta(minutes=3),
        agent_name="Ratna Dewi",
        outcome="information",
        notes="Menanyakan jadwal",
    )
    do(client, who, "balas", body="Petugas datang besok pagi.", about="")
    shown = page(client, who)
    for text in (
        "Air mati sejak kemarin",
        "Ini saya di WhatsApp",
        "Menanyakan jadwal",
        "Petugas datang besok pagi.",
    ):
        assert text in shown
    for text in (
        "Mereka menelepon",
        "WhatsApp",
        "SMS",
        "Ratna Dewi",
        "pengirim tidak terbukti",
        "dapat dipalsukan",
    ):
        assert text in shown
    assert "Urungkan" in shown or "batalkan" in shown.casefold()


def test_files_are_served_to_those_who_read_the_message(cast: Cast, line: Line) -> None:
    message = line.says("Lihat foto", kind="image")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    photo = keep_file(message, out.getvalue(), "image/jpeg", caption="Jembatan")
    voice = keep_file(message, b"OggS-voice", "audio/ogg", kind="voice")
    waiting = keep_file(message, b"x", "application/pdf", kind="document", state="waiting")
    client = sit(cast, "admin")
    html = client.get(f"/meja/percakapan/{message.correspondent_id}/").content.decode()
    assert f'<img src="/meja/percakapan/berkas/{photo.id}/"' in html
    assert f'<audio controls preload="none" src="/meja/percakapan/berkas/{voice.id}/"' in html
    answer = client.get(f"/meja/percakapan/berkas/{photo.id}/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/meja/percakapan/berkas/{voice.id}/")["Content-Type"] == "audio/ogg"
    assert client.get(f"/meja/percakapan/berkas/{waiting.id}/").status_code == 404
    for part in ("neighbour", "neighbour_manager", "pokja"):
        assert sit(cast, part).get(f"/meja/percakapan/berkas/{photo.id}/").status_code == 404
    Incoming.objects.filter(id=message.id).update(sealed=True)
    assert client.get(f"/meja/percakapan/berkas/{photo.id}/").status_code == 404
    assert sit(cast, "focal").get(f"/meja/percakapan/berkas/{photo.id}/").status_code == 200


def test_html_in_a_message_stays_text(cast: Cast, line: Line) -> None:
    message = line.says("<script>alert(1)</script><b>tebal</b>", who=line.caller(shown_name="<i>Siti</i>"))
    html = sit(cast, "admin").get(f"/meja/percakapan/{message.correspondent_id}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<i>Siti" not in html


def test_a_pin_is_not_for_officers(cast: Cast) -> None:
    line = Line(cast)
    message = line.says("LAPOR jalan putus")
    told = Message.objects.get(asked_key="menu_receipt")
    pin = told.values["pin"]
    line.says(f"STATUS {told.values['number']} {pin}")
    client = sit(cast, "admin")
    shown = page(client, message.correspondent)
    assert pin not in shown
    assert told.values["number"] in shown
    assert pin not in words(client.get("/meja/percakapan/?view=all"))
    turning = client.get(f"/meja/percakapan/{message.correspondent_id}/urusan/")
    assert turning.status_code == 200 and pin not in turning.content.decode()
    asked = Incoming.objects.get(outcome="menu")
    chosen = client.get(f"/meja/percakapan/{message.correspondent_id}/urusan/?pesan={asked.id}")
    assert "STATUS" in chosen.content.decode() and pin not in chosen.content.decode()


# --- protected --------------------------------------------------------------------------------------------------------


def test_a_protected_sms_is_seen_by_focal_points_alone(cast: Cast) -> None:
    line = Line(cast)
    message = line.says(ABUSE)
    who = message.correspondent
    for part in (
        "admin",
        "second_admin",
        "manager",
        "pokja",
        "village_officer",
        "neighbour",
        "custodian",
        "approver",
    ):
        client = sit(cast, part)
        for address in ("?view=all", "?words=diperkosa", f"?words={who.number}", "?view=sealed"):
            answer = client.get(f"/meja/percakapan/{address}")
            assert answer.status_code == 404 or "Siti" not in words(answer)
        assert client.get(f"/meja/percakapan/{who.id}/").status_code == 404
        assert ABUSE not in words(client.get("/meja/cari/", {"q": "diperkosa"}))
    focal = sit(cast, "focal")
    assert "dilindungi" in words(focal.get("/meja/percakapan/?view=sealed"))
    assert ABUSE in page(focal, who)
    page(focal, who)
    assert JournalLine.objects.filter(kind="view.record", subject_id=who.id).count() == 1


def test_the_ordinary_part_of_a_conversation_stays_ordinary(cast: Cast, line: Line) -> None:
    who = line.says("Jadwal posyandu kapan?").correspondent
    line.says(ABUSE)
    shown = page(sit(cast, "admin"), who)
    assert "posyandu" in shown
    assert ABUSE not in shown
    assert ABUSE in page(sit(cast, "focal"), who)


def test_a_matter_that_is_sealed_later_takes_what_was_said_in_it_along(cast: Cast) -> None:
    line = Line(cast)
    line.at = timezone.now() - timedelta(hours=3)
    message = line.says("LAPOR pagar pak Rahmat roboh")
    case, who = Case.objects.get(), message.correspondent
    line.came("Kapan posyandu?")
    assert "roboh" in page(sit(cast, "admin"), who) and case.number in page(sit(cast, "admin"), who)
    waiting = Message.objects.get(asked_key="menu_receipt")
    protection.seal_case(by=cast.admin, at=line.wait(minutes=1), case_id=case.id, reason="Ada kekerasan.")
    admin = sit(cast, "admin")
    shown = page(admin, who)
    assert "posyandu" in shown and "roboh" not in shown and case.number not in shown
    assert "Siti" not in words(admin.get("/meja/percakapan/?view=all&words=roboh"))
    assert "roboh" in page(sit(cast, "focal"), who)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sealed) == ("held", True) or waiting.road == "slip"
    assert case.number not in waiting.body, "what nobody has got yet does not go out"
    assert JournalLine.objects.filter(kind="incoming.seal", subject_id=case.id).count() == 1


def test_what_has_left_is_closed_with_its_matter(cast: Cast) -> None:
    line = Line(cast)
    message = line.says("LAPOR pagar pak Rahmat roboh")
    Message.objects.update(state="sent")
    case = Case.objects.get()
    protection.seal_case(by=cast.admin, at=line.wait(minutes=1), case_id=case.id, reason="Ada kekerasan.")
    sent = Message.objects.get(answers=message)
    assert (sent.state, sent.sealed, sent.sensitive) == ("sent", True, True)


def test_whoever_is_kept_away_reads_nothing_of_the_matter_in_the_conversation(cast: Cast) -> None:
    line = Line(cast)
    line.at = timezone.now() - timedelta(hours=3)
    message = line.says("LAPOR petugas Sulaiman minta uang")
    photo = keep_file(message, b"a picture", "image/jpeg")
    who, case = message.correspondent, Case.objects.get()
    line.came("Kapan posyandu?", received_at=line.at - timedelta(hours=1))
    mate = sit(cast, "second_admin")
    assert mate.get(f"/meja/percakapan/berkas/{photo.id}/").status_code == 200
    assert "minta uang" in words(mate.get("/meja/percakapan/?view=all"))
    protection.exclude_case(
        by=cast.manager,
        at=line.at,
        case_id=case.id,
        reason="Ia dilaporkan.",
        user_id=cast.second_admin.user_id,
    )
    shown = page(mate, who)
    assert "posyandu" in shown and "minta uang" not in shown and case.number not in shown
    listed = words(mate.get("/meja/percakapan/?view=all"))
    assert "posyandu" in listed and "minta uang" not in listed
    assert "Siti" not in words(mate.get("/meja/percakapan/?view=all&words=minta+uang"))
    assert mate.get(f"/meja/percakapan/berkas/{photo.id}/").status_code == 404
    assert "minta uang" in page(sit(cast, "admin"), who)


def test_what_was_said_in_a_group_is_marked(cast: Cast) -> None:
    chat = Line(cast, road="telegram")
    message = chat.says("Siapa punya bibit?", data={"group": {"id": "-1001", "type": "group"}})
    assert "dikirim dalam grup" in page(sit(cast, "admin"), message.correspondent)


def test_a_conversation_of_another_desk_is_not_read_through_the_person(cast: Cast, line: Line) -> None:
    here = line.says("Jadwal posyandu kapan?").correspondent
    case = cast.case(reporter=intake.PersonGiven(name="Siti Aminah"))
    there = Correspondent.objects.create(
        channel="telegram", address="77", desk=cast.desk("shelter"), region_code="7371", shown_name="S",
        person_id=case.reporter_id, first_at=line.at,
    )  # fmt: skip
    Correspondent.objects.filter(id=here.id).update(person_id=case.reporter_id)
    Message.objects.create(
        subject_kind="correspondent", subject_id=there.id, once_key="w1", asked_key="free", text_key="free",
        road="telegram", language="id", body="rahasia antara meja lain dan Siti", queued_at=line.at,
        next_try_at=line.at, to_person_id=case.reporter_id, correspondent=there, state="sent",
    )  # fmt: skip
    assert "rahasia antara" not in page(sit(cast, "admin"), here)


# --- replying ---------------------------------------------------------------------------------------------------------


def test_a_reply_goes_out_and_settles_the_message(cast: Cast, line: Line) -> None:
    message = line.says("Air mati")
    client = sit(cast, "admin")
    answer = do(
        client,
        message.correspondent,
        "balas",
        body="Kami cek.",
        answers=str(message.id),
        once="a1",
        step="send",
    )
    assert answer.status_code == 302
    sent = Message.objects.get()
    assert (sent.body, sent.road, sent.written_by) == ("Kami cek.", "sms", "Ratna Dewi")
    message.refresh_from_db()
    assert message.outcome == "answered"
    do(
        client,
        message.correspondent,
        "balas",
        body="Kami cek.",
        answers=str(message.id),
        once="a1",
        step="send",
    )
    assert Message.objects.count() == 1


def test_one_reply_answers_everything_that_was_read(cast: Cast, line: Line) -> None:
    first, second = line.says("Air mati"), line.says("Halo?")
    client = sit(cast, "admin")
    shown = client.get(f"/meja/percakapan/{first.correspondent_id}/")
    values = {name: shown.context["reply"][name].value() for name in ("answers", "once", "also")}
    third = line.says("Masih ada?")
    do(client, first.correspondent, "balas", body="Kami cek.", step="send", settles="on", **values)
    for message, state in ((first, "settled"), (second, "settled"), (third, "open")):
        message.refresh_from_db()
        assert message.state == state


def test_the_preview_tells_parts_and_cost(cast: Cast, line: Line) -> None:
    who = line.says("Air mati").correspondent
    client = sit(cast, "admin")
    address = f"/meja/percakapan/{who.id}/balas/"
    fragment = client.post(address, {"step": "preview", "body": "a" * 200}, headers=HTMX)
    shown = words(fragment)
    assert "<html" not in fragment.content.decode()
    assert "2 SMS" in shown
    assert "Rp 700" in shown
    whole = client.post(address, {"step": "preview", "body": "a" * 200})
    assert "<html" in whole.content.decode()
    assert "2 SMS" in words(whole)
    assert not Message.objects.exists()


def test_a_text_of_the_catalogue_asks_for_what_it_names(cast: Cast, line: Line) -> None:
    who = line.says("Air mati").correspondent
    client = sit(cast, "admin")
    address = f"/meja/percakapan/{who.id}/balas/"
    fields = client.post(address, {"step": "fields", "text_key": "question"}, headers=HTMX).content.decode()
    assert 'name="v_question"' in fields
    refused = do(client, who, "balas", text_key="question", step="send", once="x")
    assert refused.status_code == 409
    assert "v_question" in refused.context["reply"].errors
    empty = do(client, who, "balas", body="", step="send", once="x")
    assert (empty.status_code, list(empty.context["reply"].errors)) == (409, ["body"])
    assert "Tulis pesannya" in empty.content.decode()
    assert not Message.objects.exists()
    sent = do(
        client,
        who,
        "balas",
        text_key="question",
        v_number="SPL-1",
        v_question="Di mana?",
        step="send",
        once="x",
    )
    assert sent.status_code == 302
    assert "Di mana?" in Message.objects.get().body


def test_outside_the_hours_whatsapp_takes_templates_only(cast: Cast) -> None:
    chat = Line(cast, road="whatsapp", menu=False)
    chat.at = timezone.now() - timedelta(hours=30)
    who = chat.says("Halo").correspondent
    client = sit(cast, "admin")
    assert "hanya templat" in page(client, who)
    refused = do(client, who, "balas", body="Halo juga", step="send", once="x")
    assert refused.status_code == 409
    assert "Halo juga" in refused.content.decode()
    Correspondent.objects.filter(id=who.id).update(last_in_at=timezone.now())
    assert "sampai" in page(client, who)
    assert do(client, who, "balas", body="Halo juga", step="send", once="x").status_code == 302


def test_a_channel_that_only_receives_says_so_before_anybody_writes(cast: Cast) -> None:
    chat = Line(cast, road="whatsapp", menu=False, sends=False)
    chat.at = timezone.now()
    who = chat.says("Halo").correspondent
    shown = page(sit(cast, "admin"), who)
    assert "tidak ada yang dapat dikirim lewat saluran ini" in shown
    assert "Kata-kata bebas dapat dikirim" not in shown


# --- a matter ---------------------------------------------------------------------------------------------------------


def turn_values(client: Client, who: Correspondent, **given: Any) -> dict[str, Any]:
    """The form as it is shown, filled in."""
    answer = client.get(f"/meja/percakapan/{who.id}/urusan/")
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in values.items() if value not in (None, False)}
    return {
        **values,
        "kind_code": "complaint",
        "region": DUNGKAIT,
        "mode": "self",
        "urgency": "normal",
        **given,
    }


def test_messages_become_a_matter_with_their_files_and_its_receipt(cast: Cast, line: Line) -> None:
    first = line.says("Air mati sejak Senin")
    second = line.says("Di Dusun Taludu")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    keep_file(second, out.getvalue(), "image/jpeg")
    who = first.correspondent
    client = sit(cast, "admin")
    begun = do(client, who, "buat", messages=[str(first.id), str(second.id)])
    assert begun.status_code == 302
    shown = client.get(begun["Location"])
    assert "Air mati sejak Senin" in words(shown)
    values = turn_values(client, who, title="Air mati di Taludu", safe="write")
    assert set(values["messages"]) == {str(first.id), str(second.id)}
    answer = client.post(f"/meja/percakapan/{who.id}/urusan/", values)
    assert answer.status_code == 302, words(answer)
    case = Case.objects.get()
    assert (case.title, case.channel, case.assisted_by) == ("Air mati di Taludu", "sms", "Ratna Dewi")
    assert case.received_at == first.received_at
    assert Attachment.objects.get().case_id == case.id
    who.refresh_from_db()
    assert who.person_id == case.reporter_id
    assert (Contact.objects.get().safe_to_call, Contact.objects.get().safe_to_write) == (False, True)
    receipt = Message.objects.get(asked_key="menu_receipt")
    assert receipt.values["number"] == case.number
    assert {one.outcome for one in Incoming.objects.all()} == {"case"}
    client.post(f"/meja/percakapan/{who.id}/urusan/", values)
    assert Case.objects.count() == 1


def test_what_nobody_asked_is_not_called_safe(cast: Cast, line: Line) -> None:
    message = line.says("Air mati")
    client = sit(cast, "admin")
    values = turn_values(client, message.correspondent)
    assert client.post(f"/meja/percakapan/{message.correspondent_id}/urusan/", values).status_code == 302
    assert (Contact.objects.get().safe_to_call, Contact.objects.get().safe_to_write) == (None, None)


def test_a_matter_leads_to_its_conversation(cast: Cast) -> None:
    line = Line(cast)
    message = line.says("LAPOR jalan putus")
    case = Case.objects.get()
    address = f"/meja/percakapan/{message.correspondent_id}/"
    assert address in sit(cast, "admin").get(f"/meja/kasus/{case.id}/").content.decode()
    Case.objects.filter(id=case.id).update(holder=cast.desk("shelter"), acting=cast.desk("shelter"))
    case.chain.create(desk=cast.desk("shelter"), since_at=line.at)
    shown = sit(cast, "pokja").get(f"/meja/kasus/{case.id}/")
    assert shown.status_code == 200
    assert address not in shown.content.decode()


def test_a_refused_matter_keeps_what_was_typed(cast: Cast, line: Line) -> None:
    message = line.says("Air mati")
    client = sit(cast, "admin")
    values = turn_values(client, message.correspondent, region="tidak ada", title="Judul saya")
    answer = client.post(f"/meja/percakapan/{message.correspondent_id}/urusan/", values)
    assert answer.status_code == 422
    assert "Judul saya" in answer.content.decode()
    assert not Case.objects.exists()


def test_messages_are_added_to_a_matter(cast: Cast, line: Line) -> None:
    case = cast.case()
    message = line.says("Lampunya dekat masjid")
    client = sit(cast, "admin")
    spoken = case.number.replace("-", " ").lower()
    answer = do(client, message.correspondent, "tambahkan", messages=str(message.id), number=spoken)
    assert answer.status_code == 302, words(answer)
    assert Note.objects.get().text == "Lampunya dekat masjid"
    assert case.number in page(client, message.correspondent)
    missing = do(
        client, message.correspondent, "tambahkan", messages=str(line.says("x y").id), number="SPL-1"
    )
    assert missing.status_code == 409


def test_nothing_to_be_done_needs_a_reason_and_can_be_taken_back(cast: Cast, line: Line) -> None:
    message = line.says("Terima kasih")
    who = message.correspondent
    client = sit(cast, "admin")
    assert do(client, who, "kesampingkan", messages=str(message.id)).status_code == 409
    assert (
        do(client, who, "kesampingkan", messages=str(message.id), note="Ucapan terima kasih").status_code
        == 302
    )
    assert "Ucapan terima kasih" in page(client, who)
    assert do(client, who, "buka-lagi", message=str(message.id)).status_code == 302
    message.refresh_from_db()
    assert message.state == "open"
    assert do(client, who, "kesampingkan").status_code == 409


def test_spam_shuts_the_contact_out_and_can_be_lifted(cast: Cast, line: Line) -> None:
    message = line.says("Pinjaman murah")
    who = message.correspondent
    client = sit(cast, "admin")
    assert do(client, who, "spam", messages=str(message.id)).status_code == 302
    who.refresh_from_db()
    assert who.stopped_why == "spam"
    assert "Pinjaman" in words(client.get("/meja/percakapan/?view=stopped"))
    do(client, who, "suarakan")
    do(client, who, "bisukan")
    who.refresh_from_db()
    assert who.stopped_why == "asked"


# --- who it is --------------------------------------------------------------------------------------------------------


def test_a_contact_is_linked_to_a_known_person_and_unlinked(cast: Cast, line: Line) -> None:
    case = cast.case()  # Nurhayati, 0812-4455-6677
    message = line.says("Halo")
    who = message.correspondent
    client = sit(cast, "admin")
    assert "Nurhayati" in page(client, who)
    assert (
        do(client, who, "tautkan", person_id=str(case.reporter_id), owner="own", safe="").status_code == 302
    )
    shown = page(client, who)
    assert case.title in shown
    assert do(client, who, "lepas").status_code == 302
    who.refresh_from_db()
    assert who.person_id is None
    assert client.get(f"/meja/percakapan/{who.id}/?orang=Nurhayati").status_code == 200


def test_linking_needs_a_name(cast: Cast, line: Line) -> None:
    who = line.says("Halo", who=line.caller(shown_name="")).correspondent
    client = sit(cast, "admin")
    assert do(client, who, "tautkan", name="", owner="own").status_code == 409


def test_a_conversation_is_given_to_another_desk(cast: Cast, line: Line) -> None:
    message = line.says("Halo")
    client = sit(cast, "admin")
    desk = cast.desk("village")
    answer = do(client, message.correspondent, "oper", desk_id=str(desk.id))
    assert answer.status_code == 302
    assert "Halo" in words(sit(cast, "village_officer").get("/meja/percakapan/"))
    assert do(client, message.correspondent, "oper", desk_id="").status_code == 409


def test_a_voice_is_written_down(cast: Cast, line: Line) -> None:
    message = line.says("", kind="voice")
    voice = keep_file(message, b"OggS-voice", "audio/ogg", kind="voice")
    client = sit(cast, "admin")
    address = f"/meja/percakapan/berkas/{voice.id}/tulis/"
    assert client.post(address, {"words": "Uwai andiang", "language": "mdr"}).status_code == 302
    shown = page(client, message.correspondent)
    assert "Uwai andiang" in shown
    assert "Mandar" in shown
    assert client.post(address, {"words": ABUSE, "language": "id"}).status_code == 302
    assert client.get(f"/meja/percakapan/{message.correspondent_id}/").status_code == 404
    assert ABUSE in page(sit(cast, "focal"), message.correspondent)


def test_an_unknown_act_is_not_found(cast: Cast, line: Line) -> None:
    who = line.says("Halo").correspondent
    client = sit(cast, "admin")
    assert do(client, who, "hapus").status_code == 404
    assert client.get(f"/meja/percakapan/{who.id}/balas/").status_code == 405
