"""Finding persons who stand twice in the register: keys, suspicions, and what a person decides about them. Nothing is merged here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people import linkage
from simpul.people.actions import _keys
from simpul.people.models import Person, PersonSet, Suspicion
from simpul.people.queries import match_weights
from simpul.people.queries import matching as queries
from simpul.people.queries import suspicions as suspicion_queries
from simpul.people.rules import match_levels

SUSPECT_FROM = 0.5
"""Pairs below this are not worth a person's time. Guarded pairs stand exactly here."""
ARRIVALS = timedelta(days=3)
"""So long after somebody was written down they are compared; longer than a machine stands still."""
_CHUNK = 2_000
_PAIRS = 500
_MOST = 20_000


class WordsMissing(Refused):
    """A decision about two persons is explained."""

    code = "suspicion.words_missing"
    sentence = _("Write in a few words why you decide so. Others will read it.")
    field = "words"


class SettledAlready(Refused):
    """Somebody was faster."""

    code = "suspicion.settled_already"
    sentence = _("Somebody has decided about these two already.")


class DecisionUnreadable(Refused):
    """One of two answers."""

    code = "suspicion.decision_unreadable"
    sentence = _("Choose whether this is one person or two.")
    field = "decision"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search over an area came to."""

    persons: int
    pairs: int
    new: int


def build_keys(*, by: Actor, at: datetime, region_code: str = "") -> int:
    """Make the keys of everybody in an area anew, some thousands at a time; returns how many persons.

    Raises:
        NotAllowed: not the actor's to do here.
    """
    roles.require(by, "keys.build", roles.Place(region_code=region_code or by.served_areas[0]))
    done, last = 0, None
    while True:
        rows = _living_in(region_code) if last is None else _living_in(region_code).filter(id__gt=last)
        part = list(rows.order_by("id")[:_CHUNK])
        if not part:
            break
        with transaction.atomic():
            _keys.write_keys(part)
        done, last = done + len(part), part[-1].id
    with transaction.atomic():
        journal_actions.record(
            by=by,
            at=at,
            kind="keys.build",
            subject_kind="register",
            subject_id=journal_actions.NOWHERE,
            region_code=region_code,
            facts={"persons": done},
        )
    return done


def find_duplicates(*, by: Actor, at: datetime, region_code: str) -> Found:
    """Look through an area's persons for those who may stand there twice; each new pair becomes a suspicion.

    Pairs that somebody has decided about are not raised again. Nothing is merged.

    Raises:
        NotAllowed: not the actor's to do here.
    """
    roles.require(by, "duplicates.find", roles.Place(region_code=region_code))
    ids, rows = _rows_of(region_code, at)
    links = linkage.link(
        rows,
        match_weights.weights(),
        backend=settings.SIMPUL_MATCH_BACKEND,
        look_from=SUSPECT_FROM,
    )
    pairs = [
        (min(ids[one], ids[other]), max(ids[one], ids[other]), score)
        for one, other, score in links.pairs[:_MOST]
    ]
    with transaction.atomic():
        new = _suspect(pairs, region_code, at)
        journal_actions.record(
            by=by,
            at=at,
            kind="duplicates.find",
            subject_kind="register",
            subject_id=journal_actions.NOWHERE,
            region_code=region_code,
            facts={"persons": rows.count, "pairs": len(pairs), "new": new},
        )
    return Found(rows.count, len(pairs), new)


def compare_arrivals(*, by: Actor, at: datetime) -> int:
    """Compare who moved in lately with the register of every area; a likely same person becomes a suspicion. Returns how many are new.

    It is done apart from the act that wrote them down, so that neither its page nor its time tells anything of other areas. A pair is
    shown to nobody but who serves both places (``access.suspicions``).

    Raises:
        NotAllowed: not the actor's to do.
    """
    roles.require(by, "arrivals.compare", roles.Place(region_code=""))
    pairs = [
        (min(one.id, other.person.id), max(one.id, other.person.id), other.score)
        for one in queries.arrivals_since(at - ARRIVALS)
        for other in queries.who(
            by,
            name=queries.names_of(one),
            nik=one.nik,
            sex=one.sex,
            birth_date=one.birth_date,
            region_code=one.region_code,
        )
        if other.person.id != one.id and other.score >= SUSPECT_FROM and other.person.life in ("here", "away")
    ]
    with transaction.atomic():
        new = _suspect(sorted(set(pairs)), "", at)
        if new:
            journal_actions.record(
                by=by,
                at=at,
                kind="arrivals.compare",
                subject_kind="register",
                subject_id=journal_actions.NOWHERE,
                region_code="",
                facts={"new": new},
            )
    return new


def _living_in(region_code: str) -> PersonSet:
    living = Person.objects.listed()
    return living.filter(areas.inside(region_code))


def _rows_of(region_code: str, at: datetime) -> tuple[list[UUID], linkage.Rows]:
    """The area's living persons as rows of a list."""
    rows, ids = linkage.Rows(at.date()), []
    found = _living_in(region_code).exclude(life="dead").select_related("family").order_by("id")
    for person in found.iterator(chunk_size=_CHUNK):
        rows.add(
            (
                person.nik,
                person.family.kk if person.family else "",
                queries.names_of(person),
                person.sex,
                person.birth_date.isoformat() if person.birth_date else "",
                person.birth_place,
                person.address,
                person.region_code,
            )
        )
        ids.append(person.id)
    return ids, rows


def _suspect(pairs: list[tuple[UUID, UUID, float]], region_code: str, at: datetime) -> int:
    """Write the pairs nobody knows yet; renew the score of those that wait."""
    new = 0
    for start in range(0, len(pairs), _PAIRS):
        part = pairs[start : start + _PAIRS]
        firsts = [first for first, _second, _score in part]
        known = set(Suspicion.objects.filter(first_id__in=firsts).values_list("first_id", "second_id"))
        fresh = [pair for pair in part if pair[:2] not in known]
        persons = Person.objects.in_bulk({one for pair in fresh for one in pair[:2]})
        cards = queries.cards_of(persons.values())
        Suspicion.objects.bulk_create(
            [
                Suspicion(
                    first_id=first,
                    second_id=second,
                    region_code=persons[first].region_code or region_code,
                    score=score,
                    reasons=list(
                        match_levels.reasons(queries.compared(persons[first], persons[second], cards=cards))
                    ),
                    found_at=at,
                )
                for first, second, score in fresh
            ],
            ignore_conflicts=True,
        )
        new += len(fresh)
    return new


def settle_suspicion(*, by: Actor, at: datetime, suspicion_id: UUID, decision: str, words: str) -> Suspicion:
    """Decide about a pair: ``same`` or ``different``, with words. Merging is an act of its own (``persons.merge``).

    Raises:
        NotFound: there is no such pair for this actor.
        NotAllowed: not the actor's to do here.
        Refused: no words, no such decision, or decided already.
    """
    found = suspicion_queries.one_for(by, suspicion_id)
    roles.require(by, "suspicion.settle", roles.Place(region_code=found.region_code))
    if decision not in ("same", "different"):
        raise DecisionUnreadable
    said = text.clean_line(words, 300)
    if not said:
        raise WordsMissing
    with transaction.atomic():
        row = Suspicion.objects.select_for_update().get(id=suspicion_id)
        if row.state != "open":
            raise SettledAlready
        row.state, row.decided_at, row.decided_by, row.decided_words = decision, at, by.name[:150], said
        row.save(update_fields=["state", "decided_at", "decided_by", "decided_words"])
        journal_actions.record(
            by=by,
            at=at,
            kind="suspicion.settle",
            subject_kind="person",
            subject_id=row.first_id,
            region_code=row.region_code,
            facts={"other": str(row.second_id), "decision": decision},
            inputs={"words": said},
        )
    return row
