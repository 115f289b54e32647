"""Every address is knocked at by a stranger: what is not public stays shut, and nothing breaks on an unknown id."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.house import pages

SHUT = {302, 403, 404, 405}
SAMPLES = {"uuid": "00000000-0000-7000-8000-000000000000", "int": "1", "str": "x", "slug": "x", "path": "x"}
CONVERTER = re.compile(r"<(?:(\w+):)?\w+>")


def ours() -> list[tuple[str, str]]:
    """(address with sample values, policy) of every view that is ours."""
    return [
        (f"/{CONVERTER.sub(_sample, address)}", policy)
        for address, view in pages.addresses(get_resolver().url_patterns)
        for policy in [getattr(view, "policy", "")]
        if policy and not address.startswith("^")
    ]


def _sample(match: re.Match[str]) -> str:
    return SAMPLES.get(match[1] or "str", "x")


@pytest.mark.django_db
def test_a_stranger_is_let_in_only_where_the_policy_says_public() -> None:
    client, found = Client(), []
    for address, policy in ours():
        for method in ("get", "post"):
            status = _knock(client, method, address)
            if status >= 500 or (policy.startswith(("officer", "signed_in")) and status not in SHUT):
                found.append(f"{method.upper()} {address} ({policy}) answered {status}")
    assert not found, "\n" + "\n".join(found)


def _knock(client: Client, method: str, address: str) -> int:
    answer: Any = getattr(client, method)(address)
    return int(answer.status_code)
