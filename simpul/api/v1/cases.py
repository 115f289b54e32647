"""Matters: take one in, list, read, accept, decline, answer, write a note, see one's files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags, quote_etag
from ninja import Header, Query, Router

from simpul.api.v1 import schemas
from simpul.api.v1.asking import ERRORS, Asking, Bearer, actor_of, once, read_cursor, write_cursor
from simpul.cases import access as case_access
from simpul.cases.actions import handling, intake, referral
from simpul.cases.queries import files as file_queries
from simpul.exchange import rules as exchange_rules
from simpul.exchange.queries import matters as matter_queries
from simpul.regions import rules as region_rules

router = Router(tags=["cases"])
Key = Annotated[schemas.IdempotencyKey | None, Header(alias="Idempotency-Key")]
Moment = Annotated[schemas.Moment | None, Query()]


@router.post("/cases", auth=Bearer("cases.open"), response={201: schemas.OpenedOut, **ERRORS})
def open_case(
    request: Asking,
    given: schemas.CaseIn,
    key: Annotated[schemas.IdempotencyKey, Header(alias="Idempotency-Key")],
) -> HttpResponse:
    """Take a matter in for a resident. The Idempotency-Key makes it one matter however often it is sent, for 48 hours."""
    by, person = actor_of(request), _person(given)

    def run(reply_id: UUID | None) -> schemas.OpenedOut:
        opened = intake.open_case(
            by=by,
            at=timezone.now(),
            kind_code=given.kind,
            text_given=given.text,
            region_code=region_rules.plain_code(given.region),
            channel="field",
            title=given.title,
            answers=given.answers,
            mode="proxy" if person else "anonymous",
            reporter=person,
            place=given.place,
            consent=given.consent,
            urgency=given.urgency,
            happened_date=given.happened_on,
            language=given.language,
            case_id=reply_id,
        )
        seen = case_access.visible(by).filter(id=opened.case.id).exists()
        return schemas.OpenedOut(
            id=opened.case.id if seen else None,
            number=None if opened.receipt16 else opened.number,
            pin=opened.pin or None,
            receipt=opened.receipt16 or None,
            readable=seen,
        )

    return once(request, key, run, status=201)


def _person(given: schemas.CaseIn) -> intake.PersonGiven | None:
    person = given.person
    if given.anonymous or person is None or not (person.name or person.phone or person.email):
        return None
    return intake.PersonGiven(name=person.name, phone=person.phone, email=person.email)


@router.get("/cases", auth=Bearer("cases.read"), response={200: schemas.CasesOut, **ERRORS})
def list_cases(
    request: Asking,
    updated_since: Moment = None,
    state: Annotated[list[schemas.KindCode] | None, Query(max_length=20)] = None,
    kind: Annotated[schemas.KindCode | None, Query()] = None,
    region: Annotated[schemas.RegionCode | None, Query()] = None,
    your_turn: Annotated[bool | None, Query()] = None,
    cursor: Annotated[schemas.Text | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=matter_queries.MOST)] = matter_queries.PAGE,
) -> schemas.CasesOut:
    """The matters this desk sees, in the order in which they changed; a matter that changes comes again."""
    at = timezone.now()
    wanted = matter_queries.Wanted(
        since=_zoned(updated_since),
        states=state or (),
        kind_code=kind or "",
        region_code=region_rules.plain_code(region) if region else "",
        turn=your_turn,
        after=read_cursor(cursor),
        limit=limit,
    )
    page = matter_queries.matters(actor_of(request), wanted)
    last = page.rows[-1].case if page.rows else None
    behind = write_cursor(last.changed_at, last.id) if last is not None else cursor
    return schemas.CasesOut(
        items=[_case(one) for one in page.rows],
        next=behind if page.more else None,
        resume=None if page.more else _resume(last.changed_at if last else None, cursor, at),
    )


def _zoned(moment: datetime | None) -> datetime | None:
    """A moment without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _resume(last: datetime | None, cursor: str | None, at: datetime) -> str | None:
    """Where the next round begins: a minute back, since what was begun by then may be written after this answer."""
    if last is None:
        return cursor
    return write_cursor(min(last, at - exchange_rules.SETTLES), UUID(int=0))


@router.get(
    "/cases/{uuid:case_id}", auth=Bearer("cases.read"), response={200: schemas.CaseOut, 304: None, **ERRORS}
)
def read_case(request: Asking, case_id: UUID, response: HttpResponse) -> schemas.CaseOut | HttpResponse:
    """One matter, as it was forwarded. Its ETag changes when it changes."""
    found = matter_queries.matter(actor_of(request), case_id)
    tag = quote_etag(f"{found.case.changed_at.timestamp():.6f}-{found.case.state}")
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in {one.removeprefix("W/") for one in known}:  # packing makes a tag weak on its way
        return HttpResponse(status=304, headers={"ETag": tag})
    response["ETag"] = tag
    return _case(found)


@router.post(
    "/cases/{uuid:case_id}/accept", auth=Bearer("cases.write"), response={200: schemas.CaseOut, **ERRORS}
)
def accept_case(request: Asking, case_id: UUID, key: Key = None) -> HttpResponse:
    """Take custody of a matter that was offered to this desk."""
    by = actor_of(request)

    def run(_reply_id: UUID | None) -> schemas.CaseOut:
        referral.accept_case(by=by, at=timezone.now(), case_id=case_id)
        return _case(matter_queries.matter(by, case_id))

    return once(request, key, run)


@router.post(
    "/cases/{uuid:case_id}/decline", auth=Bearer("cases.write"), response={200: schemas.CaseOut, **ERRORS}
)
def decline_case(request: Asking, case_id: UUID, given: schemas.ReasonIn, key: Key = None) -> HttpResponse:
    """Say that an offered matter is not for this desk, and why."""
    by = actor_of(request)

    def run(_reply_id: UUID | None) -> schemas.CaseOut:
        referral.decline_case(by=by, at=timezone.now(), case_id=case_id, reason=given.reason)
        return _case(matter_queries.matter(by, case_id))

    return once(request, key, run)


@router.post(
    "/cases/{uuid:case_id}/answer", auth=Bearer("cases.write"), response={200: schemas.CaseOut, **ERRORS}
)
def answer_referral(request: Asking, case_id: UUID, given: schemas.AnswerIn, key: Key = None) -> HttpResponse:
    """Answer what was asked; the matter goes back to the desk that sent it."""
    by = actor_of(request)

    def run(_reply_id: UUID | None) -> schemas.CaseOut:
        referral.answer_referral(
            by=by, at=timezone.now(), case_id=case_id, answer=given.answer, outcome=given.outcome
        )
        return _case(matter_queries.matter(by, case_id))

    return once(request, key, run)


@router.post(
    "/cases/{uuid:case_id}/notes", auth=Bearer("cases.write"), response={201: schemas.NoteOut, **ERRORS}
)
def note_case(request: Asking, case_id: UUID, given: schemas.NoteIn, key: Key = None) -> HttpResponse:
    """Write a message to the colleagues who work on the matter. The resident never sees it."""
    by = actor_of(request)

    def run(_reply_id: UUID | None) -> schemas.NoteOut:
        note = handling.note_case(by=by, at=timezone.now(), case_id=case_id, text=given.text)
        return schemas.NoteOut(id=note.id, at=note.at)

    return once(request, key, run, status=201)


@router.get(
    "/cases/{uuid:case_id}/attachments",
    auth=Bearer("cases.read"),
    response={200: schemas.AttachmentsOut, **ERRORS},
)
def list_attachments(request: Asking, case_id: UUID) -> schemas.AttachmentsOut:
    """The files this partner attached to a matter."""
    rows = matter_queries.attachments(actor_of(request), case_id)
    return schemas.AttachmentsOut(
        items=[
            schemas.AttachmentOut(
                id=row.id,
                name=row.name,
                mime=row.mime,
                size=row.size,
                sha256=row.sha256,
                added_at=row.added_at,
                url=request.build_absolute_uri(reverse("api_v1:read_attachment", args=[case_id, row.id])),
            )
            for row in rows
        ]
    )


@router.get(
    "/cases/{uuid:case_id}/attachments/{uuid:attachment_id}",
    auth=Bearer("cases.read"),
    response={200: None, **ERRORS},
    url_name="read_attachment",
    openapi_extra={
        "responses": {
            200: {
                "description": "The bytes of the file.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def read_attachment(request: Asking, case_id: UUID, attachment_id: UUID) -> HttpResponse:
    """The bytes of one file, always as a download."""
    by = actor_of(request)
    matter_queries.attachments(by, case_id)
    found = file_queries.attachment_for(by, attachment_id)
    answer = HttpResponse(file_queries.read(found), content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answer


def _case(one: matter_queries.Matter) -> schemas.CaseOut:
    case, hop = one.case, one.hop
    return schemas.CaseOut(
        id=case.id,
        number=case.number,
        kind=case.kind_id,
        state=case.state,
        title=one.title,
        words=one.words,
        place=schemas.PlaceOut(code=case.region_code, name=one.place),
        urgency=case.urgency,
        received_at=case.received_at,
        changed_at=case.changed_at,
        your_turn=one.turn,
        referral=None
        if hop is None
        else schemas.HopOut(
            state=hop.state,
            sent_by=hop.from_desk.name,
            sent_at=hop.sent_at,
            note=hop.note,
            answer=hop.answer or hop.reason,
            outcome=hop.outcome,
            due_at=one.clock.due_at if one.clock else None,
        ),
        contact=schemas.ContactOut(
            name=one.contact_name,
            ways=[
                schemas.ContactWayOut(
                    channel=way.channel, address=way.shown, owner=way.owner, warning=way.warning
                )
                for way in one.contacts
            ],
        )
        if one.contact_name
        else None,
    )
