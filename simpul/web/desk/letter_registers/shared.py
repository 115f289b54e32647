"""What the pages of the books share: the village they are about, the tabs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul import roles
from simpul.letters.queries import registers as queries
from simpul.web.desk.letters import shared as letter_pages
from simpul.web.policy import Request

HERE = "desk_letters"
PAGES = {
    "agenda": "desk_letter_registers",
    "expedition": "desk_letter_expedition",
    "service": "desk_letter_service",
    "archive": "desk_letter_archive",
}
NAMES = {"agenda": "agenda", "ekspedisi": "expedition", "pelayanan": "service", "arsip": "archive"}
"""Books as addresses call them -> as the catalogue does."""


def language() -> str:
    """The reader's language, two letters."""
    return (get_language() or "id")[:2]


def village_of(request: Request) -> str:
    """The village whose books are open: the seat's own, or the one that the address says."""
    given = request.GET.get("desa", "") or request.POST.get("desa", "")
    return letter_pages.village_of(request, given.replace(".", "")[:10])


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The books, and the keys for those who keep them."""
    found = [
        {"label": queries.books()[code].called(language()), "url": reverse(name), "current": here == code}
        for code, name in PAGES.items()
    ]
    if roles.may_somewhere(request.by, "letterkey.make"):
        found.append(
            {"label": _("Keys and signatures"), "url": reverse("desk_letter_keys"), "current": here == "keys"}
        )
    return found
