"""House rules on what residents and officers load: pages without inline code, policies on every address, licences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver

# Views that are not ours, by the module they come from, and the policy they keep.
THIRD_PARTY: dict[str, str] = {
    "allauth.": "public: signing in and the second factor; allauth asks for the session where one is needed",
    "django.views.static": "public: files of the interface, in development and tests",
    "django.views.i18n": "public: the words of the interface for scripts",
    "django.views.generic.base": "public: a redirect to an address that has its own policy",
}

INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a <style> element": re.compile(r"<style\b", re.IGNORECASE),
    "an on... attribute": re.compile(r"<[a-z][^>]*\s(?:hx-)?on[a-z:-]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"""["']\s*javascript:""", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "a file from another site": re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}  # fmt: skip
HTML_SUFFIXES = {".html", ".svg"}


def inline_code(root: Path) -> list[str]:
    """Templates that the content security policy would break: inline style or script, files from elsewhere."""
    found = []
    for path in sorted((root / "simpul").rglob("templates/**/*")):
        if path.suffix in HTML_SUFFIXES:
            text = path.read_text(encoding="utf-8")
            for what, pattern in INLINE.items():
                for match in pattern.finditer(text):
                    line = text.count("\n", 0, match.start()) + 1
                    found.append(
                        f"{path.relative_to(root).as_posix()}:{line}: {what}; put it into simpul/static/."
                    )
    return found


def unlicensed(root: Path) -> list[str]:
    """Vendored files without a licence in their own folder, or one above it inside `vendor`."""
    vendor = root / "simpul" / "static" / "vendor"
    found = []
    for path in sorted(vendor.rglob("*")):
        if path.is_file() and not _is_licence(path):
            folders = [folder for folder in path.parents if vendor in folder.parents]
            if not any(_is_licence(item) for folder in folders for item in folder.iterdir()):
                found.append(f"{path.relative_to(root).as_posix()}: lay its licence beside it.")
    return found


def _is_licence(path: Path) -> bool:
    return path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))


def addresses(patterns: Iterable[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of a URL configuration with the view that answers it."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def without_policy(patterns: Iterable[Any]) -> list[str]:
    """Addresses whose view declares no policy."""
    return [
        f"/{address}: its view ({view.__module__}.{getattr(view, '__qualname__', view)}) declares no policy; "
        "decorate it with one of simpul.web.policy."
        for address, view in addresses(patterns)
        if not policy_of(view)
    ]


def policy_of(view: Any) -> str:
    """The policy a view declares, or that of the table for views that are not ours; "" for none."""
    declared = getattr(view, "policy", "") or getattr(getattr(view, "view_class", None), "policy", "")
    if declared:
        return str(declared)
    module = getattr(view, "view_class", view).__module__
    return next((policy for start, policy in THIRD_PARTY.items() if module.startswith(start)), "")
