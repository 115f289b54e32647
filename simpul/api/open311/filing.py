"""``POST requests``: a report of a resident that another application brings."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul.api import keys
from simpul.api.open311 import reading
from simpul.api.open311.formats import Fault
from simpul.cases.actions import intake
from simpul.exchange import access as exchange_access
from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries
from simpul.exchange.queries import requests as request_queries
from simpul.lib import ids, media
from simpul.lib import text as texts
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules

SAME_WITHIN = timedelta(minutes=10)
"""The standard knows no key against doubles: the very same words with the same key within this time are one report."""

SCOPE = "requests.write"
_LONGEST = 4000
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,60})\](\[[0-9]*\])?")
_NEARLY_EXACT = region_rules.EXACT - 8.0
_PLACE_LENGTH = 200


def file_request(request: HttpRequest, at: datetime) -> list[dict[str, Any]]:
    """Take the report in, once, and give its number, or a token when it will not be public or a person must look first.

    Raises:
        Fault: key, place, kind or words are not as they must be; each says which.
    """
    given = request.POST
    token = _token(given.get("api_key") or request.GET.get("api_key", ""), at)
    inside = _jurisdiction(request, given, token)
    digest = hashlib.sha256(
        json.dumps([token.prefix, inside, sorted(map(list, _pairs(request)))]).encode()
    ).hexdigest()
    claim = exchange_actions.claim_reply(
        by=MACHINE, at=at, token_id=token.id, key=f"open311:{digest}", digest=digest, lasts=SAME_WITHIN
    )
    if claim.state == "done":
        return [dict(json.loads(claim.body))]
    if claim.state != "new":
        raise Fault(
            409, _("This very report is being taken in just now. Ask again in a moment."), retry_after=2
        )
    try:
        answer = _open(request, given, token, inside, claim.reply_id, at)
    except (Fault, Refused):
        exchange_actions.drop_reply(by=MACHINE, at=at, reply_id=claim.reply_id)
        raise
    exchange_actions.keep_reply(
        by=MACHINE, at=at, reply_id=claim.reply_id, status=201, body=json.dumps(answer, ensure_ascii=False)
    )
    return [answer]


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was sent, files by what is in them: what makes two reports the same."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name != "api_key"]
    for name, file in request.FILES.items():
        pairs.append((name, hashlib.sha256(file.read()).hexdigest()))  # type: ignore[union-attr]
        file.seek(0)  # type: ignore[union-attr]
    return pairs


def _token(secret: str, at: datetime) -> exchange_queries.Key:
    try:
        token = keys.token_of(secret, at)
    except keys.TooManyRequests as refusal:
        raise Fault(429, str(refusal), retry_after=refusal.seconds) from refusal
    if token is None or SCOPE not in token.scopes:
        raise Fault(403, "api_key is missing or not valid for sending requests")
    return token


def _jurisdiction(request: HttpRequest, given: QueryDict, token: exchange_queries.Key) -> str:
    said = given.get("jurisdiction_id") or request.GET.get("jurisdiction_id", "")
    inside = reading.jurisdiction(str(said), request)
    if not said and len(token.jurisdictions) == 1:
        inside = token.jurisdictions[0]
    if not inside and token.desk is not None:
        inside = token.desk.region_code  # an installation for everywhere: where the partner of the key works
    _check_area(token, inside)
    return inside


def _check_area(token: exchange_queries.Key, code: str) -> None:
    if token.jurisdictions and not code.startswith(tuple(token.jurisdictions)):
        raise Fault(403, "api_key is not valid for this jurisdiction_id")


def _open(
    request: HttpRequest,
    given: QueryDict,
    token: exchange_queries.Key,
    inside: str,
    case_id: Any,
    at: datetime,
) -> dict[str, Any]:
    """One call of the act that takes matters in."""
    code = str(given.get("service_code", ""))
    if not code:
        raise Fault(400, "service_code was not provided")
    kind = reading.offered(code)
    region_code, place = _place(given, inside)
    _check_area(token, region_code)
    person = _person(given)
    opened = intake.open_case(
        by=exchange_access.resident_of(token),
        at=at,
        kind_code=kind.code,
        text_given=_words(given, kind),
        region_code=region_code,
        channel="open311",
        answers=_answers(given, kind),
        # Nameless is not anonymous: there is a number to follow it by. A kind that needs a name refuses it.
        mode="self" if person or kind.anonymous_allowed else "anonymous",
        reporter=person,
        place=place,
        language="en" if (get_language() or "id").startswith("en") else "id",
        clean_files=_files(request),
        case_id=case_id,
    )
    return _receipt(opened, kind, told=person is not None)


def _receipt(opened: intake.Opened, kind: Any, *, told: bool) -> dict[str, Any]:
    """Number or token, and a sentence for the person. Who left no way to be reached takes the receipt home this way."""
    case = opened.case
    shown = reading.is_public(kind) and case.sensitivity == "normal" and case.mode != "anonymous"
    if opened.receipt16:
        secret = ids.group_digits(opened.receipt16, 4)
        notice = "" if told else _("Keep this receipt to follow it: %(receipt)s.") % {"receipt": secret}
    elif told:
        notice = _("Your number is %(number)s.") % {"number": opened.number}
    else:
        notice = _("Your number is %(number)s and your PIN is %(pin)s. Keep both to follow it.") % {
            "number": opened.number,
            "pin": ids.group_digits(opened.pin),
        }
    words = " ".join(part for part in (_("Thank you. A person reads this."), notice) if part)
    key = {"service_request_id": opened.number} if shown else {"token": request_queries.token_of(case.id)}
    return {**key, "service_notice": words, "account_id": None}


# --- what was sent ----------------------------------------------------------------------------------------------------


def _words(given: QueryDict, kind: Any) -> str:
    """The person's words; without any, what the kind is called. An address of a picture is kept as text and never fetched."""
    said = str(given.get("description", ""))
    if len(said) > _LONGEST:
        raise Fault(400, f"description is longer than {_LONGEST} characters")
    link = texts.clean_line(str(given.get("media_url", "")))[:500]
    words = said if len(texts.clean_text(said)) >= 3 else reading.in_words(kind, "name")
    return f"{words}\n\nmedia_url: {link}" if link else words


def _person(given: QueryDict) -> intake.PersonGiven | None:
    parts = [texts.clean_line(str(given.get(name, "")))[:75] for name in ("first_name", "last_name")]
    name = " ".join(part for part in parts if part)
    phone, email = (texts.clean_line(str(given.get(field, "")))[:100] for field in ("phone", "email"))
    if not (name or phone or email):
        return None
    return intake.PersonGiven(name=name, phone=phone, email=email)


def _answers(given: QueryDict, kind: Any) -> dict[str, object]:
    """``attribute[code]=value``, several times or with ``[]`` for a list; a moment is cut to its date."""
    types = {str(field["key"]): str(field["type"]) for field in kind.fields}
    found: dict[str, list[str]] = {}
    for name, values in given.lists():
        match = _ATTRIBUTE.fullmatch(name)
        if match and match[1] in types:
            found.setdefault(match[1], []).extend(str(value) for value in values)
    return {key: _answer(types[key], values) for key, values in found.items()}


def _answer(type_: str, values: list[str]) -> object:
    if type_ == "choices":
        return [value for value in values if value]
    value = values[-1]
    if type_ == "date" and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", value):
        return value[:10]
    return value


def _files(request: HttpRequest) -> list[media.CleanFile]:
    """Pictures sent along (some clients do, under "media"): judged and made anew as at every door."""
    files = [file for _name, several in request.FILES.lists() for file in several]
    if len(files) > settings.SIMPUL_MAX_FILES:
        raise Fault(400, f"at most {settings.SIMPUL_MAX_FILES} files are taken")
    return [
        media.inspect_and_clean(file.read(), file.name or "media", max_bytes=settings.SIMPUL_MAX_FILE)
        for file in files
    ]


# --- where it is ------------------------------------------------------------------------------------------------------


def _place(given: QueryDict, inside: str) -> tuple[str, str]:
    """The region, and the place in words: from an address id, an address, or coordinates; the first that can be read decides.

    Regions have no coordinates here, so a point alone goes to the jurisdiction as a whole with the point kept for the officer.
    """
    address_id, address = (
        texts.clean_line(str(given.get(name, ""))) for name in ("address_id", "address_string")
    )
    point = _point(given)
    if not (address_id or address or point):
        raise Fault(400, "a location was not provided: lat and long, address_string, or address_id")
    place = ", ".join(part for part in (address[: _PLACE_LENGTH - 30], point) if part)
    if address_id:
        region = region_queries.find_region(address_id[:20])
        if region is None or not region.code.startswith(inside):
            raise Fault(
                400, f"address_id {address_id[:40]!r} was not found; it is the code of a village or district"
            )
        return region.code, place
    found = _village(address, inside) if address else ""
    if not (found or inside):
        raise Fault(400, "the location was not found: give the code of the village as address_id")
    return found or inside, place


def _point(given: QueryDict) -> str:
    said = [str(given.get(name, "")).strip() for name in ("lat", "long")]
    if not any(said):
        return ""
    number = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?")
    if not all(number.fullmatch(part) for part in said):
        raise Fault(400, "lat and long must both be given, as decimal degrees")
    lat, long = (float(part) for part in said)
    if abs(lat) > 90 or abs(long) > 180:
        raise Fault(400, "lat must be between -90 and 90, long between -180 and 180")
    return f"{lat:.6f}, {long:.6f}"


def _village(address: str, inside: str) -> str:
    """The village or district an address names, read from its smallest part on; "" when none fits nearly exactly."""
    parts = [part.strip() for part in address.split(",") if part.strip()][:8]
    near = region_rules.nearness(inside, inside) if inside else 0.0
    for start in range(len(parts)):
        found = region_queries.search_villages(", ".join(parts[start:]), inside, 1, within=inside)
        if found and found[0].score >= _NEARLY_EXACT + min(
            near, region_rules.nearness(found[0].code, inside)
        ):
            return found[0].code
    return ""


def given_values(given: QueryDict) -> Mapping[str, str]:
    """The last value of each name."""
    return {name: str(given[name]) for name in given}
