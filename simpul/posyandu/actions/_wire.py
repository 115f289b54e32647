"""Talking to DHIS2 and SATUSEHAT: one call, its answer, and one kind of fault. Steps, no acts.

DHIS2: HTTP Basic; ``POST /api/dataValueSets``, ``POST /api/tracker`` (asynchronous: a job, asked for later). SATUSEHAT: OAuth2 client
credentials at ``/oauth2/v1/accesstoken``, FHIR at ``/fhir-r4/v1`` (secondary: both systems' published guides).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from simpul.messages.transports import calls, outgoing
from simpul.posyandu.models import Connection
from simpul.posyandu.rules import satusehat

FHIR = "/fhir-r4/v1"
TOKEN = "/oauth2/v1/accesstoken?grant_type=client_credentials"  # noqa: S105 - an address
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_TIMEOUT = 30.0


class Fault(Exception):  # noqa: N818 - told to people by the act that meets it
    """Nothing came of a call. ``again``: it may be tried later; otherwise the other side says no."""

    def __init__(self, said: str, *, again: bool) -> None:
        super().__init__(said)
        self.again = again


def ask(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> calls.Answer:
    """One call. Raises ``Fault`` when nobody answers."""
    try:
        return calls.call(method, url, headers=headers, body=body, timeout=_TIMEOUT)
    except outgoing.Unreachable as fault:
        raise Fault(str(fault)[:200], again=True) from None


def post(url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> calls.Answer:
    """Send an object as JSON. Raises ``Fault`` as ``ask``."""
    return ask("POST", url, headers={**_JSON, **headers}, body=json.dumps(body).encode())


def basic(row: Connection) -> dict[str, str]:
    """The account of a connection as HTTP Basic."""
    pair = base64.b64encode(f"{row.user}:{row.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def token(row: Connection) -> dict[str, str]:
    """A header with a fresh token of SATUSEHAT. Raises ``Fault`` when the account is not let in."""
    form = urlencode({"client_id": row.user, "client_secret": row.secret}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    answer = ask("POST", f"{row.url}{TOKEN}", headers=headers, body=form)
    found = answer.json().get("access_token")
    if not answer.ok or not isinstance(found, str) or not found:
        raise refused(answer)
    return {"Authorization": f"Bearer {found}"}


def patient_number(row: Connection, nik: str, headers: Mapping[str, str]) -> str:
    """SATUSEHAT's own number of a person, by NIK; "" when it knows nobody. Raises ``Fault``."""
    wanted = quote(f"{satusehat.NIK_SYSTEM}|{nik}", safe="")
    answer = ask(
        "GET",
        f"{row.url}{FHIR}/Patient?identifier={wanted}",
        headers={**headers, "Accept": "application/json"},
    )
    if not answer.ok:
        raise refused(answer)
    for entry in as_list(answer.json().get("entry")):
        number = as_object(as_object(entry).get("resource")).get("id")
        if isinstance(number, str):
            return number
    return ""


def told(row: Connection, fault: Fault) -> str:
    """The words of a fault as they are kept; a server that repeats our secret does not bring it into a table."""
    said = str(fault)
    return (said.replace(row.secret, "…") if row.secret else said)[:300]


def refused(answer: calls.Answer) -> Fault:
    """What an answer that is no success means: busy or locked out may be tried again, a "no" may not."""
    return Fault(words(answer), again=is_busy(answer))


def is_busy(answer: calls.Answer) -> bool:
    """True when the same call may succeed later: the server is busy, or our session there has ended."""
    return answer.status in (401, 403, 408, 425, 429) or answer.status >= 500


def words(answer: calls.Answer) -> str:
    """The other side's own words about what went wrong, shortened."""
    found = answer.json()
    for one in as_list(found.get("issue")):
        issue = as_object(one)
        said = issue.get("diagnostics") or as_object(issue.get("details")).get("text")
        if said:
            return f"{answer.status} {said}"[:200]
    for name in ("message", "description", "error_description", "error", "status"):
        if isinstance(found.get(name), str):
            return f"{answer.status} {found[name]}"[:200]
    return str(answer.status)


def as_object(found: Any) -> dict[str, Any]:
    """What should be an object of JSON; an empty one for anything else that the other side may have sent."""
    return found if isinstance(found, dict) else {}


def as_list(found: Any) -> list[Any]:
    """What should be a list of JSON; an empty one for anything else."""
    return found if isinstance(found, list) else []
