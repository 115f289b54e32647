"""One view for every address of GeoReport v2: clients add suffixes, slashes and arguments in many ways, and all must arrive."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.api.open311 import filing, reading
from simpul.api.open311.formats import XML, Fault, faults, split, write
from simpul.api.policy import public
from simpul.cases.actions import intake
from simpul.lib.errors import NotFound, Refused

READING = ("GET", "HEAD")


@public
def georeport(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer one call; whatever is wrong becomes the standard's errors in the format that was asked for."""
    form = XML
    try:
        form, parts = split(rest, request)
        if request.method == "OPTIONS":
            answer = HttpResponse(status=204)
            answer["Access-Control-Allow-Methods"] = answer["Allow"] = "GET, HEAD, POST, OPTIONS"
            answer["Access-Control-Allow-Headers"] = "Content-Type"
        else:
            root, tree, status = _call(request, parts)
            answer = write(root, tree, form, status)
            if request.method in READING:
                answer["Cache-Control"] = "public, max-age=60"
    except Fault as fault:
        answer = faults(fault, form)
    except Refused as refusal:
        answer = faults(_fault_of(refusal), form)
    except RequestDataTooBig:
        answer = faults(Fault(413, "the request is too large"), form)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        answer = faults(Fault(400, "the request cannot be read"), form)
    answer["Access-Control-Allow-Origin"] = "*"  # published data, and a key that no browser sends by itself
    return answer


def _call(request: HttpRequest, parts: list[str]) -> tuple[str, Any, int]:
    """The element, the tree and the status of an answer."""
    at = timezone.now()
    match parts:
        case ["requests"] if request.method == "POST":
            return "service_requests", filing.file_request(request, at), 201
        case _rest if request.method not in READING:
            raise Fault(405, "this method is not available here")
        case ["discovery"] | []:
            return "discovery", reading.discovery(request), 200
    given = filing.given_values(request.GET)
    reading.jurisdiction(given.get("jurisdiction_id", ""), request)
    match parts:
        case ["services"]:
            return "services", reading.services(), 200
        case ["services", code]:
            return "service_definition", reading.service(code), 200
        case ["requests"]:
            return "service_requests", reading.requests(request, given, at), 200
        case ["requests", number]:
            return "service_requests", reading.one_request(request, number, given), 200
        case ["tokens", token]:
            return "service_requests", reading.behind_token(token), 200
    raise Fault(404, "there is no such resource")


def _fault_of(refusal: Refused) -> Fault:
    """A refusal of the house in the standard's words: every wrong answer is named by its attribute."""
    if isinstance(refusal, intake.AnswersWrong):
        return Fault(400, *(f"attribute[{key}]: {_(sentence)}" for key, sentence in refusal.errors.items()))
    return Fault(404 if isinstance(refusal, NotFound) else 400, str(refusal))
