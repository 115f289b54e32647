"""What every page knows: the institution, the actor, the menu, and the addresses of help."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib.actor import ANYBODY


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; reads the institution from a process-wide cache, so it costs no query."""
    by = getattr(request, "by", ANYBODY)
    return {
        "institution": desk_queries.institution(),
        "by": by,
        "role_name": roles.ROLES[by.role].name if by.role in roles.ROLES else "",
        "languages": settings.LANGUAGES,
        "is_demo": settings.SIMPUL_KIND == "demo",
        "is_htmx": bool(getattr(request, "htmx", False)),
    }
