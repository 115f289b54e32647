"""A failure to protect personal data: noting it, finding and telling those concerned, reporting, closing (UU 27/2022 art. 46)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.upkeep import access
from simpul.upkeep.models import Affected, Authority, Breach
from simpul.upkeep.queries import breaches as queries
from simpul.upkeep.rules import requests as clock

CLASSES = ("personal", "specific", "identity", "safeguarding")
PORTION = 300


class BreachWordsMissing(Refused):
    """What happened has to be told to people."""

    code = "breach.words_missing"
    sentence = _("Write in plain words what happened.")
    field = "what"


class BreachTimeWrong(Refused):
    """Nobody notices tomorrow, and nothing is noticed before it happened."""

    code = "breach.time_wrong"
    sentence = _("These times are not possible. Check when it happened and when it was noticed.")
    field = "noticed"


class ClassesMissing(Refused):
    """Which data."""

    code = "breach.classes_missing"
    sentence = _("Tick at least one class of data.")
    field = "classes"


class ScopeMissing(Refused):
    """How to find them."""

    code = "breach.scope_missing"
    sentence = _(
        "Say how those concerned are found, and for user, device and desk also from when until when."
    )
    field = "scope"


class NobodyConcerned(Refused):
    """The scope finds nobody."""

    code = "breach.nobody_concerned"
    sentence = _("Nobody is found this way. Check the area, the person and the times.")
    field = "scope"


class MeasuresMissing(Refused):
    """People are told what was done about it."""

    code = "breach.measures_missing"
    sentence = _("First write what was done about it and whom people can ask; both stand in the notice.")
    field = "measures"


class NotAllTold(Refused):
    """A failure is not over before everybody knows."""

    code = "breach.not_all_told"
    sentence = _("%(number)s people were not told yet, or the authority was not. Only then can it be closed.")


class BreachClosed(Refused):
    """Nothing more is done about it."""

    code = "breach.closed"
    sentence = _("This was closed already.")


class AuthorityMissing(Refused):
    """A report needs an addressee."""

    code = "authority.missing"
    sentence = _("Write the name of the authority.")
    field = "name"


def note_breach(
    *,
    by: Actor,
    at: datetime,
    title: str,
    what: str,
    classes: Sequence[str],
    noticed_at: datetime | None = None,
    happened_at: datetime | None = None,
    region_code: str = "",
) -> Breach:
    """Note a failure. The 72 hours run from ``noticed_at``, when somebody here became aware of it, and nothing pauses them.

    Raises:
        NotAllowed: not the actor's to do here.
        BreachWordsMissing, BreachTimeWrong, ClassesMissing.
    """
    place = region_code or by.served_areas[0]
    roles.require(by, "breach.note", roles.Place(region_code=place))
    head, words = text.clean_line(title)[:150], text.clean_text(what)[:5000]
    noticed = noticed_at or at
    if not head or not words:
        raise BreachWordsMissing(field="what" if head else "title")
    if noticed > at or (happened_at is not None and happened_at > noticed):
        raise BreachTimeWrong
    found = [one for one in CLASSES if one in classes]
    if not found:
        raise ClassesMissing
    with transaction.atomic():
        breach = Breach.objects.create(
            title=head,
            what=words,
            classes=found,
            region_code=place,
            happened_at=happened_at,
            noticed_at=noticed,
            due_at=clock.due(noticed),
            noted_by=by.name[:150],
        )
        _record(by, at, "breach.note", breach, {"classes": found}, {"title": head})
    return breach


def change_breach(
    *, by: Actor, at: datetime, breach_id: UUID, what: str, measures: str, contact: str
) -> Breach:
    """Write more of what is known: what happened, what was done about it, whom people can ask.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        BreachWordsMissing, BreachClosed.
    """
    breach = _open(by, breach_id, "breach.change")
    words = text.clean_text(what)[:5000]
    if not words:
        raise BreachWordsMissing
    changes = {
        "what": words,
        "measures": text.clean_text(measures)[:5000],
        "contact": text.clean_line(contact)[:150],
    }
    with transaction.atomic():
        before = {name: getattr(breach, name) for name in changes}
        Breach.objects.filter(id=breach_id).update(**changes)
        _record(by, at, "breach.change", breach, {}, {"before": before, "after": changes})
    breach.refresh_from_db()
    return breach


def find_affected(*, by: Actor, at: datetime, breach_id: UUID, scope: queries.Scope) -> int:
    """Put those whom a scope finds on the list; who is on it already stays once. Returns how many came on.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        ScopeMissing, NobodyConcerned, BreachClosed.
    """
    breach = _open(by, breach_id, "affected.find")
    if scope.region_code and not by.serves(scope.region_code):
        raise NobodyConcerned
    try:
        found = queries.concerned(scope)
    except ValueError:
        raise ScopeMissing from None
    if not found:
        raise NobodyConcerned
    with transaction.atomic():
        known = set(Affected.objects.filter(breach=breach).values_list("person_id", flat=True))
        Affected.objects.bulk_create(
            [Affected(breach=breach, person_id=key) for key in sorted(found - known)],
            batch_size=500,
            ignore_conflicts=True,
        )
        Breach.objects.filter(id=breach_id).update(
            scopes=[*breach.scopes, {**scope.told, "found": len(found)}]
        )
        _record(by, at, "affected.find", breach, {"scope": scope.told, "found": len(found)})
    return len(found - known)


def notify_affected(*, by: Actor, at: datetime, breach_id: UUID) -> int:
    """Tell the next portion of those concerned by the road that is safe; who has none comes on the list of visits.

    Returns how many are left for the next portion.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        MeasuresMissing, BreachClosed.
    """
    breach = _open(by, breach_id, "affected.notify")
    if not breach.measures or not breach.contact:
        raise MeasuresMissing
    waiting = Affected.objects.filter(breach=breach, notified_at=None, told_at=None)
    with transaction.atomic():
        portion = list(waiting.order_by("id")[:PORTION])
        for one in portion:
            message = message_actions.queue_message(
                by=MACHINE,
                at=at,
                subject_kind="breach",
                subject_id=breach.id,
                once_key=f"breach:{breach.id}:{one.person_id}",
                text_key="breach_notice",
                values={"what": breach.what, "measures": breach.measures, "contact": breach.contact},
                person_id=one.person_id,
                region_code=breach.region_code,
            )
            Affected.objects.filter(id=one.id).update(
                road=message.road if message else "visit",
                message_id=message.id if message else None,
                notified_at=at,
            )
        _record(by, at, "affected.notify", breach, {"portion": len(portion)})
    return waiting.count()


def tell_affected(*, by: Actor, at: datetime, affected_id: UUID, words: str = "") -> Affected:
    """Somebody went there and told the person.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        BreachClosed.
    """
    one = access.affected(by).filter(id=affected_id).first()
    if one is None:
        raise NotFound
    breach = _open(by, one.breach_id, "affected.tell")
    with transaction.atomic():
        Affected.objects.filter(id=affected_id, told_at=None).update(
            told_at=at, told_by=by.name[:150], words=text.clean_line(words)[:300]
        )
        _record(by, at, "affected.tell", breach, {"affected": affected_id})
    one.refresh_from_db()
    return one


def tell_authority(*, by: Actor, at: datetime, breach_id: UUID, number: str = "") -> Breach:
    """The report was sent to the authority, and this is the number it gave.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        AuthorityMissing: nobody wrote down who that is.
        BreachClosed.
    """
    breach = _open(by, breach_id, "authority.tell")
    if queries.authority() is None:
        raise AuthorityMissing
    with transaction.atomic():
        Breach.objects.filter(id=breach_id).update(
            authority_told_at=at, authority_number=text.clean_line(number)[:60]
        )
        _record(by, at, "authority.tell", breach, {"late": at > breach.due_at})
    breach.refresh_from_db()
    return breach


def change_authority(
    *, by: Actor, at: datetime, name: str, address: str = "", email: str = "", officer_contact: str = ""
) -> Authority:
    """Write down whom failures are reported to, and how our own data-protection officer is reached.

    Raises:
        NotAllowed: not the actor's to do.
        AuthorityMissing.
    """
    roles.require(by, "authority.change", access.installation())
    called = text.clean_line(name)[:150]
    if not called:
        raise AuthorityMissing
    with transaction.atomic():
        authority, _made = Authority.objects.update_or_create(
            id=1,
            defaults={
                "name": called,
                "address": text.clean_text(address)[:500],
                "email": text.clean_line(email)[:254],
                "officer_contact": text.clean_line(officer_contact)[:200],
                "changed_at": at,
            },
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="authority.change",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"name": called},
        )
    return authority


def close_breach(*, by: Actor, at: datetime, breach_id: UUID, lessons: str) -> Breach:
    """Close a failure once everybody concerned and the authority know; what was learned stays.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        NotAllTold, BreachWordsMissing, BreachClosed.
    """
    breach = _open(by, breach_id, "breach.close")
    reach = queries.reach(breach_id)
    if reach.waiting + reach.to_visit or breach.authority_told_at is None:
        raise NotAllTold(number=reach.waiting + reach.to_visit)
    learned = text.clean_text(lessons)[:5000]
    if not learned:
        raise BreachWordsMissing(field="lessons")
    with transaction.atomic():
        Breach.objects.filter(id=breach_id, closed_at=None).update(
            closed_at=at, closed_by=by.name[:150], lessons=learned
        )
        _record(by, at, "breach.close", breach, {"affected": reach.all})
    breach.refresh_from_db()
    return breach


def _open(by: Actor, breach_id: UUID, act: str) -> Breach:
    breach = access.breach_for(by, breach_id)
    roles.require(by, act, roles.Place(region_code=breach.region_code))
    if breach.closed_at is not None:
        raise BreachClosed
    return breach


def _record(
    by: Actor,
    at: datetime,
    kind: str,
    breach: Breach,
    facts: dict[str, object],
    inputs: dict[str, object] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="breach",
        subject_id=breach.id,
        region_code=breach.region_code,
        facts=facts,
        inputs=inputs,
    )
