"""The sign-in sheet of a demo: who signs in, with which password and code, which receipts and links can be tried.

Receipts and link tokens exist in clear only when they are made, so they are kept in a file of the data folder that only its owner may
read. The sign-ins are the same on every demo.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from simpul import roles
from simpul.demo import build, codes, stage

RECEIPTS = {
    "mamuju": "kotak bantuan, dijawab dua kali",
    "bantaeng": "lansia terlantar, baru masuk",
    "massamaturu": "kunjungan malam: surat, perselisihan, KIS",
    "anonim": "laporan anonim (tanda terima 16 angka)",
    "tertutup": "laporan tertutup (tanda terima 16 angka)",
}


def file() -> Path:
    """Where the receipts and links of this demo are kept."""
    return Path(settings.SIMPUL_DATA) / "demo.json"


def write(built: build.Built) -> None:
    """Keep what was shown once."""
    target = file()
    target.touch(mode=0o600)
    target.write_text(
        json.dumps({"receipts": built.receipts, "links": built.links}, indent=2, ensure_ascii=False),
        encoding="utf-8",
    )


def read() -> dict[str, Any]:
    """Everything the sheet says, with the codes of this moment."""
    known = (
        json.loads(file().read_text(encoding="utf-8")) if file().exists() else {"receipts": {}, "links": []}
    )
    people = stage.read("people")
    rows = []
    for username, full_name, role, _desk, about in people["seats"]:
        row = {"username": username, "name": full_name, "role": role, "about": about}
        if roles.ROLES[role].strong:
            row |= {"secret": codes.secret_of(username), "code": codes.current_code(username)}
        rows.append(row)
    return {"password": people["password"], "people": rows, **known}


def as_text(said: dict[str, Any]) -> str:
    """The sheet as it is printed."""
    lines = [
        "",
        "PERAGAAN. Semua orang dan cerita rekaan; tempatnya nyata.",
        "",
        f"Masuk di /akun/masuk/ dengan kata sandi: {said['password']}",
        "",
    ]
    for row in said["people"]:
        code = f"  kode {row['code'][:3]} {row['code'][3:]}" if row.get("code") else ""
        lines.append(f"  {row['username']:<22}{row['about']}{code}")
    lines += [
        "",
        "Kode berganti setiap 30 detik. Rahasia untuk aplikasi autentikator: simpul demo --if-empty --json",
        "",
    ]
    if said["receipts"]:
        lines.append("Lacak di /lacak/:")
    for name, receipt in said["receipts"].items():
        proof = receipt["receipt16"] or f"{receipt['number']}  PIN {receipt['pin']}"
        lines.append(f"  {proof:<34}{RECEIPTS.get(name, name)}")
    if said["links"]:
        lines += ["", "Tautan pribadi lembaga mitra (masing-masing dengan PIN):"]
    lines += [f"  /mitra/{link['token']}/  PIN {link['pin']}  {link['desk']}" for link in said["links"]]
    return "\n".join([*lines, ""])
