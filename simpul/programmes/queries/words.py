"""Facts, tests and whole rules in words of the reader's language, and a sentence for each fault of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul.lib import money, when
from simpul.people.queries import fields as people_fields
from simpul.people.queries import lists
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history
from simpul.programmes.queries import catalogue
from simpul.programmes.rules import criteria, facts


def english() -> bool:
    """True when the reader reads English."""
    return (get_language() or "id").startswith("en")


def said(thing: Any, name: str = "name") -> str:
    """A two-language attribute of a row, or key of a mapping, in the reader's language; the other when this one is empty."""
    both = [
        thing.get(key, "") if isinstance(thing, Mapping) else getattr(thing, key, "")
        for key in (name, f"{name}_en")
    ]
    return str((both[1] or both[0]) if english() else (both[0] or both[1]))


def _gap(key: str) -> str:
    """What to write down when nobody is named as head, or people are missing in the register; "" for a fact."""
    return {
        "head.household": _("Write down who heads the household."),
        "head.family": _("Write down who heads the family card."),
        "members.household": _("Write down everybody who lives in the household."),
        "members.family": _("Write down who stands on the family card."),
    }.get(key, "")


def fact_name(key: str) -> str:
    """What a fact is called."""
    if _gap(key):
        return _gap(key)
    if key.startswith("receives."):
        return _("Receives %(programme)s") % {"programme": programme_name(key.partition(".")[2])}
    return said(catalogue.vocabulary().facts[key])


def ask(key: str) -> str:
    """The question that would settle a fact, with where to look."""
    if _gap(key):
        return _gap(key)
    if key.startswith("receives."):
        return _("Does somebody here receive %(programme)s?") % {
            "programme": programme_name(key.partition(".")[2])
        }
    fact = catalogue.vocabulary().facts[key]
    own = said(fact, "ask")
    if own:
        return own
    name = said(fact)
    sentences = {
        "ask": _("Ask: %(what)s.") % {"what": name},
        "look": _("Look at the house: %(what)s.") % {"what": name},
        "paper": _("Ask to see the paper: %(what)s.") % {"what": name},
        "visit": _("Needs an office or a visit: %(what)s.") % {"what": name},
    }
    return sentences[fact.cost]


def said_by(source: str, named: str) -> str:
    """Who or what a fact comes from: the list or paper by its name, else "seen at a visit", "the family"."""
    return named or _(history.SOURCES.get(source, source))


def cost(key: str) -> str:
    """What it takes to find out, in a word."""
    return {
        "ask": _("ask at the counter"),
        "look": _("look at the house"),
        "paper": _("needs a document"),
        "visit": _("needs a visit or an office"),
    }[key]


@lru_cache(maxsize=1)
def _short_names() -> dict[str, tuple[str, str]]:
    return {one.code: (one.name, one.name_en) for one in catalogue.shipped()[0]}


def programme_name(code: str) -> str:
    """A programme's name; its code when it has none here."""
    names = {"kip": ("KIP", "KIP"), **_short_names()}.get(code)
    return names[english()] if names else code


def verdict(value: str) -> str:
    """yes, no, unknown."""
    return {"yes": _("Yes"), "no": _("No"), "unknown": _("Not known")}.get(value, value)


def outcome(programme: Any, value: str) -> str:
    """What an answer means for this programme: "miskin", "layak", "memenuhi syarat"."""
    if value == "unknown":
        return _("not known yet")
    return said(programme, value) or verdict(value)


def unit(value: str) -> str:
    """Whom a rule judges."""
    return {
        "person": _("person"),
        "pupil": _("pupil"),
        "family": _("family (KK)"),
        "household": _("household"),
        "house": _("house"),
    }[value]


def confidence(value: str) -> str:
    """How sure a source is."""
    return {
        "confirmed": _("confirmed"),
        "secondary": _("from a description, not the official text"),
        "unconfirmed": _("not confirmed"),
    }.get(value, value)


def kind(value: str) -> str:
    """What sort of programme."""
    return {
        "aid": _("Aid and services"),
        "poverty": _("Who is poor"),
        "house": _("Standards of a house"),
        "position": _("Lines that authorities draw"),
        "criterion": _("Shared criteria"),
    }[value]


def day(value: date | None) -> str:
    """A date; "" for none."""
    return when.format_date(value, "en" if english() else "id") if value else ""


# --- values ----------------------------------------------------------------------------------------------------------


def number(value: int, unit_name: str) -> str:
    """A number with its unit."""
    if unit_name == "rupiah":
        return money.rupiah(value)
    plain = money.group_thousands(value) if not english() else f"{value:,}"
    patterns: Mapping[str, Callable[[], str]] = {
        "dm2": lambda: f"{field_rules.area_text(value, 'en' if english() else 'id')} m²",
        "m2": lambda: f"{plain} m²",
        "percent": lambda: f"{plain}%",
        "years": lambda: _("%(number)s years") % {"number": plain},
        "heads": lambda: _("%(number)s people") % {"number": plain},
        "decile": lambda: _("decile %(number)s") % {"number": plain},
        "year": lambda: str(value),
        "days": lambda: _("%(number)s days") % {"number": plain},
    }
    return patterns[unit_name]() if unit_name in patterns else plain


def value(key: str, given: Any) -> str:
    """A fact's value in words, with the version of its list; "" when nobody knows."""
    if given is None or given == "":
        return ""
    if key.startswith("receives.") or isinstance(given, bool):
        return _("Yes") if given else _("No")
    fact = catalogue.vocabulary().facts[key]
    if fact.type == "code":
        return _code(fact.column, str(given))
    if fact.type == "marks":
        return ", ".join(_category(one) for one in given)
    if fact.type == "date":
        return day(given)
    unit_name = "rupiah" if fact.type == "money" else fact.unit
    if isinstance(given, list | tuple):
        low, high = given
        if high >= facts.MOST:
            return _("at least %(number)s") % {"number": number(low, unit_name)}
        return _("%(low)s to %(high)s") % {"low": number(low, unit_name), "high": number(high, unit_name)}
    return number(int(given), unit_name)


def _code(column: str, code: str) -> str:
    if "/" not in code:
        return meaning(column, code)
    label = lists.label(column, code, "en" if english() else "id")
    return f"{label} ({lists.version_names('en' if english() else 'id').get(code.partition('/')[0], code)})"


def _category(number_: int) -> str:
    return next((said(one) for one in lists.categories() if one.number == number_), str(number_))


@lru_cache(maxsize=2048)
def _meaning(column: str, wanted: str) -> tuple[str, str]:
    """The words of the code that means this and nothing else; else of one that may mean it."""
    book = lists.book()
    found = book.lists[column].by_code.values()
    exact = [one for one in found if one.meanings == {wanted}] or [
        one for one in found if wanted in one.meanings
    ]
    return (exact[0].name, exact[0].name_en) if exact else (wanted, wanted)


def meaning(column: str, wanted: str) -> str:
    """A base meaning in words."""
    return _meaning(column, wanted)[english()]


# --- tests and rules -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule in words."""

    depth: int
    text: str


def node(one: criteria.Node, numbers: Mapping[str, int | None]) -> str:
    """A test, or the heading of a group of tests, in words, with the rule's numbers for a place."""
    own = one.words[1] if english() and one.words[1] else one.words[0]
    if own:
        return own
    if isinstance(one, criteria.Test):
        return _test(one, numbers)
    if isinstance(one, criteria.Receipt):
        name = programme_name(one.programme)
        return (
            _("Receives %(programme)s") % {"programme": name}
            if one.wanted
            else _("Does not receive %(programme)s") % {"programme": name}
        )
    if isinstance(one, criteria.Named):
        known = catalogue.get_programme(one.code)
        return said(known) if known else programme_name(one.code)
    count = criteria.figure(one.least, numbers) if one.least else 0
    if isinstance(one, criteria.Members):
        return _members(one, count)
    heads = {
        "all": _("All of these:"),
        "any": _("Any of these:"),
        "none": _("None of these:"),
        "at_least": _("At least %(count)s of these %(all)s:")
        % {"count": "?" if count is None else count, "all": len(one.parts)},
    }
    return heads[one.kind]


def _members(one: criteria.Members, count: int | None) -> str:
    family = one.group == "family"
    heads = {
        "any_member": _("Somebody on the family card:") if family else _("Somebody in the household:"),
        "all_members": _("Everybody on the family card:") if family else _("Everybody in the household:"),
        "head": _("The head of the family:") if family else _("The head of the household:"),
        "members_at_least": (
            _("At least %(count)s people on the family card:")
            if family
            else _("At least %(count)s people in the household:")
        )
        % {"count": "?" if count is None else count},
    }
    return heads[one.kind]


def _test(one: criteria.Test, numbers: Mapping[str, int | None]) -> str:
    fact = catalogue.vocabulary().facts[one.field]
    name = said(fact)
    if fact.type == "code":
        words = ", ".join(meaning(fact.column, str(wanted)) for wanted in one.args)
        pattern = _("%(name)s: %(values)s") if one.op == "one_of" else _("%(name)s: not %(values)s")
        return pattern % {"name": name, "values": words}
    if fact.type == "flag":
        answer = _("Yes") if one.args[0] else _("No")
        return _("%(name)s: %(values)s") % {"name": name, "values": answer.lower()}
    if fact.type == "marks":
        return _("%(name)s: any of %(count)s categories") % {"name": name, "count": len(one.args)}
    unit_name = {"money": "rupiah", "date": "days"}.get(fact.type, fact.unit)
    figures = [criteria.figure(arg, numbers) for arg in one.args]
    shown = ["?" if arg is None else number(arg, unit_name) for arg in figures]
    if one.op == "between":
        return _("%(name)s: %(low)s to %(high)s") % {"name": name, "low": shown[0], "high": shown[1]}
    patterns = {
        "at_least": _("%(name)s: %(number)s or more"),
        "at_most": _("%(name)s: %(number)s or less"),
        "above": _("%(name)s: more than %(number)s"),
        "below": _("%(name)s: less than %(number)s"),
    }
    return patterns[one.op.removeprefix("days_")] % {"name": name, "number": shown[0]}


def lines(one: criteria.Node, numbers: Mapping[str, int | None], depth: int = 0) -> list[Line]:
    """A whole rule in words, one line a test, indented by depth."""
    found = [Line(depth, node(one, numbers))]
    if isinstance(one, criteria.Combined):
        for part in one.parts:
            found += lines(part, numbers, depth + 1)
    elif isinstance(one, criteria.Members):
        found += lines(one.part, numbers, depth + 1)
    return found


# --- faults of a rule ------------------------------------------------------------------------------------------------


def fault(one: criteria.Fault) -> str:
    """What is wrong in a rule, as a sentence that names the row."""
    sentences = {
        "source_missing": _("the rule has no source; write the regulation or letter it comes from"),
        "authority_missing": _("the programme has no authority; write who gives or judges it"),
        "name_missing": _("a name is missing; write it in both languages"),
        "date_missing": _("the day it begins is missing"),
        "dates_upside_down": _("it ends before it begins (%(value)s)"),
        "cycle": _("the criterion leads back to itself: %(value)s"),
        "fact_unknown": _("there is no fact “%(value)s”; choose one from the list"),
        "test_does_not_fit": _("the test “%(value)s” does not fit “%(other)s”"),
        "meaning_unknown": _("“%(value)s” is no answer of “%(other)s”"),
        "not_a_number": _("“%(value)s” is no whole number"),
        "not_yes_or_no": _("“%(value)s” is neither yes nor no, for “%(other)s”"),
        "which_member": _(
            "“%(value)s” is about one person or family; say whose: somebody, everybody, or the head"
        ),
        "say_outside": _("“%(value)s” is about the whole household; put it outside the test about members"),
        "nested_members": _("a test about members cannot stand inside another test about members"),
        "group_unknown": _("a rule about a %(other)s cannot go through a %(value)s"),
        "criterion_unknown": _("there is no shared criterion “%(value)s”"),
        "figure_unknown": _("the number %(value)s is not among the rule's numbers"),
        "count_impossible": _("at least %(value)s cannot be met: there are %(other)s"),
        "unit_unknown": _("“%(value)s” is no unit; choose person, pupil, family, household or house"),
        "confidence_unknown": _("“%(value)s” is no certainty; choose confirmed, secondary or unconfirmed"),
        "kind_unknown": _("“%(value)s” is no kind of programme"),
        "programme_twice": _("the programme stands there twice"),
        "version_twice": _("the version stands there twice"),
        "empty": _("a group without any test"),
        "receipt_unknown": _("“%(value)s” is no programme whose receipt can be tested"),
        "receipt_of": _("a rule about a %(other)s cannot ask what a %(value)s receives"),
        "amount_wrong": _("the amount “%(value)s” is no whole rupiah, or its period is missing"),
        "between_two": _("“between” takes two numbers"),
    }
    sentence = sentences.get(one.code, _("this cannot be read: %(value)s"))
    return f"{one.where}: {sentence % {'value': one.value, 'other': one.other}}."


def column_name(scope: str, column: str) -> str:
    """A register field's name, for reports about a file."""
    known = people_fields.of("profile" if scope == "person" else scope).get(column)
    return known.label("en" if english() else "id") if known else column
