"""``simpul letter``: is a letter true, at a post without a network too; and the file of keys that such a post carries.

Exit status: 0 genuine and valid, 1 anything else that could be judged (with a sentence), 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from simpul.desks import queries as desk_queries
from simpul.letters.queries import keys as key_queries
from simpul.letters.queries import proof as queries
from simpul.letters.rules import proof
from simpul.lib import when
from simpul.lib.crypto import verify_with


class _Unusable(Exception):  # noqa: N818 - an answer for the person at the keyboard, not a fault
    """Wrong use, in one sentence."""


def run(args: argparse.Namespace) -> int:
    """Check a letter, or write the keys."""
    try:
        if args.doing == "keys":
            return _write_keys(args)
        known, told = _known(args)
        return _answer(args, _look(args, known), known, told)
    except _Unusable as wrong:
        print(wrong, file=sys.stderr)
        return 2


def _known(args: argparse.Namespace) -> tuple[proof.Known, dict[str, Any]]:
    """Keys and list: of the installation, or of a file, whose own signature is checked."""
    if not args.keys:
        return key_queries.known(timezone.now()), {}
    try:
        known, body = proof.read_keys(args.keys.read_bytes())
        signer = bytes.fromhex(str(body.get("signer", "")))
        signature = bytes.fromhex(str(body.get("signature", "")))
    except OSError as fault:
        raise _Unusable(f"{args.keys}: {fault.strerror}") from fault
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _Unusable(_("%(file)s is no file of keys.") % {"file": args.keys}) from fault
    if not verify_with(signer, proof.signed_bytes(body), signature) or (
        args.signer and args.signer.lower() != signer.hex()
    ):
        raise _Unusable(
            _("%(file)s was changed, or comes from somebody else. Fetch it again from the service.")
            % {"file": args.keys}
        )
    return known, {"signer": signer.hex()}


def _look(args: argparse.Namespace, known: proof.Known) -> queries.Looked:
    if bool(args.qr) == bool(args.file):
        raise _Unusable(_("Name the PDF of a letter, or give its code with --qr."))
    if args.qr:
        if args.keys or args.on:
            return queries.judge_code(args.qr, known, _today(args))
        return queries.by_code(args.qr, timezone.now())
    try:
        data = Path(args.file).read_bytes()
    except OSError as fault:
        raise _Unusable(f"{args.file}: {fault.strerror}") from fault
    if args.keys or args.on:
        return queries.judge_file(data, known, _today(args))
    return queries.by_file(data, timezone.now())


def _today(args: argparse.Namespace) -> date:
    given: date | None = args.on
    zone = desk_queries.HOME_ZONE if args.keys else str(desk_queries.zone_of(""))
    return given or when.local_date(timezone.now(), zone)


def _answer(
    args: argparse.Namespace, looked: queries.Looked, known: proof.Known, told: dict[str, Any]
) -> int:
    facts = _facts(looked)
    if args.json:
        print(
            json.dumps(
                {
                    "state": looked.state,
                    "valid": looked.state == "valid",
                    "genuine": looked.genuine,
                    "words": _(looked.words),
                    **facts,
                    "keys_as_of": known.made_at.isoformat() if known.made_at else None,
                    **told,
                },
                ensure_ascii=False,
            )
        )
        return 0 if looked.state == "valid" else 1
    print(_(looked.words))
    for name, value in facts.items():
        if value:
            print(f"  {_LABELS[name]()}: {value}")
    print(f"  {_(looked.next)}")
    if args.keys and known.made_at:
        moment = when.format_moment(known.made_at, desk_queries.HOME_ZONE, translation.get_language() or "id")
        print("  " + _("What was taken back is known as of") + f" {moment}")
    return 0 if looked.state == "valid" else 1


_LABELS = {
    "number": lambda: _("Number of the letter"),
    "date": lambda: _("Date"),
    "village": lambda: _("Village"),
    "name": lambda: _("Name (initials)"),
    "valid_until": lambda: _("Valid until"),
    "newer": lambda: _("Number of the newer letter:").rstrip(":"),
}


def _facts(looked: queries.Looked) -> dict[str, str]:
    one = looked.shown or looked.fields
    if one is None:
        return {}
    return {
        "number": one.number,
        "date": one.letter_date.isoformat(),
        "village": looked.village or getattr(one, "region_code", ""),
        "name": one.name,
        "valid_until": one.valid_until.isoformat() if one.valid_until else "",
        "newer": looked.shown.newer if looked.shown else "",
    }


def _write_keys(args: argparse.Namespace) -> int:
    made = key_queries.keys_file(timezone.now(), areas=(args.region.replace(".", ""),))
    body = json.loads(made)
    if args.file is None:
        print(made)
        return 0
    Path(args.file).write_text(made + "\n", encoding="utf-8")
    told = {"file": str(args.file), "keys": len(body["keys"]), "taken_back": len(body["taken_back"])}
    if args.json:
        print(json.dumps({**told, "signer": body["signer"]}, ensure_ascii=False))
    else:
        print(_("%(file)s: %(keys)s keys, %(taken_back)s letters that were taken back.") % told)
        print(_("Signed by %(key)s; give this to --signer.") % {"key": body["signer"]})
    return 0
