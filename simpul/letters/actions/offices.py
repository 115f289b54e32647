"""How a village writes its letters: number, series, steps, letterhead, signer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Office
from simpul.letters.rules import numbers as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7


class PatternWrong(Refused):
    """A number that could not be printed, or not be told from another."""

    code = "office.pattern_wrong"
    sentence = _("The pattern of numbers cannot be used. Look at what stands beside it.")
    field = "pattern"

    def __init__(self, problems: tuple[rules.Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class OfficeGiven:
    """What a village says of how it writes letters."""

    pattern: str
    series_mode: str = "services"
    short_code: str = ""
    check_first: bool = True
    confirm_first: bool = False
    alone: bool = False
    letterhead: str = ""
    signer_name: str = ""
    signer_title: str = ""
    signer_number: str = ""
    proof_words: str = ""


def set_office(*, by: Actor, at: datetime, region_code: str, given: OfficeGiven) -> Office:
    """Change how the village writes letters from now on. Released letters and their numbers stay as they are.

    Raises:
        PatternWrong, steps.ChoiceUnknown.
    """
    roles.require(by, "office.set", roles.Place(region_code=region_code))
    clean = _cleaned(given)
    problems = rules.problems_of(str(clean["pattern"]))
    if problems:
        raise PatternWrong(problems)
    if given.series_mode not in rules.MODES:
        raise steps.ChoiceUnknown(field="series_mode")
    with transaction.atomic():
        old = Office.objects.select_for_update().filter(region_code=region_code).first()
        office = old or Office(id=uuid7(), region_code=region_code)
        changed = [name for name, value in clean.items() if getattr(office, name) != value]
        for name, value in clean.items():
            setattr(office, name, value)
        office.changed_at = at
        office.save()
        journal_actions.record(
            by=by,
            at=at,
            kind="office.set",
            subject_kind="letter_office",
            subject_id=office.id,
            region_code=region_code,
            facts={"changed": changed, "pattern": office.pattern, "series_mode": office.series_mode},
        )
        return office


_LONG = {"letterhead": 600, "proof_words": 600}
_SHORT = {
    "pattern": 120,
    "series_mode": 8,
    "short_code": 20,
    "signer_name": 150,
    "signer_title": 100,
    "signer_number": 40,
}


def _cleaned(given: OfficeGiven) -> dict[str, str | bool]:
    """Texts in one line and of a bounded length; the letterhead and the words of proof keep their lines."""
    found: dict[str, str | bool] = {}
    for one in fields(given):
        value = getattr(given, one.name)
        if isinstance(value, bool):
            found[one.name] = value
        elif one.name in _LONG:
            found[one.name] = text.clean_text(value)[: _LONG[one.name]]
        else:
            found[one.name] = text.clean_line(value)[: _SHORT[one.name]]
    return found
