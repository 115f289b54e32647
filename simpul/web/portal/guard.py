"""The guard of the public door against floods, counted in the cache. Guessing of PINs is guarded by ``cases.actions.following``.

A whole village may share one address, so the limit is the installation's to set, it is per hour, and what is said
when it is reached tells another way: call, or come. A forwarded-for header is never believed here; the server in front
sets the address.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused
from simpul.lib.keys import ring

_HOUR = 3600


class TooManyReports(Refused):
    """This address sent more reports within the hour than the installation takes."""

    code = "portal.too_many_reports"
    sentence = _(
        "Many reports came from your network within the hour. Nothing you wrote is lost: press the button again in an hour, "
        "call %(phone)s, or come to the service desk."
    )


def _limit(name: str) -> int:
    return int(settings.SIMPUL_LIMITS[name])


def _key(purpose: str, value: str) -> str:
    return f"portal:{purpose}:{ring().blind_index(value, 'portal-guard')[:32]}"


def address(request: HttpRequest) -> str:
    """Where a request comes from, as the server in front of us says."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _count(key: str, seconds: int) -> int:
    """Raise a counter that forgets itself; returns what it stands at."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        cache.add(key, 1, seconds)
        return 1


def _phone() -> str:
    return str(_("the office"))


def admit_report(request: HttpRequest, at: datetime, phone: str) -> None:
    """Count one report of this address.

    Raises:
        TooManyReports: the hour's number is reached.
    """
    key = _key("report", f"{address(request)}:{at:%Y%m%d%H}")
    if _count(key, _HOUR) > _limit("report_per_hour"):
        raise TooManyReports(phone=phone or _phone())
