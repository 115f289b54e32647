"""The cast, and programs with keys at this door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from simpul.cases.actions import handling, publishing, referral
from simpul.cases.models import Case
from simpul.exchange import actions as exchange_actions
from simpul.exchange.actions import IssuedToken
from tests import cast as casting

PARTNER = ("cases.read", "cases.open", "cases.write", "feed.read", "subscriptions.write")


@pytest.fixture
def cast(db: None) -> casting.Cast:
    cache.clear()
    return casting.assemble()


def issue(cast: casting.Cast, *scopes: str, desk: str = "", **given: Any) -> IssuedToken:
    """A key, as the administrator issues it."""
    return exchange_actions.issue_token(
        by=cast.administrator,
        at=timezone.now(),
        name=given.pop("name", "Program uji"),
        scopes=scopes,
        desk_id=cast.desk(desk).id if desk else None,
        **given,
    )


class Program:
    """A partner's program: sends JSON with its key."""

    def __init__(self, secret: str, client: Client | None = None) -> None:
        self.client, self.secret = client or Client(), secret

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        wanted = {"Authorization": f"Bearer {self.secret}", **headers}
        return self.client.generic(
            method,
            f"/api/v1{path}",
            **sent,
            headers={name.replace("_", "-"): value for name, value in wanted.items()},
        )


@pytest.fixture
def partner(cast: casting.Cast) -> Program:
    """The program of Yayasan Atap Bersama."""
    return Program(issue(cast, *PARTNER, desk="partner").secret)


@pytest.fixture
def app_key(cast: casting.Cast) -> str:
    """The key of an application of residents."""
    return issue(cast, "requests.write").secret


def publish(cast: casting.Cast, case: Case, **words: str) -> None:
    """Answer a matter and publish it by two people."""
    at = cast.now
    handling.claim_case(by=cast.admin, at=at, case_id=case.id)
    handling.answer_case(
        by=cast.admin,
        at=at,
        case_id=case.id,
        text="Lampu sudah diganti hari Senin.",
        decision=case.kind.decisions[0],
    )
    made = publishing.prepare_publication(
        by=cast.admin,
        at=at,
        case_id=case.id,
        title=words.get("title", "Lampu jalan padam"),
        text=words.get("text", "Lampu jalan padam sebulan."),
        answer=words.get("answer", "Lampu sudah diganti."),
    )
    publishing.release_publication(by=cast.approver, at=at, publication_id=made.id)


def refer(cast: casting.Cast, case: Case, **given: Any) -> None:
    """Hand a matter to the partner."""
    referral.refer_case(
        by=cast.admin,
        at=given.pop("at", cast.now),
        case_id=case.id,
        to_desk_id=cast.desk("partner").id,
        note="Mohon bantuan terpal.",
        extract="Tiga keluarga butuh terpal.",
        **given,
    )


Opener = Callable[..., Case]
