"""The text for the village's group and the printed board: plain lines, ready to copy, with nothing in them that is not public.

The group's text uses only what its program shows everywhere: asterisks around a heading, a dash before a line, an empty line between
parts. Parts without lines are left out. It is cut at ``MOST`` signs, at the end of a line, since longer ones are folded away unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


KINDS: Mapping[str, str] = {
    "notice": _("Announcement"),
    "schedule": _("Schedule"),
    "warning": _("Warning"),
}
MOST = 3500
LONGEST_LINE = 220


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the text: a heading and its lines."""

    heading: str
    lines: tuple[str, ...]


def plain(words: str) -> str:
    """One line without signs that the group's program would read as bold, struck or quoted."""
    line = " ".join(words.split())
    for sign in "*_~`":
        line = line.replace(sign, " ")
    line = " ".join(line.split()).lstrip(">-• ")
    if len(line) <= LONGEST_LINE:
        return line
    return line[: LONGEST_LINE - 1].rsplit(" ", 1)[0] + "…"


def group_text(title: str, parts: Iterable[Part], closing: Sequence[str] = (), *, most: int = MOST) -> str:
    """The whole text: title, parts with their lines, closing lines that always stay.

    Lines that do not fit are left out from the end of the parts, and a line says how many.
    """
    ends = [plain(line) for line in closing if line.strip()]
    room = most - sum(len(line) + 1 for line in ends) - 60
    body: list[str] = [f"*{plain(title)}*"]
    used, left_out = len(body[0]), 0
    for part in parts:
        lines = [plain(line) for line in part.lines if line.strip()]
        head = f"*{plain(part.heading)}*"
        written = False
        for line in lines:
            cost = len(line) + 3 + (0 if written else len(head) + 2)
            if used + cost > room:
                left_out += 1
                continue
            if not written:
                body += ["", head]
                written = True
            body.append(f"- {line}")
            used += cost
    if left_out:
        body += ["", f"(+{left_out})"]
    return "\n".join([*body, *(["", *ends] if ends else [])])


def is_on(from_date: date, until_date: date, ended: bool, day: date) -> bool:
    """True when a bulletin stands on the board on a day."""
    return not ended and from_date <= day <= until_date
