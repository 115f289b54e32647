"""`docs/sync-events.md`: every kind of event with its inputs, written out of the table of handlers.

Write it anew with `python -m tests.sync.events_page`; a test fails when the page and the table differ.
"""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.settings")
django.setup()

from simpul.sync import handlers  # noqa: E402 - the rooms need Django to be set up
from simpul.sync.handlers import frame  # noqa: E402

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sync-events.md"
HEAD = """# Events that devices send

Kinds and versions with their inputs (`d`), written out of `simpul/sync/handlers/` by `python -m tests.sync.events_page`; change
the table there, never this page. How an event is named, packed and sent: `docs/sync-protocol.md`. **Bold** inputs are needed. An
input that this page does not name is refused (`event.unreadable`): a new input is a new version. What is not known is left out,
or is `""`; it is never "no".

A *fact* is kept although its household has moved to another area since (flagged for a person there); a *decision* is put aside
then. Every kind may be sent twice without harm. `seen` says for which inputs the author's sight travels (`s`): the hash of the
value they had before their eyes.

Every time of the device is moved by the difference between its clock and the server's that was last measured, and never lies
after the moment of judging. A day that is still to come is written as today. Deadlines of law count from the moment the server
received a matter; the device's time stands beside it.

"""


def text() -> str:
    """The whole page."""
    parts = [HEAD, "## Types\n\n| Type | On the wire |\n|---|---|\n"]
    parts += [f"| {name} | {words} |\n" for name, words in frame.TYPES.items()]
    for noun, kinds in groupby(sorted(handlers.TABLE), key=lambda kind: kind.partition(".")[0]):
        parts.append(f"\n## {noun}\n")
        for kind in kinds:
            one = handlers.TABLE[kind]
            parts.append(f"\n### `{kind}`\n\n{one.about} *{'Fact' if one.fact else 'Decision'}.*")
            parts.append(f" `seen`: {one.seen}.\n\n" if one.seen else "\n\n")
            parts.append("| Input | Type | |\n|---|---|---|\n")
            parts += [_row(item) for item in one.inputs]
    return "".join(parts)


def _row(item: frame.Input) -> str:
    name = f"**`{item.name}`**" if item.needed else f"`{item.name}`"
    words = [", ".join(one for one in item.among if one)] if item.among else []
    return f"| {name} | {item.type} | {'; '.join([*words, item.about] if item.about else words)} |\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
