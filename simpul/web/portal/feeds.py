"""Published answers for other sites: Atom, JSON Feed, and a list that stands in a frame and needs no JavaScript.

All three take the same filters: ``soal`` (group), ``jenis`` (kind), ``tempat`` (code of a village, district or regency). An entry
keeps its id for ever; what is withdrawn leaves. ``docs/operations/website.md`` tells how a site uses them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from simpul.cases.queries import publishing as publishing_queries
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import answers, words

MOST = 100
USUAL = 30
IN_FRAME = 10
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class _Feed:
    """What was asked for, and what there is of it."""

    rows: list[Any]
    changed_at: datetime | None
    filters: Mapping[str, str]
    place: str
    tag: str

    @property
    def kept(self) -> str:
        """The filters as they stand in an address."""
        return f"?{urlencode(self.filters)}" if self.filters else ""


def _asked(request: HttpRequest, usual: int) -> _Feed:
    """Read the filters; what cannot be one is passed over, as on the page of answers."""
    given = request.GET
    filters = {name: given.get(name, "")[:40] for name in ("soal", "jenis", "tempat") if given.get(name)}
    filters["tempat"] = filters.get("tempat", "").replace(".", "")
    if not (filters["tempat"].isascii() and filters["tempat"].isdigit()):
        del filters["tempat"]
    filters = {name: value for name, value in filters.items() if "\x00" not in value}
    narrow = {
        "group": filters.get("soal", ""),
        "kind_code": filters.get("jenis", ""),
        "region_code": filters.get("tempat", ""),
    }
    number = given.get("jumlah", "")
    limit = min(int(number), MOST) if number.isascii() and number.isdigit() and len(number) < 4 else usual
    rows = publishing_queries.feed(max(1, limit), **narrow)
    changed_at = publishing_queries.feed_changed_at(**narrow)
    place = region_queries.path_names(filters["tempat"]) if "tempat" in filters else ""
    seen = [f"{row.id}:{row.corrected_at or row.released_at}" for row in rows]
    parts = [
        words.language(),
        request.path,
        request.get_host(),
        str(sorted(filters.items())),
        str(changed_at),
        *seen,
    ]
    tag = hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]
    return _Feed(rows, changed_at, filters, place, f'"{tag}"')


def _answered(request: HttpRequest, feed: _Feed, response: HttpResponse) -> HttpResponseBase:
    """The feed with what a reader needs in order not to fetch it again; 304 when theirs is as new."""
    response["ETag"] = feed.tag
    moment = int(feed.changed_at.timestamp()) if feed.changed_at else None
    if moment is not None:
        response["Last-Modified"] = http_date(moment)
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"  # public words; no cookie is asked for or given
    return (
        get_conditional_response(request, etag=feed.tag, last_modified=moment, response=response) or response
    )


def _language(request: HttpRequest) -> str:
    """Feeds speak the language of their address, not of somebody's cookie: a cache keeps them for everybody."""
    return "en" if request.GET.get("bahasa") == "en" else "id"


def _title(feed: _Feed) -> str:
    home = desk_queries.institution()
    parts = [_("Published answers"), feed.place, home.name]
    return " · ".join(part for part in parts if part)


@public
def atom(request: Request) -> HttpResponseBase:
    """The newest answers as Atom."""
    with translation.override(_language(request)):
        found = _asked(request, USUAL)
        feed = Atom1Feed(
            title=_title(found),
            link=request.build_absolute_uri(reverse("answers")),
            description=_("What others told us and what was answered, without names."),
            language=words.language(),
            feed_url=request.build_absolute_uri(reverse("answers_atom") + found.kept),
            feed_guid=request.build_absolute_uri(reverse("answers_atom") + found.kept),
            author_name=desk_queries.institution().name,
        )
        for row in found.rows:
            feed.add_item(
                title=row.title,
                link=request.build_absolute_uri(reverse("answer", args=[row.slug])),
                unique_id=_stable_id(row),
                description=row.answer,
                pubdate=row.released_at,
                updateddate=row.corrected_at or row.released_at,
                author_name=row.desk_name,
                categories=(row.group, row.kind_code),
            )
        answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
        return _answered(request, found, answer)


@public
def json_feed(request: Request) -> HttpResponseBase:
    """The newest answers as JSON Feed 1.1."""
    with translation.override(_language(request)):
        found = _asked(request, USUAL)
        data = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(found),
            "home_page_url": request.build_absolute_uri(reverse("answers")),
            "feed_url": request.build_absolute_uri(reverse("answers_json") + found.kept),
            "language": words.language(),
            "items": [_item(request, row) for row in found.rows],
        }
        answer = JsonResponse(
            data,
            content_type="application/feed+json; charset=utf-8",
            json_dumps_params={"ensure_ascii": False},
        )
        return _answered(request, found, answer)


def _stable_id(row: Any) -> str:
    """The name of an entry for ever, whatever host it is read from."""
    return f"urn:uuid:{row.id}"


def _item(request: HttpRequest, row: Any) -> dict[str, Any]:
    changed = row.corrected_at or row.released_at
    return {
        "id": _stable_id(row),
        "url": request.build_absolute_uri(reverse("answer", args=[row.slug])),
        "title": row.title,
        "content_text": f"{row.text}\n\n{row.answer}",
        "date_published": row.released_at.isoformat() if row.released_at else None,
        "date_modified": changed.isoformat() if changed else None,
        "authors": [{"name": row.desk_name}],
        "tags": [row.group, row.kind_code, row.decision],
        "language": row.language,
    }


@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
def _frame(request: HttpRequest) -> HttpResponseBase:
    with translation.override(_language(request)):
        found = _asked(request, IN_FRAME)
        more = f"{reverse('answers')}{found.kept}"
        context = {
            "title": _("Published answers"),
            "place": found.place,
            "rows": answers.shown(found.rows),
            "more_url": request.build_absolute_uri(more),
            "home": desk_queries.institution(),
        }
        return _answered(request, found, HttpResponse(render_to_string("portal/answers/embed.html", context)))


embed = public(_frame)
"""The newest answers for an ``<iframe>`` of another site: the one page that may stand in a frame. No cookie, no script."""
