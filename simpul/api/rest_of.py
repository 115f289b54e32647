"""The rest of an address, whatever signs it holds: Django's own "path" stops at the end of a line."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter


class Anything(StringConverter):
    """One sign or more, of any kind."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")
