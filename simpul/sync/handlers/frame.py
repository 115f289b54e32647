"""What a handler is given and gives back; how the flat inputs of an event are read.

A handler reads the inputs of one version of one kind, strictly, and calls the act that the web pages call, with keys and times from the
event. It holds no rules. The same event twice changes nothing, because every act knows the keys it has made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.sync.queries import short
from simpul.sync.rules import chain


class EventUnreadable(Refused):
    """An input is missing, is of another type, or is not known to this version."""

    code = "event.unreadable"
    sentence = _(
        "The entry cannot be read at “%(name)s”. It is kept as it came; a supervisor can look at it."
    )


@dataclass(frozen=True, slots=True)
class Work:
    """One event, ready to be done. ``happened``: the device's time, corrected by its measured offset and never after ``at``."""

    by: Actor
    at: datetime
    happened: datetime
    device_id: UUID
    device_code: str
    event: chain.Event
    fork: bool = False

    @property
    def event_id(self) -> UUID:
        """The key under which the register remembers that this event was written down."""
        return UUID(bytes=self.event.hash[:16])

    def moment(self, ms: int) -> datetime:
        """A time of the device in the server's time: moved as ``happened`` is from the device's ``at``, and never after now.

        Raises:
            EventUnreadable: no time that a calendar has.
        """
        try:
            return min(self.happened + timedelta(milliseconds=ms - self.event.at), self.at)
        except OverflowError:
            raise EventUnreadable(name="time") from None


@dataclass(frozen=True, slots=True)
class TaskWanted:
    """A question for a person. ``kind`` is one of ``rules.outcomes.TASKS``."""

    kind: str
    subject: str
    region_code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileWanted:
    """A file that the event names by its content and that belongs to something: it is attached when it is here (``handlers.attach``)."""

    kind: str
    key: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an event: ``state`` accepted, conflict or flagged. ``files`` wait for their content, however late it comes."""

    state: str = "accepted"
    reason: str = ""
    words: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    region_code: str = ""
    tasks: tuple[TaskWanted, ...] = ()
    files: tuple[FileWanted, ...] = ()


Given = Mapping[str, Any]
"""The inputs, read: every declared name is there. What was not sent is None, "" for text, () and {} for lists and prefixes."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input. A name that ends in ``*`` stands for all names that begin so, such as the fields of the register.

    ``among``: the words of a choice, where the act takes no others; elsewhere the act itself refuses, with its own sentence.
    """

    name: str
    type: str
    needed: bool = False
    about: str = ""
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handler:
    """How one version of one kind of event is done. A *fact* is never lost because its subject moved; a decision is put aside."""

    fact: bool
    run: Callable[[Work], Done]
    about: str
    inputs: tuple[Input, ...] = ()
    new: tuple[str, ...] = ()
    seen: str = ""


def handler(
    do: Callable[[Work, Given], Done], about: str, *inputs: Input, fact: bool = True, seen: str = ""
) -> Handler:
    """A handler whose inputs are read before anything is done, and whose acts stand or fall together."""

    def run(work: Work) -> Done:
        given = read(work, inputs)
        with transaction.atomic():
            return do(work, given)

    new = tuple(one.name for one in inputs if one.type == "new")
    return Handler(fact, run, about, inputs, new, seen)


# --- reading ------------------------------------------------------------------------------------------------------------------

LONGEST_TEXT = 10_000
MOST_FILES = 20
_HASH = re.compile(r"[0-9a-f]{64}")
_WHOLE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(work: Work, inputs: tuple[Input, ...]) -> Given:
    """The inputs of an event by their declaration.

    Raises:
        EventUnreadable: naming the input.
        NotFound: a household or person by its short key, who is not in the actor's area.
    """
    data = work.event.data
    names = {one.name for one in inputs}
    prefixes = tuple(name[:-1] for name in names if name.endswith("*"))
    for name in data:
        if name not in names and not (prefixes and name.startswith(prefixes)):
            raise EventUnreadable(name=name)
    return {one.name.rstrip("*").rstrip("."): _one(work, one, data) for one in inputs}


def _one(work: Work, one: Input, data: Mapping[str, Any]) -> Any:
    reader = _READERS[one.type]
    if one.name.endswith("*"):
        start = one.name[:-1]
        return {
            name[len(start) :]: reader(work, name, value)
            for name, value in sorted(data.items())
            if name.startswith(start)
        }
    value = data.get(one.name)
    if value is None or value == "":
        if one.needed:
            raise EventUnreadable(name=one.name)
        return _EMPTY.get(one.type)
    if one.among and value not in one.among:
        raise EventUnreadable(name=one.name)
    return reader(work, one.name, value)


def _text(_work: Work, name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise EventUnreadable(name=name)
    return value


def _key(_work: Work, name: str, value: Any) -> UUID:
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise EventUnreadable(name=name)
    return UUID(value)


def _known(kind: str) -> Callable[[Work, str, Any], UUID]:
    """A household or a person by its whole or its short key: the last ten hex signs, as packs name it."""

    def reader(work: Work, name: str, value: Any) -> UUID:
        if not isinstance(value, str) or not (_WHOLE.fullmatch(value) or short.is_short(value)):
            raise EventUnreadable(name=name)
        if not short.is_short(value):
            return UUID(value)
        found = short.keys(work.by, kind, value)
        if len(found) > 1:
            raise EventUnreadable(name=name)
        if not found:
            raise NotFound
        return found[0]

    return reader


person_key = _known("person")
"""Reads a person's key inside a list of rows."""


def _keys(reader: Callable[[Work, str, Any], UUID]) -> Callable[[Work, str, Any], tuple[UUID, ...]]:
    def several(work: Work, name: str, value: Any) -> tuple[UUID, ...]:
        if not isinstance(value, list) or len(value) > 100:
            raise EventUnreadable(name=name)
        return tuple(reader(work, name, one) for one in value)

    return several


def _day(_work: Work, name: str, value: Any) -> date:
    try:
        return date.fromisoformat(value) if len(value) == 10 else _refuse(name)
    except (TypeError, ValueError):
        raise EventUnreadable(name=name) from None


def _refuse(name: str) -> date:
    raise EventUnreadable(name=name)


def _moment(work: Work, name: str, value: Any) -> datetime:
    return work.moment(_number(work, name, value))


def _number(_work: Work, name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise EventUnreadable(name=name)
    return value


def _yes(_work: Work, name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise EventUnreadable(name=name)
    return value


def _texts(_work: Work, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 100 or not all(isinstance(one, str) for one in value):
        raise EventUnreadable(name=name)
    return tuple(value)


def _files(work: Work, name: str, value: Any) -> tuple[str, ...]:
    found = _texts(work, name, value)
    if len(found) > MOST_FILES or not all(_HASH.fullmatch(one) for one in found):
        raise EventUnreadable(name=name)
    return found


def _any(_work: Work, name: str, value: Any) -> Any:
    plain = str | bool | int
    if isinstance(value, list) and len(value) <= 100 and all(isinstance(one, plain) for one in value):
        return value
    if not isinstance(value, plain):
        raise EventUnreadable(name=name)
    return value


def _table(_work: Work, name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or len(value) > 100 or not all(isinstance(one, dict) for one in value):
        raise EventUnreadable(name=name)
    return tuple(value)


_READERS: Mapping[str, Callable[[Work, str, Any], Any]] = {
    "text": _text,
    "choice": _text,
    "new": _key,
    "key": _key,
    "keys": _keys(_key),
    "household": _known("household"),
    "person": person_key,
    "persons": _keys(person_key),
    "day": _day,
    "ms": _moment,
    "number": _number,
    "rupiah": _number,
    "degrees": _number,
    "yes": _yes,
    "texts": _texts,
    "files": _files,
    "rows": _table,
    "any": _any,
}
TYPES: Mapping[str, str] = {
    "text": "text of at most 10,000 signs",
    "choice": "one of the named words; another is put aside",
    "new": "the whole UUID of something that the event brings into the world (`~n` on the wire)",
    "key": "a whole UUID",
    "keys": "a list of whole UUIDs",
    "household": "a household: its whole UUID, or the ten signs that packs name it by",
    "person": "a person: whole UUID, or ten signs",
    "persons": "a list of persons",
    "day": "ISO date, `2026-11-26`",
    "ms": "milliseconds since 1970 by the device's clock; the server moves it as it moves the event's own time",
    "number": "a whole number",
    "rupiah": "whole rupiah",
    "degrees": "microdegrees, a whole number",
    "yes": "true or false; unknown is left out",
    "texts": "a list of texts, at most 100",
    "files": "a list of hex sha256 of the files as the device holds them, at most 20",
    "any": "text, a whole number, true or false, or a list of these",
    "rows": "a list of objects, at most 100",
}
"""What each type is on the wire, for the page of events."""
_EMPTY: Mapping[str, Any] = {
    "text": "", "choice": "", "keys": (), "persons": (), "texts": (), "files": (), "rows": (),
}  # fmt: skip


def degrees(micro: int | None) -> float | None:
    """Microdegrees as degrees."""
    return None if micro is None else micro / 1_000_000


def utc(ms: int) -> datetime:
    """Milliseconds since 1970 as a time, as declared.

    Raises:
        EventUnreadable: no time that a calendar has.
    """
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    except OverflowError:
        raise EventUnreadable(name="at") from None
