"""Acts on education media: add one's own, end it, write down what was shown to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.lib.media import CleanFile
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Coming, Day, Medium, Participant, Showing
from simpul.posyandu.queries import education as queries
from simpul.posyandu.queries import institution
from simpul.posyandu.rules import education as rules


class TitleMissing(Refused):
    """A medium is found by its title."""

    code = "medium.title_missing"
    sentence = _("Write what it is called.")
    field = "title"


class TopicUnknown(Refused):
    """One of the topics of the cards, so that both can be counted together."""

    code = "medium.topic_unknown"
    sentence = _("Choose one of the topics.")
    field = "topic"


class ShownAhead(Refused):
    """Nothing was shown tomorrow."""

    code = "showing.ahead"
    sentence = _("This day lies ahead. Write the day it was shown.")
    field = "date"


class NobodyNamed(Refused):
    """Shown to all needs a day of the posyandu; shown to some needs names."""

    code = "showing.nobody"
    sentence = _("Choose to whom it was shown: all who came on that day, or some of them.")
    field = "to"


def add_medium(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    title: str,
    topic: str,
    kind: str = "leaflet",
    forms_for: str = "",
    words: str = "",
    file: CleanFile | None = None,
    medium_id: UUID | None = None,
) -> Medium:
    """Add a medium of the area's own, with its file (a picture or a PDF, already cleaned) or without.

    Raises:
        TitleMissing, TopicUnknown; NotFound: the key is of somebody else's medium.
    """
    roles.require(by, "medium.add", roles.Place(region_code))
    with transaction.atomic():
        access.hold_region(region_code)
        known = Medium.objects.filter(id=medium_id).first() if medium_id else None
        if known is not None:
            if known.region_code != region_code:
                raise NotFound
            return known
        name = text.clean_line(title)[:120]
        if len(name) < 3:
            raise TitleMissing
        if topic not in queries.topics():
            raise TopicUnknown
        digest = queries.store().put(file.data) if file is not None else ""
        row = Medium.objects.create(
            id=medium_id or uuid7(),
            region_code=region_code,
            topic=topic,
            kind=kind if kind in rules.KINDS else "leaflet",
            title=name,
            forms="".join(sign for sign in "ABCD" if sign in forms_for),
            words=text.clean_text(words, rules.MOST_WORDS),
            file_sha256=digest,
            file_mime=file.mime if file is not None else "",
            added_at=at,
            added_by=by.name[:150],
        )
        _line(by, at, "medium.add", "medium", row.id, region_code, {"title": name, "topic": topic})
    return row


def end_medium(*, by: Actor, at: datetime, medium_id: UUID) -> Medium:
    """Take a medium out of use; what was shown stays written.

    Raises:
        NotFound: no such medium in use, or of a wider area.
    """
    row = queries.own_for(by, medium_id)
    if not by.serves(row.region_code):
        raise NotFound
    roles.require(by, "medium.end", roles.Place(row.region_code))
    with transaction.atomic():
        Medium.objects.filter(id=row.id, ended_at=None).update(ended_at=at)
        _line(by, at, "medium.end", "medium", row.id, row.region_code, {"title": row.title})
    row.refresh_from_db()
    return row


def record_showing(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    medium: str,
    date: date,
    day_id: UUID | None = None,
    visit_id: UUID | None = None,
    participant_ids: Collection[UUID] = (),
    showing_id: UUID | None = None,
) -> list[Showing]:
    """Write down that a medium was shown: to all who came on a day (no names), or to some people, at the post or at home.

    One line for all, else one for each person. The same ``showing_id`` again changes nothing, nor does showing to all of a day twice.

    Raises:
        NotFound: no such posyandu, medium, day, visit or person for this actor.
        ShownAhead, NobodyNamed.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "showing.record", roles.Place(posyandu.region_code))
        known = Showing.objects.filter(id=showing_id, posyandu=posyandu).first() if showing_id else None
        if known is not None:
            return [known]
        shown = queries.medium_for(by, medium)
        if date > institution.today_at(posyandu, at):
            raise ShownAhead
        held = access.day_for(by, day_id) if day_id else None
        people = [access.participant_for(by, key) for key in dict.fromkeys(participant_ids)]
        if not people and held is None:
            raise NobodyNamed
        if not people and (before := _to_all(held, shown.code)):
            return [before]
        usual: dict[str, Any] = {
            "posyandu": posyandu,
            "region_code": posyandu.region_code,
            "medium": shown.code,
            "title": shown.title[:120],
            "topic": shown.topic,
            "date": held.day if held is not None else date,
            "day": held,
            "visit": access.visit_for(by, visit_id) if visit_id else None,
            "recorded_at": at,
            "recorded_by": by.name[:150],
        }
        rows = _shown(usual, people, showing_id)
        facts = {"medium": shown.code, "to_all": not people, "people": len(people) or rows[0].people}
        _line(by, at, "showing.record", "posyandu", posyandu.id, posyandu.region_code, facts)
    return rows


def _to_all(day: Day | None, medium: str) -> Showing | None:
    """The line that says already that a medium was shown to all of a day."""
    rows = Showing.objects.filter(day=day, medium=medium, participant=None, visit=None, withdrawn_at=None)
    return rows.first()


def _shown(usual: Mapping[str, Any], people: Sequence[Participant], showing_id: UUID | None) -> list[Showing]:
    """One line for each person, or one for all who came."""
    if people:
        rows = [
            Showing(id=(showing_id if showing_id and not place else uuid7()), participant=one, **usual)
            for place, one in enumerate(people)
        ]
    else:
        came = Coming.objects.filter(day=usual["day"]).count()
        rows = [Showing(id=showing_id or uuid7(), people=came, **usual)]
    Showing.objects.bulk_create(rows)
    return rows


def withdraw_showing(*, by: Actor, at: datetime, showing_id: UUID) -> Showing:
    """Take back what was written by mistake.

    Raises:
        NotFound: no such line for this actor.
    """
    with transaction.atomic():
        row = queries.showing_for(by, showing_id, lock=True)
        roles.require(by, "showing.withdraw", roles.Place(row.region_code))
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            _line(
                by,
                at,
                "showing.withdraw",
                "posyandu",
                row.posyandu_id,
                row.region_code,
                {"medium": row.medium},
            )
    return row


def _line(
    by: Actor, at: datetime, kind: str, subject: str, key: UUID, region_code: str, facts: Mapping[str, Any]
) -> None:
    journal_actions.record(
        by=by, at=at, kind=kind, subject_kind=subject, subject_id=key, facts=facts, region_code=region_code
    )
