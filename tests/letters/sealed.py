"""Released letters of Dungkait, sealed as a release seals them, without the way before it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from simpul.letters.actions import _sealing
from simpul.letters.models import Letter, TakenNumber, TypeVersion
from simpul.letters.rules import texts
from tests.cast import DUNGKAIT, NOW
from tests.letters import desk

BODY: texts.Body = (
    texts.Paragraph("Yang bertanda tangan di bawah ini menerangkan bahwa:"),
    texts.Lines((("Nama", "NURHAYATI"), ("Alamat", "Dusun Pantai, Desa Dungkait"))),
    texts.Paragraph("adalah benar memiliki usaha kios sembako sejak tahun 2019."),
)


def version(code: str = "usaha") -> TypeVersion:
    """The text letters are made of here; made once."""
    return TypeVersion.objects.filter(type__code=code).first() or desk.kind(code)


def released(number: int = 1, *, at: datetime = NOW, seal: bool = True, **given: Any) -> Letter:
    """A released letter with its number; keyword arguments change it."""
    text = version()
    region = given.get("region_code", DUNGKAIT)
    printed = f"500.3/{number:03}/{region}/XI/2026"
    taken = TakenNumber.objects.create(
        region_code=region,
        series="services",
        year=2026,
        number=number,
        state="used",
        printed=printed,
        taken_at=at,
    )
    wanted: dict[str, Any] = {
        "region_code": region,
        "type": text.type,
        "version": text,
        "applicant_name": "Nurhayati Saleh",
        "channel": "desk",
        "state": "released",
        "requested_at": at,
        "released_at": at,
        "taken": taken,
        "number": printed,
        "letter_date": date(2026, 11, 23),
        "valid_until": date(2026, 12, 23),
        "authority": "own",
        "signer_name": "SULAEMAN HAKIM",
        "signer_title": "Kepala Desa Dungkait",
        "body": _packed(),
        "changed_at": at,
        **given,
    }
    letter = Letter(**wanted)
    if seal:
        _sealing.seal(letter, at=at)
    letter.save()
    return letter


def _packed() -> str:
    return json.dumps(texts.to_data(BODY), ensure_ascii=False)
