"""A fuzzer reads the interface's own document and sends what it allows, and what it does not: no fault, and every answer as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from simpul.api.v1 import door
from simpul.wsgi import application
from tests import cast as casting
from tests.api.conftest import PARTNER, issue, publish, refer

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
SCHEMA: Any = schemathesis.openapi.from_dict(dict(door.api.get_openapi_schema(path_prefix="/api/v1/")))
SCHEMA.app = application
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
FEW = settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the test's own connection, and what it began, open between requests, as Django's test client does."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


@pytest.fixture
def secret(cast: casting.Cast) -> str:
    """A key for everything, and a few matters to stumble over."""
    refer(cast, cast.case())
    publish(cast, cast.case())
    return issue(cast, *PARTNER, "requests.write", desk="partner", per_minute=6000).secret


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not"])
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_every_operation_answers_as_described(secret: str, label: str, mode: GenerationMode) -> None:
    cases = OPERATIONS[label].as_strategy(generation_mode=mode)

    @FEW
    @given(case=cases)
    def knock(case: Any) -> None:
        cache.clear()
        case.headers = {
            **(case.headers or {}),
            "Authorization": f"Bearer {secret}",
            "Accept-Encoding": "identity",
        }
        case.validate_response(case.call(), checks=CHECKS)

    knock()
