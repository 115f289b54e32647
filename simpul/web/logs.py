"""Log lines: one line each, UTC, without personal data."""

from __future__ import annotations

import logging
import re
import time

_LONG_NUMBER = re.compile(r"\+?\d[\d .-]{6,}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|\s|$)")


class LineFormatter(logging.Formatter):
    """Scrubs numbers that may be phones, NIK or receipts, e-mail addresses and secret address parts from every line."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The line, scrubbed."""
        line = super().format(record)
        stamp, rest = line[:20], line[20:]
        return stamp + scrub(rest)


def scrub(text: str) -> str:
    """The text without long numbers, mail addresses and secret address parts."""
    return _TOKEN.sub("***", _MAIL.sub("***", _LONG_NUMBER.sub("***", text)))
