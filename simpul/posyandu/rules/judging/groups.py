"""On which card somebody of an age belongs, by the age groups in force (KMK HK.01.07/MENKES/2015/2023; layouts differ, secondary)."""

from __future__ import annotations

from simpul.posyandu.rules.book import RuleBook


def form_for(age_months: int, book: RuleBook, *, mother: bool = False) -> str:
    """A for mothers, else B, C or D by completed months."""
    data = book.data("age_groups")
    if mother:
        return "A"
    if age_months < int(data["school"]):
        return "B"
    return "C" if age_months < int(data["adult"]) else "D"


def elder(age_months: int, book: RuleBook) -> bool:
    """True when the questions for elders are asked."""
    return age_months >= int(book.data("age_groups")["elder"])
