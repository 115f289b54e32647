"""Acts on a round of aid: open it, change it, close it when its goods balance, open it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.meetings import access as meeting_access
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _rounds
from simpul.programmes.models import Programme, Round, RoundItem
from simpul.programmes.queries import goods
from simpul.programmes.rules import rounds as rules
from simpul.regions import queries as region_queries


class RoundProgrammeUnknown(Refused):
    """A round gives out something of a programme."""

    code = "round.programme_unknown"
    sentence = _("Choose the programme whose aid is handed out.")
    field = "programme"


class RoundDatesWrong(Refused):
    """It cannot end before it starts."""

    code = "round.dates_wrong"
    sentence = _("The last day lies before the first. Check both days.")
    field = "ends_date"


class RoundUndecided(Refused):
    """Somebody decided who gets it."""

    code = "round.undecided"
    sentence = _("Say who decided the list: choose the musyawarah, or write the authority and its document.")
    field = "authority"


class GoodsDiffer(Refused):
    """Goods that are not accounted for."""

    code = "round.goods_differ"
    sentence = _(
        "The goods do not balance yet. Write down what came back or was lost, or explain the difference."
    )
    field = "explanation"


@dataclass(frozen=True, slots=True)
class RoundGiven:
    """What is said about a round."""

    programme: str
    name: str
    region_code: str
    starts_date: date
    ends_date: date
    period: str = ""
    meeting_id: UUID | None = None
    authority: str = ""
    document: str = ""
    document_date: date | None = None
    storage: str = ""


def open_round(*, by: Actor, at: datetime, given: RoundGiven, round_id: UUID | None = None) -> Round:
    """Open a round of a programme for an area. The same ``round_id`` again changes nothing.

    Raises:
        NotFound, NotAllowed.
        RoundProgrammeUnknown, RoundDatesWrong, RoundUndecided, _rounds.RoundWordsMissing.
    """
    roles.require(by, "round.open", access.place_of(given.region_code))
    with transaction.atomic():
        known = Round.objects.filter(id=round_id).first() if round_id else None
        if known is not None:
            return access.round_for(by, known.id)
        if region_queries.find_region(given.region_code) is None:
            raise NotFound
        made = Round.objects.create(
            id=round_id or uuid7(),
            region_code=given.region_code,
            recorded_at=at,
            recorded_by=by.name[:150],
            changed_at=at,
            **_columns(by, given),
        )
        _rounds.line(by, at, "round.open", "round", made.id, made.region_code, _facts(made))
    return made


def change_round(*, by: Actor, at: datetime, round_id: UUID, given: RoundGiven) -> Round:
    """Change what is said about an open round; its area stays.

    Raises:
        NotFound, _rounds.RoundClosed, and what ``open_round`` raises.
    """
    with transaction.atomic():
        found = _rounds.begin(by, "round.change", round_id)
        for name, value in _columns(by, given).items():
            setattr(found, name, value)
        found.changed_at = at
        found.save()
        _rounds.line(by, at, "round.change", "round", found.id, found.region_code, _facts(found))
    return found


def _columns(by: Actor, given: RoundGiven) -> dict[str, Any]:
    programme = (
        Programme.objects.filter(code=given.programme, is_active=True).exclude(kind="criterion").first()
    )
    if programme is None:
        raise RoundProgrammeUnknown
    if given.ends_date < given.starts_date:
        raise RoundDatesWrong
    if given.meeting_id is not None:
        meeting_access.meeting_for(by, given.meeting_id)
    authority = text.clean_line(given.authority, 150)
    document = text.clean_line(given.document, 100)
    if given.meeting_id is None and not (authority and document):
        raise RoundUndecided
    return {
        "programme": programme,
        "name": _rounds.words(given.name, field="name", most=150),
        "period": text.clean_line(given.period, 80),
        "starts_date": given.starts_date,
        "ends_date": given.ends_date,
        "meeting_id": given.meeting_id,
        "authority": authority,
        "document": document,
        "document_date": given.document_date,
        "storage": text.clean_line(given.storage, 150),
    }


def _facts(row: Round) -> dict[str, Any]:
    return {
        "programme": row.programme_id,
        "starts": row.starts_date,
        "ends": row.ends_date,
        "meeting": str(row.meeting_id or ""),
    }


def close_round(*, by: Actor, at: datetime, round_id: UUID, explanation: str = "") -> Round:
    """Close a round. What a phone still brings is written down all the same, with a flag.

    Raises:
        GoodsDiffer: goods are missing or still in somebody's hands, and nobody said why.
        NotFound, _rounds.RoundClosed.
    """
    with transaction.atomic():
        found = _rounds.begin(by, "round.close", round_id)
        why = text.clean_line(explanation, 500)
        open_items = [item for item, held in goods.round_balances(found) if not held.is_even]
        if open_items and len(why) < 3:
            raise GoodsDiffer
        found.state, found.closed_at, found.closed_by = "closed", at, by.name[:150]
        found.explanation, found.changed_at = why, at
        found.save()
        facts = {"differences": len(open_items)}
        _rounds.line(by, at, "round.close", "round", found.id, found.region_code, facts, {"why": why})
    return found


def reopen_round(*, by: Actor, at: datetime, round_id: UUID, why: str) -> Round:
    """Open a closed round again.

    Raises:
        NotFound: there is none, it is open, or it is not for this actor.
        _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        found = _rounds.begin(by, "round.reopen", round_id, open_only=False)
        if found.state != "closed":
            raise NotFound
        said = _rounds.words(why, field="why")
        found.state, found.closed_at, found.closed_by, found.changed_at = "open", None, "", at
        found.save()
        _rounds.line(by, at, "round.reopen", "round", found.id, found.region_code, {}, {"why": said})
    return found


def add_goods(
    *,
    by: Actor,
    at: datetime,
    round_id: UUID,
    what: str,
    unit: str,
    per_household: Decimal,
    item_id: UUID | None = None,
) -> RoundItem:
    """Name one kind of goods of a round, its unit, and how much a household gets. The same ``item_id`` again changes nothing.

    Raises:
        NotFound, _rounds.RoundClosed, _rounds.RoundChoiceUnknown, _rounds.AmountWrong, _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        found = _rounds.begin(by, "goods.add", round_id, open_only=False)
        known = RoundItem.objects.filter(id=item_id).first() if item_id else None
        if known is not None:
            return _rounds.item_of(known.id, round_id)
        if found.state != "open":
            raise _rounds.RoundClosed
        last = found.items.aggregate(last=Max("position"))["last"] or 0
        made = RoundItem.objects.create(
            id=item_id or uuid7(),
            round=found,
            position=last + 1,
            what=_rounds.words(what, field="what", most=80, least=2),
            unit=_rounds.choice(unit, rules.UNITS, field="unit"),
            per_household=_rounds.amount(per_household, zero=True),
        )
        facts = {"item": str(made.id), "unit": unit, "per_household": rules.plain(made.per_household)}
        _rounds.line(by, at, "goods.add", "round", found.id, found.region_code, facts)
    return made


def change_goods(*, by: Actor, at: datetime, item_id: UUID, what: str, per_household: Decimal) -> RoundItem:
    """Change the name of goods or how much a household gets; the unit stays, because rows are counted in it.

    Raises:
        NotFound, _rounds.RoundClosed, _rounds.AmountWrong, _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        item = _rounds.item_of(item_id)
        found = _rounds.begin(by, "goods.change", item.round_id)
        before = item.per_household
        item.what = _rounds.words(what, field="what", most=80, least=2)
        item.per_household = _rounds.amount(per_household, zero=True)
        item.save()
        facts = {"item": str(item.id), "from": rules.plain(before), "to": rules.plain(item.per_household)}
        _rounds.line(by, at, "goods.change", "round", found.id, found.region_code, facts)
    return item
