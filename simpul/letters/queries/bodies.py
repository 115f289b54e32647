"""The text of a letter with its values: what is printed, what is missing. Made of stored data and of the version alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from simpul.letters.models import Letter, Office, TypeVersion
from simpul.letters.rules import texts, variables
from simpul.letters.rules import types as type_rules


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its values, before release."""

    body: texts.Body
    missing: tuple[str, ...]  # names without a value that are not filled at release
    unreadable: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing stands against releasing it."""
        return not self.missing and not self.unreadable


@lru_cache(maxsize=256)
def _template(body: str) -> texts.Template:
    """Texts are few, so each is read once."""
    return texts.parse(body)


@lru_cache(maxsize=256)
def _questions(inputs: str, parties: str) -> tuple[type_rules.Input, ...]:
    own = type_rules.read_inputs(json.loads(inputs))
    return type_rules.questions(own, type_rules.read_parties(json.loads(parties)))


def questions_of(version: TypeVersion) -> tuple[type_rules.Input, ...]:
    """Everything a form asks for this version: the type's own inputs, then each person's."""
    return _questions(json.dumps(version.inputs), json.dumps(version.parties))


def values_of(letter: Letter) -> dict[str, str]:
    """What fills the places before release: the register as it was when drafted, what was corrected, and the answers."""
    facts = json.loads(letter.facts) if letter.facts else {}
    inputs = json.loads(letter.inputs) if letter.inputs else {}
    return {**facts, "keperluan": letter.purpose, **inputs}


def filled(letter: Letter, release: Mapping[str, str] | None = None) -> Filled:
    """The text of a letter. ``release`` is what is known at release only: number, dates, signer."""
    if letter.version is None:
        return Filled((), (), ())
    done = texts.render(_template(letter.version.body), {**values_of(letter), **(release or {})})
    pending = frozenset() if release is not None else variables.PENDING
    missing = tuple(name for name in done.missing if name not in pending)
    lacking = tuple(
        one.code
        for one in questions_of(letter.version)
        if one.required and one.code not in missing and not values_of(letter).get(one.code, "").strip()
    )
    return Filled(done.body, (*missing, *lacking), done.unreadable)


def shown_before(letter: Letter, office: Office, day: date, head: str) -> Filled:
    """The text as a page shows it before release: today's date and the head's name stand where release will put them."""
    version = letter.version
    if version is None:
        return Filled((), (), ())
    pending = variables.release_values(
        heading=version.heading,
        number="…",
        letter_date=letter.letter_date or day,
        valid_until=type_rules.last_day(day, version.validity_amount, version.validity_unit),
        authority=letter.authority or "own",
        signer_name=letter.signer_name or office.signer_name or "…",
        signer_title=letter.signer_title or head,
        signer_number=letter.signer_number or office.signer_number,
        head_title=head,
    )
    done = filled(letter)
    return Filled(filled(letter, pending).body, done.missing, done.unreadable)


def frozen(letter: Letter) -> texts.Body:
    """The text as it was frozen at release; nothing before that."""
    return texts.from_data(json.loads(letter.body)) if letter.body else ()


def labels(version: TypeVersion | None, language: str) -> dict[str, str]:
    """What each place of a text is called, for people: answers by the question's words, the rest by the list of variables."""
    found = {one.name: one.label_en if language == "en" else one.label for one in variables.ALL}
    for one in questions_of(version) if version is not None else ():
        party = one.party_label_en if language == "en" else one.party_label
        found[one.code] = f"{party}: {one.called(language)}" if party else one.called(language)
    return found
