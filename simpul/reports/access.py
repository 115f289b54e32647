"""Which matters are counted for whom."""

from __future__ import annotations

from simpul.cases import access as case_access
from simpul.cases.models import Case, CaseSet
from simpul.lib.actor import Actor


def public_cases() -> CaseSet:
    """What the public figures count: ordinary matters. Sealed and restricted ones are in none, so no difference betrays them."""
    return Case.objects.filter(sensitivity="normal")


def counted(by: Actor) -> CaseSet:
    """What an officer's figures count: the matters they may see themselves, without sealed ones."""
    return case_access.visible(by).unsealed()
