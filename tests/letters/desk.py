"""Letters of Dungkait, as far on their way as a test needs them."""

from __future__ import annotations

from typing import Any

from simpul.cases.actions import intake
from simpul.letters.actions import requesting
from simpul.letters.models import LetterType, TypeVersion
from tests.cast import DUNGKAIT, NOW, Cast


def kind(code: str = "usaha", **given: Any) -> TypeVersion:
    """A kind of letter of the shipped list, with one text; keyword arguments change its version."""
    found, _made = LetterType.objects.get_or_create(code=code, region_code="", defaults={"added_at": NOW})
    wanted: dict[str, Any] = {
        "version": 1,
        "name": "Keterangan Usaha",
        "heading": "SURAT KETERANGAN USAHA",
        "body": "Yang bertanda tangan di bawah ini menerangkan bahwa {nama} memiliki usaha.",
        "archive_code": "500.3",
        "requirements": [],
        "validity_amount": 1,
        "self_service": True,
        "written_at": NOW,
        **given,
    }
    return TypeVersion.objects.create(type=found, **wanted)


def asked(cast: Cast, by: Any = None, **given: Any) -> requesting.Requested:
    """A request at the counter of Dungkait."""
    wanted: dict[str, Any] = {
        "at": NOW,
        "region_code": DUNGKAIT,
        "type_code": "usaha",
        "channel": "desk",
        "applicant": intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"),
        "purpose": "Pinjaman bank",
        "inputs": {},
        **given,
    }
    return requesting.request_letter(by=by or cast.village_officer, **wanted)
