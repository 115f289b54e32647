"""One entry of a dispute by its kind and key: for the pages that change it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.lib.errors import NotFound
from simpul.mediation.models import (
    Agreement,
    Dispute,
    Evidence,
    Fulfilment,
    Mediator,
    Obligation,
    Party,
    Referral,
    Session,
    Signer,
    Statement,
    Summons,
)

TABLES: dict[str, tuple[Any, str]] = {
    "party": (Party, "dispute"),
    "statement": (Statement, "party__dispute"),
    "mediator": (Mediator, "dispute"),
    "summons": (Summons, "dispute"),
    "session": (Session, "dispute"),
    "evidence": (Evidence, "dispute"),
    "agreement": (Agreement, "dispute"),
    "obligation": (Obligation, "agreement__dispute"),
    "signer": (Signer, "agreement__dispute"),
    "fulfilment": (Fulfilment, "obligation__agreement__dispute"),
    "referral": (Referral, "dispute"),
}
"""Kind of entry -> its table, and how it hangs on the dispute."""


def find(dispute: Dispute, kind: str, key: UUID) -> Any:
    """An entry of this dispute that stands. The caller has read the dispute through ``access``.

    Raises:
        NotFound: there is none.
    """
    table, path = TABLES[kind]
    found = table._default_manager.filter(**{"id": key, path: dispute, "withdrawn_at": None}).first()
    if found is None:
        raise NotFound
    return found


def name_of(kind: str, item: Any) -> str:
    """How an entry is called at the top of its form."""
    if kind in ("party", "mediator", "signer"):
        return str(item.name)
    if kind == "statement":
        return str(item.party.name)
    if kind == "summons":
        return f"{item.party.name} ({item.ordinal})"
    if kind == "session":
        return str(item.ordinal)
    if kind == "evidence":
        return str(item.title)
    if kind == "obligation":
        return str(item.what)
    if kind == "fulfilment":
        return str(item.obligation.what)
    return str(item.office) if kind == "referral" else ""
