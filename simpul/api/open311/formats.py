"""GeoReport's two formats. One tree of dicts and lists is written as XML or as JSON; the names of list items are the standard's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse

XML, JSON = "xml", "json"
_ITEMS = {
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "service_requests": "request",
    "errors": "error",
}
"""A list's element in XML, and that of each of its items."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Fault(Exception):  # noqa: N818 - an answer of the protocol
    """What GeoReport answers when something is wrong: an HTTP status and one sentence or several."""

    def __init__(self, status: int, *sentences: str, retry_after: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.sentences = sentences
        self.retry_after = retry_after


def split(rest: str, request: HttpRequest) -> tuple[str, list[str]]:
    """The format and the parts of the address after ``v2/``: ``services/033.xml`` -> ("xml", ["services", "033"]).

    Slashes at both ends are passed over. Without a suffix the standard's own format, XML, is given, unless JSON is asked for.

    Raises:
        Fault: a format that is not spoken here.
    """
    parts = [part for part in rest.split("/") if part]
    if parts:
        head, dot, suffix = parts[-1].rpartition(".")
        if dot and suffix.lower() in (XML, JSON):
            return suffix.lower(), [*parts[:-1], head]
        if dot:
            raise Fault(404, f"format {suffix!r} is not available; use xml or json")
    accepts = request.headers.get("Accept", "")
    said = request.GET.get("format", "json" if "json" in accepts and "xml" not in accepts else XML).lower()
    return said if said in (XML, JSON) else XML, parts


def write(root: str, tree: Any, form: str, status: int = 200) -> HttpResponse:
    """A tree as an answer: in XML under the element ``root``, in JSON as it is."""
    if form == JSON:
        text = json.dumps(tree, ensure_ascii=False)
        return HttpResponse(text.encode("utf-8", "replace"), "application/json; charset=utf-8", status)
    element = ET.Element(root)
    _fill(element, root, tree)
    body = ET.tostring(element, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return HttpResponse((head + body).encode(), "text/xml; charset=utf-8", status)


def _fill(element: ET.Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(ET.SubElement(element, key), key, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            item = _ITEMS[name]
            _fill(ET.SubElement(element, item), item, inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NOT_XML.sub("", str(value))


def faults(fault: Fault, form: str) -> HttpResponse:
    """The errors of a call: the code is the HTTP status, as the standard's examples have it."""
    rows = [{"code": fault.status, "description": sentence} for sentence in fault.sentences]
    answer = write("errors", rows, form, fault.status)
    if fault.retry_after:
        answer["Retry-After"] = str(fault.retry_after)
    return answer
