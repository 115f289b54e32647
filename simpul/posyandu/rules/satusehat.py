"""SATUSEHAT: a posyandu day in FHIR R4, as plain dictionaries. Pure.

Sources (secondary): SATUSEHAT's published guides (identifier systems, LOINC codes of weight 29463-7, height 8302-2, length 8306-3), HL7
FHIR R4. No profile for posyandu is known (unconfirmed): resources carry what the base specification asks, nothing that a profile would have
to allow. Plain dictionaries are checked against a validator in the tests, since building through a model library is 60 times slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

NIK_SYSTEM = "https://fhir.kemkes.go.id/id/nik"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
DOSE = "dose:"
_PLACE = re.compile(r"\b([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?$")
_SPACE = UUID("b9d3a3a4-2f6b-5a3e-8a55-2e0c4e4a9a10")

MEASURES: Mapping[str, tuple[str, str, str, str]] = {
    "weight": ("29463-7", "Body weight", "kg", "kg"),
    "height": ("8302-2", "Body height", "cm", "cm"),
    "length": ("8306-3", "Body height --lying", "cm", "cm"),
    "head": ("9843-4", "Head Occipital-frontal circumference", "cm", "cm"),
    "muac": ("56072-2", "Circumference Mid upper arm - right", "cm", "cm"),
    "systolic": ("8480-6", "Systolic blood pressure", "mm[Hg]", "mmHg"),
    "diastolic": ("8462-4", "Diastolic blood pressure", "mm[Hg]", "mmHg"),
    "glucose": ("2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", "mg/dL"),
    "haemoglobin": ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", "g/dL"),
}
"""Our name -> LOINC code, its display, UCUM code, printed unit. Confirmed by SATUSEHAT's guides: weight, height, length; the others are
LOINC's own codes (secondary) and may be wanted otherwise by a profile."""


@dataclass(frozen=True, slots=True)
class Site:
    """Who sends: identifiers that SATUSEHAT gave the institution, and the health worker who answers for the day."""

    organization: str
    location: str = ""
    practitioner: str = ""
    vaccine_system: str = ""  # code system of vaccines (KFA) as configured; empty: the text alone
    vaccines: Mapping[str, str] = field(default_factory=dict)  # our dose code -> code of that system


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom it is about."""

    key: UUID
    nik: str
    name: str
    sex: str
    birth_date: date | None
    ihs: str = ""  # SATUSEHAT's own number, when it is known: then no Patient is sent


@dataclass(frozen=True, slots=True)
class Dose:
    """A vaccine that was given."""

    code: str
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person on one day: begin and end of the visit with their zone, and what was measured (weights in kg, lengths in cm)."""

    key: UUID
    patient: Patient
    starts: datetime
    ends: datetime
    measures: Mapping[str, float]
    doses: Sequence[Dose] = ()


def known_as(came: Attendance, number: str) -> Attendance:
    """The same visit of a person whose number at SATUSEHAT is known now ("" changes nothing)."""
    return replace(came, patient=replace(came.patient, ihs=number)) if number else came


def bundle(site: Site, came: Attendance) -> dict[str, Any]:
    """A transaction with Patient (when SATUSEHAT's number is not known), Encounter, Observations and Immunizations.

    Raises:
        ValueError: a moment without its zone: SATUSEHAT wants an offset in every dateTime.
    """
    return bundle_of(site, came, {})[0]


def bundle_of(
    site: Site, came: Attendance, known: Mapping[str, str], *, void: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """The same for a visit of which something may have been sent before, and what each entry is ("encounter", "weight", "dose:hb0").

    ``known`` are the resources that it got there by the same words (``Observation/b2f…``): they are changed in place (PUT), so that sending
    again makes nothing twice. Everything else is made only where its identifier is not there yet (ifNoneExist, FHIR R4 3.1.0.7.1), so that
    an answer which got lost on the way leads to no double. What is there and no longer here, or everything when the visit is ``void``,
    is marked ``entered-in-error``.

    Raises:
        ValueError: as ``bundle``.
    """
    for moment in (came.starts, came.ends):
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
    entries: list[dict[str, Any]] = []
    parts: list[str] = []
    if came.patient.ihs:
        subject = {"reference": f"Patient/{came.patient.ihs}", "display": came.patient.name}
    else:
        urn = _urn(came.patient.key, "patient")
        subject = {"reference": urn, "display": came.patient.name}
        entries.append(_entry(urn, _patient(came.patient), f"identifier={NIK_SYSTEM}|{came.patient.nik}"))
        parts.append("patient")
    for part, resource, gone in _resources(site, came, subject, known):
        if void or gone:
            if part not in known:
                continue
            resource["status"] = "entered-in-error"
        name = _identifier(site, came.key, part, resource["resourceType"])
        unless = f"identifier={name['system']}|{name['value']}"
        there = known.get(part, "")
        entries.append(_entry(_urn(came.key, part), {**resource, "identifier": [name]}, unless, there))
        parts.append(part)
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}, parts


def _resources(
    site: Site, came: Attendance, subject: dict[str, str], known: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every resource of a visit, with its word and whether it is gone here while the other side still has it."""
    visit = known.get("encounter") or _urn(came.key, "encounter")
    yield "encounter", _encounter(site, came, subject), False
    for name in MEASURES:
        if name in came.measures:
            yield name, _observation(site, came, subject, visit, name, came.measures[name]), False
        elif name in known:
            yield name, _observation(site, came, subject, visit, name, None), True
    given = {f"{DOSE}{one.code}": one for one in came.doses}
    for part, dose in given.items():
        yield part, _immunization(site, subject, visit, dose), False
    for part in known:
        if part.startswith(DOSE) and part not in given:
            code = part.removeprefix(DOSE)
            lost = Dose(code, code.upper(), came.starts.date())
            yield part, _immunization(site, subject, visit, lost), True


def numbers_in(answer: Mapping[str, Any], parts: Sequence[str]) -> dict[str, str]:
    """What the other side calls the resources of a transaction: its answers stand in the order of the entries (FHIR R4, 3.1.0.11.2).

    >>> numbers_in({"entry": [{"response": {"location": "https://a/Encounter/7/_history/1"}}]}, ["encounter"])
    {'encounter': 'Encounter/7'}
    """
    found: dict[str, str] = {}
    entries = answer.get("entry")
    for part, entry in zip(parts, entries if isinstance(entries, list) else [], strict=False):
        told = entry.get("response") if isinstance(entry, dict) else None
        if part == "patient" or not isinstance(told, dict):
            continue
        kind, number = told.get("resourceType"), told.get("resourceID")
        if isinstance(kind, str) and isinstance(number, str):
            found[part] = f"{kind}/{number}"[:120]
        elif place := _PLACE.search(str(told.get("location") or "")):
            found[part] = f"{place[1]}/{place[2]}"
    return found


def _urn(key: UUID, what: str) -> str:
    return f"urn:uuid:{uuid5(_SPACE, f'{key}|{what}')}"


def _identifier(site: Site, key: UUID, part: str, kind: str) -> dict[str, str]:
    """What a resource is called by us; the systems are those of SATUSEHAT's guides, one for each institution and kind."""
    system = f"http://sys-ids.kemkes.go.id/{kind.lower()}/{site.organization}"
    return {
        "system": system,
        "value": str(key) if part == "encounter" else f"{key}-{part.removeprefix(DOSE)}",
    }


def _entry(urn: str, resource: dict[str, Any], only_if_none: str = "", there: str = "") -> dict[str, Any]:
    if there:
        resource = {**resource, "id": there.partition("/")[2]}
        return {"fullUrl": urn, "resource": resource, "request": {"method": "PUT", "url": there}}
    request = {"method": "POST", "url": resource["resourceType"]}
    if only_if_none:
        request["ifNoneExist"] = only_if_none
    return {"fullUrl": urn, "resource": resource, "request": request}


def _patient(one: Patient) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "Patient",
        "identifier": [{"use": "official", "system": NIK_SYSTEM, "value": one.nik}],
        "active": True,
        "name": [{"use": "official", "text": one.name}],
        "gender": {"L": "male", "P": "female"}.get(one.sex, "unknown"),
    }
    if one.birth_date is not None:
        found["birthDate"] = one.birth_date.isoformat()
    return found


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _encounter(site: Site, came: Attendance, subject: dict[str, str]) -> dict[str, Any]:
    span = {"start": _moment(came.starts), "end": _moment(came.ends)}
    found: dict[str, Any] = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": ACT_CODE, "code": "AMB", "display": "ambulatory"},
        "subject": subject,
        "period": span,
        "statusHistory": [{"status": "finished", "period": span}],
        "serviceProvider": {"reference": f"Organization/{site.organization}"},
    }
    if site.practitioner:
        found["participant"] = [{"individual": {"reference": f"Practitioner/{site.practitioner}"}}]
    if site.location:
        found["location"] = [{"location": {"reference": f"Location/{site.location}"}}]
    return found


def _observation(
    site: Site, came: Attendance, subject: dict[str, str], visit: str, name: str, value: float | None
) -> dict[str, Any]:
    code, display, unit, printed = MEASURES[name]
    laboratory = name in ("glucose", "haemoglobin")
    kind = ("laboratory", "Laboratory") if laboratory else ("vital-signs", "Vital Signs")
    found: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": kind[0], "display": kind[1]}]}],
        "code": {"coding": [{"system": LOINC, "code": code, "display": display}]},
        "subject": subject,
        "encounter": {"reference": visit},
        "effectiveDateTime": _moment(came.starts),
    }
    if value is not None:
        found["valueQuantity"] = {"value": value, "unit": printed, "system": UCUM, "code": unit}
    if site.practitioner:
        found["performer"] = [{"reference": f"Practitioner/{site.practitioner}"}]
    return found


def _immunization(site: Site, subject: dict[str, str], visit: str, dose: Dose) -> dict[str, Any]:
    code = site.vaccines.get(dose.code, "") if site.vaccine_system else ""
    vaccine: dict[str, Any] = {"text": dose.name}
    if code:
        vaccine["coding"] = [{"system": site.vaccine_system, "code": code, "display": dose.name}]
    found: dict[str, Any] = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": vaccine,
        "patient": subject,
        "encounter": {"reference": visit},
        "occurrenceDateTime": dose.day.isoformat(),
        "primarySource": True,
    }
    if site.location:
        found["location"] = {"reference": f"Location/{site.location}"}
    if site.practitioner:
        found["performer"] = [{"actor": {"reference": f"Practitioner/{site.practitioner}"}}]
    return found
