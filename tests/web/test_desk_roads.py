"""/meja/saluran/: each gateway in words, what to do when it is down, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from simpul.lib.actor import MACHINE
from simpul.messages import actions
from simpul.messages.models import Gateway
from tests.cast import Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
PAGE = "/meja/saluran/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def add(cast: Cast, code: str, desk: str = "centre", **more: Any) -> Gateway:
    return actions.add_gateway(
        by=MACHINE, at=timezone.now(), code=code, kind=more.pop("kind", "gammu"), name=f"Modem {code}",
        desk_id=cast.desk(desk).id, region_code=more.pop("region_code", "7602"), more=more,  # type: ignore[arg-type]
    )  # fmt: skip


def report(gateway: Gateway, **given: Any) -> None:
    wanted: dict[str, Any] = {"at": timezone.now(), "answers": True} | given
    actions.report_gateway(by=MACHINE, gateway_id=gateway.id, **wanted)


def test_a_gateway_that_answers_shows_its_battery_and_signal_in_words(cast: Cast) -> None:
    report(add(cast, "tsel", operator="Telkomsel"), battery=18, signal=42)
    seen = words(sit(cast, "admin").get(PAGE))
    assert "Modem tsel menjawab" in seen
    assert "Telkomsel" in seen
    assert "Baterai 18% isi sekarang" in seen
    assert "Sinyal 42% cukup" in seen
    assert "Semua gerbang menjawab." in seen
    assert "Terakhir terdengar baru saja" in seen


def test_one_that_is_down_comes_first_with_since_when_why_and_what_to_do(cast: Cast) -> None:
    report(add(cast, "satu", rank=1))
    two = add(cast, "dua", rank=2)
    report(two, at=timezone.now() - timedelta(hours=3), answers=False, reason="modem_silent")
    seen = words(sit(cast, "admin").get(PAGE))
    assert seen.index("Modem dua") < seen.index("Modem satu")
    assert "1 gerbang tidak menjawab." in seen
    assert "Program modem tidak terdengar selama beberapa menit. Sejak" in seen
    assert "(3 jam lalu)" in seen
    assert "systemctl restart gammu-smsd" in seen
    assert "Sementara itu pesannya dikirim lewat Modem satu." in seen
    Gateway.objects.filter(code="satu").update(is_active=False)
    assert "Tidak ada gerbang lain yang membawa pesannya" in words(sit(cast, "admin").get(PAGE))
    Gateway.objects.update(down_reason="http: something the program has never seen")
    unknown = words(sit(cast, "admin").get(PAGE))
    assert "Gerbang ini tidak menjawab." in unknown
    assert "never seen" not in unknown


def test_who_does_not_listen_to_a_gateway_sees_none(cast: Cast) -> None:
    add(cast, "kita")
    assert "Modem kita" in words(sit(cast, "admin").get(PAGE))
    assert "/meja/saluran/" in sit(cast, "admin").get("/meja/").content.decode()
    for part in ("neighbour", "neighbour_coordinator"):
        answer = sit(cast, part).get(PAGE)
        assert answer.status_code in (403, 404) or "Modem kita" not in words(answer)
    Gateway.objects.update(is_active=False)
    assert "Tidak ada gerbang milik meja Anda" in words(sit(cast, "admin").get(PAGE))
