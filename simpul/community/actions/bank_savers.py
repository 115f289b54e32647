"""Pass books: opening, changing, closing, and a new secret when one was lost."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.community.access import bank as access
from simpul.community.actions import _bank as steps
from simpul.community.models import Account, Bank, Saver
from simpul.community.models.bank import SAVER_KINDS
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger
from simpul.lib import money, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import ALPHABET
from simpul.people import access as people_access
from simpul.regions import queries as region_queries


class GuardianMissing(Refused):
    """A child does not answer for money alone, and a group has no hands of its own."""

    code = "saver.guardian_missing"
    sentence = _("Name the adult who answers for this pass book: parent, teacher, or head of the group.")
    field = "guardian"


class SaverKnown(Refused):
    """One person has one pass book."""

    code = "saver.known"
    sentence = _("This person has pass book number %(number)s already. Open that one.")


class SaverHasMoney(Refused):
    """A book is closed at nought."""

    code = "saver.has_money"
    sentence = _("There is still %(balance)s in this pass book. Pay it out first, then close it.")


def _new_token() -> str:
    """Twenty signs, a hundred bits: nobody finds somebody else's pass book by trying."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(20))


@dataclass(frozen=True, slots=True)
class SaverGiven:
    """What is said of a saver. With ``person_id`` the name is the register's when none is written."""

    name: str = ""
    kind: str = "person"
    person_id: UUID | None = None
    is_minor: bool = False
    guardian: str = ""
    guardian_id: UUID | None = None
    hamlet_id: UUID | None = None
    phone: str = ""


def open_saver(
    *, by: Actor, at: datetime, bank_id: UUID, given: SaverGiven, saver_id: UUID | None = None
) -> Saver:
    """Open a pass book with the next number. The same ``saver_id`` again gives the same book.

    Raises:
        GuardianMissing, SaverKnown, steps.BankWordsMissing, steps.BankChoiceUnknown.
        NotFound: no such bank or person for this actor.
    """
    with transaction.atomic():
        bank = steps.begin(by, "saver.open", bank_id)
        known = steps.again(Saver, saver_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        bank.last_saver += 1
        Bank.objects.filter(pk=bank.pk).update(last_saver=bank.last_saver)
        row = Saver(**steps.written(by, at, saver_id), bank=bank, number=bank.last_saver, token=_new_token())
        _fill(by, row, given)
        row.save(force_insert=True)
        Account.objects.create(bank=bank, role="saver", saver=row)
        facts = {"number": row.number, "kind": row.kind, "minor": row.is_minor}
        steps.line(
            by, at, "saver.open", ("saver", row.id), bank, facts, {"name": row.name, "guardian": row.guardian}
        )
    return row


def change_saver(*, by: Actor, at: datetime, saver_id: UUID, given: SaverGiven) -> None:
    """Change what is said of a saver; number and ledger stay.

    Raises:
        The same as ``open_saver``.
    """
    with transaction.atomic():
        row = access.saver_for(by, saver_id)
        bank = steps.begin(by, "saver.change", row.bank_id)
        _fill(by, row, given)
        row.save()
        steps.line(
            by, at, "saver.change", ("saver", row.id), bank, {"number": row.number}, {"name": row.name}
        )


def _fill(by: Actor, row: Saver, given: SaverGiven) -> None:
    if given.kind not in SAVER_KINDS:
        raise steps.BankChoiceUnknown(field="kind")
    person = people_access.person_for(by, given.person_id) if given.person_id else None
    guardian = people_access.person_for(by, given.guardian_id) if given.guardian_id else None
    if given.hamlet_id is not None and given.hamlet_id not in {
        one.id for one in region_queries.hamlets(row.bank.region_code)
    }:
        raise steps.BankChoiceUnknown(field="hamlet")
    row.kind = given.kind
    row.name = steps.words(
        given.name or (person.full_name if person else ""), field="name", most=150, least=2
    )
    row.name_key = text.name_key(row.name)[:150]
    row.person = person if given.kind == "person" else None
    row.is_minor = given.is_minor or given.kind == "class"
    row.guardian_person = guardian
    row.guardian = text.clean_line(given.guardian, 150) or (guardian.full_name if guardian else "")
    if (row.is_minor or given.kind != "person") and len(row.guardian) < 2:
        raise GuardianMissing
    row.hamlet_id = given.hamlet_id
    row.phone = text.clean_line(given.phone, 40)
    if row.person is not None and row.closed_at is None:
        rows = Saver.objects.filter(bank_id=row.bank_id, person=row.person, closed_at=None)
        twin = rows.exclude(id=row.id).first()
        if twin is not None:
            raise SaverKnown(number=twin.number)


def close_saver(*, by: Actor, at: datetime, saver_id: UUID) -> None:
    """Close a pass book that stands at nought. Closing it again changes nothing.

    Raises:
        NotFound, SaverHasMoney.
    """
    with transaction.atomic():
        row = access.saver_for(by, saver_id)
        bank = steps.begin(by, "saver.close", row.bank_id)
        if row.closed_at is not None:
            return
        balance = ledger.held("saver", queries.standing(row.account.id))
        if balance:
            raise SaverHasMoney(balance=money.rupiah(balance))
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        steps.line(by, at, "saver.close", ("saver", row.id), bank, {"number": row.number})


def reopen_saver(*, by: Actor, at: datetime, saver_id: UUID) -> None:
    """Open a closed pass book again, under its old number.

    Raises:
        NotFound.
        SaverKnown: the person has another book by now.
    """
    with transaction.atomic():
        row = access.saver_for(by, saver_id)
        bank = steps.begin(by, "saver.reopen", row.bank_id)
        if row.closed_at is None:
            return
        rows = Saver.objects.filter(bank_id=row.bank_id, person=row.person_id, closed_at=None)
        twin = rows.first() if row.person_id else None
        if twin is not None:
            raise SaverKnown(number=twin.number)
        row.closed_at = None
        row.save(update_fields=["closed_at"])
        steps.line(by, at, "saver.reopen", ("saver", row.id), bank, {"number": row.number})


def renew_passbook(*, by: Actor, at: datetime, saver_id: UUID) -> str:
    """Give a pass book a new secret: a lost one's QR shows nothing from now on. Returns the new secret.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        row = access.saver_for(by, saver_id)
        bank = steps.begin(by, "passbook.renew", row.bank_id)
        row.token = _new_token()
        row.save(update_fields=["token"])
        steps.line(by, at, "passbook.renew", ("saver", row.id), bank, {"number": row.number})
    return row.token
