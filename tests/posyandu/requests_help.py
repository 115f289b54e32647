"""Requests of the six fields at a posyandu of Dungkait, as far on their way as a test needs them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from simpul.cases.actions import intake
from simpul.posyandu.actions import requests, requests_deciding
from simpul.posyandu.models import FieldRequest, Posyandu
from simpul.posyandu.queries import services
from tests.cast import DUNGKAIT, NOW, Cast

SIX = ["education", "health", "works", "housing", "order", "social"]


def posyandu(cast: Cast, **given: Any) -> Posyandu:
    """The posyandu of Dungkait at the desk of the cast; the same one again."""
    found = Posyandu.objects.filter(region_code=DUNGKAIT, name="Posyandu Melati").first()
    if found is not None:
        return found
    wanted = {"desk": cast.desk("posyandu"), "fields": SIX, "made_at": NOW, "changed_at": NOW, **given}
    return Posyandu.objects.create(region_code=DUNGKAIT, name="Posyandu Melati", **wanted)


def photo(side: str = "", colour: str = "green") -> requests.Photo:
    """A small photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return requests.Photo(out.getvalue(), "foto.jpg", side)


def taken(cast: Cast, service: str = "works/water", by: Any = None, **given: Any) -> requests.Taken:
    """A request at the desk, with all its papers seen."""
    found = services.service(service)
    wanted: dict[str, Any] = {
        "at": NOW,
        "posyandu_id": posyandu(cast).id,
        "service": service,
        "words": "Sumur kami kering sejak dua bulan.",
        "reporter": intake.PersonGiven(name="Daeng Puji"),
        "papers": dict.fromkeys(found.asked if found else (), "seen"),
        **given,
    }
    return requests.take_fieldrequest(by=by or cast.cadre, **wanted)


def order(cast: Cast, by: Any = None, **given: Any) -> FieldRequest:
    """A request about public order, taken in by the chair."""
    wanted = {"words": "Mohon patroli malam di lorong masjid.", **given}
    return taken(cast, "order/patrol", by or cast.posyandu_chair, **wanted).request


def anonymous(cast: Cast) -> FieldRequest:
    """One about public order without a name."""
    return order(cast, reporter=None, anonymous=True)


def checked(cast: Cast, service: str = "works/water", **given: Any) -> FieldRequest:
    """Verified by the cadre."""
    request = taken(cast, service, **given).request
    return requests_deciding.check_fieldrequest(by=cast.cadre, at=NOW, fieldrequest_id=request.id, meets=True)


def inspected(cast: Cast, request: FieldRequest, **given: Any) -> Any:
    """A visit to the place."""
    wanted = {
        "visited_date": NOW.date(),
        "seen": "Sumur kering, air diambil 400 m jauhnya.",
        "meets": True,
        **given,
    }
    return requests.inspect_fieldrequest(by=cast.cadre, at=NOW, fieldrequest_id=request.id, **wanted)


def verified(cast: Cast, service: str = "works/water") -> FieldRequest:
    """Verified by the village."""
    request = checked(cast, service)
    inspected(cast, request)
    return requests_deciding.verify_fieldrequest(
        by=cast.secretary, at=NOW, fieldrequest_id=request.id, meets=True
    )


def handed(cast: Cast) -> FieldRequest:
    """With the village."""
    request = verified(cast)
    return requests_deciding.hand_over_fieldrequest(by=cast.cadre, at=NOW, fieldrequest_id=request.id)
