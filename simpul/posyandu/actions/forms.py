"""Acts on lines of paper sheets: save one as an entry of its card, keep one that still has questions, throw one away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import examinations as examination_actions
from simpul.posyandu.models import Examination, PaperLine, Participant
from simpul.posyandu.queries import examinations as entry_queries
from simpul.posyandu.queries import forms
from simpul.posyandu.queries import forms_grid as grid
from simpul.posyandu.rules import examinations as examination_rules
from simpul.posyandu.rules import forms as rules

_MOST_LETTERS = 2000


class LineMoved(Refused):
    """Somebody else's line waits with its questions: their words are not written over by one who has not seen them."""

    code = "paperline.moved"
    sentence = _(
        "Somebody else has typed this line in meanwhile, and it waits with questions. Load the page again to see it."
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a line: an entry, or what must be asked first. ``rival``: another entry of that day says otherwise, both are kept."""

    read: rules.Read
    examination: Examination | None = None
    rival: bool = False
    kept: bool = False


def enter_paperline(
    *,
    by: Actor,
    at: datetime,
    participant_id: UUID,
    form_code: str,
    date: date,
    raw: Mapping[str, str],
    sure: Collection[str] = (),
    cadre_id: UUID | None = None,
    examination_id: UUID | None = None,
    form_version: str = "",
    seen: str = "",
) -> Entered:
    """Save one line of a paper sheet. With open questions nothing becomes an entry: the line is kept word for word until it is answered.

    ``seen`` is the mark of what stood on the line when the writer began (``forms_grid.Line.seen``; "" for nothing). Who saw what was saved
    from paper before corrects it, and empties what is left empty; one that adds to an entry of the day is joined to it; one that says
    otherwise, or has not seen what it contradicts, stands beside it, and somebody chooses. A kept line goes only with one who saw it.

    Raises:
        NotFound: no such card for this actor.
        LineMoved: another's line is kept here, and the writer has not seen it.
    """
    with transaction.atomic():
        participant = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "paperline.enter", roles.Place(region_code=participant.region_code))
        form = forms.form(form_code, form_version)
        marks = grid.seen_of(seen)
        kept = PaperLine.objects.filter(participant=participant, form=form_code, date=date).first()
        read = grid.read_line(participant, form, date, raw, sure)
        if not read.is_whole:
            if _keep(by, at, participant, form_code, date, raw, kept, marks):
                _line(by, at, participant, {"form": form_code, "date": date.isoformat(), "kept": True})
            return Entered(read, kept=True)
        if kept is not None and _may_replace(by, kept, marks, empty=not read.values):
            kept.delete()
        row = _entry(by, at, participant, form, date, read, cadre_id, examination_id, marks)
        if row is None:
            return Entered(read)
        _line(by, at, participant, {"form": form_code, "date": date.isoformat(), "kept": False})
    return Entered(read, row, rival=row.rival_id is not None and not row.stands)


def _may_replace(by: Actor, kept: PaperLine, seen: grid.Seen, *, empty: bool = False) -> bool:
    """Whether a kept line may go: its words were seen, or one's own words make room for others (never for none)."""
    own = kept.made_by == by.name[:150]
    return seen.kept == grid.kept_mark(grid.typed_words(kept.raw)) or (own and not empty)


def _entry(
    by: Actor,
    at: datetime,
    participant: Participant,
    form: rules.Form,
    day: date,
    read: rules.Read,
    cadre_id: UUID | None,
    examination_id: UUID | None,
    seen: grid.Seen,
) -> Examination | None:
    known = grid.entry_of(participant, day)
    values: dict[str, Any] = dict(read.values)
    if known is not None:
        same = seen.entry == grid.entry_mark(form, known)
        if same:
            values = {**dict.fromkeys(grid.written_keys(form, known)), **values}
        both = examination_rules.merged(known.values, values)
        if both == known.values:
            return known if read.values else None
        adds = not examination_rules.contradicts(known.values, read.values)
        if adds or (same and known.source == "paper"):
            return examination_actions.amend_examination(
                by=by, at=at, examination_id=known.id, values=values, sure=read.flags
            )
        beside = _beside(participant, day, both)
        if beside is not None:
            return beside
        values = both
    elif not values:
        return None
    card = form.code == f"card_{participant.form}"
    return examination_actions.record_examination(
        by=by,
        at=at,
        participant_id=participant.id,
        date=day,
        values=values,
        form_version=form.version if card else "",
        source="paper",
        cadre_id=cadre_id,
        sure=read.flags,
        examination_id=examination_id,
    )


def _beside(participant: Participant, day: date, values: Mapping[str, Any]) -> Examination | None:
    """The entry that says the same and waits beside the one that counts already: the same press twice makes no third."""
    waiting = entry_queries.history(participant).filter(date=day, stands=False, set_aside_why="")
    return next((one for one in waiting.exclude(rival=None) if one.values == values), None)


def _keep(
    by: Actor,
    at: datetime,
    participant: Participant,
    form_code: str,
    day: date,
    raw: Mapping[str, str],
    kept: PaperLine | None,
    seen: grid.Seen,
) -> bool:
    """Whether something new was kept.

    Raises:
        LineMoved.
    """
    words = {key: str(value)[:_MOST_LETTERS] for key, value in raw.items() if str(value).strip()}
    if kept is not None:
        if grid.typed_words(kept.raw) == words:
            return False
        if not _may_replace(by, kept, seen):
            raise LineMoved
    row = kept or PaperLine(
        participant=participant,
        form=form_code,
        date=day,
        posyandu_id=participant.posyandu_id,
        person_id=participant.person_id,
        region_code=participant.region_code,
    )
    row.raw = {**words, grid.ENTRY: seen.entry} if seen.entry else words
    row.made_at, row.made_by = at, by.name[:150]
    row.save()
    return True


def drop_paperline(*, by: Actor, at: datetime, participant_id: UUID, form_code: str, date: date) -> bool:
    """Throw away a line that was kept with its questions. Returns whether there was one.

    Raises:
        NotFound: no such card for this actor.
    """
    with transaction.atomic():
        participant = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "paperline.drop", roles.Place(region_code=participant.region_code))
        count, _tables = PaperLine.objects.filter(participant=participant, form=form_code, date=date).delete()
        if count:
            journal_actions.record(
                by=by,
                at=at,
                kind="paperline.drop",
                subject_kind="participant",
                subject_id=participant.id,
                region_code=participant.region_code,
                facts={"form": form_code, "date": date.isoformat()},
            )
    return bool(count)


def _line(by: Actor, at: datetime, participant: Participant, facts: Mapping[str, object]) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind="paperline.enter",
        subject_kind="participant",
        subject_id=participant.id,
        region_code=participant.region_code,
        facts=dict(facts),
    )
