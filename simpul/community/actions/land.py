"""Idle land: listed, agreed by its owner for a time, tilled by a group, harvested, given back. Use never changes rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import works as access
from simpul.community.actions import _works as steps
from simpul.community.models import Harvest, LandInput, LandUse, OwnerConsent, Parcel
from simpul.community.rules import land as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.regions import queries as region_queries


class LandPlaceUnknown(Refused):
    """Land lies in a village."""

    code = "land.place_unknown"
    sentence = _("Choose the village in which the land lies.")
    field = "place_code"


class OwnerNotAgreed(Refused):
    """Nobody tills land whose owner has not said yes for that time."""

    code = "land.owner_not_agreed"
    sentence = _("The owner has not agreed to these days. Write the owner's consent down first.")
    field = "until_date"


class LandInUse(Refused):
    """One group at a time."""

    code = "land.in_use"
    sentence = _("This land is in use. It must be given back first.")


class SharesWrong(Refused):
    """More than the whole harvest."""

    code = "land.shares_wrong"
    sentence = _("The shares of owner and village together are 100 percent at most.")
    field = "owner_share"


class TermTurned(Refused):
    """An end before its beginning, or longer than people remember."""

    code = "land.term_turned"
    sentence = _("The last day lies after the first one, and at most ten years later.")
    field = "to_date"


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of a parcel."""

    name: str
    square_metres: int
    ground: str
    owner_name: str = ""
    owner_id: UUID | None = None
    owner_phone: str = ""
    hamlet_id: UUID | None = None
    water: str = ""
    right: str = ""
    bounds: str = ""


def offer_land(
    *, by: Actor, at: datetime, region_code: str, piece: Piece, parcel_id: UUID | None = None
) -> Parcel:
    """List a piece of land that lies idle. The same ``parcel_id`` again gives the same parcel.

    Raises:
        LandPlaceUnknown, steps.AmountMissing, steps.WorkChoiceUnknown, steps.WorkWordsMissing, NotFound.
    """
    roles.require(by, "land.offer", roles.Place(region_code))
    if region_queries.find_region(region_code) is None:
        raise LandPlaceUnknown
    with transaction.atomic():
        known = steps.again(Parcel, parcel_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        row = Parcel(
            id=parcel_id or uuid7(), region_code=region_code, listed_at=at, recorded_by=by.name[:150]
        )
        _fill(by, row, piece, at)
        row.save(force_insert=True)
        facts = {"square_metres": row.square_metres, "ground": row.ground}
        steps.line(by, at, "land.offer", ("parcel", row.id), region_code, facts, {"name": row.name})
    return row


def change_land(*, by: Actor, at: datetime, parcel_id: UUID, piece: Piece) -> None:
    """Correct what is known of a parcel.

    Raises:
        NotFound, steps.AmountMissing, steps.WorkChoiceUnknown, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        row = _begin(by, "land.change", parcel_id)
        _fill(by, row, piece, at)
        row.save()
        steps.line(by, at, "land.change", ("parcel", row.id), row.region_code)


def _fill(by: Actor, row: Parcel, piece: Piece, at: datetime) -> None:
    if not 0 < piece.square_metres <= 10_000_000:
        raise steps.AmountMissing(field="square_metres")
    owner = people_access.person_for(by, piece.owner_id) if piece.owner_id else None
    hamlets = {one.id for one in region_queries.hamlets(row.region_code)}
    row.name = steps.words(piece.name, field="name", most=100)
    row.square_metres = piece.square_metres
    row.ground = steps.choice(piece.ground, rules.GROUNDS, field="ground")
    row.water = text.clean_line(piece.water, 100)
    row.owner = owner
    row.owner_name = owner.full_name if owner else steps.words(piece.owner_name, field="owner_name")
    row.owner_phone = text.clean_line(piece.owner_phone, 40)
    row.hamlet_id = piece.hamlet_id if piece.hamlet_id in hamlets else None
    row.right = text.clean_line(piece.right, 150)
    row.bounds = text.clean_line(piece.bounds, 300)
    row.changed_at = at


def remove_land(*, by: Actor, at: datetime, parcel_id: UUID) -> None:
    """Take a parcel off the list; its story stays.

    Raises:
        NotFound, LandInUse.
    """
    with transaction.atomic():
        row = _begin(by, "land.remove", parcel_id)
        if _open_use(row) is not None:
            raise LandInUse
        Parcel.objects.filter(id=row.id).update(removed_at=at, changed_at=at)
        steps.line(by, at, "land.remove", ("parcel", row.id), row.region_code)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the owner agreed to."""

    giver: str
    how: str
    from_date: date
    to_date: date
    words: str = ""
    witnesses: str = ""


def agree_land(
    *, by: Actor, at: datetime, parcel_id: UUID, terms: Terms, consent_id: UUID | None = None
) -> OwnerConsent:
    """Write down that the owner agrees, from when until when, on which terms.

    Raises:
        NotFound, TermTurned, steps.WorkChoiceUnknown, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        row = _begin(by, "land.agree", parcel_id)
        known = steps.again(OwnerConsent, consent_id, parcel_id=row.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 <= (terms.to_date - terms.from_date).days <= 3660:
            raise TermTurned
        spoken = terms.how == "spoken"
        consent = OwnerConsent.objects.create(
            **steps.written(by, at, consent_id),
            parcel=row,
            giver=steps.words(terms.giver, field="giver"),
            how=steps.choice(terms.how, rules.HOW, field="how"),
            from_date=terms.from_date,
            to_date=terms.to_date,
            terms=text.clean_text(terms.words, 2000),
            witnesses=steps.words(terms.witnesses, field="witnesses", most=200, least=3 if spoken else 0),
        )
        facts = {"from": terms.from_date.isoformat(), "to": terms.to_date.isoformat(), "how": terms.how}
        steps.line(by, at, "land.agree", ("parcel", row.id), row.region_code, facts, {"giver": consent.giver})
    return consent


def withdraw_land(*, by: Actor, at: datetime, consent_id: UUID, why: str) -> None:
    """The owner takes the consent back: nothing new begins under it; what grows is harvested as agreed, and then given back.

    Raises:
        NotFound, steps.WhyMissing.
    """
    with transaction.atomic():
        consent = OwnerConsent.objects.filter(id=consent_id).first()
        if consent is None:
            raise NotFound
        row = _begin(by, "land.withdraw", consent.parcel_id)
        if steps.withdraw(consent, at, why):
            steps.line(
                by,
                at,
                "land.withdraw",
                ("parcel", row.id),
                row.region_code,
                {},
                {"why": consent.withdrawn_why},
            )


@dataclass(frozen=True, slots=True)
class Tilling:
    """Who tills, what, until when, and who gets how much of it (percent)."""

    group: str
    crop: str
    started_date: date
    until_date: date
    people: int = 1
    contact: str = ""
    owner_share: int = 0
    village_share: int = 0


def begin_use(
    *, by: Actor, at: datetime, parcel_id: UUID, tilling: Tilling, use_id: UUID | None = None
) -> LandUse:
    """A group begins to till, inside what the owner agreed to.

    Raises:
        NotFound, LandInUse, OwnerNotAgreed, SharesWrong, steps.AmountMissing, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        row = _begin(by, "use.begin", parcel_id)
        known = steps.again(LandUse, use_id, parcel_id=row.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if _open_use(row) is not None:
            raise LandInUse
        if (
            min(tilling.owner_share, tilling.village_share) < 0
            or tilling.owner_share + tilling.village_share > 100
        ):
            raise SharesWrong
        if not 1 <= tilling.people <= 1000:
            raise steps.AmountMissing(field="people")
        use = LandUse.objects.create(
            **steps.written(by, at, use_id),
            parcel=row,
            consent=_covering(row, tilling),
            group=steps.words(tilling.group, field="group"),
            contact=text.clean_line(tilling.contact, 150),
            people=tilling.people,
            crop=steps.words(tilling.crop, field="crop", most=100),
            started_date=tilling.started_date,
            until_date=tilling.until_date,
            owner_share=tilling.owner_share,
            village_share=tilling.village_share,
        )
        facts = {"crop": use.crop, "from": use.started_date.isoformat(), "until": use.until_date.isoformat()}
        steps.line(by, at, "use.begin", ("parcel", row.id), row.region_code, facts, {"group": use.group})
    return use


def _covering(row: Parcel, tilling: Tilling) -> OwnerConsent:
    """The owner's consent that covers all days of a use."""
    term = (tilling.started_date, tilling.until_date)
    for consent in row.consents.filter(withdrawn_at=None).order_by("-to_date"):
        if rules.fits((consent.from_date, consent.to_date), term):
            return consent
    raise OwnerNotAgreed


def end_use(*, by: Actor, at: datetime, use_id: UUID, day: date, state: str) -> None:
    """The land goes back to its owner, in this state. Once more changes nothing.

    Raises:
        NotFound, steps.DayNotYet, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        use, row = _begin_use(by, "use.end", use_id)
        if use.returned_date is not None:
            return
        use.returned_date = steps.happened(day, at, row.region_code)
        use.returned_words = steps.words(state, field="state", most=300, least=3)
        use.save(update_fields=["returned_date", "returned_words"])
        facts = {"day": day.isoformat()}
        steps.line(
            by, at, "use.end", ("parcel", row.id), row.region_code, facts, {"state": use.returned_words}
        )


def record_input(
    *,
    by: Actor,
    at: datetime,
    use_id: UUID,
    day: date,
    what: str,
    value: int,
    source: str = "",
    entry_id: UUID | None = None,
) -> LandInput:
    """Write down what a use cost: seed, fertiliser, a tractor (whole rupiah).

    Raises:
        NotFound, steps.AmountMissing, steps.DayNotYet, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        use, row = _begin_use(by, "input.record", use_id)
        known = steps.again(LandInput, entry_id, use_id=use.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 <= value < 10**12:
            raise steps.AmountMissing(field="value")
        entry = LandInput.objects.create(
            **steps.written(by, at, entry_id),
            use=use,
            given_date=steps.happened(day, at, row.region_code),
            what=steps.words(what, field="what", most=100),
            value=value,
            source=text.clean_line(source, 100),
        )
        facts = {"value": value, "what": entry.what}
        steps.line(by, at, "input.record", ("parcel", row.id), row.region_code, facts)
    return entry


def record_harvest(
    *,
    by: Actor,
    at: datetime,
    use_id: UUID,
    day: date,
    what: str,
    grams: int,
    value: int = 0,
    entry_id: UUID | None = None,
) -> Harvest:
    """Write down what was harvested (grams), shared as it was agreed.

    Raises:
        NotFound, steps.AmountMissing, steps.DayNotYet, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        use, row = _begin_use(by, "harvest.record", use_id)
        known = steps.again(Harvest, entry_id, use_id=use.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 < grams < 10**12 or not 0 <= value < 10**12:
            raise steps.AmountMissing(field="grams")
        owner, village, _rest = rules.shares(grams, use.owner_share, use.village_share)
        entry = Harvest.objects.create(
            **steps.written(by, at, entry_id),
            use=use,
            harvested_date=steps.happened(day, at, row.region_code),
            what=steps.words(what, field="what", most=100),
            grams=grams,
            value=value,
            owner_grams=owner,
            village_grams=village,
        )
        facts = {"grams": grams, "value": value, "owner_grams": owner, "village_grams": village}
        steps.line(by, at, "harvest.record", ("parcel", row.id), row.region_code, facts)
    return entry


def withdraw_input(*, by: Actor, at: datetime, entry_id: UUID, why: str) -> None:
    """Take back a cost that was written down wrongly.

    Raises:
        NotFound, steps.WhyMissing.
    """
    _take_back(by, at, "input.withdraw", LandInput, entry_id, why)


def withdraw_harvest(*, by: Actor, at: datetime, entry_id: UUID, why: str) -> None:
    """Take back a harvest that was written down wrongly.

    Raises:
        NotFound, steps.WhyMissing.
    """
    _take_back(by, at, "harvest.withdraw", Harvest, entry_id, why)


def _take_back(by: Actor, at: datetime, act: str, table: Any, entry_id: UUID, why: str) -> None:
    with transaction.atomic():
        entry = table.objects.filter(id=entry_id).first()
        if entry is None:
            raise NotFound
        _use, row = _begin_use(by, act, entry.use_id)
        if steps.withdraw(entry, at, why):
            steps.line(
                by,
                at,
                act,
                ("parcel", row.id),
                row.region_code,
                {"what": entry.what},
                {"why": entry.withdrawn_why},
            )


def _begin(by: Actor, act: str, parcel_id: UUID) -> Parcel:
    row = access.parcel_for(by, parcel_id, lock=True)
    roles.require(by, act, access.place_of(row.region_code))
    return row


def _begin_use(by: Actor, act: str, use_id: UUID) -> tuple[LandUse, Parcel]:
    use = access.use_for(by, use_id)
    return use, _begin(by, act, use.parcel_id)


def _open_use(row: Parcel) -> LandUse | None:
    return row.uses.filter(returned_date=None, withdrawn_at=None).first()
