"""The closed list of tests, each three-valued: True, False, or None for "nobody knows" (Kleene's logic).

A test never turns an unknown fact into "no". A code that may mean several things decides a test only when all of them agree; a
number known as a range decides it only when the whole range agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from simpul.programmes.rules import facts

Truth = bool | None


def one_of(possible: Collection[str], wanted: Collection[str]) -> Truth:
    """Is it one of these? Unknown when nothing is known, or when some of what it may mean is wanted and some is not."""
    if not possible:
        return None
    inside = sum(meaning in wanted for meaning in possible)
    if inside == len(possible):
        return True
    return None if inside else False


def none_of(possible: Collection[str], unwanted: Collection[str]) -> Truth:
    """Is it anything but these?"""
    return invert(one_of(possible, unwanted))


def at_least(value: facts.Range, least: int) -> Truth:
    """Is it this or more?"""
    return True if value[0] >= least else (False if value[1] < least else None)


def above(value: facts.Range, line: int) -> Truth:
    """Is it more than this?"""
    return at_least(value, line + 1)


def below(value: facts.Range, line: int) -> Truth:
    """Is it less than this?"""
    return invert(at_least(value, line))


def at_most(value: facts.Range, most: int) -> Truth:
    """Is it this or less?"""
    return invert(at_least(value, most + 1))


def between(value: facts.Range, least: int, most: int) -> Truth:
    """Does it lie between these, both included?"""
    return every((at_least(value, least), at_most(value, most)))


def is_flag(value: Truth, wanted: bool) -> Truth:
    """Is the answer the wanted one?"""
    return None if value is None else value is wanted


def has_any(marks: Collection[int], wanted: Collection[int]) -> Truth:
    """Is one of these marks set? A mark that is not set was perhaps never looked for: then unknown, never "no"."""
    return True if any(mark in wanted for mark in marks) else None


def invert(value: Truth) -> Truth:
    """Not: unknown stays unknown."""
    return None if value is None else not value


def every(values: Iterable[Truth]) -> Truth:
    """All: no when one is no, yes when every one is yes, else unknown."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def some(values: Iterable[Truth]) -> Truth:
    """Any: yes when one is yes, no when every one is no, else unknown."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def enough(values: Iterable[Truth], least: int, *, complete: bool = True) -> Truth:
    """At least so many: yes when enough are yes, no when the unknown ones could not make it enough, else unknown.

    ``complete`` is false when there are more people than the register names: then it is never "no".
    """
    yes = unknown = 0
    for value in values:
        yes += value is True
        unknown += value is None
    if yes >= least:
        return True
    return False if complete and yes + unknown < least else None


NUMBER_TESTS: dict[str, Callable[..., Truth]] = {
    "at_least": at_least,
    "at_most": at_most,
    "above": above,
    "below": below,
}
BY_TYPE: dict[str, tuple[str, ...]] = {
    "code": ("one_of", "none_of"),
    "number": (*NUMBER_TESTS, "between"),
    "money": (*NUMBER_TESTS, "between"),
    "flag": ("is",),
    "marks": ("has_any",),
    "date": ("days_at_least", "days_at_most"),
}
"""Which tests fit which kind of fact."""
ALL_TESTS: tuple[str, ...] = tuple(dict.fromkeys(test for tests in BY_TYPE.values() for test in tests))


def days_since(value: Any, on_day: int) -> facts.Range:
    """Days from a day (as a number of days) until ``on_day``; a range of everything when it is not known."""
    return facts.UNKNOWN if value is None else (on_day - value, on_day - value)
