"""What the pages of letters share: finding one, its words, its rows in lists, the text as blocks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul import roles
from simpul.letters import access
from simpul.letters.queries import letters as queries
from simpul.letters.rules import flow, texts
from simpul.regions import queries as region_queries
from simpul.web.desk import trying, words
from simpul.web.policy import Request

HERE = "desk_letters"
TONES = {
    flow.REQUESTED: "info",
    flow.RETURNED: "warn",
    flow.DRAFTED: "info",
    flow.CHECKED: "info",
    flow.APPROVED: "info",
    flow.RELEASED: "good",
    flow.REFUSED: "bad",
    flow.WITHDRAWN: "",
    flow.CANCELLED: "bad",
}


def language() -> str:
    """The reader's language, two letters."""
    return (get_language() or "id")[:2]


def letter_or_404(request: Request, letter_id: UUID) -> Any:
    """The letter, if this seat may see it."""
    return trying.found(access.letter_for, request, letter_id)


def village_of(request: Request, given: str = "") -> str:
    """The village a page is about: the one that was said, when the seat serves it, else the seat's own.

    Raises:
        Http404: the seat serves more than a village, and none was said.
    """
    code = (
        given if len(given) == 10 and given.isdigit() and request.by.serves(given) else request.by.region_code
    )
    if len(code) != 10:
        raise Http404
    return code


def type_name(letter: Any) -> str:
    """What the letter is, in the reader's language."""
    version = letter.version
    if version is None:
        return str(letter.type.code)
    return str((language() == "en" and version.name_en) or version.name)


def state_words(state: str) -> str:
    """Where a letter is, in words."""
    return _(flow.STATES.get(state, state))


def row(letter: Any) -> dict[str, Any]:
    """A letter in a list."""
    return {
        "letter": letter,
        "url": reverse("desk_letter", args=[letter.id]),
        "name": type_name(letter),
        "who": letter.subject_name or letter.applicant_name,
        "state": state_words(letter.state),
        "tone": TONES.get(letter.state, ""),
        "when": words.moment(letter.requested_at, letter.region_code),
        "channel": _(flow.CHANNELS.get(letter.channel, letter.channel)),
    }


def blocks(body: texts.Body) -> list[dict[str, Any]]:
    """The text of a letter for a page."""
    return texts.to_data(body)


def may(request: Request, act: str, letter: Any) -> bool:
    """True when the seat may do this with this letter, as far as its role goes."""
    return roles.may(request.by, act, access.place_of(letter))


def place_name(region_code: str) -> str:
    """The village's name."""
    return region_queries.path_names(region_code).split(",", maxsplit=1)[0]


def address(name: str, *args: Any) -> str:
    """The address of a page of another part; "" where that part is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def ways(request: Request) -> flow.Ways:
    """How the village of this seat writes letters."""
    return queries.ways_of(request.by.region_code)
