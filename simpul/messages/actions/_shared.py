"""What several acts on messages need: filled words, kept words without secrets, and the journal line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.messages import queries, rules
from simpul.messages.models import Message
from simpul.people import queries as people_queries


def words(key: str, road: str, language: str, to_name: str, values: Mapping[str, str]) -> rules.Words:
    """A text with its variables and the common ones filled in."""
    everything = {**values, **queries.common_values(to_name)}
    return queries.filled(queries.words(key, road, language), road, language, everything)


def as_slip(message: Message, at: datetime) -> dict[str, object]:
    """The same message on paper: its own words for paper, with the person's name on it again."""
    person = people_queries.addressee(message.to_person_id) if message.to_person_id else None
    name = person.full_name if person else message.to_name
    key = rules.text_key(
        message.asked_key, road=rules.SLIP, to_desk=False, sensitive=message.sensitive, call_us=False
    )
    said = words(key, rules.SLIP, message.language, name, message.values)
    return {
        "state": "queued",
        "road": rules.SLIP,
        "text_key": key,
        "to_name": name[:150],
        "to_address": "",
        "subject": said.subject,
        "body": said.body,
        "next_try_at": at,
    }


def awake(
    at: datetime, region_code: str, kind: rules.TextKind, queued_at: datetime, *, urgent: bool = False
) -> datetime:
    """The first moment from ``at`` on at which a person may be reached with this text: nobody is woken without need."""
    if rules.wakes(queued_at, at, at_once=kind.at_once, urgent=urgent):
        return at
    home = desk_queries.institution()
    return rules.not_before(
        at,
        zone=desk_queries.zone_of(region_code),
        quiet_from=home.quiet_from,
        quiet_to=home.quiet_to,
    )


def record(
    by: Actor,
    at: datetime,
    kind: str,
    message: Message,
    *,
    inputs: Mapping[str, str] | None = None,
    **facts: str,
) -> None:
    """One line on the subject that the message is about, so that its timeline shows what was said and when."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        region_code=message.region_code,
        facts={"message": str(message.id), "text": message.asked_key, "road": message.road, **facts},
        inputs=inputs,
    )
