"""A household's verdicts as plain data in the reader's words: for pages, for print, and for ``simpul screen --json``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from simpul.lib import money
from simpul.programmes.queries import catalogue, verdicts, words
from simpul.programmes.rules import verdicts as rules

MOST_REASONS = 12


def sheet(given: verdicts.Sheet) -> dict[str, Any]:
    """The whole sheet."""
    return {
        "household": given.record.name,
        "region_code": given.record.region_code,
        "date": given.on.isoformat(),
        "verdicts": [row(one, given) for one in given.judged],
        "positions": [row(one, given) for one in given.positions],
        "differences": [difference(one) for one in given.differences],
        "ask_next": [question(one) for one in given.questions],
    }


def row(one: verdicts.Judged, given: verdicts.Sheet) -> dict[str, Any]:
    """One verdict with its reasons."""
    rule = one.rule
    return {
        "programme": rule.programme_id,
        "name": words.said(rule.programme),
        "kind": rule.programme.kind,
        "authority": rule.programme.authority,
        "unit": rule.unit,
        "unit_words": words.unit(rule.unit),
        "subject": one.subject_key,
        "whose": one.whose,
        "verdict": one.word,
        "words": words.outcome(rule.programme, one.word),
        "tally": tally(one),
        "used": [used(leaf, one, given) for leaf in one.verdict.used[:MOST_REASONS]],
        "missing": [missing(part) for part in one.verdict.missing],
        "flip": flip(one),
        "amounts": [
            {"per": per, "rupiah": rupiah, "words": amount(per, rupiah)} for per, rupiah in one.amounts
        ],
        "source": rule.given.source,
        "version": rule.given.version,
        "version_id": str(rule.version_id) if rule.version_id else "",
        "valid_from": rule.given.valid_from.isoformat() if rule.given.valid_from else "",
        "valid_from_words": words.day(rule.given.valid_from),
        "confidence": rule.given.confidence,
        "confidence_words": words.confidence(rule.given.confidence),
        "note": words.said(rule.given, "note"),
        "is_own": rule.is_own,
    }


def tally(one: verdicts.Judged) -> str:
    """How many signs of how many were met, for rules that count; "" for others."""
    finding = one.verdict.finding
    if getattr(finding.node, "kind", "") != "at_least":
        return ""
    yes = sum(part.value is True for part in finding.parts)
    unknown = sum(part.value is None for part in finding.parts)
    sentence = (
        _("%(yes)s of %(all)s signs met, %(unknown)s not known; %(least)s are needed")
        if unknown
        else _("%(yes)s of %(all)s signs met; %(least)s are needed")
    )
    return sentence % {
        "yes": yes,
        "all": len(finding.parts),
        "unknown": unknown,
        "least": finding.least,
    }


def used(leaf: rules.Finding, one: verdicts.Judged, given: verdicts.Sheet) -> dict[str, Any]:
    """A fact that counted: its value, whose, who said it and when, and whether the test holds."""
    seen = leaf.seen
    if seen is None:
        return {}
    said = given.record.said.get((seen.subject_key, _column(seen.fact)))
    return {
        "fact": seen.fact,
        "name": words.fact_name(seen.fact),
        "whose": seen.subject_name,
        "value": seen.value if not isinstance(seen.value, set | frozenset) else sorted(seen.value),
        "words": words.value(seen.fact, seen.value),
        "test": words.node(leaf.node, one.rule.figures),
        "holds": leaf.value,
        "source": words.said_by(said.source, said.source_words) if said else "",
        "date": said.observed_date.isoformat() if said and said.observed_date else "",
        "date_words": words.day(said.observed_date) if said else "",
    }


def _column(key: str) -> str:
    fact = catalogue.vocabulary().facts.get(key)
    return (fact.of or fact.column) if fact else key.partition(".")[2]


def missing(one: rules.Missing) -> dict[str, Any]:
    """A fact that is not known, the question, and what it costs."""
    seen = one.seen
    coarse = seen.state == "coarse"
    return {
        "fact": seen.fact,
        "name": words.fact_name(seen.fact),
        "whose": seen.subject_name,
        "ask": _figure(seen) if seen.state == "no_figure" else words.ask(seen.fact),
        "cost": one.cost,
        "cost_words": words.cost(one.cost),
        "why": _("recorded too coarsely: %(value)s") % {"value": words.value(seen.fact, seen.value)}
        if coarse
        else "",
    }


def _figure(seen: rules.Seen) -> str:
    return _("The number for this district is not set: %(what)s.") % {"what": words.fact_name(seen.fact)}


def question(one: verdicts.Question) -> dict[str, Any]:
    """A question with how many verdicts wait for it."""
    return {**missing(one.missing), "waits": one.waits}


def flip(one: verdicts.Judged) -> dict[str, Any] | None:
    """The one fact that would turn the verdict, in a sentence; None when no single fact does."""
    if not one.verdict.flips:
        return None
    first = one.verdict.flips[0]
    test = words.node(first.test, one.rule.figures)
    whose = f"{first.seen.subject_name}: " if first.seen.subject_name else ""
    values = {
        "test": f"{whose}{test}",
        "verdict": words.outcome(one.rule.programme, "yes" if first.to else "no"),
    }
    sentence = (
        _("If “%(test)s” held, it would be: %(verdict)s.")
        if first.must_hold
        else _("If “%(test)s” did not hold, it would be: %(verdict)s.")
    )
    return {
        "fact": first.seen.fact,
        "whose": first.seen.subject_name,
        "to": "yes" if first.to else "no",
        "test": test,
        "must_hold": first.must_hold,
        "words": sentence % values,
    }


def difference(one: verdicts.Difference) -> dict[str, Any]:
    """Where authorities differ, with the values that part them."""
    return {
        "attribute": one.attribute.code,
        "name": words.said(one.attribute),
        "why": words.said(one.attribute, "why"),
        "whose": one.whose,
        "value": _values(one),
        "rows": [
            {
                "programme": judged.rule.programme_id,
                "name": words.said(judged.rule.programme),
                "authority": judged.rule.programme.authority,
                "verdict": judged.word,
                "words": words.outcome(judged.rule.programme, judged.word),
                "whose": judged.whose,
                "source": judged.rule.given.source,
            }
            for judged in one.rows
        ],
    }


def _values(one: verdicts.Difference) -> str:
    """The values of the facts on which they part."""
    found = {}
    for judged in one.rows:
        for leaf in judged.verdict.finding.leaves():
            if leaf.seen and leaf.seen.fact in one.attribute.facts and leaf.seen.value is not None:
                value = words.value(leaf.seen.fact, leaf.seen.value)
                found[leaf.seen.key] = f"{words.fact_name(leaf.seen.fact)}: {value}"
    return "; ".join(dict.fromkeys(found.values()))


def amount(per: str, rupiah: int) -> str:
    """Rupiah a period."""
    patterns = {
        "year": _("%(amount)s a year"),
        "month": _("%(amount)s a month"),
        "once": _("%(amount)s once"),
    }
    return patterns[per] % {"amount": money.rupiah(rupiah)}
