"""A photo that came home with a visit stands on the door's page, for who may see the household."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from simpul.lib.files import FileStore
from simpul.lib.ids import uuid7
from simpul.outreach import actions as outreach_actions
from simpul.people import actions as people_actions
from simpul.sync.models import AwaitedFile, Blob
from tests.cast import BONTO_JAI, NOW, Cast
from tests.sync.test_erasing import device, event
from tests.web.desk_pages import sit


@pytest.fixture
def visit(cast: Cast) -> Any:
    by = cast.neighbour_coordinator
    home = people_actions.open_household(by=by, at=NOW, region_code=BONTO_JAI, name="Daeng Baji")
    made = outreach_actions.record_visit(
        by=by,
        at=NOW,
        household_id=home.id,
        visited_at=NOW,
        found=outreach_actions.Found("met"),
        visit_id=uuid7(),
    )
    phone = device(cast, "neighbour")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "JPEG")
    stored = FileStore(settings.SIMPUL_FILES).put(picture.getvalue())
    digest = "a" * 64
    Blob.objects.create(
        device=phone, digest=digest, size=3, have=3, state="here", file_sha256=stored, media_type="image/jpeg",
        begun_at=NOW, done_at=NOW,
    )  # fmt: skip
    AwaitedFile.objects.create(
        device=phone, event=event(phone, 1, {}), digest=digest, kind="visit", key=made.id, asked_at=NOW,
        attached_at=NOW,
    )  # fmt: skip
    return made


def test_the_photo_stands_at_the_visit(cast: Cast, visit: Any) -> None:
    client = sit(cast, "neighbour_coordinator")
    address = f"/meja/jemput/kunjungan/{visit.id}/foto/0/"
    assert address.encode() in client.get(f"/meja/jemput/rumah/{visit.household_id}/").content
    shown = client.get(address)
    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
    assert client.get(f"/meja/jemput/kunjungan/{visit.id}/foto/1/").status_code == 404
    outreach_actions.withdraw_visit(by=cast.neighbour_coordinator, at=NOW, visit_id=visit.id)
    assert client.get(address).status_code == 404


def test_the_neighbour_sees_no_photo(cast: Cast, visit: Any) -> None:
    assert sit(cast, "village_officer").get(f"/meja/jemput/kunjungan/{visit.id}/foto/0/").status_code == 404
    assert sit(cast, "manager").get(f"/meja/jemput/kunjungan/{uuid7()}/foto/0/").status_code == 404
