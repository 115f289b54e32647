"""Acts on deliveries: write one down, correct it, add its proof. What contradicts is flagged and never refused: it happened.

A possible double becomes a task at once, whichever of the two arrives later. Something received is written down as a benefit too, so that
every authority's verdict knows of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people.models import Household, Person
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _deliveries, _rounds
from simpul.programmes.models import Delivery, DeliveryLine, Proof, Round, RoundEntry
from simpul.programmes.queries import deliveries as queries
from simpul.programmes.queries import goods
from simpul.programmes.rules import deliveries as rules
from simpul.programmes.rules import rounds as goods_rules

MOST_FILES = 8


class ReceiverMissing(Refused):
    """A delivery is to somebody."""

    code = "delivery.receiver_missing"
    sentence = _("Choose the household or the person it was brought to.")
    field = "household"


class NothingHanded(Refused):
    """Delivered means that something changed hands."""

    code = "delivery.nothing_handed"
    sentence = _("Write how much was handed over, or choose why nothing was.")
    field = "outcome"


class TooManyProofs(Refused):
    """A few photos are proof enough."""

    code = "delivery.too_many_proofs"
    sentence = _("A delivery keeps %(most)s files at most.")
    field = "proof"


class AlreadyCorrected(Refused):
    """Only what stands is corrected."""

    code = "delivery.already_corrected"
    sentence = _("This delivery was corrected or set aside already. Correct the one that stands.")


@dataclass(frozen=True, slots=True)
class DeliveryGiven:
    """What happened at a door."""

    outcome: str
    delivered_at: datetime
    household_id: UUID | None = None
    person_id: UUID | None = None
    lines: Mapping[UUID, Decimal] = field(default_factory=dict)
    receiver: str = ""
    receiver_name: str = ""
    authority: str = ""
    proofs: Sequence[str] = ()
    witness: str = ""
    words: str = ""
    place: str = ""
    latitude: int | None = None  # microdegrees
    longitude: int | None = None
    trip_id: UUID | None = None
    stop_id: UUID | None = None
    device: str = ""


def record_delivery(
    *, by: Actor, at: datetime, round_id: UUID, given: DeliveryGiven, delivery_id: UUID | None = None
) -> Delivery:
    """Write down what came of bringing a household its share: a fact, flagged where it does not fit. The same id again changes nothing.

    Raises:
        ReceiverMissing, NothingHanded, _rounds.RoundChoiceUnknown, _rounds.AmountWrong: what was sent says nothing.
        NotFound: no such round, item, household or person for this actor.
        NotAllowed: the role hands out nothing there.
    """
    found = access.round_for(by, round_id)
    unit = _unit(by, found, given)
    roles.require(by, "delivery.record", access.place_of(unit.place_code))
    with transaction.atomic():
        known = Delivery.objects.filter(id=delivery_id).first() if delivery_id else None
        if known is not None:
            if known.round_id != round_id or not _is_same(known, given):
                raise NotFound
            return known
        made = _write(by, at, found, unit, given, delivery_id)
        facts = {
            "delivery": str(made.id),
            "round": str(round_id),
            "outcome": made.outcome,
            "flags": made.flags,
            "delivered_at": made.delivered_at,
        }
        _deliveries.line(by, at, "delivery.record", made, facts)
    return made


def correct_delivery(
    *,
    by: Actor,
    at: datetime,
    delivery_id: UUID,
    given: DeliveryGiven,
    why: str,
    new_id: UUID | None = None,
) -> Delivery:
    """Say what really happened: a new delivery takes the place of the old one, which stays. The same ``new_id`` again changes nothing.

    Raises:
        AlreadyCorrected: the old one stands no more.
        NotFound, _rounds.RoundWordsMissing, and what ``record_delivery`` raises.
    """
    with transaction.atomic():
        old = access.delivery_for(by, delivery_id, lock=True)
        roles.require(by, "delivery.correct", access.place_of(old.region_code))
        known = Delivery.objects.filter(id=new_id).first() if new_id else None
        if known is not None:
            if known.corrects_id != delivery_id:
                raise NotFound
            return known
        if old.state != "standing":
            raise AlreadyCorrected
        said = _rounds.words(why, field="why")
        found = old.round
        unit = _unit(by, found, given)
        _deliveries.set_aside(by, at, old, "corrected", said)
        made = _write(by, at, found, unit, given, new_id, corrects=old)
        facts = {
            "delivery": str(made.id),
            "corrects": str(old.id),
            "round": str(found.id),
            "outcome": made.outcome,
            "flags": made.flags,
        }
        _deliveries.line(by, at, "delivery.correct", made, facts, {"why": said})
    return made


def attach_proof(
    *,
    by: Actor,
    at: datetime,
    delivery_id: UUID,
    kind: str,
    data: bytes,
    declared_name: str,
    proof_id: UUID | None = None,
) -> Proof:
    """Add a photo or a scan to a delivery; it may come days later. The same ``proof_id``, or the same bytes again, changes nothing.

    Raises:
        lib.media.FileRefused: one of its subclasses.
        TooManyProofs, NotFound, _rounds.RoundChoiceUnknown.
    """
    seen = access.delivery_for(by, delivery_id)
    roles.require(by, "proof.attach", access.place_of(seen.region_code))
    _rounds.choice(kind, rules.PROOFS, field="kind")
    sent = hashlib.sha256(data).hexdigest()
    known = Proof.objects.filter(delivery=seen, sent_sha256=sent, kind=kind).first()
    if known is None and proof_id is not None:
        known = Proof.objects.filter(id=proof_id).first()
    if known is not None:
        if known.delivery_id != seen.id:
            raise NotFound
        return known
    clean = media.inspect_and_clean(data, declared_name, max_bytes=settings.SIMPUL_MAX_FILE)
    with transaction.atomic():
        delivery = access.delivery_for(by, delivery_id, lock=True)
        if delivery.files.count() >= MOST_FILES:
            raise TooManyProofs(most=MOST_FILES)
        made = Proof.objects.create(
            id=proof_id or uuid7(),
            delivery=delivery,
            kind=kind,
            sha256=queries.store().put(clean.data),
            sent_sha256=sent,
            mime=clean.mime,
            size=len(clean.data),
            by_name=by.name[:150],
            added_at=at,
        )
        _deliveries.proved(delivery, kind)
        facts = {"delivery": str(delivery.id), "kind": kind, "size": made.size}
        _deliveries.line(by, at, "proof.attach", delivery, facts, {"name": declared_name[:100]})
    return made


@dataclass(frozen=True, slots=True)
class _Unit:
    """To whom it was brought."""

    home: Household | None
    person: Person | None
    entry: RoundEntry | None
    place_code: str  # where the actor has to serve
    is_in_area: bool

    @property
    def hamlet_id(self) -> UUID | None:
        """The hamlet it belongs to."""
        now = self.home or self.person
        return now.hamlet_id if now else None


def _is_same(known: Delivery, given: DeliveryGiven) -> bool:
    """Another household under the key of a delivery that stands is another delivery: it must not vanish into that one."""
    if given.household_id is not None:
        return known.household_id in (None, given.household_id)
    return known.person_id in (None, given.person_id)


def _unit(by: Actor, found: Round, given: DeliveryGiven) -> _Unit:
    if given.household_id is None and given.person_id is None:
        raise ReceiverMissing
    person = access.person_for(by, found.id, given.person_id) if given.person_id else None
    home_id = given.household_id or (person.household_id if person else None)
    home = access.home_for(by, found.id, home_id) if home_id else None
    entry = queries.entry_of(found.id, home_id, given.person_id)
    now = home or person
    code = now.region_code if now is not None else found.region_code
    if not by.serves(code) and entry is not None:
        return _Unit(home, person, entry, entry.region_code, False)
    return _Unit(home, person, entry, code, code.startswith(found.region_code))


def _write(
    by: Actor,
    at: datetime,
    found: Round,
    unit: _Unit,
    given: DeliveryGiven,
    key: UUID | None,
    corrects: Delivery | None = None,
) -> Delivery:
    access.lock_unit(unit.home, unit.person)
    lines = _lines(found, given)
    listed = unit.entry is not None and unit.entry.state == "listed"
    seat_id = by.seat_id if corrects is None else corrects.seat_id
    trip_id = given.trip_id or (corrects.trip_id if corrects else None)
    device = (given.device or by.device or (corrects.device if corrects else ""))[:64]
    columns = _columns(by, at, given)
    columns["flags"] = _flags(found, unit, columns, lines, goods.holders_of(trip_id, device, seat_id), at)
    made = Delivery.objects.create(
        id=key or uuid7(),
        round=found,
        entry=unit.entry if listed else None,
        household=unit.home,
        person=unit.person,
        region_code=unit.place_code,
        hamlet_id=unit.hamlet_id,
        seat_id=seat_id,
        trip_id=trip_id,
        stop_id=given.stop_id or (corrects.stop_id if corrects else None),
        device=device,
        corrects=corrects,
        **columns,
    )
    DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=made, item_id=item_id, quantity=much) for item_id, much in lines.items()
    )
    _deliveries.find_doubles(made, at)
    _deliveries.note_benefit(by, at, made)
    return made


def _columns(by: Actor, at: datetime, given: DeliveryGiven) -> dict[str, Any]:
    on_earth = (
        given.latitude is not None
        and given.longitude is not None
        and abs(given.latitude) <= 90_000_000
        and abs(given.longitude) <= 180_000_000
    )
    return {
        "outcome": _rounds.choice(given.outcome, rules.OUTCOMES, field="outcome"),
        "receiver": _rounds.choice(given.receiver, ("", *rules.RECEIVERS), field="receiver"),
        "receiver_name": text.clean_line(given.receiver_name, 150),
        "authority": text.clean_line(given.authority, 150),
        "proofs": list(rules.known(given.proofs, rules.PROOFS)),
        "witness": text.clean_line(given.witness, 150),
        "words": text.clean_line(given.words, 500),
        "place": text.clean_line(given.place, 150),
        "latitude": given.latitude if on_earth else None,
        "longitude": given.longitude if on_earth else None,
        "delivered_at": given.delivered_at,
        "user_id": by.user_id,
        "by_name": by.name[:150],
        "recorded_at": at,
    }


def _lines(found: Round, given: DeliveryGiven) -> dict[UUID, Decimal]:
    wanted = {key: _rounds.amount(much, zero=True) for key, much in given.lines.items()}
    wanted = {key: much for key, much in wanted.items() if much}
    if given.outcome != "delivered":
        return {}
    if not wanted:
        raise NothingHanded
    known = {one.id for one in goods.items(found.id)}
    if not known.issuperset(wanted):
        raise NotFound
    return wanted


def _flags(
    found: Round,
    unit: _Unit,
    columns: Mapping[str, Any],
    lines: Mapping[UUID, Decimal],
    holders: Sequence[goods_rules.Holder],
    at: datetime,
) -> list[str]:
    entry = unit.entry
    held = goods.balances(lines)
    around = rules.Around(
        starts_date=found.starts_date,
        ends_date=found.ends_date,
        is_closed=found.state == "closed",
        on_date=_rounds.day_at(found.region_code, columns["delivered_at"]),
        delivered_at=columns["delivered_at"],
        recorded_at=at,
        is_listed=entry is not None and entry.state == "listed",
        is_struck_off=entry is not None and entry.state != "listed",
        is_in_area=unit.is_in_area,
        due=goods.due(entry, goods.items(found.id)),
        given_before=queries.given_to(
            found.id, unit.home.id if unit.home else None, unit.person.id if unit.person else None
        ),
        left={key: one.left_with(goods.source_of(one, holders)) for key, one in held.items()},
    )
    proof = rules.missing_proof(
        columns["outcome"],
        receiver=columns["receiver"],
        proofs=columns["proofs"],
        witness=columns["witness"],
        authority=columns["authority"],
        words=columns["words"],
    )
    return [*rules.flags(columns["outcome"], lines, around), *proof]
