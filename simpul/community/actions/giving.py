"""The book of a work: hours, materials and money. Nothing is changed afterwards; what was wrong is taken back with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul.community.access import works as access
from simpul.community.actions import _works as steps
from simpul.community.models import Labour, Material, Money, Rate
from simpul.community.rules import works as rules
from simpul.lib import files, media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access


class HoursWrong(Refused):
    """A day has a measure."""

    code = "labour.hours_wrong"
    sentence = _("Write between half a day and two days (day and night), and between 1 and 500 people.")
    field = "half_days"


class PriceMissing(Refused):
    """A material without a price has no value in the book."""

    code = "material.price_missing"
    sentence = _("Write what one unit costs, or put it on the price list first.")
    field = "unit_price"


@dataclass(frozen=True, slots=True)
class Hours:
    """One line of a day sheet. ``wage`` is the rupiah paid to all of them together; nought is a gift."""

    name: str
    half_days: int
    people: int = 1
    person_id: UUID | None = None
    task: str = ""
    food: bool = False
    wage: int = 0
    named: bool = False


def record_labour(
    *, by: Actor, at: datetime, work_id: UUID, day: date, hours: Hours, entry_id: UUID | None = None
) -> Labour:
    """Write down who worked how long. The same ``entry_id`` again changes nothing.

    Raises:
        NotFound, HoursWrong, steps.DayNotYet, steps.WorkCalledOff, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        work = steps.begin_writing(by, "labour.record", work_id)
        known = steps.again(Labour, entry_id, work_id=work.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 1 <= hours.half_days <= rules.MOST_HALF_DAYS or not 1 <= hours.people <= 500 or hours.wage < 0:
            raise HoursWrong
        person = people_access.person_for(by, hours.person_id) if hours.person_id else None
        row = Labour.objects.create(
            **steps.written(by, at, entry_id),
            work=work,
            worked_date=steps.happened(day, at, work.region_code),
            person=person,
            name=person.full_name if person else steps.words(hours.name, field="name"),
            people=1 if person else hours.people,
            half_days=hours.half_days,
            task=text.clean_line(hours.task, 100),
            food=hours.food,
            wage=hours.wage,
            named=hours.named,
        )
        facts = {"half_days": row.half_days, "people": row.people, "wage": row.wage, "day": day.isoformat()}
        steps.line(
            by,
            at,
            "labour.record",
            ("work", work.id),
            work.region_code,
            facts,
            {"name": row.name, "entry": str(row.id)},
        )
    return row


def withdraw_labour(*, by: Actor, at: datetime, entry_id: UUID, why: str) -> None:
    """Take a line of a day sheet back.

    Raises:
        NotFound, steps.WhyMissing.
    """
    with transaction.atomic():
        row = Labour.objects.filter(id=entry_id).first()
        if row is None:
            raise NotFound
        work = steps.begin(by, "labour.withdraw", row.work_id)
        if steps.withdraw(row, at, why):
            steps.line(
                by,
                at,
                "labour.withdraw",
                ("work", work.id),
                work.region_code,
                {"half_days": row.half_days},
                {"why": row.withdrawn_why},
            )


@dataclass(frozen=True, slots=True)
class Brought:
    """A material: by a row of the price list, or with a name, a unit and a price of its own."""

    quantity: Decimal
    rate_id: UUID | None = None
    name: str = ""
    unit: str = ""
    unit_price: int = 0
    source: str = "swadaya"
    donor: str = ""
    donor_named: bool = False


def record_material(
    *, by: Actor, at: datetime, work_id: UUID, day: date, brought: Brought, entry_id: UUID | None = None
) -> Material:
    """Write down what was brought, valued by the price that held on that day.

    Raises:
        NotFound, PriceMissing, steps.AmountMissing, steps.DayNotYet, steps.WorkCalledOff, steps.WorkWordsMissing,
        steps.WorkChoiceUnknown.
    """
    with transaction.atomic():
        work = steps.begin_writing(by, "material.record", work_id)
        known = steps.again(Material, entry_id, work_id=work.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        amount = rules.quantity(brought.quantity)
        if amount is None:
            raise steps.AmountMissing(field="quantity")
        given = steps.happened(day, at, work.region_code)
        rate = _rate(by, work.region_code, brought.rate_id, given)
        price = rate.price if rate else brought.unit_price
        if price <= 0:
            raise PriceMissing
        row = Material.objects.create(
            **steps.written(by, at, entry_id),
            work=work,
            given_date=given,
            rate=rate,
            name=rate.name if rate else steps.words(brought.name, field="name", most=100),
            unit=rate.unit if rate else steps.words(brought.unit, field="unit", most=20, least=1),
            quantity=amount,
            unit_price=price,
            value=rules.value_of(amount, price),
            source=steps.choice(brought.source, rules.SOURCES, field="source"),
            donor=text.clean_line(brought.donor, 150),
            donor_named=brought.donor_named,
        )
        facts = {"value": row.value, "source": row.source, "day": given.isoformat()}
        inputs = {"name": row.name, "donor": row.donor, "entry": str(row.id)}
        steps.line(by, at, "material.record", ("work", work.id), work.region_code, facts, inputs)
    return row


def _rate(by: Actor, region_code: str, rate_id: UUID | None, day: date) -> Rate | None:
    """The row of the list that held on the day, for the material of the row that was chosen.

    Raises:
        PriceMissing: the list says nothing for that day.
    """
    if rate_id is None:
        return None
    chosen = access.rates(by).filter(id=rate_id, region_code=region_code, is_wage=False).first()
    if chosen is None:
        raise NotFound
    same = Rate.objects.filter(
        region_code=region_code, name=chosen.name, unit=chosen.unit, from_date__lte=day
    )
    found = same.order_by("-from_date").first()
    if found is None:
        raise PriceMissing
    return found


def withdraw_material(*, by: Actor, at: datetime, entry_id: UUID, why: str) -> None:
    """Take a material back out of the book.

    Raises:
        NotFound, steps.WhyMissing.
    """
    with transaction.atomic():
        row = Material.objects.filter(id=entry_id).first()
        if row is None:
            raise NotFound
        work = steps.begin(by, "material.withdraw", row.work_id)
        if steps.withdraw(row, at, why):
            steps.line(
                by,
                at,
                "material.withdraw",
                ("work", work.id),
                work.region_code,
                {"value": row.value},
                {"why": row.withdrawn_why},
            )


@dataclass(frozen=True, slots=True)
class Cash:
    """Money in or out, with a photo of its receipt when there is one."""

    direction: str
    amount: int
    source: str = "swadaya"
    who: str = ""
    who_named: bool = False
    words: str = ""
    receipt: tuple[bytes, str] | None = None  # content and name


def record_money(
    *, by: Actor, at: datetime, work_id: UUID, day: date, cash: Cash, entry_id: UUID | None = None
) -> Money:
    """Write down cash that came in or was paid out; it gets the next receipt number of its work.

    Raises:
        NotFound, steps.AmountMissing, steps.DayNotYet, steps.WorkCalledOff, steps.WorkWordsMissing, steps.WorkChoiceUnknown.
        lib.media.FileRefused: the photo of the receipt cannot be taken.
    """
    clean = _clean(cash.receipt)
    with transaction.atomic():
        work = steps.begin_writing(by, "money.record", work_id)
        known = steps.again(Money, entry_id, work_id=work.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 < cash.amount < 10**12:
            raise steps.AmountMissing(field="amount")
        digest = files.FileStore(settings.SIMPUL_FILES).put(clean.data) if clean else ""
        last = Money.objects.filter(work=work).aggregate(last=Max("number"))["last"] or 0
        row = Money.objects.create(
            **steps.written(by, at, entry_id),
            work=work,
            direction=steps.choice(cash.direction, ("in", "out"), field="direction"),
            amount=cash.amount,
            moved_date=steps.happened(day, at, work.region_code),
            source=steps.choice(cash.source, rules.SOURCES, field="source") if cash.direction == "in" else "",
            who=text.clean_line(cash.who, 150),
            who_named=cash.who_named,
            words=steps.words(cash.words, field="words", most=200, least=3 if cash.direction == "out" else 0),
            number=last + 1,
            file_sha256=digest,
            file_mime=clean.mime if clean else "",
        )
        facts = {"direction": row.direction, "amount": row.amount, "source": row.source, "number": row.number}
        inputs = {"who": row.who, "words": row.words, "entry": str(row.id)}
        steps.line(by, at, "money.record", ("work", work.id), work.region_code, facts, inputs)
    return row


def _clean(receipt: tuple[bytes, str] | None) -> media.CleanFile | None:
    if receipt is None:
        return None
    return media.inspect_and_clean(receipt[0], receipt[1], max_bytes=settings.SIMPUL_MAX_FILE)


def withdraw_money(*, by: Actor, at: datetime, entry_id: UUID, why: str) -> None:
    """Strike a line of the cash book; its number stays taken.

    Raises:
        NotFound, steps.WhyMissing.
    """
    with transaction.atomic():
        row = Money.objects.filter(id=entry_id).first()
        if row is None:
            raise NotFound
        work = steps.begin(by, "money.withdraw", row.work_id)
        if steps.withdraw(row, at, why):
            facts = {"direction": row.direction, "amount": row.amount, "number": row.number}
            steps.line(
                by,
                at,
                "money.withdraw",
                ("work", work.id),
                work.region_code,
                facts,
                {"why": row.withdrawn_why},
            )
