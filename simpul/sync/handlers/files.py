"""Files that events name: attached to what they belong to when their content is here, first or last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from simpul.cases.actions import files as case_files
from simpul.lib.actor import MACHINE, Actor
from simpul.people.actions import consent as consent_actions
from simpul.programmes.actions import delivering

Attach = Callable[[Actor, datetime, UUID, str, bytes, str], None]


def attach(*, by: Actor, at: datetime, kind: str, key: UUID, data: bytes, name: str) -> None:
    """Put a file where its event said. The act of the event had its permission; a file that comes days later needs no second one, so the
    installation does it in its author's name. Of a visit and of an explanation the row names its photos itself: nothing is done here.

    Raises:
        Refused: the file cannot be read, or there are too many.
        NotFound: what it belongs to is gone.
    """
    what, _sep, detail = kind.partition(":")
    carrier = replace(MACHINE, name=by.name, device=by.device)
    if what in _ATTACH:
        _ATTACH[what](carrier, at, key, detail, data, name)


def _case(by: Actor, at: datetime, key: UUID, _detail: str, data: bytes, name: str) -> None:
    case_files.attach_case(by=by, at=at, case_id=key, data=data, declared_name=name)


def _delivery(by: Actor, at: datetime, key: UUID, detail: str, data: bytes, name: str) -> None:
    delivering.attach_proof(by=by, at=at, delivery_id=key, kind=detail, data=data, declared_name=name)


def _consent(by: Actor, at: datetime, key: UUID, _detail: str, data: bytes, name: str) -> None:
    consent_actions.prove_consent(by=by, at=at, consent_id=key, data=data, declared_name=name)


_ATTACH: Mapping[str, Attach] = {"case": _case, "delivery": _delivery, "consent": _consent}
