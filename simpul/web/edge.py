"""The edge: where a request comes from, and how large it is, before anything of it is read.

Behind a proxy every connection comes from the proxy, so its word about the resident's address and about https is taken;
the same words from anybody else are a forgery and are dropped. ``SIMPUL_PROXIES`` says who the proxies are.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from simpul.web import faults

Next = Callable[[HttpRequest], HttpResponseBase]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


class ProxyMiddleware:
    """Put the resident's own address into ``REMOTE_ADDR``, so that a limit per address never counts a whole regency as one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        trusted = _networks(tuple(settings.SIMPUL_PROXIES))
        said = [request.META.pop(name, "") for name in FORWARDED]
        if _is_one_of(read_address(str(request.META.get("REMOTE_ADDR", ""))), trusted):
            forwarded_for, scheme = said
            if own := _farthest(forwarded_for, trusted):
                request.META["REMOTE_ADDR"] = own
            if scheme:
                request.META["HTTP_X_FORWARDED_PROTO"] = scheme
        return self.get_response(request)


def _farthest(forwarded_for: str, trusted: Iterable[Network]) -> str:
    """The last address in the chain that is not a proxy of ours: what stands before it is the sender's own word."""
    for part in reversed(forwarded_for.split(",")):
        address = read_address(part)
        if address is None:
            return ""
        if not _is_one_of(address, trusted):
            return str(address)
    return ""


def read_address(text: str) -> Address | None:
    """An address; IPv4 in IPv6 clothes as IPv4. None when it is none."""
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_one_of(address: Address | None, networks: Iterable[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


@lru_cache(maxsize=4)
def _networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(name.strip(), strict=False) for name in names if name.strip())


class PageMiddleware:
    """Refuse what is far too large unread, give bare refusals a page, and keep personal pages out of every cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _length(request) > settings.SIMPUL_MAX_BODY:
            return faults.too_large(request)
        response = self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b"."):
            response = faults.not_allowed(request, response.headers.get("Allow", ""))
        if _is_personal(request) and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _is_personal(request: HttpRequest) -> bool:
    """Somebody with a session, or an answer to a form: the page may show what was typed or who is signed in."""
    return request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES
