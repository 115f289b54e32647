"""The guest book: written at the counter or at the tablet, corrected with a trace, emptied of names after its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import _post
from simpul.village_post.models import Post, Ticket, Visitor
from simpul.village_post.queries import duty as duty_queries
from simpul.village_post.queries import guests as queries
from simpul.village_post.rules import guests as rules

SWEEP = 500
MOST_PEOPLE = 200


class NameMissing(Refused):
    """A guest book is a book of names."""

    code = "visitor.name_missing"
    sentence = _("Write the visitor's name as they say it.")
    field = "name"


class ChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "visitor.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class NameGone(Refused):
    """A line whose name was removed is not filled again."""

    code = "visitor.blanked"
    sentence = _("The name of this line was removed; it is kept for counting only.")


@dataclass(frozen=True, slots=True)
class Guest:
    """What the book asks. ``sex`` is M, F, or "" for not said."""

    name: str = ""
    phone: str = ""
    institution: str = ""
    sex: str = ""
    address: str = ""
    met: str = ""
    purpose: str = ""
    people: int = 1


def enter_visitor(
    *,
    by: Actor,
    at: datetime,
    post_id: UUID,
    guest: Guest,
    came_at: datetime | None = None,
    visit_id: UUID | None = None,
    token: str = "",
    visitor_id: UUID | None = None,
    ticket_id: UUID | None = None,
) -> Visitor:
    """Write somebody into the book: an officer, or the visitor at the tablet whose ``token`` it is.

    The same ``visitor_id`` again changes nothing; ``visit_id`` is the visit whose matters came of it.

    Raises:
        NameMissing, ChoiceUnknown, NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = _post_of(by, post_id, token)
        roles.require(by, "visitor.enter", access.place_of(post))
        known = Visitor.objects.filter(id=visitor_id, post=post).first() if visitor_id else None
        if known is not None:
            if visit_id is not None and known.visit_id is None:
                known.visit_id = visit_id
                known.save(update_fields=["visit_id"])
            return known
        values = _checked(guest)
        Post.objects.select_for_update().get(id=post.id)
        moment = came_at or at
        day = duty_queries.local_day(post, moment)
        rows = Visitor.objects.filter(post=post, year=day.year)
        last = rows.aggregate(last=Max("number"))["last"] or 0
        visitor = Visitor.objects.create(
            id=visitor_id or uuid7(),
            post=post,
            region_code=post.region_code,
            year=day.year,
            number=last + 1,
            day=day,
            came_at=moment,
            outside_hours=queries.outside_office(post.region_code, moment),
            way="kiosk" if by.is_public else "desk",
            visit_id=visit_id,
            flags=rules.flags(moment, None, at),
            recorded_at=at,
            recorded_by=by.name[:150],
            **values,
        )
        if ticket_id is not None:
            Ticket.objects.filter(id=ticket_id, post=post, visitor=None).update(visitor=visitor)
        _post.line(
            by,
            at,
            "visitor.enter",
            "visitor",
            visitor,
            facts={"number": visitor.number, "outside_hours": visitor.outside_hours, "way": visitor.way},
            inputs={"name": visitor.name},
        )
    return visitor


def change_visitor(*, by: Actor, at: datetime, visitor_id: UUID, guest: Guest) -> None:
    """Correct a line. The line of the journal keeps that it was done.

    Raises:
        NameMissing, ChoiceUnknown, NameGone, NotFound, NotAllowed.
    """
    with transaction.atomic():
        visitor = access.visitor_for(by, visitor_id, lock=True)
        roles.require(by, "visitor.change", access.place_of(visitor))
        if visitor.blanked_at is not None:
            raise NameGone
        values = _checked(guest)
        changed = [name for name, value in values.items() if getattr(visitor, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(visitor, name, values[name])
        visitor.save(update_fields=changed)
        _post.line(by, at, "visitor.change", "visitor", visitor, facts={"fields": changed})


def leave_visitor(
    *, by: Actor, at: datetime, visitor_id: UUID, left_at: datetime | None = None, token: str = ""
) -> None:
    """The visitor leaves. Leaving twice keeps the first time; a time before coming is kept and marked.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        visitor = _visitor_of(by, visitor_id, token, at)
        roles.require(by, "visitor.leave", access.place_of(visitor))
        if visitor.left_at is not None:
            return
        visitor.left_at = left_at or at
        visitor.flags = rules.flags(visitor.came_at, visitor.left_at, visitor.recorded_at)
        visitor.save(update_fields=["left_at", "flags"])
        _post.line(by, at, "visitor.leave", "visitor", visitor, facts={"flags": visitor.flags})


def rate_visitor(
    *, by: Actor, at: datetime, visitor_id: UUID, rating: int, words: str = "", token: str = ""
) -> None:
    """How content the visitor was, 1 to 5, in their own choice. A second choice replaces the first.

    Raises:
        ChoiceUnknown, NotFound, NotAllowed.
    """
    with transaction.atomic():
        visitor = _visitor_of(by, visitor_id, token, at)
        roles.require(by, "visitor.rate", access.place_of(visitor))
        if rating not in rules.RATINGS:
            raise ChoiceUnknown
        visitor.rating, visitor.rated_at = rating, at
        visitor.words = text.clean_line(words)[:300]
        visitor.save(update_fields=["rating", "rated_at", "words"])
        _post.line(by, at, "visitor.rate", "visitor", visitor, facts={"rating": rating})


def withdraw_visitor(*, by: Actor, at: datetime, visitor_id: UUID) -> None:
    """Take a line back that was written by mistake. Its number stays used. Doing it again changes nothing."""
    with transaction.atomic():
        visitor = access.visitor_for(by, visitor_id, lock=True)
        roles.require(by, "visitor.withdraw", access.place_of(visitor))
        if visitor.withdrawn_at is not None:
            return
        visitor.withdrawn_at = at
        visitor.save(update_fields=["withdrawn_at"])
        _post.line(by, at, "visitor.withdraw", "visitor", visitor)


def restore_visitor(*, by: Actor, at: datetime, visitor_id: UUID) -> None:
    """Put a line back that was taken back. Doing it again changes nothing."""
    with transaction.atomic():
        visitor = access.visitor_for(by, visitor_id, lock=True)
        roles.require(by, "visitor.restore", access.place_of(visitor))
        if visitor.withdrawn_at is None:
            return
        visitor.withdrawn_at = None
        visitor.save(update_fields=["withdrawn_at"])
        _post.line(by, at, "visitor.restore", "visitor", visitor)


def blank_visitor(*, by: Actor, at: datetime, visitor_id: UUID) -> None:
    """Remove a visitor's name at their wish, before the days of the book are over. The line still counts."""
    with transaction.atomic():
        visitor = access.visitor_for(by, visitor_id, lock=True)
        roles.require(by, "visitor.blank", access.place_of(visitor))
        if visitor.blanked_at is not None:
            return
        Visitor.objects.filter(id=visitor.id).update(blanked_at=at, **_nothing())
        _post.line(by, at, "visitor.blank", "visitor", visitor)


def export_visitors(*, by: Actor, at: datetime, post_id: UUID, what: str, lines: int) -> None:
    """Names of the book leave the screen, on paper or as a file: that is written down (UU 27/2022 art. 16).

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id)
        roles.require(by, "visitors.export", access.place_of(post))
        _post.line(by, at, "visitors.export", "post", post, facts={"what": what, "lines": lines})


def sweep_visitors(*, by: Actor, at: datetime) -> int:
    """Remove the names of lines that are older than the days of their post, some hundred at a time. Returns how many."""
    roles.require(by, "visitors.sweep")
    with transaction.atomic():
        keys = queries.to_blank(at, SWEEP)
        if not keys:
            return 0
        Visitor.objects.filter(id__in=keys).update(blanked_at=at, **_nothing())
        journal_actions.record(
            by=by,
            at=at,
            kind="visitors.sweep",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"lines": len(keys)},
        )
    return len(keys)


def _nothing() -> dict[str, object]:
    """What stands in the columns of a name that is gone: nothing. Whether they were a woman or a man stays, for counting."""
    return erasing.emptied(Visitor, keep=(*erasing.officers(Visitor), "sex"))


def _checked(guest: Guest) -> dict[str, object]:
    name = text.clean_line(guest.name)[:150]
    if len(name) < 2:
        raise NameMissing
    if guest.sex not in ("", *rules.SEXES) or not 1 <= guest.people <= MOST_PEOPLE:
        raise ChoiceUnknown
    return {
        "name": name,
        "phone": text.clean_line(guest.phone)[:30],
        "institution": text.clean_line(guest.institution)[:150],
        "sex": guest.sex,
        "address": text.clean_line(guest.address)[:200],
        "met": text.clean_line(guest.met)[:150],
        "purpose": text.clean_line(guest.purpose)[:300],
        "people": guest.people,
    }


def _post_of(by: Actor, post_id: UUID, token: str) -> Post:
    if not by.is_public:
        return access.post_for(by, post_id)
    post = access.kiosk(token)
    if post.id != post_id:
        raise NotFound
    return post


def _visitor_of(by: Actor, visitor_id: UUID, token: str, at: datetime) -> Visitor:
    """A line for an officer; at the tablet only one of the last day, of its own post."""
    if not by.is_public:
        return access.visitor_for(by, visitor_id, lock=True)
    post = access.kiosk(token)
    found = queries.of_kiosk(post, at).filter(id=visitor_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
