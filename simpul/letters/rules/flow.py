"""The way of a letter: its states, the moves between them, and who may look at his own work.

Source of the chain: Permendagri 47/2016 and the practice of village offices (officer, secretary, head); each check is the village's own
choice and stands in ``Office``. Four eyes: nobody but the head checks or approves what he alone wrote, unless the village says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


REQUESTED = "requested"
DRAFTED = "drafted"
RETURNED = "returned"
CHECKED = "checked"
APPROVED = "approved"
RELEASED = "released"
REFUSED = "refused"
WITHDRAWN = "withdrawn"
CANCELLED = "cancelled"

STATES: Mapping[str, str] = {
    REQUESTED: _("Asked for"),
    RETURNED: _("Back for correction"),
    DRAFTED: _("Drafted"),
    CHECKED: _("Checked"),
    APPROVED: _("Approved"),
    RELEASED: _("Released"),
    REFUSED: _("Refused"),
    WITHDRAWN: _("Withdrawn"),
    CANCELLED: _("Cancelled"),
}
"""State -> its words in English, in the order of the board."""

OPEN = frozenset({REQUESTED, RETURNED, DRAFTED, CHECKED, APPROVED})
"""States in which somebody still has to do something."""

MOVES: Mapping[str, frozenset[str]] = {
    "letter.draft": frozenset({REQUESTED, RETURNED, DRAFTED}),
    "letter.confirm": OPEN,
    "requirement.mark": OPEN,
    "requirement.photograph": OPEN,
    "letter.check": frozenset({DRAFTED}),
    "letter.approve": frozenset({DRAFTED, CHECKED}),
    "letter.return": frozenset({DRAFTED, CHECKED, APPROVED}),
    "letter.release": frozenset(
        {DRAFTED, CHECKED, APPROVED}
    ),  # what is not approved yet is approved in the same press
    "letter.refuse": OPEN,
    "letter.withdraw": OPEN,
    "letter.resume": frozenset({REFUSED, WITHDRAWN}),
    "letter.cancel": frozenset({RELEASED}),
    "letter.hand_over": frozenset({RELEASED}),
}
"""Act -> the states it starts from. What is not here is refused."""

CHANNELS: Mapping[str, str] = {
    "web": _("Website"),
    "kiosk": _("Kiosk page"),
    "desk": _("Counter"),
    "whatsapp": _("WhatsApp"),
    "phone": _("Telephone"),
    "field": _("Field visit"),
}
"""How a request came -> its words in English."""

CASE_CHANNEL: Mapping[str, str] = {"kiosk": "web"}
"""Channels of letters that matters know by another name."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What a village has chosen: the secretary looks first, the RT/RW confirms first, a delegate may work alone at night."""

    check_first: bool = True
    confirm_first: bool = False
    alone: bool = False


def may_move(act: str, state: str) -> bool:
    """Whether this act may be done in this state."""
    return state in MOVES.get(act, frozenset())


def acts_in(state: str) -> frozenset[str]:
    """The acts that start from this state."""
    return frozenset(act for act, states in MOVES.items() if state in states)


def sees_own_work(*, writers: Iterable[UUID | None], user: UUID | None, head: bool, alone: bool) -> bool:
    """Whether somebody would only look at his own work: forbidden, except to the head, and where the village lets a delegate work alone.

    Args:
        writers: everybody who has worked on the letter so far (who drafted, who checked).
        alone: the village allows it, and he has a mandate.
    """
    known = {writer for writer in writers if writer is not None}
    return bool(known) and known == {user} and not head and not alone


def wants_check(state: str, ways: Ways, *, head: bool, alone: bool) -> bool:
    """Whether the secretary has to look before this letter can be approved. The head may approve what nobody checked."""
    return state == DRAFTED and ways.check_first and not head and not (alone and ways.alone)


def wants_confirmation(ways: Ways, type_wants: bool, answers: Iterable[bool]) -> bool:
    """Whether the RT or RW still has to confirm: the last answer counts."""
    given = list(answers)
    return (ways.confirm_first or type_wants) and not (given and given[-1])


def next_step(state: str, ways: Ways) -> str:
    """Who has to do something now: officer, secretary, head, release, applicant, or nobody ("")."""
    if state in {REQUESTED, RETURNED}:
        return "officer"
    if state == DRAFTED:
        return "secretary" if ways.check_first else "head"
    return {CHECKED: "head", APPROVED: "release", RELEASED: "applicant"}.get(state, "")


CASE_LETTERS: Mapping[str, tuple[str, ...]] = {
    "domicile": ("domisili", "penduduk"),
    "business_domicile": ("domisili_usaha",),
    "poverty": ("kurang_mampu", "sktm"),
    "business": ("usaha", "usaha_mikro"),
    "police": ("skck",),
    "birth": ("kelahiran", "akta_lahir"),
    "death": ("kematian", "lahir_mati"),
    "marriage": ("nikah", "kawin"),
    "single": ("belum_menikah",),
    "widow": ("janda", "duda"),
    "heirs": ("ahli_waris",),
    "moving": ("pindah",),
    "lost": ("kehilangan",),
    "crowd": ("keramaian",),
    "travel": ("bepergian",),
    "family_card": ("kk",),
    "identity": ("beda_identitas",),
    "income": ("penghasilan",),
    "land": ("tanah",),
    "conduct": ("kelakuan_baik",),
    "jobless": ("belum_bekerja", "kehilangan_pekerjaan"),
}
"""What the matter's form calls a letter -> parts of the codes of types that are meant by it."""


def case_letter(type_code: str) -> str:
    """Which letter of the matter's own list a type is: the longest part that fits; "other" when none does."""
    code = f"_{type_code}_"
    fits = [
        (len(part), name) for name, parts in CASE_LETTERS.items() for part in parts if f"_{part}_" in code
    ]
    return max(fits)[1] if fits else "other"
