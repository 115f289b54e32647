"""The guard of the public door against floods, counted in the cache. Guessing of PINs is guarded by ``cases.actions.following``.

A whole village may share one address, so the limit is the installation's to set, it is per hour, and what is said
when it is reached tells another way: call, or come. A forwarded-for header is never read here:
``web.edge`` believes it from the installation's own proxy alone.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, IPv6Network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused
from simpul.lib.keys import ring
from simpul.web import edge

_HOUR = 3600


class TooManyReports(Refused):
    """This address sent more reports within the hour than the installation takes."""

    code = "portal.too_many_reports"
    sentence = _(
        "Many reports came from your network within the hour. Nothing you wrote is lost: press the button again in an hour, "
        "call %(phone)s, or come to the service desk."
    )


class TooManyFiles(Refused):
    """This address sent more files within the hour than the installation takes."""

    code = "portal.too_many_files_an_hour"
    sentence = _(
        "Many files came from your network within the hour. Your words are kept: go on without the file and bring it later, "
        "or call %(phone)s."
    )


def _limit(name: str) -> int:
    return int(settings.SIMPUL_LIMITS[name])


def _key(purpose: str, value: str) -> str:
    return f"portal:{purpose}:{ring().blind_index(value, 'portal-guard')[:32]}"


def address(request: HttpRequest) -> str:
    """Where a request comes from (``web.edge`` sees to proxies). One connection of IPv6 has a whole /64: it counts as one."""
    said = str(request.META.get("REMOTE_ADDR", ""))
    found = edge.read_address(said)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return said if found is None else str(found)


def _count(key: str, seconds: int, by: int = 1) -> int:
    """Raise a counter that forgets itself; returns what it stands at."""
    if cache.add(key, by, seconds):
        return by
    try:
        return int(cache.incr(key, by))
    except ValueError:  # it ran out between the two calls
        cache.add(key, by, seconds)
        return by


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


def admit_files(request: HttpRequest, number: int, at: datetime, phone: str) -> None:
    """Count the files that this address lays down before a report is sent: they take room and time although nothing is told yet.

    Raises:
        TooManyFiles: the hour's number is reached.
    """
    if number and _count(_key("files", f"{address(request)}:{at:%Y%m%d%H}"), _HOUR, number) > _limit(
        "files_per_hour"
    ):
        raise TooManyFiles(phone=phone or _phone())
