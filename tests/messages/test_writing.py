"""An officer writes: by the road they were written to, within its rules, and never past the safe-contact rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.messages import actions, transports
from simpul.messages.actions import writing as acts
from simpul.messages.models import Correspondent, Gateway, Incoming, Message
from simpul.messages.queries import writing as queries
from simpul.people import actions as people_actions
from tests.messages import ways

pytestmark = pytest.mark.django_db

NUMBER = "+6281234567890"
HOUR = timedelta(hours=1)

Write = Callable[..., Message]


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any) -> ways.Provider:
    settings.SIMPUL_MAIL_READY = False
    fake = ways.Provider()
    monkeypatch.setattr(transports, "PROVIDERS", {"http": fake, "whatsapp": fake})
    return fake


@pytest.fixture
def sms(hamlet: Any, provider: ways.Provider, now: datetime) -> Gateway:
    return ways.add(now, "telkomsel", part_rupiah=350)


@pytest.fixture
def whatsapp(hamlet: Any, provider: ways.Provider, now: datetime) -> Gateway:
    return ways.add(now, "wa", "whatsapp", part_rupiah=500)


def at_desk(gateway: Gateway, role: str = "front_office", **more: Any) -> Actor:
    """Somebody of the desk that listens to a gateway."""
    given: dict[str, Any] = {
        "role": role,
        "name": "Ilham Rasyid",
        "region_code": "7602",
        "desk_id": gateway.desk_id,
        "desk_ids": frozenset({gateway.desk_id}),
    }
    return Actor(**(given | more))


@pytest.fixture
def write(sms: Gateway, now: datetime) -> Write:
    def run(who: Correspondent, **given: Any) -> Message:
        wanted: dict[str, Any] = {
            "by": at_desk(sms),
            "at": now,
            "correspondent_id": who.id,
            "body": "Kami datang besok.",
        }
        return actions.write_message(**(wanted | given))

    return run


def link(who: Correspondent, person: Any, now: datetime, **more: Any) -> None:
    given: dict[str, Any] = {"owner": "own", "safe_to_write": True, "safe_to_call": True}
    actions.link_correspondent(
        by=MACHINE, at=now, correspondent_id=who.id, person_id=person.id, **(given | more)
    )


def heard(who: Correspondent, now: datetime, *, sealed: bool = False) -> Incoming:
    return Incoming.objects.create(
        once_key=str(uuid4()), correspondent=who, gateway=who.gateway, channel=who.channel, external_id="in.1",
        received_at=now, hear_at=now, kind="text", text="Kapan?", state="open", sealed=sealed,
    )  # fmt: skip


def test_free_words_leave_by_the_road_they_came_and_settle_what_they_answer(
    write: Write, sms: Gateway, provider: ways.Provider, now: datetime
) -> None:
    who = ways.wrote(now, sms, NUMBER)
    asked = heard(who, now)
    message = write(who, answers=asked.id)
    assert (message.road, message.to_address, message.state) == ("sms", NUMBER, "queued")
    assert (message.body, message.written_by) == ("Kami datang besok.", "Ilham Rasyid")
    assert (message.subject_kind, message.subject_id) == ("correspondent", who.id)
    asked.refresh_from_db()
    assert (asked.state, asked.outcome) == ("settled", "answered")
    line = Line.objects.get(kind="message.write")
    assert line.subject_id == who.id
    assert "Kami datang" not in str(line.facts)
    actions.deliver_message(by=MACHINE, at=now, message_id=message.id)
    [(_code, outgoing)] = provider.sent
    assert (outgoing.body, outgoing.reply_to) == ("Kami datang besok.", "in.1")
    who.refresh_from_db()
    assert who.last_out_at == now


def test_a_text_of_the_catalogue_is_filled_and_belongs_to_a_matter(
    write: Write, sms: Gateway, now: datetime
) -> None:
    matter = uuid4()
    message = write(
        ways.wrote(now, sms, NUMBER), body="", text_key="question", subject_kind="case", subject_id=matter,
        values={"number": "SPL-1", "question": "Dusun mana?"},
    )  # fmt: skip
    assert "SPL-1: Dusun mana?" in message.body
    assert message.subject_id == matter


def test_a_form_sent_twice_is_one_message(write: Write, sms: Gateway, now: datetime) -> None:
    who = ways.wrote(now, sms, NUMBER)
    assert write(who, once_key="form-1") == write(who, once_key="form-1")
    assert Message.objects.count() == 1


def test_the_machine_answers_in_nobodys_name_and_leaves_settling_to_its_menu(
    write: Write, sms: Gateway, now: datetime
) -> None:
    who = ways.wrote(now, sms, NUMBER)
    asked = heard(who, now)
    message = write(who, by=MACHINE, body="", text_key="menu_help", answers=asked.id)
    asked.refresh_from_db()
    assert (message.written_by, asked.state) == ("", "open")


def test_who_may_not_see_the_conversation_may_not_write(write: Write, sms: Gateway, now: datetime) -> None:
    who = ways.wrote(now, sms, NUMBER)
    elsewhere = at_desk(sms, desk_id=uuid4(), desk_ids=frozenset({uuid4()}))
    with pytest.raises(NotFound):
        write(who, by=elsewhere)
    with pytest.raises((NotFound, NotAllowed)):
        write(who, by=at_desk(sms, role="approver"))
    with pytest.raises(NotFound):
        write(who, answers=heard(who, now, sealed=True).id)


# --- refusals -----------------------------------------------------------------------------------------------------------


def test_nobody_is_written_to_without_an_address_or_against_their_will(
    write: Write, sms: Gateway, now: datetime
) -> None:
    with pytest.raises(acts.NobodyToWrite):
        write(ways.wrote(now, sms, "?1", is_nameless=True))
    with pytest.raises(acts.Silenced):
        write(ways.wrote(now, sms, NUMBER, stopped_at=now, stopped_why="asked"))


def test_a_channel_without_a_gateway_is_no_way(write: Write, sms: Gateway, now: datetime) -> None:
    with pytest.raises(acts.NoWay):
        write(ways.wrote(now, sms, "12345", channel="telegram"))
    assert write(ways.wrote(now, sms, NUMBER, channel="phone")).road == "sms"
    with pytest.raises(acts.NoWay):
        write(ways.wrote(now, sms, "", channel="phone"))  # a withheld number


def test_what_only_a_resting_gateway_can_carry_waits_for_it(
    write: Write, sms: Gateway, provider: ways.Provider, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(transports, "PROVIDERS", {"telegram": provider})
    bot, _other = ways.add(now, "bot", "telegram"), ways.add(now, "bot-lain", "telegram")
    who = ways.wrote(now, bot, "6123456789", desk=sms.desk)
    actions.report_gateway(by=MACHINE, at=now, gateway_id=bot.id, answers=False, reason="ConnectError")
    assert write(who).state == "queued"


def test_a_message_says_something_whole_and_not_too_much(write: Write, sms: Gateway, now: datetime) -> None:
    who = ways.wrote(now, sms, NUMBER)
    with pytest.raises(acts.NothingWritten):
        write(who, body=" \n ")
    with pytest.raises(acts.ValueMissing) as missing:
        write(who, body="", text_key="question", values={"number": "SPL-1"})
    assert "question" in str(missing.value)
    with pytest.raises(acts.WrittenTooLong):
        write(who, body="a" * 919)
    with pytest.raises(KeyError):
        write(who, body="", text_key="none")
    assert not Message.objects.exists()


def test_outside_the_hours_of_whatsapp_only_an_approved_template(
    write: Write, whatsapp: Gateway, provider: ways.Provider, now: datetime
) -> None:
    who = ways.wrote(now, whatsapp, NUMBER)
    assert write(who).road == "whatsapp"
    late = now + 24 * HOUR
    with pytest.raises(acts.WindowClosed):
        write(who, at=late)
    ways.approve(now, whatsapp, "written", "Pesan dari kantor: {{1}}", ["words"])
    message = write(who, at=late)
    assert message.body == "Pesan dari kantor: Kami datang besok."
    actions.deliver_message(by=MACHINE, at=late, message_id=message.id)
    assert provider.sent[-1][1].template == transports.TemplateUse(
        "simpul_written", "id", ("Kami datang besok.",)
    )


def test_a_contact_called_unsafe_is_not_written_to_by_anybody(
    write: Write, sms: Gateway, person: Any, now: datetime
) -> None:
    who = ways.wrote(now, sms, NUMBER)
    link(who, person, now, safe_to_write=False)
    with pytest.raises(acts.NotSafeToWrite):
        write(who)


def test_on_a_neighbours_phone_only_please_call_us(
    write: Write, sms: Gateway, person: Any, now: datetime
) -> None:
    who = ways.wrote(now, sms, NUMBER)
    link(who, person, now, owner="neighbour", safe_to_write=None)
    with pytest.raises(acts.OthersRead):
        write(who)
    message = write(who, body="", text_key="call_us")
    assert message.to_name == ""
    assert message.to_person_id == person.id


def test_in_a_protected_matter_only_please_call_us_and_only_where_it_is_known_to_be_safe(
    write: Write, sms: Gateway, person: Any, now: datetime
) -> None:
    focal = at_desk(sms, role="focal_point", strong=True)
    who = ways.wrote(now, sms, NUMBER)
    asked = heard(who, now, sealed=True)
    with pytest.raises(acts.OthersRead):
        write(who, by=focal, answers=asked.id)
    link(who, person, now, safe_to_write=None)
    with pytest.raises(acts.NotSafeToWrite):
        write(who, by=focal, body="", text_key="call_us", answers=asked.id)
    contact_id = Correspondent.objects.get(id=who.id).contact_id
    assert contact_id is not None
    people_actions.change_contact(by=MACHINE, at=now, contact_id=contact_id, changes={"safe_to_write": True})
    message = write(who, by=focal, body="", text_key="call_us", answers=asked.id)
    assert (message.sealed, message.sensitive, message.values) == (True, True, {})


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    assert all(issubclass(refusal, Refused) for refusal in acts.REFUSALS.values())
    assert len({str(refusal.sentence) for refusal in acts.REFUSALS.values()}) == len(acts.REFUSALS)


# --- preview ------------------------------------------------------------------------------------------------------------


def test_the_preview_knows_parts_alphabet_and_price_of_each_gateway(sms: Gateway, now: datetime) -> None:
    ways.add(now, "indosat", rank=5, part_rupiah=200, prefixes="62812")
    who = ways.wrote(now, sms, NUMBER)
    seen = queries.preview_written(at_desk(sms), now, who.id, body="a" * 161)
    assert (seen.length.alphabet, seen.length.units, seen.length.parts) == ("gsm", 161, 2)
    assert [(cost.gateway, cost.rupiah, cost.is_first) for cost in seen.costs] == [
        ("telkomsel", 700, True),  # they wrote to this one
        ("indosat", 400, False),
    ]
    assert seen.refused == ""
    emoji = queries.preview_written(at_desk(sms), now, who.id, body="Terima kasih 🙏")
    assert emoji.length.alphabet == "ucs2"


def test_the_preview_shows_what_is_missing_and_when_the_hours_end(whatsapp: Gateway, now: datetime) -> None:
    who = ways.wrote(now, whatsapp, NUMBER)
    seen = queries.preview_written(
        at_desk(whatsapp), now, who.id, text_key="question", values={"number": "SPL-1"}
    )
    assert (seen.missing, seen.refused) == (("question",), "message.value_missing")
    assert "{question}" in seen.words.body
    assert seen.window_ends_at == now + 24 * HOUR
    late = queries.preview_written(at_desk(whatsapp), now + 24 * HOUR, who.id, body="Halo")
    assert (late.refused, late.template, late.costs) == ("message.window_closed", None, ())


def test_texts_to_choose_from_are_for_residents_and_not_the_menus(now: datetime) -> None:
    found = {one.key: one.variables for one in queries.writable_texts("en")}
    assert found["question"] == ("number", "question", "title")
    assert not any(key.startswith(("menu_", "desk_")) for key in found)
    assert "written" not in found
