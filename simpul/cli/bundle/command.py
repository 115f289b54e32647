"""``simpul bundle export|import|inspect FILE``: nothing is half taken in, and every fault is told in words with what to do next.

Exit status: 0 done and whole; 1 refused, or some of it was missing or damaged; 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.sync.actions import bundling
from simpul.sync.queries import bundles as queries
from simpul.sync.rules import bundles


def run(args: argparse.Namespace) -> int:
    """Do what was asked with the file."""
    try:
        return DOINGS[args.doing](args)
    except queries.BundleRefused as refusal:
        return _refused(args, str(refusal), refusal.reason)
    except Refused as refusal:
        return _refused(args, str(refusal), refusal.code)
    except OSError as fault:
        words = _("The file cannot be opened: %(why)s") % {"why": fault.strerror or fault}
        return _refused(args, words, "file")


def _refused(args: argparse.Namespace, words: str, reason: str) -> int:
    if args.json:
        print(json.dumps({"ok": False, "reason": reason, "words": words}, ensure_ascii=False))
    print(words, file=sys.stderr)
    return 1


# --- inspect --------------------------------------------------------------------------------------------------------


def _inspect(args: argparse.Namespace) -> int:
    view = queries.inspect(_read(args.file))
    if args.json:
        print(json.dumps(_view_data(view), ensure_ascii=False))
    else:
        for line in _view_lines(view):
            print(line)
    return 1 if view.faults else 0


def _view_data(view: queries.View) -> dict[str, object]:
    return {
        "ok": not view.faults,
        "made_at": view.made_at.isoformat() if view.made_at else None,
        "by": view.by,
        "maker": view.maker,
        "signature": view.signature,
        "bytes": view.bytes,
        "events": view.events,
        "parts": [
            {"kind": one.kind, "bytes": one.bytes, "count": one.count, "fault": one.fault}
            for one in view.parts
        ],
        "envelopes": [
            {
                "device": str(one.device_id),
                "label": one.label,
                "epoch": one.epoch,
                "first": one.first,
                "last": one.last,
                "envelopes": one.envelopes,
                "events": one.events,
                "bytes": one.bytes,
                "for_this_server": one.ours,
                "here_already": one.here,
                "wrongly_signed": one.bad,
            }
            for one in view.sent
        ],
        "letters": [
            {"device": str(key), "label": label, "count": count} for key, label, count in view.letters
        ],
        "files": view.files,
        "faults": [{"reason": one, "words": queries.words_of(one)} for one in view.faults],
    }


def _view_lines(view: queries.View) -> Iterator[str]:
    made = f"{timezone.localtime(view.made_at):%d-%m-%Y %H:%M}" if view.made_at else "?"
    yield _("Bundle of %(maker)s, made on %(made)s, %(bytes)s bytes.") % {
        "maker": view.maker,
        "made": made,
        "bytes": view.bytes,
    }
    yield {
        "good": _("The signature is that of its maker."),
        "unknown": _("Its maker is not known here, so the signature cannot be compared."),
        "bad": queries.words_of("unsigned"),
    }[view.signature]
    for sent in view.sent:
        said = {
            "label": sent.label or _("a device that is not known here"),
            "events": sent.events,
            "first": sent.first,
            "last": sent.last,
            "ours": sent.ours,
            "envelopes": sent.envelopes,
            "here": sent.here,
        }
        yield (
            _(
                "%(label)s: %(events)s entries (%(first)s to %(last)s) in %(envelopes)s envelopes; %(ours)s to this server, %(here)s known."
            )
            % said
        )
        if sent.bad:
            yield _("%(n)s of them are not signed by this device and are refused.") % {"n": sent.bad}
    for key, label, count in view.letters:
        yield _("%(count)s receipts for %(label)s.") % {"count": count, "label": label or str(key)}
    if view.files:
        yield _("%(n)s files (photos, recordings), sealed.") % {"n": view.files}
    yield from view.words


# --- import ---------------------------------------------------------------------------------------------------------


def _import(args: argparse.Namespace) -> int:
    done = bundling.import_bundle(by=MACHINE, at=timezone.now(), data=_read(args.file))
    if args.json:
        print(json.dumps(_import_data(done), ensure_ascii=False))
    else:
        for line in import_lines(done):
            print(line)
    return 0 if done.whole and not done.envelopes["refused"] and not done.files["refused"] else 1


def _import_data(done: bundling.Imported) -> dict[str, object]:
    return {
        "ok": done.whole and not done.envelopes["refused"] and not done.files["refused"],
        "maker": done.maker,
        "signature": done.signature,
        "envelopes": dict(done.envelopes),
        "files": dict(done.files),
        "letters": done.letters,
        "packs": done.packs,
        "new": done.new,
        "faults": [{"reason": one, "words": queries.words_of(one)} for one in done.faults],
    }


def import_lines(done: bundling.Imported) -> Iterator[str]:
    """What became of a bundle, in sentences."""
    counts: Mapping[str, str] = {
        "stored": _("%(n)s envelopes were taken in."),
        "fork": _("%(n)s envelopes show a second history of the same phone; a supervisor will see them."),
        "held": _("%(n)s envelopes are for another server and are kept to be carried on."),
        "duplicate": _("%(n)s envelopes were here already."),
        "refused": _(
            "%(n)s envelopes were refused: they are for a server that this one does not carry for, or their signature is wrong."
        ),
    }
    for state, words in counts.items():
        if done.envelopes[state]:
            yield words % {"n": done.envelopes[state]}
    if files := sum(done.files.values()):
        yield _("%(n)s files were looked at, %(refused)s of them refused.") % {
            "n": files,
            "refused": done.files["refused"],
        }
    if done.letters:
        yield _("%(n)s receipts wait here for their devices.") % {"n": done.letters}
    if not done.new:
        yield _("Nothing in it was new. Nothing was changed.")
    for fault in done.faults:
        yield queries.words_of(fault)


# --- export ---------------------------------------------------------------------------------------------------------


def _export(args: argparse.Namespace) -> int:
    try:
        wanted = [UUID(one) for one in args.device] or None
    except ValueError:
        print(_("A device is named by its id, such as %(id)s.") % {"id": UUID(int=1)}, file=sys.stderr)
        return 2
    data = bundling.export_bundle(by=MACHINE, at=timezone.now(), device_ids=wanted, again=args.again)
    view = queries.inspect(data)
    _write(args.file, bundles.as_text(data).encode() if _is_text(args) else data)
    if args.json:
        print(json.dumps({"file": str(args.file), **_view_data(view)}, ensure_ascii=False))
    else:
        print(
            _("Written to %(file)s: %(events)s entries, %(files)s files, %(letters)s receipts.")
            % {
                "file": args.file,
                "events": view.events,
                "files": view.files,
                "letters": sum(count for _key, _label, count in view.letters),
            }
        )
        if not view.parts:
            print(_("Nothing waits here to be carried; the bundle is empty."))
    return 0


def _is_text(args: argparse.Namespace) -> bool:
    return bool(args.text) or args.file.suffix.lower() == ".txt"


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a stick that is pulled out leaves no half file under this name."""
    passing = path.with_name(f".{path.name}.part")
    try:
        with passing.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


DOINGS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "export": _export,
    "import": _import,
    "inspect": _inspect,
}
"""What can be done with a bundle, by the word on the command line."""
