"""Taking requests of the six fields in, and the facts about them: papers, visits to the place.

The request is a matter of the kind ``spm_request`` at the posyandu's desk, with its receipt and its five working days. One that came by
another door is joined. Facts are kept in whatever state the request is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.actions import _requests as steps
from simpul.posyandu.models import FieldRequest, Posyandu, RequestPaper, RequestVisit
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules

Photo = steps.Photo


class ServiceNotHere(Refused):
    """The posyandu gives no such service."""

    code = "fieldrequest.service_not_here"
    sentence = _("This posyandu takes no request for that service. Choose one of the list.")
    field = "service"


class PosyanduClosed(Refused):
    """A posyandu that was closed takes nothing in."""

    code = "fieldrequest.posyandu_closed"
    sentence = _("This posyandu is closed. Take the request in at another one of the village.")
    field = "posyandu"


class NameNeeded(Refused):
    """Only public order may be told without a name."""

    code = "fieldrequest.name_needed"
    sentence = _("Write who asks. Only a request about public order can be taken in without a name.")
    field = "name"


class NotSuchAMatter(Refused):
    """Only an open request for a service of this village is joined."""

    code = "fieldrequest.not_such_a_matter"
    sentence = _(
        "Only an open request for a posyandu service of this village can be taken up here, and only once."
    )


class PaperUnknown(Refused):
    """The checklist has no such paper."""

    code = "fieldrequest.paper_unknown"
    sentence = _("This paper is not on the checklist. Load the page again.")
    field = "code"


class DayAhead(Refused):
    """A visit that has not been."""

    code = "fieldrequest.day_ahead"
    sentence = _("That day has not come yet. Write the visit down when it has been.")
    field = "visited_date"


class NothingSeen(Refused):
    """A visit says what was seen."""

    code = "fieldrequest.nothing_seen"
    sentence = _("Write in a few words what you saw there.")
    field = "seen"


@dataclass(frozen=True, slots=True)
class Taken:
    """The request and the receipt of the matter it opened. ``hidden``: words in it sealed the matter, and somebody else has it now."""

    request: FieldRequest
    opened: intake.Opened
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is: words, and a point on the map."""

    place: str = ""
    latitude: float | None = None
    longitude: float | None = None

    def columns(self) -> dict[str, Any]:
        """As the tables keep it; a point that is none is left out."""
        fits = (
            self.latitude is not None
            and self.longitude is not None
            and -90 <= self.latitude <= 90
            and -180 <= self.longitude <= 180
        )
        return {
            "place": text.clean_line(self.place)[:200],
            "latitude": self.latitude if fits else None,
            "longitude": self.longitude if fits else None,
        }


def take_fieldrequest(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    service: str,
    words: str,
    reporter: intake.PersonGiven | None = None,
    anonymous: bool = False,
    for_whom: str = "",
    way: str = "desk",
    papers: Mapping[str, str] | None = None,
    spot: Spot | None = None,
    consent: str = "",
    visit_id: UUID | None = None,
    fieldrequest_id: UUID | None = None,
) -> Taken:
    """Take a request in. It opens a matter at the posyandu's desk; the same ``fieldrequest_id`` again returns the same request.

    Args:
        service: of catalogue/services.toml, "works/water".
        anonymous: without a name, for public order alone.
        papers: what was shown right now, code -> seen or copied.
        visit_id: the visit at the counter whose receipt it shares.

    Raises:
        ServiceNotHere, PosyanduClosed, NameNeeded; intake's refusals.
        NotAllowed, NotFound: not this actor's place.
    """
    posyandu = posyandu_access.posyandu_for(by, posyandu_id)
    roles.require(by, "fieldrequest.take", roles.Place(region_code=posyandu.region_code))
    wanted = _service(posyandu, service)
    confidential = wanted.field in rules.CONFIDENTIAL
    named = reporter is not None and bool(text.clean_line(reporter.name) or reporter.person_id)
    if not named and not (anonymous and confidential):
        raise NameNeeded
    spot = spot or Spot()
    marks = _marks(wanted, papers or {})
    with transaction.atomic():
        key = fieldrequest_id or uuid7()
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code=services.KIND,
            text_given=words,
            title=_title(wanted),
            region_code=posyandu.region_code,
            channel="field" if way == "visit" else "desk",
            answers=_answers(wanted, for_whom, marks),
            mode="self" if named else "anonymous",
            reporter=reporter if named else None,
            hide_name=named and confidential,
            hamlet_id=posyandu.hamlet_id,
            place=spot.place,
            consent=consent,
            desk_id=posyandu.desk_id,
            visit_id=visit_id if named and not confidential else None,
            case_id=key,
            quiet=confidential,
        )
        known = FieldRequest.objects.select_related("case", "posyandu").filter(id=key).first()
        if known is not None:
            return Taken(known, opened, known.case.sensitivity == "sealed")
        request = _make(by, at, key, posyandu, wanted, opened.case, way, spot, anonymous=not named)
        _lay_papers(by, at, request, wanted, marks)
        steps.confine(request, at)
        steps.line(by, at, "fieldrequest.take", request, {"way": request.way}, {"words": words})
        return Taken(request, opened, opened.case.sensitivity == "sealed")


def join_fieldrequest(
    *, by: Actor, at: datetime, case_id: UUID, posyandu_id: UUID, fieldrequest_id: UUID | None = None
) -> FieldRequest:
    """Take up, as a request of this posyandu, a matter that came by another door. Once: again returns the same request.

    Raises:
        NotSuchAMatter, ServiceNotHere, PosyanduClosed, NotFound, NotAllowed.
    """
    posyandu = posyandu_access.posyandu_for(by, posyandu_id)
    roles.require(by, "fieldrequest.join", roles.Place(region_code=posyandu.region_code))
    with transaction.atomic():
        case = case_access.get_for(by, case_id, lock=True)
        known = FieldRequest.objects.select_related("case", "posyandu").filter(case_id=case_id).first()
        if known is not None and known.posyandu_id == posyandu.id:
            return known
        fits = case.kind_id == services.KIND and case.is_open and case.sensitivity != "sealed"
        if known is not None or not fits or case.region_code != posyandu.region_code:
            raise NotSuchAMatter
        wanted = _service(posyandu, str(case.answers.get("service", "")))
        anonymous = case.mode == "anonymous"
        spot, key = Spot(case.place), fieldrequest_id or case.id
        request = _make(by, at, key, posyandu, wanted, case, "desk", spot, anonymous=anonymous)
        _lay_papers(by, at, request, wanted, {})
        if case.holder_id == posyandu.desk_id:
            steps.confine(request, at)
        steps.line(by, at, "fieldrequest.join", request, {"channel": case.channel})
        return request


def mark_fieldrequest(
    *,
    by: Actor,
    at: datetime,
    fieldrequest_id: UUID,
    code: str,
    mark: str,
    note: str = "",
    photo: Photo | None = None,
) -> RequestPaper:
    """Say how far a paper is: missing, seen, or kept as a copy; a photo of it is optional. A fact, in any state.

    Raises:
        PaperUnknown, media.FileRefused, TooManyPhotos, NotFound, NotAllowed.
    """
    files = steps.cleaned([photo] if photo is not None else [])
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.mark", fieldrequest_id)
        paper = request.papers.filter(code=code).first()
        if paper is None or mark not in rules.MARKS:
            raise PaperUnknown
        if mark == "missing":
            paper.photos.all().delete()
        steps.keep(request, at, files, paper=paper)
        paper.mark = "copied" if files else mark
        paper.note = text.clean_line(note)[:200]
        paper.marked_at, paper.marked_by = at, by.name
        paper.save(update_fields=["mark", "note", "marked_at", "marked_by"])
        steps.move(request, at)
        steps.line(by, at, "fieldrequest.mark", request, {"paper": code, "mark": paper.mark}, {"note": note})
        return paper


def inspect_fieldrequest(
    *,
    by: Actor,
    at: datetime,
    fieldrequest_id: UUID,
    visited_date: date,
    seen: str,
    visitor: str = "",
    meets: bool | None = None,
    photos: Sequence[Photo] = (),
    spot: Spot | None = None,
    visit_id: UUID | None = None,
) -> RequestVisit:
    """Write down a visit to the place: when, who, what was seen there, photos of its sides, the point on the map. A fact, in any state.

    Photos of enough sides complete the paper "photos", a point the paper "location".

    Raises:
        DayAhead, NothingSeen, media.FileRefused, TooManyPhotos, NotFound, NotAllowed.
    """
    files = steps.cleaned(photos)
    spot = spot or Spot()
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.inspect", fieldrequest_id)
        known = RequestVisit.objects.filter(id=visit_id).first() if visit_id else None
        if known is not None:
            if known.request_id != request.id:
                raise NotFound
            return known
        if visited_date > queries.calendar_of(request.posyandu, at).local_date(at):
            raise DayAhead
        said = text.clean_text(seen)[:1000]
        if len(said) < 3:
            raise NothingSeen
        point = {name: spot.columns()[name] for name in ("latitude", "longitude")}
        visit = RequestVisit.objects.create(
            id=visit_id or uuid7(),
            request=request,
            visited_date=visited_date,
            visitor=text.clean_line(visitor)[:150] or by.name,
            seen=said,
            meets=meets,
            recorded_at=at,
            recorded_by=by.name,
            **point,
        )
        steps.keep(request, at, files, visit=visit)
        _complete_by_visit(by, at, request, [side for side, _clean in files], point)
        steps.move(request, at, **(point if point["latitude"] is not None else {}))
        facts = {"visit": str(visit.id), "meets": meets, "photos": len(files)}
        steps.line(by, at, "fieldrequest.inspect", request, facts, {"seen": said})
        return visit


def _service(posyandu: Posyandu, code: str) -> services.Service:
    """The service, if this posyandu takes requests for it."""
    if posyandu.closed_date is not None:
        raise PosyanduClosed
    wanted = services.service(code)
    if wanted is None or wanted.field not in services.fields_of(posyandu):
        raise ServiceNotHere
    return wanted


def _title(wanted: services.Service) -> str:
    return services.words_of(services.kind_options("service"), wanted.code, "id")


def _answers(wanted: services.Service, for_whom: str, marks: Mapping[str, str]) -> dict[str, object]:
    """The answers of the matter's kind; papers that the kind does not list stay in the checklist alone."""
    known = services.kind_options("documents")
    answers: dict[str, object] = {"field": wanted.field, "service": wanted.code}
    if text.clean_line(for_whom):
        answers["for_whom"] = text.clean_line(for_whom)[:200]
    shown = [code for code, mark in marks.items() if mark != "missing" and code in known]
    return {**answers, "documents": shown} if shown else answers


def _marks(wanted: services.Service, given: Mapping[str, str]) -> dict[str, str]:
    return {code: mark for code, mark in given.items() if code in wanted.asked and mark in ("seen", "copied")}


def _make(
    by: Actor,
    at: datetime,
    key: UUID,
    posyandu: Posyandu,
    wanted: services.Service,
    case: Case,
    way: str,
    spot: Spot,
    *,
    anonymous: bool,
) -> FieldRequest:
    person = case.reporter
    return FieldRequest.objects.create(
        id=key,
        case=case,
        posyandu=posyandu,
        region_code=posyandu.region_code,
        field=wanted.field,
        service=wanted.code,
        person=person,
        household_id=person.household_id if person is not None else None,
        way=way if way in rules.WAYS else "desk",
        confidential=wanted.field in rules.CONFIDENTIAL,
        anonymous=anonymous,
        taken_at=at,
        taken_by=by.name,
        taken_by_user_id=by.user_id,
        moved_at=at,
        stale_at=rules.stale_at(at, queries.calendar_of(posyandu, at)),
        **spot.columns(),
    )


def _lay_papers(
    by: Actor, at: datetime, request: FieldRequest, wanted: services.Service, marks: Mapping[str, str]
) -> None:
    RequestPaper.objects.bulk_create(
        RequestPaper(
            request=request,
            code=code,
            position=position,
            required=code in wanted.papers,
            mark=marks.get(code, "missing"),
            marked_at=at if code in marks else None,
            marked_by=by.name if code in marks else "",
        )
        for position, code in enumerate(wanted.asked)
    )


def _complete_by_visit(
    by: Actor, at: datetime, request: FieldRequest, sides: Sequence[str], point: Mapping[str, Any]
) -> None:
    """What the visit itself has shown need not be asked for again."""
    wanted = services.service(request.service)
    have = [*sides, *request.photos.exclude(side="").values_list("side", flat=True)]
    codes = []
    if wanted is not None and wanted.photos and not rules.sides_missing(wanted.photos, have):
        codes.append("photos")
    if point["latitude"] is not None:
        codes.append("location")
    lacking = request.papers.filter(code__in=codes, mark="missing")
    lacking.update(mark="copied", marked_at=at, marked_by=by.name)
