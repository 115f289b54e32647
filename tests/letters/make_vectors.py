"""Samples of signed codes that Python and the browser judge alike: ``python -m tests.letters.make_vectors`` writes them anew."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simpul.letters.rules import proof

FILE = Path(__file__).parents[1] / "vectors" / "letters" / "codes.json"
VILLAGE, NEIGHBOUR = "7305112005", "7303012008"
DAY, UNTIL = date(2026, 11, 26), date(2026, 12, 26)


def private(number: int) -> Ed25519PrivateKey:
    """A key that is the same each time: never one of a village."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def key(number: int, region: str, name: str, retired: date | None = None) -> proof.PublicKey:
    """What is public of it."""
    public = private(number).public_key().public_bytes_raw()
    return proof.PublicKey(proof.key_code(public), region, name, public, retired)


OWN = key(1, VILLAGE, "Desa Massamaturu")
OTHER = key(2, NEIGHBOUR, "Desa Bonto Jai")
OLD = key(3, VILLAGE, "Desa Massamaturu", date(2026, 6, 30))


def code(
    signer: int = 1,
    of: proof.PublicKey = OWN,
    digest: str = "a1" * 32,
    **changed: Any,
) -> str:
    """A code of Massamaturu."""
    given: dict[str, Any] = {
        "region_code": VILLAGE,
        "number": "500.3/012/7305112005/XI/2026",
        "type_code": "keterangan_usaha",
        "letter_date": DAY,
        "name": "S*** R***",
        "valid_until": UNTIL,
        **changed,
    }
    return proof.make(proof.Fields(**given, key_code=of.code), digest, private(signer).private_bytes_raw())


def made() -> dict[str, Any]:
    """All samples: the list a checker carries, and codes with the day they are judged on and the verdict."""
    known = proof.Known(
        {one.code: one for one in (OWN, OTHER, OLD)},
        {"b2" * 16: "revoked", "c3" * 16: "superseded", "d4" * 16: "cancelled"},
    )
    good = code()
    changed = good[:30] + ("A" if good[30] != "A" else "B") + good[31:]
    cases = [
        ("valid", good, DAY, "valid"),
        ("its last day", good, UNTIL, "valid"),
        ("the day after", good, date(2026, 12, 27), "expired"),
        ("without an end", code(valid_until=None), date(2031, 1, 1), "valid"),
        ("broken over lines", f" {good[:100]}\r\n{good[100:]} ", DAY, "valid"),
        ("letters beyond ASCII", code(name="É*** Ñ***"), DAY, "valid"),
        ("taken back", code(digest="b2" * 32), DAY, "revoked"),
        ("an old one that was taken back", code(digest="b2" * 32), date(2030, 1, 1), "revoked"),
        ("replaced", code(digest="c3" * 32), DAY, "superseded"),
        ("cancelled", code(digest="d4" * 32), DAY, "cancelled"),
        ("the key of another village", code(2, OTHER), DAY, "other_village"),
        ("another key under this name", code(2, OWN), DAY, "forged"),
        ("a sign was changed", changed, DAY, proof.judge(changed, known, DAY).state),
        ("a key nobody knows", code(9, key(9, VILLAGE, "?")), DAY, "unknown_key"),
        ("a retired key, a letter of before", code(3, OLD, letter_date=date(2026, 6, 30)), DAY, "valid"),
        ("a retired key, a letter of after", code(3, OLD, letter_date=date(2026, 7, 1)), DAY, "key_retired"),
        ("from the future", code(letter_date=date(2026, 11, 28)), DAY, "from_tomorrow"),
        ("a later format", "SL2:" + good[4:], DAY, "newer_format"),
        ("something else", "https://contoh.id/surat/ABC/", DAY, "unreadable"),
        ("cut off", good[:150], DAY, proof.judge(good[:150], known, DAY).state),
        ("a separator in a field", code(number="x", type_code="y|z"), DAY, "valid"),
        ("empty", "", DAY, "unreadable"),
    ]
    return {
        "known": proof.keys_body(known),
        "cases": [
            {"name": name, "text": text, "today": day.isoformat(), "state": state}
            for name, text, day, state in cases
        ],
    }


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(made(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
