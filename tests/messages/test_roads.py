"""Roads: by the safe-contact rule and what is up, one after the other, and each message delivered by one of them at most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions, queries, rules, transports
from simpul.messages.models import Gateway, MassNotice, Message, Status
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import mass as mass_queries
from simpul.messages.rules import gateways as gateway_rules
from simpul.messages.rules import incoming as incoming_rules
from simpul.people import actions as people_actions
from tests.messages import ways

pytestmark = pytest.mark.django_db

NUMBER = "+6281234567890"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any) -> ways.Provider:
    settings.SIMPUL_MAIL_READY = False
    fake = ways.Provider()
    monkeypatch.setattr(
        transports, "PROVIDERS", {"http": fake, "whatsapp": fake, "telegram": fake, "smpp": fake}
    )
    return fake


@pytest.fixture
def contact(person: Any, now: datetime) -> Any:
    def run(channel: str = "phone", as_typed: str = NUMBER, **more: Any) -> Any:
        given_: dict[str, Any] = {"safe_to_write": True, "safe_to_call": True, "owner": "own"}
        return people_actions.add_contact(
            by=MACHINE, at=now, person_id=person.id, channel=channel, as_typed=as_typed, **(given_ | more)
        )

    return run


def deliver(message: Message, at: datetime) -> str:
    result = actions.deliver_message(by=MACHINE, at=at, message_id=message.id)
    message.refresh_from_db()
    return result


def bounce(message: Message, at: datetime) -> str:
    result = actions.bounce_message(by=MACHINE, at=at, message_id=message.id)
    message.refresh_from_db()
    return result


# --- which road ---------------------------------------------------------------------------------------------------------


def test_a_phone_is_written_to_by_sms_and_what_it_cost_is_known(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel", part_rupiah=350)
    contact()
    provider.parts = 2
    message = queue()
    assert (message.road, message.to_address) == ("sms", NUMBER)
    assert message.body.startswith("Simpul, jawaban Pokja Hunian")
    assert deliver(message, now) == "sent"
    assert message.gateway is not None
    assert (message.gateway.code, message.external_id) == ("telkomsel", "wamid.1")
    assert (message.parts, message.cost_rupiah, message.receipt) == (2, 700, "accepted")
    assert deliver(message, now + HOUR) == "busy"
    assert len(provider.sent) == 1


def test_whatsapp_comes_first_and_a_road_without_a_gateway_never(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    contact("whatsapp")
    contact("telegram", "12345678")
    assert queue().road == "sms"
    whatsapp = ways.add(now, "wa", "whatsapp")
    ways.wrote(now, whatsapp, NUMBER)
    assert queue().road == "whatsapp"


def test_a_gateway_down_for_half_an_hour_closes_its_road_for_what_is_queued_now(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    sms = ways.add(now, "telkomsel")
    contact()
    report(sms, now, answers=False)
    assert queue(at=now + 29 * MINUTE).road == "sms"
    assert queue(at=now + 30 * MINUTE).road == "slip"
    assert queue(at=now + 30 * MINUTE, text_key="receipt") is None


def report(gateway: Gateway, at: datetime, *, answers: bool) -> None:
    actions.report_gateway(by=MACHINE, at=at, gateway_id=gateway.id, answers=answers, reason="test")


# --- which gateway ------------------------------------------------------------------------------------------------------


def test_the_other_operator_carries_it_in_the_same_turn_when_the_first_is_down(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    first = ways.add(now, "telkomsel", prefixes="62812", rank=20)
    ways.add(now, "indosat", prefixes="62815", rank=1)
    contact()
    provider.down = {"telkomsel"}
    assert deliver(queue(), now) == "sent"
    assert provider.calls == ["telkomsel", "indosat"]
    first.refresh_from_db()
    assert (first.down_since_at, first.down_reason) == (now, "ConnectionRefusedError")
    provider.down = set()
    assert deliver(queue(), now + timedelta(seconds=30)) == "sent"
    assert provider.codes == ["indosat", "indosat"]  # its wait is not over
    assert deliver(queue(), now + 2 * MINUTE) == "sent"
    assert provider.codes[-1] == "telkomsel"
    first.refresh_from_db()
    assert first.down_since_at is None


def test_a_closed_road_costs_no_tries_and_leaves_its_messages_where_they_are(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    provider.down = {"telkomsel"}
    first, *others = [queue() for _number in range(5)]
    assert deliver(first, now) == "unreachable"
    assert (first.tries, first.state) == (1, "queued")
    assert queries.due(now + timedelta(seconds=30)) == []
    assert deliver(others[0], now + timedelta(seconds=30)) == "closed"
    assert (others[0].tries, others[0].state) == (0, "queued")
    later = now + 90 * timedelta(seconds=1)
    assert len(queries.due(later)) == 1  # one careful try
    assert deliver(others[1], later) == "unreachable"
    assert (others[1].tries, others[1].last_error) == (0, "ConnectionRefusedError")
    assert len(provider.calls) == 2


def test_whatsapp_answers_from_the_number_they_wrote_to(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "wa-a", "whatsapp", rank=1)
    second = ways.add(now, "wa-b", "whatsapp", rank=2)
    contact("whatsapp")
    who = ways.wrote(now, second, NUMBER)
    message = queue()
    assert message.correspondent == who
    deliver(message, now)
    assert provider.codes == ["wa-b"]
    who.refresh_from_db()
    assert who.last_out_at == now


def test_an_id_of_one_account_is_reached_by_that_account_alone(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    own = ways.add(now, "wa-a", "whatsapp")
    ways.add(now, "wa-b", "whatsapp")
    contact("whatsapp", "ID.13491208655302741918")
    ways.wrote(now, own, "ID.13491208655302741918")
    provider.down = {"wa-a"}
    assert deliver(queue(), now) == "unreachable"
    assert provider.calls == ["wa-a"]


def test_a_dead_workers_message_goes_to_the_gateway_that_may_have_it(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "first", rank=1)
    second = ways.add(now, "second", rank=2)
    contact()
    message = queue()
    Message.objects.filter(id=message.id).update(state="sending", claimed_at=now, tries=1, gateway=second)
    assert deliver(message, now + 11 * MINUTE) == "sent"
    assert provider.codes == ["second"]
    assert provider.sent[0][1].reference == str(message.id)


# --- the next safe road -------------------------------------------------------------------------------------------------


def test_a_refused_number_takes_the_next_safe_road_and_paper_last(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    whatsapp = ways.add(now, "wa", "whatsapp")
    ways.add(now, "telkomsel")
    contact("whatsapp")
    contact()
    contact("phone", "+6281298765432", owner="family")
    ways.wrote(now, whatsapp, NUMBER)
    provider.refuses = {"wa", "telkomsel"}
    message = queue()
    assert deliver(message, now) == "queued"
    assert (message.road, message.to_address, message.tries) == ("sms", NUMBER, 0)
    assert message.body.startswith("Simpul, jawaban")
    assert message.last_error == "unknown number"
    assert deliver(message, now) == "queued"
    assert (message.road, message.to_address) == ("sms", "+6281298765432")
    assert deliver(message, now) == "slip"
    assert (message.road, message.state, message.to_address) == ("slip", "queued", "")
    assert "pembawa surat ini" in message.body
    facts = [line.facts for line in Line.objects.filter(kind="message.fail").order_by("at", "id")]
    assert [(fact["left"], fact["road"]) for fact in facts] == [
        ("whatsapp", "sms"),
        ("sms", "sms"),
        ("sms", "slip"),
    ]
    assert NUMBER not in str(facts)


def test_an_unsafe_phone_is_no_next_road(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    contact("phone", "+62812000111", owner="family", safe_to_write=False)
    provider.refuses = {"telkomsel"}
    message = queue()
    assert deliver(message, now) == "slip"


def test_a_neighbours_phone_as_the_next_road_carries_no_content(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    contact("phone", "+62812000111", owner="neighbour")
    provider.refuses = {"telkomsel"}
    message = queue()
    deliver(message, now)
    assert (message.text_key, message.to_name) == ("call_us", "")
    assert "SPL" not in message.body
    provider.refuses = set()
    assert deliver(message, now) == "sent"


def test_after_a_day_on_a_closed_road_it_takes_another(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    whatsapp = ways.add(now, "wa", "whatsapp")
    contact("whatsapp")
    ways.wrote(now, whatsapp, NUMBER)
    message = queue()
    report(whatsapp, now, answers=False)
    for hours in (1, 12, 23):
        report(whatsapp, now + hours * HOUR, answers=False)
        assert message.id not in queries.due(now + hours * HOUR)
    report(whatsapp, now + 24 * HOUR, answers=False)
    assert queries.due(now + 24 * HOUR) == [message.id]
    assert deliver(message, now + 24 * HOUR) == "slip"
    assert message.roads_tried == ["whatsapp"]
    assert provider.calls == []


def test_a_small_notice_with_no_road_left_ends_as_failed(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    provider.refuses = {"telkomsel"}
    message = queue(text_key="receipt")
    assert deliver(message, now) == "failed"
    assert message.road == "sms"


# --- silence ------------------------------------------------------------------------------------------------------------


def test_who_asked_for_silence_is_told_on_paper_what_they_must_know_and_nothing_else(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    sms = ways.add(now, "telkomsel")
    contact()
    ways.wrote(now, sms, NUMBER, stopped_at=now, stopped_why="asked")
    assert queue().road == "slip"
    assert queue(text_key="receipt") is None


def test_silence_asked_for_after_queueing_holds(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    sms = ways.add(now, "telkomsel")
    contact()
    who = ways.wrote(now, sms, NUMBER)
    message = queue()
    actions.stop_correspondent(by=MACHINE, at=now, correspondent_id=who.id, why="asked")
    assert deliver(message, now) == "slip"
    assert provider.calls == []


def test_silence_of_a_number_holds_on_its_whatsapp_too(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    sms = ways.add(now, "telkomsel")
    whatsapp = ways.add(now, "wa", "whatsapp")
    contact("whatsapp")
    ways.wrote(now, whatsapp, NUMBER)
    ways.wrote(now, sms, NUMBER, stopped_at=now, stopped_why="asked")
    assert queue().road == "slip"


# --- the hours of WhatsApp ----------------------------------------------------------------------------------------------


def test_inside_24_hours_free_words_and_outside_an_approved_template(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    whatsapp = ways.add(now, "wa", "whatsapp")
    contact("whatsapp")
    ways.wrote(now, whatsapp, NUMBER)
    template = ways.approve(now, whatsapp, "answer", "Jawaban {{1}}: {{2}}", ["number", "answer"])
    inside, outside = queue(), queue()
    deliver(inside, now + 3 * HOUR)
    assert provider.sent[0][1].template is None
    assert inside.template is None
    deliver(outside, now + 24 * HOUR)
    sent = provider.sent[1][1].template
    assert sent == transports.TemplateUse(
        "simpul_answer", "id", ("SPL-2611-00047-K", "Bantuan sudah diserahkan.")
    )
    assert outside.template == template
    assert outside.body == "Jawaban SPL-2611-00047-K: Bantuan sudah diserahkan."


def test_without_a_template_the_next_safe_road_and_nothing_free(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    whatsapp = ways.add(now, "wa", "whatsapp")
    ways.add(now, "telkomsel")
    contact("whatsapp")
    contact()
    ways.wrote(now, whatsapp, NUMBER)
    message = queue()
    assert message.road == "whatsapp"
    assert deliver(message, now + 24 * HOUR) == "queued"
    assert message.road == "sms"
    assert provider.sent == []
    assert queue(at=now + 24 * HOUR).road == "sms"  # known when it is queued, it does not try


def test_a_template_that_the_provider_refuses_ends_the_road(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    whatsapp = ways.add(now, "wa", "whatsapp")
    ways.add(now, "telkomsel")
    contact("whatsapp")
    contact()
    ways.approve(now, whatsapp, "answer", "Jawaban {{1}}", ["number"])
    provider.refuses = {"wa"}
    message = queue()
    assert message.road == "whatsapp"
    deliver(message, now)
    assert message.road == "sms"
    assert deliver(message, now) == "sent"
    assert provider.codes == ["telkomsel"]


def test_the_hours_are_open_where_they_wrote_and_not_at_our_other_number(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    own = ways.add(now, "wa-a", "whatsapp")
    ways.add(now, "wa-b", "whatsapp")
    contact("whatsapp")
    ways.wrote(now, own, NUMBER)
    provider.down = {"wa-a"}
    message = queue()
    deliver(message, now)
    assert provider.sent == []
    assert message.state == "queued"


# --- reports ------------------------------------------------------------------------------------------------------------


def reported(message: Message, status: str, at: datetime) -> None:
    """As reading a delivery leaves it."""
    assert message.gateway is not None
    Status.objects.create(
        gateway=message.gateway,
        external_id=message.external_id,
        once_key=f"{message.external_id}:{status}:{at}",
        status=status,
        at=at,
        recorded_at=at,
    )
    Message.objects.filter(id=message.id).update(receipt=status, receipt_at=at)


def test_a_late_failure_takes_the_next_safe_road_exactly_once(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    whatsapp = ways.add(now, "wa", "whatsapp", part_rupiah=500)
    ways.add(now, "telkomsel", part_rupiah=350)
    contact("whatsapp")
    contact()
    ways.wrote(now, whatsapp, NUMBER)
    message = queue()
    deliver(message, now)
    assert queries.came_back() == []
    reported(message, "failed", now + MINUTE)
    assert queries.came_back() == [message.id]
    assert bounce(message, now + MINUTE) == "queued"
    assert (message.road, message.external_id, message.receipt) == ("sms", "", "")
    with pytest.raises(NotFound):
        bounce(message, now + MINUTE)
    assert deliver(message, now + MINUTE) == "sent"
    assert message.cost_rupiah == 850  # the first one was paid, too
    assert provider.codes == ["wa", "telkomsel"]
    line = Line.objects.get(kind="message.bounce")
    assert (line.facts["left"], line.facts["road"]) == ("whatsapp", "sms")
    assert queries.came_back() == []


def test_delivered_and_read_messages_do_not_come_back(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    message = queue()
    deliver(message, now)
    for status in ("delivered", "read"):
        reported(message, status, now)
        assert queries.came_back() == []
        with pytest.raises(NotFound):
            bounce(message, now)


def test_a_late_failure_without_another_road_becomes_paper_or_is_shown_as_failed(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    answer, receipt = queue(), queue(text_key="receipt")
    for message in (answer, receipt):
        deliver(message, now)
        reported(message, "failed", now)
    assert bounce(answer, now) == "slip"
    assert bounce(receipt, now) == "failed"
    assert (receipt.receipt, receipt.external_id) == ("failed", "wamid.2")


def test_a_report_that_came_before_its_message_was_known_is_found(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    sms = ways.add(now, "telkomsel")
    contact()
    Status.objects.create(
        gateway=sms, external_id="wamid.1", once_key="early", status="delivered", at=now, recorded_at=now
    )
    message = queue()
    deliver(message, now)
    assert (message.receipt, message.receipt_at) == ("delivered", now)


def test_only_the_machine_takes_messages_back(queue: Any, officer: Actor, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.bounce_message(by=officer, at=now, message_id=queue().id)


# --- answers to where somebody wrote from -------------------------------------------------------------------------------


def test_the_machine_answers_somebody_nobody_knows_where_they_wrote_from(
    queue: Any, provider: ways.Provider, now: datetime
) -> None:
    sms = ways.add(now, "telkomsel")
    who = ways.wrote(now, sms, NUMBER)
    message = queue(person_id=None, correspondent_id=who.id, text_key="menu_help", values={})
    assert (message.road, message.to_address, message.correspondent) == ("sms", NUMBER, who)
    assert deliver(message, now) == "sent"
    actions.stop_correspondent(by=MACHINE, at=now, correspondent_id=who.id, why="asked")
    assert queue(person_id=None, correspondent_id=who.id, text_key="menu_help", values={}) is None
    refused = ways.wrote(now, sms, "+6281777", is_nameless=True)
    assert queue(person_id=None, correspondent_id=refused.id, text_key="menu_help", values={}) is None


def test_what_was_asked_for_at_night_comes_at_night_but_not_hours_later(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    night = now + 13 * HOUR  # 22.00
    message = queue(at=night, text_key="receipt")
    other = queue(at=night, text_key="receipt")
    assert deliver(message, night + MINUTE) == "sent"
    assert deliver(other, night + 2 * HOUR) == "queued"
    assert other.next_try_at == now + 22 * HOUR


def test_a_warning_of_danger_wakes_people_and_an_ordinary_notice_does_not(
    queue: Any, contact: Any, provider: ways.Provider, now: datetime
) -> None:
    ways.add(now, "telkomsel")
    contact()
    night = now + 13 * HOUR  # 22.00
    for urgent, result in ((True, "sent"), (False, "queued")):
        notice = MassNotice.objects.create(
            region_code="7602", title="Banjir", body="Naik ke tempat tinggi.", urgent=urgent, decided_by="BPBD",
            written_by="Ilham", sent_at=night,
        )  # fmt: skip
        message = queue(
            at=night, subject_kind=mass_queries.SUBJECT, subject_id=notice.id, text_key="mass_notice",
            values={"title": "Banjir", "body": "Naik ke tempat tinggi."},
        )  # fmt: skip
        Message.objects.filter(id=message.id).update(next_try_at=night)
        assert deliver(message, night) == result


# --- rules --------------------------------------------------------------------------------------------------------------

LIMITS = st.integers(min_value=1, max_value=40)
SENDINGS = st.lists(
    st.tuples(st.integers(min_value=0, max_value=300), st.integers(min_value=1, max_value=6)), max_size=80
)


@given(LIMITS, SENDINGS)
def test_in_no_60_seconds_more_parts_leave_than_a_gateway_takes(
    limit: int, wanted: list[tuple[int, int]]
) -> None:
    left: list[tuple[int, int]] = []
    for second, parts in sorted(wanted):
        used = sum(size for when, size in left if second - 60 < when <= second)
        room = gateway_rules.room(limit, used)
        assert room is not None
        if gateway_rules.has_room(limit, used, parts):
            assert parts <= room or used == 0
            left.append((second, parts))
    for start in range(300):
        inside = [size for when, size in left if start - 60 < when <= start]
        assert sum(inside) <= limit or len(inside) == 1


@given(
    st.integers(max_value=0), st.integers(min_value=0, max_value=1000), st.integers(min_value=1, max_value=9)
)
def test_a_gateway_without_a_limit_always_has_room(limit: int, used: int, parts: int) -> None:
    assert gateway_rules.room(limit, used) is None
    assert gateway_rules.has_room(limit, used, parts)


MOMENTS = st.one_of(st.none(), st.integers(min_value=-100, max_value=100))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["sms", "whatsapp"]), st.booleans(), st.booleans(), MOMENTS, MOMENTS,
            st.sampled_from(["", "62812", "62815,62816"]), st.integers(min_value=0, max_value=3),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_ways_are_those_of_the_road_that_send_and_need_no_rest(rows: list[tuple[Any, ...]]) -> None:
    now = datetime.fromisoformat("2026-11-25T01:00:00+00:00")
    gateways = [
        Gateway(
            code=f"g{number}", road=road, is_active=active, sends=sends, prefixes=prefixes, rank=rank,
            down_since_at=None if down is None else now + down * MINUTE,
            retry_at=None if again is None else now + again * MINUTE,
        )
        for number, (road, active, sends, down, again, prefixes, rank) in enumerate(rows)
    ]  # fmt: skip
    found = gateway_rules.ways(gateways, road="sms", address=NUMBER, at=now)
    for way in gateways:
        resting = way.down_since_at is not None and way.retry_at is not None and way.retry_at > now
        assert (way in found) == (way.road == "sms" and way.is_active and way.sends and not resting)
    order = [(not gateway_rules.fits(way, NUMBER), way.rank) for way in found]
    assert order == sorted(order)
    own = gateway_rules.preferred(found, "g1")
    assert sorted(way.code for way in own) == sorted(way.code for way in found)
    assert [way.code for way in gateway_rules.preferred(found, "g1", only=True)] == [
        way.code for way in found if way.code == "g1"
    ]


STATUSES = st.lists(st.sampled_from(["accepted", "sent", "delivered", "read", "failed"]), max_size=6)


@given(STATUSES)
def test_whatever_arrives_delivered_is_never_taken_back(reports: list[str]) -> None:
    known = ""
    for report_ in reports:
        before, known = known, incoming_rules.better_receipt(known, report_)
        if before in ("delivered", "read"):
            assert known in ("delivered", "read")
    assert known in ("", *reports)


def test_roads_now_of_an_installation_without_gateways(provider: ways.Provider, now: datetime) -> None:
    assert {
        road: (one.room, one.closed) for road, one in gateway_queries.roads_now(now).items()
    } == dict.fromkeys(rules.ROADS, (0, True))
    assert gateway_queries.roads_here() == frozenset()
