"""Members of a reading corner and what they borrow: lend, renew, take back, and undo what was pressed by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import reading as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import BookCopy, Loan, Reader, ReadingCorner
from simpul.village_post.queries import reading as queries
from simpul.village_post.rules import reading as rules


class ReaderThere(Refused):
    """Somebody of the register has one card."""

    code = "reader.there"
    sentence = _("%(name)s is a member already, with card %(card)s.")


class ReaderGone(Refused):
    """A membership that has ended."""

    code = "reader.gone"
    sentence = _("This membership has ended. Begin it again first.")


class ReaderOwes(Refused):
    """Books are still out."""

    code = "reader.owes"
    sentence = _("This member still has books. Take them back first, or write them down as lost.")


class CopyElsewhere(Refused):
    """A copy of another corner, or one that is not on the shelf."""

    code = "copy.elsewhere"
    sentence = _("This copy belongs to another reading corner, or is written down as lost or taken out.")


class CopyLent(Refused):
    """A copy is in one pair of hands at a time."""

    code = "copy.lent"
    sentence = _("This copy is still written as lent to %(name)s. Take it back first, then lend it.")


class TooMany(Refused):
    """A member has as many books as the corner allows."""

    code = "loan.too_many"
    sentence = _("This member has %(number)s books already. Take one back first, or lend it all the same.")


class NotRenewed(Refused):
    """A loan cannot be renewed for ever."""

    code = "loan.not_renewed"
    sentence = _(
        "This loan was renewed as often as the corner allows. Ask for the book back, or renew it all the same."
    )


class LoanEnded(Refused):
    """A loan that has ended."""

    code = "loan.ended"
    sentence = _("This loan has ended already. Load the page again.")


class NotUndone(Refused):
    """A return is undone while nobody else has the book."""

    code = "loan.not_undone"
    sentence = _("This cannot be undone: the copy was lent again in the meantime.")


@dataclass(frozen=True, slots=True)
class ReaderGiven:
    """A member: by their key in the register, or by name."""

    name: str = ""
    group: str = "adult"
    phone: str = ""
    address: str = ""
    guardian: str = ""
    person_id: UUID | None = None


def add_reader(
    *, by: Actor, at: datetime, corner_id: UUID, given: ReaderGiven, reader_id: UUID | None = None
) -> Reader:
    """Make somebody a member and give them the next card. The same ``reader_id`` again gives the same member.

    Raises:
        ReaderThere, _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        corner = access.corner_for(by, corner_id, lock=True)
        roles.require(by, "reader.add", access.place(corner.region_code, by))
        known = _watch.again(Reader, reader_id, corner_id=corner.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        person = _watch.person(by, given.person_id)
        twin = corner.readers.filter(person=person, ended_at=None).first() if person else None
        if twin is not None:
            raise ReaderThere(name=twin.name, card=twin.code)
        corner.last_member += 1
        corner.save(update_fields=["last_member"])
        reader = Reader.objects.create(
            id=reader_id or uuid7(),
            corner=corner,
            person=person,
            code=rules.code(corner.letters, "A", corner.last_member),
            name=_watch.words(given.name or (person.full_name if person else ""), field="name", most=150),
            group=_watch.chosen(given.group, rules.GROUPS),
            phone=_watch.number(given.phone),
            address=_watch.line_of(given.address, 200),
            guardian=_watch.line_of(given.guardian, 150),
            recorded_at=at,
        )
        facts = {"card": reader.code, "group": reader.group}
        _lending_line(by, at, "reader.add", corner, facts=facts, inputs={"name": reader.name})
    return reader


def change_reader(*, by: Actor, at: datetime, reader_id: UUID, given: ReaderGiven) -> None:
    """Change what is said of a member; the card stays.

    Raises:
        _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        reader = access.reader_for(by, reader_id, lock=True)
        roles.require(by, "reader.change", access.place(reader.corner.region_code, by))
        reader.name = _watch.words(given.name, field="name", most=150)
        reader.group = _watch.chosen(given.group, rules.GROUPS)
        reader.phone = _watch.number(given.phone)
        reader.address = _watch.line_of(given.address, 200)
        reader.guardian = _watch.line_of(given.guardian, 150)
        reader.save()
        _lending_line(by, at, "reader.change", reader.corner, facts={"card": reader.code})


def end_reader(*, by: Actor, at: datetime, reader_id: UUID, back: bool = False) -> None:
    """End a membership, or begin it again with the same card.

    Raises:
        ReaderOwes: books are still out.
        ReaderThere: the person has another card by now.
    """
    with transaction.atomic():
        reader = access.reader_for(by, reader_id, lock=True)
        roles.require(by, "reader.end", access.place(reader.corner.region_code, by))
        if (reader.ended_at is None) == back:
            return
        if not back and queries.open_loans(reader).exists():
            raise ReaderOwes
        twin = Reader.objects.filter(corner=reader.corner_id, person=reader.person_id, ended_at=None).first()
        if back and reader.person_id and twin is not None:
            raise ReaderThere(name=twin.name, card=twin.code)
        reader.ended_at = None if back else at
        reader.save(update_fields=["ended_at"])
        _lending_line(by, at, "reader.end", reader.corner, facts={"card": reader.code, "back": back})


def lend_copy(
    *,
    by: Actor,
    at: datetime,
    copy_id: UUID,
    reader_id: UUID,
    lent_at: datetime,
    all_the_same: bool = False,
    loan_id: UUID | None = None,
) -> Loan:
    """Lend a copy to a member until an open day of the corner. The same ``loan_id`` again gives the same loan.

    Raises:
        CopyElsewhere, CopyLent, ReaderGone.
        TooMany: the member has as many as the corner allows; ``all_the_same`` lends it nevertheless.
    """
    with transaction.atomic():
        copy = access.copy_for(by, copy_id, lock=True)
        roles.require(by, "copy.lend", access.place(copy.corner.region_code, by))
        known = _watch.again(Loan, loan_id, copy_id=copy.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        reader = access.reader_for(by, reader_id)
        _check_lending(copy, reader, all_the_same)
        loan = Loan.objects.create(
            id=loan_id or uuid7(),
            copy=copy,
            reader=reader,
            lent_at=lent_at,
            due_date=queries.due_date(copy.corner, queries.today(copy.corner, lent_at)),
            lent_by=by.name[:150],
        )
        facts = {"copy": copy.code, "due": loan.due_date, "over": all_the_same}
        _lending_line(by, at, "copy.lend", copy.corner, facts=facts, inputs={"card": reader.code})
    return loan


def _check_lending(copy: BookCopy, reader: Reader, all_the_same: bool) -> None:
    if copy.corner_id != reader.corner_id or copy.state != "here":
        raise CopyElsewhere
    if reader.ended_at is not None:
        raise ReaderGone
    out = queries.open_loan(copy)
    if out is not None:
        raise CopyLent(name=out.reader.name)
    number = queries.open_loans(reader).count()
    if number >= copy.corner.most_loans and not all_the_same:
        raise TooMany(number=number)


def return_copy(*, by: Actor, at: datetime, copy_id: UUID, returned_at: datetime) -> Loan | None:
    """Take a copy back. A lost one that is brought back stands on the shelf again. Returns the loan that ended, if one ran.

    A copy in the hand is a fact: bringing one that was not lent changes nothing and is not refused.
    """
    with transaction.atomic():
        copy = access.copy_for(by, copy_id, lock=True)
        roles.require(by, "copy.return", access.place(copy.corner.region_code, by))
        loan = queries.open_loan(copy)
        if loan is not None:
            loan.returned_at = max(returned_at, loan.lent_at)
            loan.save(update_fields=["returned_at"])
        found = copy.state != "here"
        if found:
            copy.state, copy.state_why, copy.state_at = "here", "", at
            copy.save(update_fields=["state", "state_why", "state_at"])
        if loan is not None or found:
            _lending_line(by, at, "copy.return", copy.corner, facts={"copy": copy.code, "found": found})
    return loan


def renew_loan(
    *, by: Actor, at: datetime, loan_id: UUID, renewed_at: datetime, all_the_same: bool = False
) -> Loan:
    """Let a loan run on from today, until an open day of the corner. A day that lies later already stays.

    Raises:
        LoanEnded, NotRenewed.
    """
    with transaction.atomic():
        loan = _locked_loan(by, "loan.renew", loan_id)
        if not queries.runs(loan):
            raise LoanEnded
        corner = loan.copy.corner
        if loan.renewals >= corner.most_renewals and not all_the_same:
            raise NotRenewed
        until = queries.due_date(corner, queries.today(corner, renewed_at))
        if until <= loan.due_date:
            return loan
        loan.due_date, loan.renewals = until, loan.renewals + 1
        loan.save(update_fields=["due_date", "renewals"])
        facts = {"copy": loan.copy.code, "due": until, "over": all_the_same}
        _lending_line(by, at, "loan.renew", corner, facts=facts)
    return loan


def strike_loan(*, by: Actor, at: datetime, loan_id: UUID) -> None:
    """Strike a loan that was written by mistake: it never was.

    Raises:
        LoanEnded: the book came back already.
    """
    with transaction.atomic():
        loan = _locked_loan(by, "loan.strike", loan_id)
        if loan.struck_at is not None:
            return
        if not queries.runs(loan):
            raise LoanEnded
        loan.struck_at = at
        loan.save(update_fields=["struck_at"])
        _lending_line(by, at, "loan.strike", loan.copy.corner, facts={"copy": loan.copy.code})


def reopen_loan(*, by: Actor, at: datetime, loan_id: UUID) -> None:
    """Undo a return that was pressed by mistake: the book is still out.

    Raises:
        NotUndone: it was lent again since, or is no longer in the collection.
    """
    with transaction.atomic():
        loan = _locked_loan(by, "loan.reopen", loan_id)
        if queries.runs(loan):
            return
        if loan.returned_at is None or loan.copy.state != "here" or queries.open_loan(loan.copy) is not None:
            raise NotUndone
        loan.returned_at = None
        loan.save(update_fields=["returned_at"])
        _lending_line(by, at, "loan.reopen", loan.copy.corner, facts={"copy": loan.copy.code})


def _locked_loan(by: Actor, act: str, loan_id: UUID) -> Loan:
    """Lock the loan and ask for permission."""
    loan = access.loan_for(by, loan_id, lock=True)
    roles.require(by, act, access.place(loan.copy.corner.region_code, by))
    return loan


def _lending_line(by: Actor, at: datetime, kind: str, corner: ReadingCorner, **more: object) -> None:
    _watch.line(by, at, kind, ("reading_corner", corner.id), corner.region_code, **more)  # type: ignore[arg-type]
