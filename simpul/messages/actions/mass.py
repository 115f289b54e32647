"""A notice to everybody in an area: sent by the road that is safe for each, on paper for the others, and stopped again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.messages import queries, rules
from simpul.messages.models import MassNotice, Message
from simpul.messages.queries import mass as mass_queries
from simpul.regions import queries as region_queries

TEXT_KEY = mass_queries.TEXT_KEY
LONGEST_BODY = 1000
EXPIRES = timedelta(days=7)
"""A notice that could not leave for so long is no news any more."""

HOW_TOLD = ("in_person", "phone")


class NoticeWordsMissing(Refused):
    """A notice says something."""

    code = "notice.words_missing"
    sentence = _("Write a title and what people have to know or do, in at least a few words.")
    field = "body"


class NoticeTooLong(Refused):
    """Nobody reads a long text message in an emergency."""

    code = "notice.too_long"
    sentence = _("This is too long for a text message. Write at most %(limit)s characters.")
    field = "body"


class NoticePlace(Refused):
    """A notice goes to an area."""

    code = "notice.place_unknown"
    sentence = _("Choose the area whose people are told.")
    field = "region_code"


class NoticeDecision(Refused):
    """Somebody answers for telling everybody."""

    code = "notice.decision_missing"
    sentence = _("Write who decided that everybody is told.")
    field = "decided_by"


class NobodyReached(Refused):
    """Nobody is registered there."""

    code = "notice.nobody"
    sentence = _("Nobody is registered in this area yet, so that nobody would be told.")
    field = "region_code"


class NoticeStopped(Refused):
    """It was stopped before."""

    code = "notice.stopped_already"
    sentence = _("This notice was stopped already.")


class NothingToTell(Refused):
    """The hamlet's list is empty."""

    code = "notice.nothing_to_tell"
    sentence = _("Nobody of this hamlet waits for this notice any more.")


def send_notice(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    title: str,
    body: str,
    decided_by: str,
    urgent: bool = False,
    language: str = "id",
    notice_id: UUID | None = None,
) -> MassNotice:
    """Tell everybody who can be reached in an area, one message a person, and put the others on the lists of their hamlets.

    ``urgent`` goes out in quiet hours too. However many people live there, some hundred are held at a time, and the journal
    gets one line. Repeating with the same id changes nothing.

    Raises:
        NoticePlace, NoticeWordsMissing, NoticeTooLong, NoticeDecision, NobodyReached.
        NotAllowed: not this actor's area.
    """
    roles.require(by, "notice.send", roles.Place(region_code=region_code, holder_ids=by.desk_ids))
    head, said, decided = _words(title, body, decided_by)
    if not region_code or region_queries.find_region(region_code) is None:
        raise NoticePlace
    with transaction.atomic():
        known = MassNotice.objects.filter(id=notice_id).first() if notice_id else None
        if known is not None:
            return known
        notice = MassNotice.objects.create(
            id=notice_id or uuid7(),
            region_code=region_code,
            title=head,
            body=said,
            language=language,
            urgent=urgent,
            decided_by=decided,
            written_by=by.name[:150],
            sent_at=at,
        )
        _queue_all(notice, at)
        if not notice.reached:
            raise NobodyReached
        notice.save(update_fields=["reached", "on_paper"])
        _line(by, at, "notice.send", notice, people=notice.reached, paper=notice.on_paper, urgent=urgent)
    return notice


def stop_notice(*, by: Actor, at: datetime, notice_id: UUID, reason: str) -> MassNotice:
    """Hold what has not gone out yet, and take what was not told off the lists. What people have got, they have got.

    Raises:
        NotFound, NoticeStopped, NoticeWordsMissing (no reason).
    """
    notice = mass_queries.notice_for(by, notice_id)
    roles.require(by, "notice.stop", roles.Place(region_code=notice.region_code, holder_ids=by.desk_ids))
    why = text.clean_line(reason)[:200]
    if len(why) < 3:
        raise NoticeWordsMissing(field="reason")
    with transaction.atomic():
        stopped = {"stopped_at": at, "stopped_by": by.name[:150]}
        if MassNotice.objects.filter(id=notice.id, stopped_at=None).update(**stopped) != 1:
            raise NoticeStopped
        waiting = mass_queries.messages_of(notice.id).filter(state__in=("queued", "printed", "failed"))
        held = waiting.update(state="held")
        notice.refresh_from_db()
        _line(by, at, "notice.stop", notice, held=held, reason=why)
    return notice


def tell_notice(
    *,
    by: Actor,
    at: datetime,
    notice_id: UUID,
    region_code: str,
    hamlet_name: str,
    told_by: str = "",
    how: str = "in_person",
) -> int:
    """Report that the people of a hamlet who are on paper were told, all of them: at the mosque, from door to door.

    Returns how many. Who was not met stays with nobody: the list is walked before it is reported.

    Raises:
        NotFound, NothingToTell.
    """
    notice = mass_queries.notice_for(by, notice_id)
    roles.require(by, "notice.tell", roles.Place(region_code=region_code, holder_ids=by.desk_ids))
    if how not in HOW_TOLD:
        raise KeyError(how)
    with transaction.atomic():
        waiting = mass_queries.messages_of(notice.id).filter(
            road=rules.SLIP, state__in=("queued", "printed"), region_code=region_code, hamlet_name=hamlet_name
        )
        told = waiting.update(
            state="told", told_at=at, told_by=(text.clean_line(told_by) or by.name)[:150], told_how=how
        )
        if not told:
            raise NothingToTell
        _line(by, at, "notice.tell", notice, hamlet=hamlet_name, place=region_code, people=told)
    return told


def _words(title: str, body: str, decided_by: str) -> tuple[str, str, str]:
    head, said = text.clean_line(title)[:100], text.clean_text(body)
    if len(head) < 3 or len(said) < 10:
        raise NoticeWordsMissing(field="title" if len(head) < 3 else "body")
    if len(said) > LONGEST_BODY:
        raise NoticeTooLong(limit=LONGEST_BODY)
    decided = text.clean_line(decided_by)[:150]
    if len(decided) < 3:
        raise NoticeDecision
    return head, said, decided


def _queue_all(notice: MassNotice, at: datetime) -> None:
    """Queue one message a person, a chunk at a time; the words of each road are looked up once."""
    fill = _filler(notice)
    first_at = at if notice.urgent else _awake(at, notice.region_code)
    for chunk in mass_queries.reached(notice.region_code, at):
        rows = [_message(notice, one, fill, at, first_at) for one in chunk if one is not None]
        Message.objects.bulk_create(rows, batch_size=200)
        notice.reached += len(rows)
        notice.on_paper += sum(1 for row in rows if row.road == rules.SLIP)


def _message(
    notice: MassNotice,
    one: mass_queries.Reached,
    fill: Callable[[str, str, str], rules.Words],
    at: datetime,
    first_at: datetime,
) -> Message:
    person = one.person
    language = person.language or notice.language
    said = fill(one.road, language, person.full_name)
    inside = person.region_code.startswith(notice.region_code)
    return Message(
        subject_kind=mass_queries.SUBJECT,
        subject_id=notice.id,
        once_key=f"notice:{notice.id}:{person.id}",
        asked_key=TEXT_KEY,
        text_key=TEXT_KEY,
        values={"title": notice.title, "body": notice.body},
        road=one.road,
        language=language,
        to_name=person.full_name[:150],
        to_address=one.address,
        to_person_id=person.id,
        region_code=person.region_code if inside else notice.region_code,
        hamlet_name=person.hamlet.name if person.hamlet else "",
        landmark=person.landmark,
        subject=said.subject,
        body=said.body,
        queued_at=at,
        next_try_at=first_at,
        expires_at=None if one.road == rules.SLIP else at + EXPIRES,
    )


def _filler(notice: MassNotice) -> Callable[[str, str, str], rules.Words]:
    """The words of the notice for a road, a language and a name."""
    common = queries.common_values("")
    given = {**common, "title": notice.title, "body": notice.body}

    @lru_cache(maxsize=32)
    def words_of(road: str, language: str) -> rules.Words:
        return queries.words(TEXT_KEY, road, language)

    def fill(road: str, language: str, to_name: str) -> rules.Words:
        return rules.filled(words_of(road, language), {**given, "to_name": to_name})

    return fill


def _awake(at: datetime, region_code: str) -> datetime:
    home = desk_queries.institution()
    return rules.not_before(
        at, zone=desk_queries.zone_of(region_code), quiet_from=home.quiet_from, quiet_to=home.quiet_to
    )


def _line(by: Actor, at: datetime, kind: str, notice: MassNotice, **facts: object) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=mass_queries.SUBJECT,
        subject_id=notice.id,
        facts={"name": notice.title, **facts},
        region_code=notice.region_code,
    )
