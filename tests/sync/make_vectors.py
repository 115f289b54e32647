"""Golden samples for every rule that runs on both sides, made by the Python side. To write them anew:
`python manage.py shell -c "from tests.sync import make_vectors; make_vectors.main()"`.

``test_vectors.py`` fails when Python has come to differ from them, ``tests/field/*.test.mjs`` when JavaScript has.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simpul.lib import ids, nik, phone, sealing
from simpul.sync.rules import canonical, chain, columns, reduce, segments
from simpul.sync.rules.canonical import b64
from tests.sync import make_verdicts

FOLDER = Path(__file__).parents[1] / "vectors" / "sync"
DEVICE = UUID("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b")
EPOCH = "0a1b2c3d4e"
RUNS = (bytes(range(16)), bytes(range(16, 32)))
START = 1_764_115_200_000
SERVER = sealing.private_from(b"a secret of the golden samples, 32", b"seal")
SIGN_SEED = bytes(range(32))


def canonical_samples() -> dict[str, Any]:
    """Values and their bytes; values that are refused."""
    values: list[Any] = [
        None,
        True,
        False,
        0,
        -1,
        2**53 - 1,
        -(2**53) + 1,
        "",
        "a",
        "é",
        "e\u0301",
        "🤟",
        "\u2028",
        "\x7f",
        '\x00\x1f\b\t\n\f\r"\\/',
        [],
        [1, [2, [3]]],
        {},
        {"b": 1, "a": {"z": None, "A": "x"}},
        {"~": "~0", "": [], "10": 1, "9": 2},
        "</script>",
        "dusun “Liang Butan”",
    ]
    refused = ["1.5", "9007199254740992", '{"é": 1}', '"\\ud800"', '["\\udc00a"]', "[" * 40 + "]" * 40]
    return {
        "values": [{"value": one, "text": canonical.canonical(one).decode()} for one in values],
        "refused": refused,
        "b64": [
            {"hex": one.hex(), "text": b64(one)}
            for one in (b"", b"\x00", b"\xff\xfe", b"abc", bytes(range(256)))
        ],
        "no_b64": ["a", "a+b=", "aa/a", "é", "a a "],
    }


def _inputs() -> list[dict[str, Any]]:
    """What a device saves, one after the other; "own 0" stands for a new key."""
    household, person = "household:own 0", "person:own 0"
    known = "0190ffff-0000-7000-8000-00000000abcd"
    return [
        {
            "kind": "household.open/1",
            "subject": household,
            "data": {
                "household_id": "own 0",
                "house_id": "own 1",
                "region": "6311010001",
                "f.floor": "bdt/1",
            },
        },
        {
            "kind": "person.register/1",
            "subject": person,
            "data": {
                "person_id": "own 0",
                "name": "Siti ~ Aminah",
                "region": "6311010001",
                "rough": True,
                "n": None,
            },
        },
        {
            "kind": "person.register/1",
            "subject": person,
            "data": {"person_id": "own 0", "name": "~0 tilde", "region": "6311010001", "rough": True},
        },
        {
            "kind": "person.change/1",
            "subject": f"person:{known}",
            "data": {"person_id": known, "f.needs": "~~juru bahasa"},
            "seen": {"needs": "", "called": "36a9e7f1"},
        },
        {
            "kind": "visit.record/1",
            "subject": f"household:{known}",
            "data": {
                "visit_id": "own 0",
                "household_id": known,
                "outcome": "met",
                "visited_ms": START,
                "lat": -2_345_678,
                "lon": 115_555_555,
            },
        },
        {
            "kind": "visit.record/1",
            "subject": f"household:{known}",
            "data": {
                "visit_id": "own 9",
                "household_id": known,
                "outcome": "met",
                "list": ["own 0", {"x": "own 1"}],
            },
        },
        {"kind": "feedback.record/1", "subject": "", "data": {}},
    ]


def _own(value: Any, key: Callable[[int], str]) -> Any:
    if isinstance(value, str):
        kind, sep, rest = value.partition(":own ")
        if sep:
            return f"{kind}:{key(int(rest))}"
        return key(int(value[4:])) if value.startswith("own ") else value
    if isinstance(value, list):
        return [_own(one, key) for one in value]
    if isinstance(value, dict):
        return {name: _own(one, key) for name, one in value.items()}
    return value


def events(count: int | None = None) -> list[tuple[dict[str, Any], chain.Event]]:
    """Inputs and events of the samples; the second run begins at the fifth."""
    prev, found = chain.genesis(DEVICE, EPOCH), []
    for place, given in enumerate(_inputs()[:count]):
        seq, at, run = place + 1, START + place * 61_001, RUNS[place >= 4]

        def key(number: int, seq: int = seq, at: int = at, run: bytes = run) -> str:
            return str(chain.new_id(DEVICE, EPOCH, seq, at, run, number))

        said = {name: _own(one, key) for name, one in given.items()}
        event = chain.make(
            device=DEVICE,
            epoch=EPOCH,
            seq=seq,
            prev=prev,
            kind=said["kind"],
            at=at,
            subject=said["subject"],
            data=said["data"],
            seen=said.get("seen"),
            run=run,
        )
        found.append((said, event))
        prev = event.hash
    return found


def chain_samples() -> dict[str, Any]:
    """Hashes, salts, new keys and a chain."""
    rows = [
        {
            **said,
            "seq": event.seq,
            "at": event.at,
            "run": b64(RUNS[event.seq > 4]),
            "prev": b64(event.prev),
            "salt": b64(event.salt),
            "body_hash": b64(event.body_hash),
            "hash": b64(event.hash),
            "ids": [
                str(chain.new_id(DEVICE, EPOCH, event.seq, event.at, RUNS[event.seq > 4], place))
                for place in range(10)
            ],
        }
        for said, event in events()
    ]
    odd = [
        {
            "seq": seq,
            "at": at,
            "run": b64(RUNS[0]),
            "id": str(chain.new_id(DEVICE, EPOCH, seq, at, RUNS[0], place)),
        }
        | {"place": place}
        for seq, at, place in ((1, 0, 0), (2**40, -5, 3), (9, 2**52, 9), (1, chain.LARGEST_TIME, 0))
    ]
    return {
        "device": str(DEVICE),
        "epoch": EPOCH,
        "genesis": b64(chain.genesis(DEVICE, EPOCH)),
        "events": rows,
        "ids": odd,
    }


def columns_samples() -> dict[str, Any]:
    """Rows and their columns, short and long values, columns that make no rows."""
    rows: list[list[dict[str, Any]]] = [
        [],
        [{"a": 1}],
        [{"a": 1}, {"a": 1}],
        [{"a": 1}, {"a": 2, "b": None}, {}],
        [{"x": {"b": 1, "a": [2]}}, {"x": {"a": [2], "b": 1}}],
        [{"a": "1"}, {"a": 1}],
    ]
    broken: list[dict[str, Any]] = [
        {"a": [1]},
        {"a": [1, 2, 3]},
        {"a": 5},
        {"a": None},
        {"a": {"=": 1, "i": []}},
        {"a": {"i": [0], "v": []}},
        {"a": {"i": [2], "v": [1]}},
        {"a": {"i": [-1], "v": [1]}},
        {"a": {"i": [True], "v": [1]}},
        {"a": {"i": 1, "v": 2}},
        {"a": "text"},
    ]
    own = {"key-zero": 0, "key-one": 1}
    values: list[Any] = ["key-zero", "~", "~~", "~0", ["key-one", {"k": "key-zero"}], 5, None, "key-zero "]
    return {
        "rows": [{"rows": one, "columns": columns.turn(one)} for one in rows],
        "broken": [{"columns": one, "count": 2} for one in broken],
        "own": own,
        "short": [{"value": one, "short": columns.shorten(one, own)} for one in values],
        "no_key": ["~", "~a", "~12", "~é"],
    }


def _bad_segments() -> list[dict[str, Any]]:
    packed = segments.pack(segments.Segment(DEVICE, EPOCH, tuple(one for _said, one in events())), _runs())
    plain = json.loads(zlib.decompress(packed, -15))

    def again(**change: Any) -> str:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return (
            packer.compress(canonical.spelled({**plain, **change}) if change else b"[]") + packer.flush()
        ).hex()

    return [
        {"hex": packed[:-3].hex(), "reason": "truncated"},
        {"hex": (packed + b"x").hex(), "reason": "truncated", "behind": True},
        {"hex": b"nonsense".hex(), "reason": "truncated"},
        {"hex": again(), "reason": "truncated"},
        {"hex": again(v=2), "reason": "future"},
        {"hex": again(v="1"), "reason": "foreign"},
        {"hex": again(e="xyz"), "reason": "broken"},
        {"hex": again(a=0), "reason": "broken"},
        {"hex": again(t=[1]), "reason": "broken"},
        {"hex": again(r=[]), "reason": "broken"},
        {"hex": again(k=["no kind"]), "reason": "broken"},
        {"hex": again(c=[]), "reason": "broken"},
        {"hex": again(i=[[0, 51]]), "reason": "broken"},
        {"hex": again(t=[-1, *plain["t"][1:]]), "reason": "broken"},
    ]


def _runs() -> list[tuple[int, bytes]]:
    return [(1, RUNS[0]), (5, RUNS[1])]


def segments_samples() -> dict[str, Any]:
    """A segment as a document and packed, with what it holds; one with an erased body; broken ones."""
    made = tuple(one for _said, one in events())
    erased = tuple(
        chain.Event(
            one.device, one.epoch, one.seq, one.prev, one.kind, one.at, one.subject, one.body_hash, None, b""
        )
        if one.seq == 2
        else one
        for one in made
    )
    found = []
    for some, offset in ((made, None), (made, -86_400_000), (made[4:], 12), (erased, 0)):
        runs = _runs() if some[0].seq == 1 else [(5, RUNS[1])]
        packed = segments.pack(segments.Segment(DEVICE, EPOCH, some, offset), runs)
        found.append(
            {
                "runs": [[seq, b64(run)] for seq, run in runs],
                "offset": offset,
                "document": json.loads(zlib.decompress(packed, -15)),
                "packed": packed.hex(),
                "events": [_plain(one) for one in some],
            }
        )
    return {"device": str(DEVICE), "epoch": EPOCH, "segments": found, "broken": _bad_segments()}


def _plain(one: chain.Event) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "kind": one.kind,
        "at": one.at,
        "subject": one.subject,
        "body": one.body,
        "body_hash": b64(one.body_hash),
        "prev": b64(one.prev),
        "hash": b64(one.hash),
    }


def _sign(data: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(SIGN_SEED).sign(data)


def envelope(sealed: bytes) -> segments.Envelope:
    """The envelope of the samples with this seal."""
    made = [one for _said, one in events()]
    public = sealing.public_of(SERVER)
    bare = segments.Envelope(
        DEVICE, EPOCH, 1, len(made), made[0].prev, made[-1].hash, sealing.key_id(public), sealed, b""
    )
    return segments.Envelope(
        DEVICE, EPOCH, 1, len(made), bare.prev, bare.head, bare.key, sealed, _sign(bare.signed)
    )


def envelopes_samples() -> dict[str, Any]:
    """An envelope, what is signed, its name, its frame; frames that are none. The seal is kept, since every seal is another."""
    place = FOLDER / "envelopes.json"
    packed = segments.pack(segments.Segment(DEVICE, EPOCH, tuple(one for _said, one in events())), _runs())
    before = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    info = segments.info_of(DEVICE, EPOCH, 1, 7)
    sealed = bytes.fromhex(before.get("sealed", "")) or sealing.seal(sealing.public_of(SERVER), packed, info)
    one = envelope(sealed)
    framed = segments.write([one])
    numbers = SERVER.private_numbers()
    spoiled = framed[:5] + (4_001).to_bytes(4, "big") + framed[9:]
    return {
        "seal_public": b64(sealing.public_of(SERVER)),
        "seal_private_scalar": f"{numbers.private_value:064x}",
        "sign_seed": SIGN_SEED.hex(),
        "info": info.decode(),
        "sealed": sealed.hex(),
        "packed": packed.hex(),
        "signed": one.signed.decode(),
        "signature": b64(one.signature),
        "name": one.name,
        "key": one.key,
        "framed": framed.hex(),
        "twice": segments.write([one, one]).hex(),
        "broken": [
            {"hex": b"PK\x03\x04".hex(), "reason": "foreign"},
            {"hex": framed[:40].hex(), "reason": "truncated"},
            {"hex": framed[:-1].hex(), "reason": "truncated"},
            {"hex": (framed + b"\x00").hex(), "reason": "truncated"},
            {"hex": spoiled.hex(), "reason": "broken"},
            {"hex": framed.replace(b'"v":1', b'"v":2').hex(), "reason": "future"},
            {"hex": framed.replace(b'"n":7', b'"n":0').hex(), "reason": "broken"},
            {"hex": framed.replace(b'"e":"0a1b2c3d4e"', b'"e":"0A1b2c3d4e"').hex(), "reason": "broken"},
        ],
    }


def kept(name: str) -> Any:
    """A file of samples as it is: these makers take what is given from it, and say anew what comes of it. A new sample is written there."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def ids_samples() -> dict[str, Any]:
    """Case numbers and receipts as people type them."""
    said = kept("ids")
    for one in said["letters"]:
        one["letter"] = ids.check_letter(one["digits"])
    said["numbers"] = [[*parts[:4], ids.format_case_number(*parts[:4])] for parts in said["numbers"]]
    for one in said["typed"]:
        one["read"] = _number(ids.parse_case_number(one["text"], "SPL"))
        one["said"] = _number(ids.said_case_number(one["text"], "SPL"))
    for one in said["receipts"]:
        one["read"] = ids.parse_receipt16(one["text"])
    for one in said["speech"]:
        one.update({language: ids.group_for_speech(one["text"], language) for language in ("id", "en")})
    for one in said["groups"]:
        one["text"] = ids.group_digits(one["digits"], one["size"])
    return dict(said)


def _number(found: ids.CaseNumber | None) -> str | None:
    return str(found) if found else None


def checks_samples() -> dict[str, Any]:
    """NIKs and telephones."""
    said = kept("checks")
    today = date.fromisoformat(said["today"])
    for one in said["niks"]:
        one.update(_nik(one["text"], one["known"], today))
    for one in said["phones"]:
        one.update(_phone(one["text"]))
    return dict(said)


def _nik(text: str, given: dict[str, Any], today: date) -> dict[str, Any]:
    found = nik.parse(text, today)
    birth = date.fromisoformat(given["birth"]) if "birth" in given else None
    warnings = nik.check(
        text, today=today, birth_date=birth, sex=given.get("sex"), area=given.get("area", "")
    )
    return {
        "number": nik.clean(text),
        "birth": found.birth_date.isoformat() if found and found.birth_date else None,
        "sex": found.sex if found else None,
        "warnings": [one.code for one in warnings],
        "mask": nik.mask(text),
    }


def _phone(text: str) -> dict[str, Any]:
    found = phone.normalise(text)
    return {
        "e164": found.e164,
        "kind": found.kind,
        "reason": found.reason,
        "shown": phone.display(found.e164) if found.e164 else "",
        "mask": phone.mask(text),
    }


P1 = "1111111111"
"""A person of the samples of own work."""


def reduce_samples() -> dict[str, Any]:
    """What a device shows of its own work: snapshots, stories of own events, and the rows they change."""
    said = kept("reduce")
    for story in said["stories"]:
        told = [reduce.Told(**one) for one in story["events"]]
        story["rows"] = reduce.reduce(said["tables"], told, said["zone"])
    return dict(said)


MAKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "canonical": canonical_samples,
    "chain": chain_samples,
    "columns": columns_samples,
    "segments": segments_samples,
    "envelopes": envelopes_samples,
    "ids": ids_samples,
    "checks": checks_samples,
    "reduce": reduce_samples,
    "verdicts": make_verdicts.verdicts_samples,
}
"""By the name of the file."""


def main() -> None:
    """Write every sample anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, maker in MAKERS.items():
        compact: dict[str, Any] = {"separators": (",", ":")} if name == "verdicts" else {"indent": 1}
        text = json.dumps(maker(), ensure_ascii=True, **compact) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
