"""The small language letters are written in: a text with named places becomes blocks of plain data.

A village edits these texts in a form, so the language has few signs and no way to do harm. Blocks are parted by empty lines:

    Yang bertanda tangan di bawah ini menerangkan bahwa:        a paragraph; its lines are joined

    Nama :: {nama|besar}                                        field lines, label and value
    ? Catatan :: {catatan}                                      left out when a value in it is empty
    ?{alasan=hilang} Tanggal hilang :: {tgl_hilang|tanggal}     only when an input has that value

    ! MENYATAKAN                                                a line that stands out

    1. Pertama ...                                              a numbered list ("- " for one without numbers)

    # No | Nama | NIK                                           a table; "*klg:" repeats its row for each person of a group
    *klg: {no} | {nama} | {nik}

    @ Yang menyatakan, | {nama}                                 signatures besides the head's, side by side

Inside a text ``{name|filter}`` is a place, ``{a + b|rupiah}`` a sum, ``[[ ... {x} ...]]`` a part that is left out when ``x`` is empty,
``{{`` a brace. What is filled in is data: signs of the language inside a value mean nothing. What is missing is listed and shown as
``‹name›``, never printed as a blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from typing import Any

from simpul.letters.rules import spelling

MOST_SIGNS = 20_000
"""Longest text of a letter: far more than the longest shipped one."""
MOST_ROWS = 40
"""Most people a repeated row is printed for."""


# --- what a letter is made of: the typesetter prints exactly this ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that stands out, in the middle."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Field lines: (label, value), printed with an aligned colon."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with or without numbers."""

    rows: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head; every row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who else signs, beside the head: (in what part, name), side by side in this order."""

    columns: tuple[tuple[str, str], ...]


Block = Paragraph | Heading | Lines | Items | Table | Signatures
Body = tuple[Block, ...]
"""The text of one letter, filled in. It is frozen as ``to_data`` gives it, and read again by ``from_data``."""


def to_data(body: Body) -> list[dict[str, Any]]:
    """The body as JSON can hold it; the digest of a letter covers this."""
    return [{"kind": _KINDS[type(block)], **asdict(block)} for block in body]


def from_data(data: Iterable[Mapping[str, Any]]) -> Body:
    """The body that ``to_data`` wrote, also when it went through JSON."""
    return tuple(_READ[str(one["kind"])](one) for one in data)


_KINDS: Mapping[type, str] = {
    Paragraph: "paragraph",
    Heading: "heading",
    Lines: "lines",
    Items: "items",
    Table: "table",
    Signatures: "signatures",
}
_READ: Mapping[str, Callable[[Mapping[str, Any]], Block]] = {
    "paragraph": lambda one: Paragraph(one["text"]),
    "heading": lambda one: Heading(one["text"]),
    "lines": lambda one: Lines(tuple((row[0], row[1]) for row in one["rows"])),
    "items": lambda one: Items(tuple(one["rows"]), bool(one["numbered"])),
    "table": lambda one: Table(tuple(one["head"]), tuple(tuple(row) for row in one["rows"])),
    "signatures": lambda one: Signatures(tuple((row[0], row[1]) for row in one["columns"])),
}


# --- a text, read ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place to fill: names that are added up (one, mostly) with their signs, and the filters it goes through."""

    terms: tuple[tuple[int, str], ...]  # (+1 or -1, name or whole number)
    filters: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, without the numbers."""
        return tuple(term for _sign, term in self.terms if not term.isdigit())


@dataclass(frozen=True, slots=True)
class Optional:
    """A part of a line that goes when one of its places is empty."""

    pieces: tuple[str | Place, ...]


Piece = str | Place | Optional


@dataclass(frozen=True, slots=True)
class Condition:
    """When a line is printed: ``name`` filled ("" value), equal to ``value``, or with ``unlike`` different from it."""

    name: str
    value: str = ""
    unlike: bool = False

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether it is so."""
        found = values.get(self.name, "").strip()
        if not self.value:
            return bool(found)
        return (found.casefold() == self.value.casefold()) is not self.unlike


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a text: its cells, when it is printed, and for which group of people it is repeated."""

    kind: str  # text, line, item, number, head, cells, sign, heading
    cells: tuple[tuple[Piece, ...], ...]
    optional: bool = False
    condition: Condition | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text: ``code``, the word it is about, what was probably meant, and the line (from 1)."""

    code: str  # unknown_place, unknown_filter, unclosed, bad_place, bad_row, too_long, empty
    word: str = ""
    meant: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read: blocks of rows, and what could not be read."""

    blocks: tuple[tuple[Row, ...], ...]
    problems: tuple[Problem, ...] = ()

    def places(self) -> tuple[tuple[str, str], ...]:
        """Every (group, name) in it, each once, in the order of the text."""
        found: dict[tuple[str, str], None] = {}
        for block in self.blocks:
            for row in block:
                for piece in _flat(row):
                    found.update(dict.fromkeys((row.group, name) for name in piece.names))
                if row.condition is not None:
                    found[("", row.condition.name)] = None
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values: what is printed, which names have no value, and which values a filter could not read."""

    body: Body
    missing: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


_PLACE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|\[\[|\]\]")
_TERM = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*|[0-9]{1,12})")
_CONDITION = re.compile(r"\?\{\s*([a-z][a-z0-9_]*)\s*(?:(!?=)\s*([^{}]*?))?\s*\}\s*")
_GROUP = re.compile(r"([*@])([a-z][a-z0-9_]*):\s*")
_NUMBERED = re.compile(r"[0-9]{1,2}[.)]\s+")


def parse(text: str) -> Template:
    """Read a text. It never fails: what cannot be read is in ``problems`` and stands as it was typed."""
    if len(text) > MOST_SIGNS:
        return Template((), (Problem("too_long"),))
    problems: list[Problem] = []
    blocks: list[list[Row]] = [[]]
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip():
            blocks[-1].append(_row(line.strip(), number, problems))
        elif blocks[-1]:
            blocks.append([])
    kept = tuple(tuple(block) for block in blocks if block)
    return Template(kept, tuple(problems) if kept else (Problem("empty"),))


def _row(line: str, number: int, problems: list[Problem]) -> Row:
    condition, optional, group = None, False, ""
    found = _CONDITION.match(line)
    if found is not None:
        name, sign, value = found.groups()
        condition, line = Condition(name, value or "", sign == "!="), line[found.end() :]
    elif line.startswith("? "):
        optional, line = True, line[2:].lstrip()
    repeated = _GROUP.match(line)
    if repeated is not None:
        group = repeated.group(2)
        line = ("@ " if repeated.group(1) == "@" else "| ") + line[repeated.end() :]
    kind, cells = _cells(line)
    if kind == "sign" and len(cells) != 2:
        problems.append(Problem("bad_row", line[:60], line=number))
        cells = [*cells, ""][:2]
    pieces = tuple(_pieces(cell, number, problems) for cell in cells)
    return Row(kind, pieces, optional, condition, group)


def _cells(line: str) -> tuple[str, list[str]]:
    """What kind of line it is, and its parts."""
    if line.startswith("! "):
        return "heading", [line[2:].strip()]
    if line.startswith("# "):
        return "head", [cell.strip() for cell in line[2:].split("|")]
    if line.startswith("@ "):
        return "sign", [cell.strip() for cell in _split_cells(line[2:])]
    if line.startswith("| "):
        return "cells", [cell.strip() for cell in _split_cells(line[2:])]
    if line.startswith("- "):
        return "item", [line[2:].strip()]
    numbered = _NUMBERED.match(line)
    if numbered is not None:
        return "number", [line[numbered.end() :]]
    if "::" in line:
        label, _sign, value = line.partition("::")
        return "line", [label.strip(), value.strip()]
    return "text", [line]


def _split_cells(line: str) -> list[str]:
    """Cells parted by "|", where the "|" of a filter inside braces parts nothing."""
    return re.split(r"\|(?![^{}]*\})", line)


def _pieces(text: str, number: int, problems: list[Problem]) -> tuple[Piece, ...]:
    whole: list[Piece] = []
    inner: list[str | Place] | None = None
    at = 0
    for found in _PLACE.finditer(text):
        current: list[Any] = whole if inner is None else inner
        if found.start() > at:
            current.append(text[at : found.start()])
        at = found.end()
        sign = found.group()
        if sign in ("{{", "}}"):
            current.append(sign[0])
        elif sign == "[[" and inner is None:
            inner = []
        elif sign == "]]" and inner is not None:
            whole.append(Optional(tuple(inner)))
            inner = None
        elif sign in ("[[", "]]"):
            problems.append(Problem("unclosed", sign, line=number))
        else:
            current.append(_place(found.group(1), number, problems))
    if inner is not None:
        problems.append(Problem("unclosed", "[[", line=number))
        whole += inner
    rest = text[at:]
    if "{" in rest or "}" in rest:
        problems.append(Problem("unclosed", "{", line=number))
    return (*whole, rest) if rest else tuple(whole)


def _place(inside: str, number: int, problems: list[Problem]) -> Place | str:
    sums, *filters = (part.strip() for part in inside.split("|"))
    terms: list[tuple[int, str]] = []
    at = 0
    while at < len(sums):
        found = _TERM.match(sums, at)
        if found is None or (terms and not found.group(1)):
            problems.append(Problem("bad_place", inside.strip()[:60], line=number))
            return "{" + inside + "}"
        terms.append((-1 if found.group(1) == "-" else 1, found.group(2)))
        at = found.end()
        if not sums[at:].strip():
            break
    if not terms or all(term.isdigit() for _sign, term in terms):
        problems.append(Problem("bad_place", inside.strip()[:60], line=number))
        return "{" + inside + "}"
    for one in filters:
        if one not in spelling.FILTERS:
            meant = get_close_matches(one, spelling.FILTERS, n=1)
            problems.append(Problem("unknown_filter", one, meant[0] if meant else "", number))
    return Place(tuple(terms), tuple(filters))


def problems_of(
    text: str, known: Collection[str], groups: Mapping[str, Collection[str]]
) -> tuple[Problem, ...]:
    """What stands against saving a text: unreadable signs, and places that nothing fills, with the nearest name that exists.

    Args:
        text: as it was written.
        known: names that have a value: variables of ``letters.rules.variables`` and the type's own inputs and parties.
        groups: for each group of people that rows may be repeated for, what is known of each of them.
    """
    template = parse(text)
    found = list(template.problems)
    lines = text.split("\n")
    for group, name in template.places():
        if group and group not in groups:
            if not any(one.word == group for one in found):
                found.append(_unknown(group, groups, lines))
            continue
        allowed = {*known, "no", *groups[group]} if group else known
        if name not in allowed:
            found.append(_unknown(name, allowed, lines))
    return tuple(found)


def _unknown(name: str, known: Collection[str], lines: list[str]) -> Problem:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    where = next((number for number, line in enumerate(lines, start=1) if name in line), 0)
    return Problem("unknown_place", name, near[0] if near else "", where)


_OF_WHOM = ""
"""The key under which a repeated row's values carry their prefix; no place can have this name."""


# --- filled in ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Filling:
    """Values on their way into a text, and what was found missing."""

    values: Mapping[str, str]
    missing: dict[str, None] = field(default_factory=dict)
    unreadable: dict[str, None] = field(default_factory=dict)

    def cell(self, pieces: tuple[Piece, ...], of: Mapping[str, str]) -> str:
        return _spaced("".join(self._piece(piece, of) for piece in pieces))

    def _piece(self, piece: Piece, of: Mapping[str, str]) -> str:
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Optional):
            empty = any(not _value(one, of) for one in piece.pieces if isinstance(one, Place))
            return "" if empty else "".join(self._piece(one, of) for one in piece.pieces)
        value = _value(piece, of)
        if not value:
            lacking = [name for name in piece.names if not of.get(name, "").strip()] or list(piece.names)
            start = of.get(_OF_WHOM, "")  # of one person in a repeated row: "klg2_"
            self.missing.update(dict.fromkeys(start + name for name in lacking))
            return "".join(f"‹{name}›" for name in lacking)
        for name in piece.filters:
            shown = spelling.FILTERS.get(name, str)(value)
            if shown is None:
                self.unreadable.update(dict.fromkeys(piece.names))
                continue
            value = shown
        return value


def render(template: Template, values: Mapping[str, str]) -> Rendered:
    """The text with its values: blocks of plain data, what is missing, and what could not be read by its filter."""
    filling = _Filling(values)
    body: list[Block] = []
    for rows in template.blocks:
        body += _blocks(rows, filling)
    return Rendered(tuple(body), tuple(filling.missing), tuple(filling.unreadable))


def _blocks(rows: tuple[Row, ...], filling: _Filling) -> Iterator[Block]:
    """The blocks of rows that stand together: neighbours of one kind are one block."""
    printed: list[tuple[str, tuple[str, ...]]] = []
    for row in rows:
        for of in _repeats(row, filling.values):
            printed.append((row.kind, tuple(filling.cell(cell, of) for cell in row.cells)))
    at = 0
    while at < len(printed):
        kind = printed[at][0]
        kinds = ("head", "cells") if kind in ("head", "cells") else (kind,)
        end = at + 1
        while end < len(printed) and printed[end][0] in kinds and printed[end][0] != "head":
            end += 1
        block = _block(kind, [cells for _kind, cells in printed[at:end]])
        if block is not None:
            yield block
        at = end


def _block(kind: str, rows: list[tuple[str, ...]]) -> Block | None:
    if kind == "text":
        return Paragraph(" ".join(row[0] for row in rows))
    if kind == "heading":
        return Heading(" ".join(row[0] for row in rows))
    if kind == "line":
        return Lines(tuple((row[0], row[1]) for row in rows))
    if kind in ("item", "number"):
        return Items(tuple(row[0] for row in rows), kind == "number")
    if kind == "sign":
        return Signatures(tuple((row[0], row[1]) for row in rows))
    head = rows[0] if kind == "head" else ("",) * max(len(row) for row in rows)
    cells = tuple(
        tuple((*row, *("",) * len(head))[: len(head)]) for row in (rows[1:] if kind == "head" else rows)
    )
    return Table(head, cells) if cells else None


def _repeats(row: Row, values: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The values a row is printed with: once, not at all, or once for each person of its group."""
    if row.condition is not None and not row.condition.holds(values):
        return
    if not row.group:
        if not row.optional or all(_value(place, values) for place in _flat(row)):
            yield values
        return
    printed = 0
    for number in range(1, MOST_ROWS + 1):
        start = f"{row.group}{number}_"
        own = {
            name.removeprefix(start): value
            for name, value in values.items()
            if name.startswith(start) and value.strip()
        }
        if own:
            printed += 1
            # Here a name means the person's, also when that is empty: never the applicant's by accident.
            names = (name for place in _flat(row) for name in place.names)
            yield {**values, **dict.fromkeys(names, ""), **own, "no": str(printed), _OF_WHOM: start}


def _flat(row: Row) -> Iterator[Place]:
    for cell in row.cells:
        for piece in cell:
            if isinstance(piece, Place):
                yield piece
            elif isinstance(piece, Optional):
                yield from (one for one in piece.pieces if isinstance(one, Place))


def _value(place: Place, values: Mapping[str, str]) -> str:
    """The value of a place; "" when there is none, or when a sum has something in it that is no number."""
    if len(place.terms) == 1 and place.terms[0][0] == 1:
        return _spaced(values.get(place.terms[0][1], ""))
    total = 0
    for sign, term in place.terms:
        number = spelling.whole(term if term.isdigit() else values.get(term, ""))
        if number is None:
            return ""
        total += sign * number
    return str(total)


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _spaced(text: str) -> str:
    """Printable signs with single spaces: what cannot be seen on paper is not signed either."""
    return " ".join(_CONTROL.sub(" ", text).split())
