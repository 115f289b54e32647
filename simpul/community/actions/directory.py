"""The directory of what the village makes and shares; a contact stands in it only while its owner agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.access import works as work_access
from simpul.community.actions import _ideas as steps
from simpul.community.models import Agreement, Listing
from simpul.community.rules import directory as rules
from simpul.lib import phone, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.regions import queries as region_queries


class ListingPlaceUnknown(Refused):
    """A line of the directory belongs to a village."""

    code = "listing.place_unknown"
    sentence = _("Choose the village this is in.")
    field = "place_code"


class ListingEnded(Refused):
    """What ended is put back first."""

    code = "listing.ended"
    sentence = _("This line was taken out of the directory. Put it back first.")


class ContactMissing(Refused):
    """Consent is for a name and a number that are known."""

    code = "listing.contact_missing"
    sentence = _("Write the name and the number first, then ask whether they may be shown.")
    field = "contact_phone"


class ContactUnreadable(Refused):
    """A number that nobody can call."""

    code = "listing.contact_unreadable"
    sentence = _("This number cannot be called. Write it as 0812 3456 7890.")
    field = "contact_phone"


class MarketDaysMissing(Refused):
    """A market has a day."""

    code = "listing.market_days_missing"
    sentence = _("Tick the days on which the market is held.")
    field = "weekdays"


@dataclass(frozen=True, slots=True)
class ListingGiven:
    """A line of the directory as it was written."""

    kind: str
    name: str
    about: str = ""
    offers: str = ""
    place: str = ""
    hours: str = ""
    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    unit: str = ""
    price: int | None = None
    price_date: date | None = None
    person_id: UUID | None = None
    contact_name: str = ""
    contact_phone: str = ""
    hamlet_id: UUID | None = None
    parcel_id: UUID | None = None
    work_id: UUID | None = None


def add_listing(
    *, by: Actor, at: datetime, region_code: str, given: ListingGiven, listing_id: UUID | None = None
) -> Listing:
    """Add a line to the directory. Its contact is kept, and shown only after ``give_agreement``. The same id again gives the same line.

    Raises:
        ListingPlaceUnknown, ContactUnreadable, MarketDaysMissing, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: not allowed here.
    """
    roles.require(by, "listing.add", access.place_of(region_code))
    if len(region_code) != 10 or region_queries.find_region(region_code) is None:
        raise ListingPlaceUnknown
    with transaction.atomic():
        known = Listing.objects.filter(id=listing_id).first() if listing_id else None
        if known is not None:
            return access.listing_for(by, known.id)
        row = Listing(
            id=listing_id or uuid7(), region_code=region_code, recorded_at=at, recorded_by=by.name[:150]
        )
        _fill(by, at, row, given)
        row.save(force_insert=True)
        steps.line(
            by, at, "listing.add", ("listing", row.id), region_code, {"kind": row.kind}, {"name": row.name}
        )
    return row


def change_listing(*, by: Actor, at: datetime, listing_id: UUID, given: ListingGiven) -> Listing:
    """Change a line. Another name or number needs consent anew: it is hidden until it is given.

    Raises:
        ListingEnded, ContactUnreadable, MarketDaysMissing, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "listing.change", listing_id)
        before = (row.contact_name, row.contact_phone)
        _fill(by, at, row, given)
        row.save()
        renewed = before != (row.contact_name, row.contact_phone)
        if renewed:
            with translation.override("id"):
                why = gettext("The contact was changed.")
            row.agreements.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_why=why)
        steps.line(
            by,
            at,
            "listing.change",
            ("listing", row.id),
            row.region_code,
            {"kind": row.kind, "contact_changed": renewed},
            {"name": row.name},
        )
    return row


def _begin(by: Actor, act: str, listing_id: UUID, *, ended: bool = False) -> Listing:
    row = access.listing_for(by, listing_id, lock=True)
    roles.require(by, act, access.place_of(row.region_code))
    if row.ended_at is not None and not ended:
        raise ListingEnded
    return row


def _fill(by: Actor, at: datetime, row: Listing, given: ListingGiven) -> None:
    row.kind = steps.choice(given.kind, rules.KINDS, field="kind")
    if row.kind == "market" and not given.weekdays:
        raise MarketDaysMissing
    if given.hamlet_id is not None and given.hamlet_id not in {
        one.id for one in region_queries.hamlets(row.region_code)
    }:
        raise steps.IdeaChoiceUnknown(field="hamlet")
    number = text.clean_line(given.contact_phone, 40)
    if number and not phone.normalise(number).e164:
        raise ContactUnreadable
    person = people_access.active_for(by, given.person_id) if given.person_id else None
    row.name = steps.words(given.name, field="name", most=120, least=2)
    row.about = text.clean_text(given.about, 1500)
    row.offers = text.clean_line(given.offers, 200)
    row.place = text.clean_line(given.place, 150)
    row.hours = text.clean_line(given.hours, 120)
    row.months = rules.bits(given.months, 12)
    row.weekdays = rules.bits(given.weekdays, 7)
    row.unit = text.clean_line(given.unit, 40)
    row.price = given.price
    row.price_date = (
        (given.price_date or steps.today(row.region_code, at)) if given.price is not None else None
    )
    row.person = person
    row.contact_name = text.clean_line(given.contact_name, 120)
    row.contact_phone = number
    row.hamlet_id, row.parcel_id, row.work_id = given.hamlet_id, *_tied(by, row, given)
    row.search_key = text.search_key(f"{row.name} {row.offers} {row.place} {row.about}")[:400]
    row.changed_at = at


def _tied(by: Actor, row: Listing, given: ListingGiven) -> tuple[UUID | None, UUID | None]:
    """The idle land and the work a line is tied to: of this village, as this actor may see them.

    Raises:
        steps.IdeaChoiceUnknown: they are none of it.
    """
    for key, kept, rows, name in (
        (given.parcel_id, row.parcel_id, work_access.parcels(by), "parcel"),
        (given.work_id, row.work_id, work_access.visible(by), "work"),
    ):
        if key and key != kept and not rows.filter(id=key, region_code=row.region_code).exists():
            raise steps.IdeaChoiceUnknown(field=name)
    return given.parcel_id, given.work_id


def end_listing(*, by: Actor, at: datetime, listing_id: UUID, why: str = "") -> None:
    """Take a line out of the directory. Doing it again changes nothing.

    Raises:
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "listing.end", listing_id, ended=True)
        if row.ended_at is not None:
            return
        row.ended_at, row.ended_why, row.changed_at = at, text.clean_line(why, 300), at
        row.save()
        steps.line(by, at, "listing.end", ("listing", row.id), row.region_code, inputs={"why": row.ended_why})


def restore_listing(*, by: Actor, at: datetime, listing_id: UUID) -> None:
    """Put a line back that was taken out.

    Raises:
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "listing.restore", listing_id, ended=True)
        if row.ended_at is None:
            return
        row.ended_at, row.ended_why, row.changed_at = None, "", at
        row.save()
        steps.line(by, at, "listing.restore", ("listing", row.id), row.region_code)


def give_agreement(
    *,
    by: Actor,
    at: datetime,
    listing_id: UUID,
    given_by: str,
    how: str,
    language: str = "id",
    agreement_id: UUID | None = None,
) -> Agreement:
    """Write down that the owner heard the words and agreed that their name and number are shown to everybody.

    Raises:
        ContactMissing, ListingEnded, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "agreement.give", listing_id)
        standing = row.agreements.filter(withdrawn_at=None).first()
        if standing is not None:
            return standing
        if not row.contact_phone or not row.contact_name:
            raise ContactMissing
        with translation.override(language):
            words = gettext(rules.CONSENT_WORDS)
        made = Agreement.objects.create(
            id=agreement_id or uuid7(),
            listing=row,
            given_by=steps.words(given_by, field="given_by", most=120, least=2),
            how=steps.choice(how, rules.HOW, field="how"),
            words=words,
            version=rules.CONSENT_VERSION,
            given_at=at,
            taken_by=by.name[:150],
        )
        steps.line(
            by,
            at,
            "agreement.give",
            ("listing", row.id),
            row.region_code,
            {"how": how, "version": made.version},
            {"given_by": made.given_by},
        )
    return made


def withdraw_agreement(*, by: Actor, at: datetime, listing_id: UUID, why: str = "") -> None:
    """Write down that the owner agrees no longer: the contact is hidden at once. Doing it again changes nothing.

    Raises:
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "agreement.withdraw", listing_id, ended=True)
        if row.agreements.filter(withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_why=text.clean_line(why, 300)
        ):
            steps.line(by, at, "agreement.withdraw", ("listing", row.id), row.region_code)
