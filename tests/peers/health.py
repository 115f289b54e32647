"""A DHIS2 and a SATUSEHAT of the documented shapes on ports of this machine: they check accounts, names and bodies by their own rules.

They know nothing of Simpul, and can be told to be busy, to lose a session or to take time with a job.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from fhir.resources.R4B.bundle import Bundle

P = TypeVar("P", bound="Peer")
USER, PASSWORD = "integrasi", "kunci-dinas-17"
_UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")


@dataclass
class Peer:
    """Where it listens, what it holds, what it was asked, and the statuses it answers next whatever it is asked."""

    url: str = ""
    held: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Status and body."""
        raise NotImplementedError


@dataclass
class Dhis2(Peer):
    """Data value sets and tracker. ``elements`` and ``units`` are the identifiers it knows; ``jobs`` ripen after ``ripe`` questions."""

    data_set: str = "BfMAe6Itzgt"
    elements: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    ripe: int = 1

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Basic authentication, then the resource."""
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("authorization") != wanted:
            return 401, {
                "httpStatus": "Unauthorized",
                "httpStatusCode": 401,
                "status": "ERROR",
                "message": "Unauthorized",
            }
        told = urlsplit(path)
        if told.path == "/api/me":
            return 200, {"id": "xE7jOejl9FI", "username": USER}
        if told.path == "/api/dataValueSets" and method == "POST":
            return self._values(json.loads(body))
        if told.path == "/api/tracker" and method == "POST":
            return self._tracker(json.loads(body), parse_qs(told.query))
        if found := re.fullmatch(r"/api/tracker/jobs/(\w+)/report", told.path):
            return self._report(found[1])
        return 404, {"httpStatus": "Not Found", "httpStatusCode": 404, "status": "ERROR", "message": path}

    def _values(self, body: dict[str, Any]) -> tuple[int, Any]:
        conflicts, counts = [], {"imported": 0, "updated": 0, "ignored": 0, "deleted": 0}
        for one in body["dataValues"]:
            wrong = ""
            if one["dataElement"] not in self.elements:
                wrong = f"Data element not found or not accessible: `{one['dataElement']}`"
            elif one["orgUnit"] not in self.units:
                wrong = f"Organisation unit not found or not accessible: `{one['orgUnit']}`"
            elif not re.fullmatch(r"\d{6}", one["period"]):
                wrong = f"Period not valid: `{one['period']}`"
            elif not isinstance(one["value"], str) or not one["value"].isdigit():
                wrong = f"Value must match value type of data element: `{one['value']}`"
            key = (
                f"{one['dataElement']}|{one.get('categoryOptionCombo', '')}|{one['orgUnit']}|{one['period']}"
            )
            if wrong:
                conflicts.append({"object": one["dataElement"], "value": wrong})
                counts["ignored"] += 1
            else:
                counts["updated" if key in self.held else "imported"] += 1
                self.held[key] = one["value"]
        if body["dataSet"] != self.data_set:
            conflicts.append({"object": body["dataSet"], "value": "Data set not found"})
        status = "WARNING" if conflicts else "SUCCESS"
        summary = {
            "responseType": "ImportSummary",
            "status": status,
            "description": "Import process completed successfully",
            "importCount": counts,
            "conflicts": conflicts,
        }
        code = 409 if conflicts else 200
        return code, {
            "httpStatus": "Conflict" if conflicts else "OK",
            "httpStatusCode": code,
            "status": "WARNING" if conflicts else "OK",
            "message": "Import was successful." if not conflicts else "One more conflicts encountered",
            "response": summary,
        }

    def _tracker(self, body: dict[str, Any], query: dict[str, list[str]]) -> tuple[int, Any]:
        job = "J" + secrets.token_hex(5)
        errors = []
        for entity in body["trackedEntities"]:
            uids = [entity["trackedEntity"]]
            for enrolment in entity["enrollments"]:
                uids += [enrolment["enrollment"], *(event["event"] for event in enrolment["events"])]
            errors += [
                {"message": f"Uid: `{one}` is not valid", "uid": one}
                for one in uids
                if not _UID.fullmatch(one)
            ]
            if entity["orgUnit"] not in self.units:
                errors.append(
                    {
                        "message": f"Could not find OrganisationUnit: `{entity['orgUnit']}`",
                        "errorCode": "E1049",
                    }
                )
        self.jobs[job] = {"left": self.ripe, "errors": errors, "body": body, "mode": query.get("atomicMode")}
        return 200, {
            "httpStatus": "OK",
            "httpStatusCode": 200,
            "status": "OK",
            "message": "Tracker job added",
            "response": {
                "responseType": "TrackerJob",
                "id": job,
                "location": f"{self.url}/api/tracker/jobs/{job}",
            },
        }

    def _report(self, job: str) -> tuple[int, Any]:
        found = self.jobs.get(job)
        if found is None or found["left"] > 0:
            if found is not None:
                found["left"] -= 1
            return 404, {"httpStatus": "Not Found", "httpStatusCode": 404, "status": "ERROR"}
        entities = found["body"]["trackedEntities"]
        if found["errors"]:
            stats = {
                "created": 0,
                "updated": 0,
                "deleted": 0,
                "ignored": len(entities),
                "total": len(entities),
            }
            return 200, {
                "status": "ERROR",
                "validationReport": {"errorReports": found["errors"], "warningReports": []},
                "stats": stats,
            }
        created = sum(entity["trackedEntity"] not in self.held for entity in entities)
        self.held.update({entity["trackedEntity"]: entity for entity in entities})
        stats = {
            "created": created,
            "updated": len(entities) - created,
            "deleted": 0,
            "ignored": 0,
            "total": len(entities),
        }
        return 200, {
            "status": "OK",
            "validationReport": {"errorReports": [], "warningReports": []},
            "stats": stats,
        }


@dataclass
class Satusehat(Peer):
    """OAuth2, the patient index, and bundles; a token lasts for ``lasts`` requests, and ``lost`` answers to bundles get lost on the way."""

    tokens: dict[str, int] = field(default_factory=dict)
    lasts: int = 1000
    patients: dict[str, str] = field(default_factory=dict)  # NIK -> number
    bundles: list[dict[str, Any]] = field(default_factory=list)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)  # "Observation/…" -> as it stands
    lost: int = 0

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """A token first; everything else with one."""
        told = urlsplit(path)
        query = parse_qs(told.query)
        if told.path == "/oauth2/v1/accesstoken":
            form = parse_qs(body.decode())
            if query.get("grant_type") != ["client_credentials"] or (
                form.get("client_id"),
                form.get("client_secret"),
            ) != ([USER], [PASSWORD]):
                return 401, {"ErrorCode": "invalid_client", "error": "ClientId is Invalid"}
            token = secrets.token_hex(14)
            self.tokens[token] = self.lasts
            return 200, {"token_type": "BearerToken", "access_token": token, "expires_in": "14399"}
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= 0:
            return 401, {"fault": {"faultstring": "Access Token expired"}}
        self.tokens[token] -= 1
        if told.path == "/fhir-r4/v1/Patient":
            return self._find(query.get("identifier", [""])[0])
        if told.path == "/fhir-r4/v1" and method == "POST":
            return self._take(json.loads(body))
        return 404, _outcome("not-found", path)

    def _find(self, identifier: str) -> tuple[int, Any]:
        system, _bar, nik = identifier.partition("|")
        number = self.patients.get(nik) if system == "https://fhir.kemkes.go.id/id/nik" else None
        found = (
            [
                {
                    "fullUrl": f"{self.url}/Patient/{number}",
                    "resource": {"resourceType": "Patient", "id": number},
                }
            ]
            if number
            else []
        )
        return 200, {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": found}

    def _take(self, body: dict[str, Any]) -> tuple[int, Any]:
        try:
            Bundle.model_validate(body)
        except ValueError as fault:
            return 400, _outcome("structure", str(fault)[:200])
        for entry in body["entry"]:
            resource = entry["resource"]
            if resource["resourceType"] == "Encounter" and resource["status"] not in (
                "arrived",
                "in-progress",
                "finished",
                "entered-in-error",
            ):
                return 400, _outcome("value", "RuleNumber: 10018")
            if resource["resourceType"] == "Patient":
                self.patients[resource["identifier"][0]["value"]] = f"P{secrets.randbelow(10**11):011d}"
        for entry in body["entry"]:
            place = entry["request"]["url"]
            if entry["request"]["method"] == "PUT" and (
                place not in self.resources or place.partition("/")[2] != entry["resource"].get("id")
            ):
                return 404, _outcome("not-found", place)
        self.bundles.append(body)
        answers = [{"response": self._keep(entry)} for entry in body["entry"]]
        if self.lost:
            self.lost -= 1
            return 504, _outcome("timeout", "upstream request timeout")
        return 200, {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}

    def _keep(self, entry: dict[str, Any]) -> dict[str, str]:
        """Made anew (POST) unless it is there, or changed in place (PUT); two ways to say where, as servers do."""
        kind, made = entry["resource"]["resourceType"], entry["request"]["method"] == "POST"
        place = f"{kind}/{secrets.token_hex(8)}" if made else entry["request"]["url"]
        if made and (found := self._named(kind, entry["request"].get("ifNoneExist", ""))):
            return {"status": "200 OK", "location": f"{self.url}/fhir-r4/v1/{found}/_history/1"}
        self.resources[place] = entry["resource"]
        where = f"{self.url}/fhir-r4/v1/{place}/_history/1"
        answer = {"status": "201 Created" if made else "200 OK", "location": where}
        if kind == "Encounter":
            answer |= {"resourceType": kind, "resourceID": place.partition("/")[2]}
        return answer

    def _named(self, kind: str, query: str) -> str:
        """Where the resource of this kind is whose identifier is asked for, or nothing."""
        system, _bar, value = query.removeprefix("identifier=").partition("|")
        for place, one in self.resources.items():
            names = one.get("identifier", [])
            if place.startswith(f"{kind}/") and any(
                (name.get("system"), name.get("value")) == (system, value) for name in names
            ):
                return place
        return ""


def _outcome(code: str, words: str) -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": words}],
    }


@contextmanager
def running(peer: P) -> Iterator[P]:
    """The peer on a port of its own, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do("GET")

        def do_POST(self) -> None:
            self._do("POST")

        def _do(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            peer.asked.append((method, self.path))
            headers = {name.lower(): value for name, value in self.headers.items()}
            code, told = (
                (peer.busy.pop(0), {}) if peer.busy else peer.answer(method, self.path, headers, body)
            )
            said = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
