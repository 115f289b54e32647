"""Acts on the directory of services: adopt rows of the catalogue, add, change, end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries, rules
from simpul.desks.models import Desk, Service
from simpul.journal import actions as journal_actions
from simpul.lib import ids, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.regions import rules as region_rules

MOST_DOCUMENTS = 20
MOST_RUPIAH = 10**11
LONGEST = 1000
"""Days or hours of a promise: more is no promise."""


class ServiceNameless(Refused):
    """People look for a service by its name."""

    code = "service.nameless"
    sentence = _("Write the name of the service, as people call it.")
    field = "name"


class ServiceSectorUnknown(Refused):
    """There are nine sectors."""

    code = "service.sector_unknown"
    sentence = _("Choose the sector from the list.")
    field = "sector"


class ServiceTimeWrong(Refused):
    """A promise is a number and a unit."""

    code = "service.time_wrong"
    sentence = _(
        "Write the time as a number from 1 to 1,000 and choose what is counted, or leave both empty."
    )
    field = "amount"


class ServiceCostWrong(Refused):
    """Money is counted in whole rupiah."""

    code = "service.cost_wrong"
    sentence = _("Write the cost in whole rupiah: 0 when it is free, nothing when it is not known.")
    field = "cost"


class ServiceAreaUnknown(Refused):
    """A service is given somewhere."""

    code = "service.area_unknown"
    sentence = _("Choose an area from the list, or leave it empty for the area of the desk.")
    field = "region_code"


class ServiceDocumentsWrong(Refused):
    """A list of papers that nobody reads helps nobody."""

    code = "service.documents_wrong"
    sentence = _("Write one document on each line, at most 20 lines of 200 letters.")
    field = "documents"


class ServiceEnded(Refused):
    """It is given no more."""

    code = "service.ended"
    sentence = _("This service has ended. Add it anew if it is given again.")


class SeedUnknown(Refused):
    """The catalogue has no such row."""

    code = "service.seed_unknown"
    sentence = _("Choose at least one service from the catalogue.")
    field = "seeds"


@dataclass(frozen=True, slots=True)
class ServiceGiven:
    """The details of a service as they are written down."""

    name: str
    sector: str
    name_en: str = ""
    documents: tuple[str, ...] = field(default_factory=tuple)
    amount: int | None = None
    unit: str = ""
    time_note: str = ""
    cost: int | None = None
    who: str = ""
    hours: str = ""
    contact: str = ""
    region_code: str = ""
    source: str = ""
    confidence: str = "unconfirmed"


def add_service(*, by: Actor, at: datetime, desk_id: UUID, given: ServiceGiven) -> Service:
    """Write a service of a desk into the directory.

    Raises:
        NotFound: there is no such desk.
        Refused: a detail is missing or impossible; see the classes above.
    """
    roles.require(by, "service.add")
    with transaction.atomic():
        desk = _desk(desk_id)
        columns = _columns(given)
        service = Service.objects.create(
            id=ids.uuid7_at(at), desk=desk, added_at=at, changed_at=at, **columns
        )
        _line(by, at, "service.add", service, {"name": service.name, "desk": desk.name})
    return service


def change_service(*, by: Actor, at: datetime, service_id: UUID, given: ServiceGiven) -> Service:
    """Change a service. Referrals that named it go on naming it.

    Raises:
        NotFound: there is no such service.
        ServiceEnded, and the refusals of ``add_service``.
    """
    roles.require(by, "service.change")
    with transaction.atomic():
        service = _service(service_id)
        if service.ended_at is not None:
            raise ServiceEnded
        columns = {name: value for name, value in _columns(given).items() if getattr(service, name) != value}
        if not columns:
            return service
        before = {name: getattr(service, name) for name in columns}
        Service.objects.filter(id=service_id).update(changed_at=at, **columns)
        service.refresh_from_db()
        facts = {
            "name": service.name,
            "desk": service.desk.name,
            "changed": sorted(columns),
            "before": before,
            "after": columns,
        }
        _line(by, at, "service.change", service, facts)
    return service


def end_service(*, by: Actor, at: datetime, service_id: UUID, reason: str = "") -> Service:
    """Take a service out of the directory; what was referred for it stays.

    Raises:
        NotFound: there is no such service.
        ServiceEnded: it has ended already.
    """
    roles.require(by, "service.end")
    with transaction.atomic():
        service = _service(service_id)
        if Service.objects.filter(id=service_id, ended_at=None).update(ended_at=at) != 1:
            raise ServiceEnded
        service.ended_at = at
        facts = {"name": service.name, "desk": service.desk.name}
        _line(by, at, "service.end", service, facts, {"reason": reason})
    return service


def load_services(*, by: Actor, at: datetime, desk_id: UUID, seeds: Iterable[str]) -> list[Service]:
    """Adopt rows of the catalogue for a desk. Rows it has already, changed or ended ones too, are left alone.

    Raises:
        NotFound: there is no such desk.
        SeedUnknown: nothing is chosen, or something that is not in the catalogue.
    """
    roles.require(by, "services.load")
    wanted = list(dict.fromkeys(seeds))
    rows = {str(row["seed"]): row for row in queries.service_catalogue()}
    if not wanted or not set(wanted) <= set(rows):
        raise SeedUnknown
    with transaction.atomic():
        desk = _desk(desk_id)
        known = set(Service.objects.filter(desk=desk).values_list("seed", flat=True))
        made = [
            Service(
                id=ids.uuid7_at(at),
                desk=desk,
                added_at=at,
                changed_at=at,
                seed=seed,
                **_seed_columns(rows[seed]),
            )
            for seed in wanted
            if seed not in known
        ]
        if made:
            Service.objects.bulk_create(made)
            facts = {"desk": desk.name, "seeds": [service.seed for service in made]}
            journal_actions.record(
                by=by,
                at=at,
                kind="services.load",
                subject_kind="desk",
                subject_id=desk.id,
                facts=facts,
                region_code=desk.region_code,
            )
    return made


def _desk(desk_id: UUID) -> Desk:
    desk = Desk.objects.select_for_update().filter(id=desk_id).first()
    if desk is None:
        raise NotFound
    return desk


def _service(service_id: UUID) -> Service:
    service = (
        Service.objects.select_for_update(of=("self",)).select_related("desk").filter(id=service_id).first()
    )
    if service is None:
        raise NotFound
    return service


def _seed_columns(row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in row.items() if name != "seed"}
    return _columns(ServiceGiven(**{**fields, "documents": tuple(fields.get("documents", ()))}))


def _columns(given: ServiceGiven) -> dict[str, Any]:
    """Checked columns."""
    columns = asdict(given)
    limits = {"name": 120, "name_en": 120, "time_note": 200, "hours": 200, "contact": 300, "source": 200}
    for name, limit in limits.items():
        columns[name] = text.clean_line(columns[name])[:limit]
    columns["who"] = text.clean_text(columns["who"])[:2000]
    columns["documents"] = [text.clean_line(line) for line in given.documents if line.strip()]
    if not columns["name"]:
        raise ServiceNameless
    if given.sector not in rules.SECTORS:
        raise ServiceSectorUnknown
    _check_time(columns)
    if given.cost is not None and not 0 <= given.cost <= MOST_RUPIAH:
        raise ServiceCostWrong
    if given.region_code and not region_rules.is_prefix(given.region_code):
        raise ServiceAreaUnknown
    if len(columns["documents"]) > MOST_DOCUMENTS or any(len(line) > 200 for line in columns["documents"]):
        raise ServiceDocumentsWrong
    if given.confidence not in rules.CONFIDENCES:
        columns["confidence"] = "unconfirmed"
    return columns


def _check_time(columns: dict[str, Any]) -> None:
    if columns["amount"] is None:
        columns["unit"] = ""
        return
    if columns["unit"] not in rules.TIME_UNITS or not 1 <= columns["amount"] <= LONGEST:
        raise ServiceTimeWrong


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    service: Service,
    facts: dict[str, Any],
    inputs: dict[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="service",
        subject_id=service.id,
        facts=facts,
        inputs=inputs,
        region_code=service.region_code or service.desk.region_code,
    )
