"""What any key may ask for: itself, kinds of matters, areas, and published answers."""

from __future__ import annotations

import re
from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router

from simpul.api.open311 import reading
from simpul.api.v1 import schemas
from simpul.api.v1.asking import ERRORS, Asking, Bearer, CursorNotValid
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import publishing as publishing_queries
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules

router = Router()
_MARK = re.compile(r"2[0-9]{3}-[0-9T:.+-]{10,40}_[0-9a-f]{32}")


@router.get("/key", auth=Bearer(), response={200: schemas.KeyOut, **ERRORS}, tags=["key"])
def read_key(request: Asking) -> schemas.KeyOut:
    """The key this request came with: what it may be used for, and until when."""
    token = request.auth
    return schemas.KeyOut(
        name=token.name,
        prefix=token.prefix,
        desk=token.desk.name if token.desk else None,
        scopes=token.scopes,
        per_minute=token.per_minute,
        expires_at=token.expires_at,
    )


@router.get("/kinds", auth=Bearer(), response={200: schemas.KindsOut, **ERRORS}, tags=["lists"])
def list_kinds(request: HttpRequest) -> schemas.KindsOut:
    """The kinds of matters a resident can bring, with their questions, in the language of the request."""
    return schemas.KindsOut(
        items=[
            schemas.KindOut(
                code=kind.code,
                name=reading.in_words(kind, "name"),
                about=reading.in_words(kind, "about"),
                group=kind.group,
                anonymous_allowed=kind.anonymous_allowed,
                fields=[_field(field) for field in kind.fields],
            )
            for kind in kind_queries.kinds_offered()
        ]
    )


def _field(field: dict[str, object]) -> dict[str, object]:
    options = field.get("options") or []
    return {
        "key": field["key"],
        "type": field["type"],
        "label": reading.in_words(field, "label"),
        "hint": reading.in_words(field, "hint"),
        "required": bool(field.get("required")),
        "options": [
            {"value": option["value"], "label": reading.in_words(option, "label")}
            for option in options  # type: ignore[attr-defined]
        ],
    }


@router.get("/regions", auth=Bearer(), response={200: schemas.RegionsOut, **ERRORS}, tags=["lists"])
def search_regions(
    request: HttpRequest,
    q: Annotated[schemas.Text, Query(min_length=2, max_length=80)],
    inside: Annotated[schemas.RegionCode | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> schemas.RegionsOut:
    """Villages and districts that a name may mean, best first; names with typing errors are found."""
    within = region_rules.plain_code(inside) if inside else ""
    near = within or desk_queries.institution().region_code
    found = region_queries.search_villages(q, near, limit, within=within)
    return schemas.RegionsOut(
        items=[
            schemas.RegionOut(code=one.code, name=one.name, kind=one.kind, level=one.level, path=one.path)
            for one in found
        ]
    )


@router.get(
    "/publications",
    auth=Bearer("feed.read"),
    response={200: schemas.PublicationsOut, **ERRORS},
    tags=["feed"],
)
def list_publications(
    request: HttpRequest,
    kind: Annotated[schemas.KindCode | None, Query()] = None,
    region: Annotated[schemas.RegionCode | None, Query()] = None,
    cursor: Annotated[schemas.Text | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> schemas.PublicationsOut:
    """Published answers, newest first: what the public reads, for other websites."""
    if cursor and not _MARK.fullmatch(cursor):
        raise CursorNotValid
    page = publishing_queries.for_public(
        kind_code=kind or "",
        region_code=region_rules.plain_code(region) if region else "",
        after=cursor or "",
        limit=limit,
    )
    items = [
        schemas.PublicationOut(
            id=row.slug,
            url=request.build_absolute_uri(reverse("answer", args=[row.slug])),
            kind=row.kind_code,
            group=row.group,
            place=schemas.PlaceOut(code=row.region_code, name=row.place_words),
            title=row.title,
            text=row.text,
            answer=row.answer,
            desk=row.desk_name,
            decision=row.decision,
            received_on=row.received_date,
            answered_on=row.answered_date,
            released_at=row.released_at,
            corrected_at=row.corrected_at,
            language=row.language,
        )
        for row in page.rows
        if row.released_at is not None
    ]
    return schemas.PublicationsOut(items=items, next=page.after or None)
