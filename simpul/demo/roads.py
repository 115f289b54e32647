"""The roads of Mamuju's call centre: its gateways, and what people said by them in the last days.

Everything is delivered in the formats of the providers, kept raw, read, heard by the menu and answered, as on any working
day. While that is told, ``rehearsal`` stands in for the providers; afterwards no gateway sends and none is asked, so that a
sample never reaches anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from simpul.cases.actions import conversing, handling, hearing, intake
from simpul.cases.queries import screening
from simpul.demo import deliveries, rehearsal
from simpul.demo.stage import ZONE, Stage, read
from simpul.lib import media
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages import transports
from simpul.messages.queries import conversations
from simpul.messages.queries import incoming as incoming_queries
from simpul.messages.rules import gateways as gateway_rules

_SECOND = timedelta(seconds=1)
_OPENS, _CLOSES = 7, 20
_REGION = "7602"


@dataclass
class Talk:
    """One conversation while it is told."""

    name: str
    road: str
    who: Mapping[str, Any]
    messages: list[UUID] = field(default_factory=list)
    correspondent: UUID | None = None
    case: UUID | None = None
    answer: str = ""  # the name of our last mail


@dataclass
class Centre:
    """The call centre while its days are told."""

    stage: Stage
    book: rehearsal.Book
    gateways: dict[str, Any] = field(default_factory=dict)
    spoken: bytes = b""
    count: int = 0

    def next(self) -> int:
        """The next number for a row, a message, a file."""
        self.count += 1
        return self.count


def tell(stage: Stage, more: Callable[[Centre, datetime], None]) -> list[str]:
    """Set the gateways up, tell every conversation in the order of time, and switch the roads off. Returns what was refused.

    Args:
        more: what the centre does besides, while its roads are open; told the last moment that may be used.
    """
    told = read("roads")
    with rehearsal.rehearsed() as book:
        centre = Centre(stage, book, spoken=media.inspect_and_clean(stage.voice, "suara.wav").data)
        _open(centre, told["gateways"], stage.ago(9, 9, 0))
        last = _daytime(stage.now - timedelta(minutes=12))
        refused = _play(centre, told["talks"], last)
        more(centre, last)
        _health(centre, last)
        _shut(centre, told["gateways"], last + timedelta(minutes=10))
    return refused


# --- gateways ---------------------------------------------------------------------------------------------------------


def _open(centre: Centre, rows: list[dict[str, Any]], at: datetime) -> None:
    """Gateways with settings of nobody's account; they send until the days are told."""
    by = centre.stage.who("pengelola")
    for row in rows:
        more = {
            name: row[name]
            for name in ("number", "operator", "prefixes", "rank", "part_rupiah")
            if name in row
        }
        gateway = message_actions.add_gateway(
            by=by,
            at=at,
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            desk_id=centre.stage.desk("call-center-mamuju"),
            region_code=_REGION,
            settings=row.get("settings", {}),
            secrets={name: secrets.token_urlsafe(24) for name in gateway_rules.KINDS[row["kind"]].secrets},
            more=message_actions.GatewayFields(kind_code="complaint", **more),  # type: ignore[typeddict-item]
        )
        centre.gateways[row["road"]] = gateway
        for template in row.get("templates", ()):
            message_actions.change_template(by=by, at=at, gateway_id=gateway.id, state="approved", **template)


def _health(centre: Centre, at: datetime) -> None:
    """A last sign of life of each modem and of the telephone."""
    ping = {"health": {"checks": {"battery:level": {"observedValue": 74}}}}
    _take(centre, "android", deliveries.android("system:ping", at, "ping", ping), at)
    for road, signal in (("sim1", 71), ("sim2", 38)):
        message_actions.report_gateway(
            by=MACHINE, at=at, gateway_id=centre.gateways[road].id, answers=True, signal=signal
        )


def _shut(centre: Centre, rows: list[dict[str, Any]], at: datetime) -> None:
    """Nothing of a sample leaves the machine: no gateway sends, and what would be asked for news is switched off."""
    by = centre.stage.who("pengelola")
    for row in rows:
        changes = {"sends": False} | ({"is_active": False} if row.get("polled") else {})
        gateway_id = centre.gateways[row["road"]].id
        message_actions.change_gateway(by=by, at=at, gateway_id=gateway_id, changes=changes)


# --- time -------------------------------------------------------------------------------------------------------------


def _daytime(moment: datetime) -> datetime:
    """The moment itself by day; by night the evening before, when people were still awake."""
    local = moment.astimezone(ZONE)
    if _OPENS <= local.hour < _CLOSES:
        return local
    day = local if local.hour >= _CLOSES else local - timedelta(days=1)
    return day.replace(hour=_CLOSES - 1, minute=45, second=0, microsecond=0)


def moment(stage: Stage, last: datetime, when: str) -> datetime:
    """ "2 09:12" is two working days ago at 9.12; "-35" is 35 minutes before the last moment that is told."""
    if when.startswith("-"):
        return last - timedelta(minutes=int(when[1:]))
    days, clock = when.split()
    hour, minute = clock.split(":")
    return stage.ago(int(days), int(hour), int(minute))


# --- conversations ----------------------------------------------------------------------------------------------------


def _play(centre: Centre, rows: list[dict[str, Any]], last: datetime) -> list[str]:
    """Every step of every conversation in the order of time; what lies in the future is left untold."""
    talks = [Talk(row["name"], row["road"], row) for row in rows]
    steps = [
        (moment(centre.stage, last, step["when"]), place, number, step)
        for place, row in enumerate(rows)
        for number, step in enumerate(row["steps"])
    ]
    refused: list[str] = []
    for at, place, _number, step in sorted(steps, key=lambda one: one[:3]):
        if at > last or talks[place].name in refused:
            continue
        try:
            _step(centre, talks[place], step, at)
        except Refused as refusal:
            refused.append(f"{talks[place].name}: {type(refusal).__name__} {refusal}")
    return refused


def _step(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    if "by" not in step:
        _said(centre, talk, step, at)
    else:
        _DOES[step["does"]](centre, talk, step, at)
    _deliver(centre, talk, at + 6 * _SECOND, step.get("receipt", "read"))


def _said(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Somebody writes: delivered raw, read, its file fetched, and heard."""
    file_id = f"berkas-{centre.next()}"
    if "photo" in step:
        centre.book.files[file_id] = centre.stage.photos[step["photo"]].data
    if "voice" in step:
        centre.book.files[file_id] = centre.spoken
    for request in _requests(centre, talk, step, at, file_id):
        _take(centre, talk.road, request, at)
    for message_id in incoming_queries.to_hear(at + 2 * _SECOND):
        message = incoming_queries.incoming(message_id)
        hearing.hear_incoming(by=MACHINE, at=at + 3 * _SECOND, incoming_id=message_id)
        heard = incoming_queries.incoming(message_id)
        if message is None or heard is None:
            continue
        talk.messages = [*(talk.messages if talk.correspondent == heard.correspondent_id else []), message_id]
        talk.correspondent = heard.correspondent_id
        if heard.subject_kind == "case":
            centre.stage.cases += heard.outcome == "case"
            talk.case = heard.subject_id
            hearing.bring_files(by=MACHINE, at=at + 5 * _SECOND, incoming_id=message_id)


def _take(centre: Centre, road: str, request: transports.RawRequest, at: datetime) -> None:
    """Keep a delivery raw, read it, and fetch what came with it."""
    stored = message_actions.store_delivery(
        by=MACHINE,
        at=at,
        gateway_id=centre.gateways[road].id,
        request=request,
        verdict=transports.Verdict(ok=True),
    )
    message_actions.read_delivery(by=MACHINE, at=at + _SECOND, delivery_id=stored.delivery.id)
    for file_id in incoming_queries.files_due(at + 2 * _SECOND):
        message_actions.fetch_file(by=MACHINE, at=at + 2 * _SECOND, file_id=file_id)


def _requests(
    centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime, file_id: str
) -> list[transports.RawRequest]:
    """The step in the format of its road: one delivery, or one for each part of a long message."""
    mark, who = centre.next(), talk.who
    if talk.road == "whatsapp":
        content = deliveries.content_of(step, file_id)
        return [deliveries.whatsapp(who, at, f"PERAGAAN{mark:04d}", content)]
    if talk.road == "telegram":
        return [deliveries.telegram(who, at, mark, step, file_id)]
    if talk.road == "mail":
        own = centre.gateways["mail"].number
        answers = talk.answer if step.get("replies") else ""
        return [deliveries.mail(who, at, f"surat-{mark}", step, own, answers)]
    if talk.road == "android":
        said = {"sender": who["address"], "receivedAt": at.isoformat(), "simNumber": 1}
        if "missed" in step:
            return [
                deliveries.android("call:missed", at, f"a{mark}", {**said, "phoneNumber": who["address"]})
            ]
        payload = {**said, "messageId": f"m{mark}", "message": step["says"]}
        return [deliveries.android("sms:received", at, f"a{mark}", payload)]
    parts = step.get("parts", [step.get("says", "")])
    return [
        deliveries.gammu(
            who["address"],
            at + place * _SECOND,
            centre.next(),
            words,
            f"050003{mark % 256:02X}{len(parts):02X}{place + 1:02X}" if len(parts) > 1 else "",
        )
        for place, words in enumerate(parts)
    ]


# --- what officers do -------------------------------------------------------------------------------------------------


def _open_ones(talk: Talk) -> list[UUID]:
    """Messages of the conversation that wait for a person."""
    found = [incoming_queries.incoming(message_id) for message_id in talk.messages]
    return [message.id for message in found if message is not None and message.state == "open"]


def _write(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Answer in one's own words, or with a text of the catalogue; one answer for all that was read."""
    waiting = _open_ones(talk)
    if talk.correspondent is None:
        return
    message_actions.write_message(
        by=centre.stage.who(step["by"]),
        at=at,
        correspondent_id=talk.correspondent,
        body=step.get("words", ""),
        text_key=step.get("text", ""),
        values=step.get("values", {}),
        answers=waiting[-1] if waiting else None,
    )
    for message_id in waiting[:-1]:
        message_actions.settle_incoming(
            by=centre.stage.who(step["by"]), at=at, incoming_id=message_id, outcome="answered"
        )


def _turn(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Make a matter of what was said."""
    given: dict[str, Any] = {
        "kind_code": step.get("kind", "complaint"),
        "text_given": step["words"],
        "title": step["title"],
        "region_code": step["region"],
        "answers": step.get("answers", {"sector": "water"}),
        "consent": "spoken",
        "reporter": intake.PersonGiven(
            name=step.get("name", talk.who["name"]), owner=step.get("owner", "own"), safe_to_write=True
        ),
    }
    opened = conversing.turn_incoming(
        by=centre.stage.who(step["by"]), at=at, incoming_ids=_open_ones(talk), fields=given
    )
    talk.case = opened.case.id
    centre.stage.cases += 1


def _join(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Add what was said to the matter of the conversation."""
    if talk.case is not None:
        conversing.join_incoming(
            by=centre.stage.who(step["by"]), at=at, incoming_ids=_open_ones(talk), case_id=talk.case
        )


def _settle(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Nothing is to be done, for a reason."""
    for message_id in _open_ones(talk):
        message_actions.settle_incoming(
            by=centre.stage.who(step["by"]),
            at=at,
            incoming_id=message_id,
            outcome=step.get("outcome", "no_action"),
            note=step.get("words", ""),
        )


def _silence(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Shut spam out."""
    _settle(centre, talk, {**step, "outcome": "spam"}, at)
    if talk.correspondent is not None:
        message_actions.stop_correspondent(
            by=centre.stage.who(step["by"]), at=at, correspondent_id=talk.correspondent, why="spam"
        )


def _transcribe(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Write down what a recording says."""
    for file in conversations.files_of(talk.messages):
        if file.kind == "voice" and file.state == "kept":
            message_actions.transcribe_voice(
                by=centre.stage.who(step["by"]),
                at=at,
                file_id=file.id,
                words=step["words"],
                language=step.get("language", "id"),
                screen=lambda words: screening.screen(tuple(words)).words,
            )


def _ask(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Take the matter on and ask for what is missing; the question goes out by the road the person uses."""
    if talk.case is not None:
        by = centre.stage.who(step["by"])
        handling.claim_case(by=by, at=at - timedelta(minutes=2), case_id=talk.case)
        handling.ask_question(by=by, at=at, case_id=talk.case, text=step["words"])


def _answer(centre: Centre, talk: Talk, step: Mapping[str, Any], at: datetime) -> None:
    """Take the matter on and answer it."""
    if talk.case is not None:
        by = centre.stage.who(step["by"])
        handling.claim_case(by=by, at=at - timedelta(minutes=2), case_id=talk.case)
        handling.answer_case(
            by=by, at=at, case_id=talk.case, text=step["words"], decision=step.get("decision", "upheld")
        )


_DOES: Mapping[str, Callable[[Centre, Talk, Mapping[str, Any], datetime], None]] = {
    "write": _write,
    "turn": _turn,
    "join": _join,
    "settle": _settle,
    "silence": _silence,
    "transcribe": _transcribe,
    "ask": _ask,
    "answer": _answer,
}


# --- what leaves ------------------------------------------------------------------------------------------------------


def _deliver(centre: Centre, talk: Talk, at: datetime, receipt: str) -> None:
    """Hand over what is due, and let the providers report; what did not arrive takes its next road."""
    for left in deliver(centre, at):
        if left.kind == "email":
            talk.answer = left.external_id
        report(centre, left, at + 9 * _SECOND, receipt)
    for message_id in message_queries.came_back():
        message_actions.bounce_message(by=MACHINE, at=at + 12 * _SECOND, message_id=message_id)
        for left in deliver(centre, at + 15 * _SECOND):
            report(centre, left, at + 20 * _SECOND, "delivered")


def deliver(centre: Centre, at: datetime) -> list[rehearsal.Left]:
    """Hand over what is due on the roads of the sample; returns what left."""
    before = len(centre.book.left)
    for message_id in message_queries.due(at, 500):
        message_actions.deliver_message(by=MACHINE, at=at, message_id=message_id)
    return centre.book.left[before:]


def report(centre: Centre, left: rehearsal.Left, at: datetime, receipt: str) -> None:
    """What the provider tells of a message. Telegram and mail tell nothing."""
    told = "failed" if receipt == "failed" else "delivered"
    if left.kind == "whatsapp":
        steps = [told, *(["read"] if receipt == "read" else [])]
        for place, status in enumerate(steps):
            when = at + place * timedelta(minutes=2)
            _take(
                centre,
                "whatsapp",
                deliveries.whatsapp_report(left.external_id, status, when, left.to_address),
                when,
            )
    elif left.kind == "gammu":
        road = next(road for road, one in centre.gateways.items() if one.code == left.code)
        for part in range(1, left.parts + 1):
            row = deliveries.gammu_report(left.external_id, part, told, at, left.to_address)
            _take(centre, road, row, at)
    elif left.kind == "android":
        column = "failedAt" if told == "failed" else "deliveredAt"
        payload = {"messageId": left.external_id, "recipient": left.to_address, column: at.isoformat()}
        _take(centre, "android", deliveries.android(f"sms:{told}", at, f"r{centre.next()}", payload), at)
