"""Published answers as Atom and as JSON Feed, for newspapers, notice boards and other programs."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_cookie

from simpul.cases.queries import publishing as publishing_queries
from simpul.desks import queries as desk_queries
from simpul.web.policy import Request, public
from simpul.web.portal import words


@public
@vary_on_cookie
@cache_control(public=True, max_age=300)
def atom(request: Request) -> HttpResponse:
    """The newest answers as Atom."""
    home = desk_queries.institution()
    feed = Atom1Feed(
        title=f"{_('Published answers')} · {home.name}",
        link=request.build_absolute_uri(reverse("answers")),
        description=_("What others told us and what was answered, without names."),
        language=words.language(),
        feed_url=request.build_absolute_uri(reverse("answers_atom")),
        author_name=home.name,
    )
    for row in publishing_queries.feed():
        address = request.build_absolute_uri(reverse("answer", args=[row.slug]))
        feed.add_item(
            title=row.title,
            link=address,
            unique_id=address,
            description=row.answer,
            pubdate=row.released_at,
            updateddate=row.corrected_at or row.released_at,
            author_name=row.desk_name,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@public
@vary_on_cookie
@cache_control(public=True, max_age=300)
def json_feed(request: Request) -> JsonResponse:
    """The newest answers as JSON Feed 1.1."""
    items = []
    for row in publishing_queries.feed():
        address = request.build_absolute_uri(reverse("answer", args=[row.slug]))
        items.append(
            {
                "id": address,
                "url": address,
                "title": row.title,
                "content_text": f"{row.text}\n\n{row.answer}",
                "date_published": row.released_at.isoformat() if row.released_at else None,
                "date_modified": (row.corrected_at or row.released_at).isoformat()
                if row.released_at
                else None,
                "authors": [{"name": row.desk_name}],
                "tags": [row.group, row.decision],
                "language": row.language,
            }
        )
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{_('Published answers')} · {desk_queries.institution().name}",
        "home_page_url": request.build_absolute_uri(reverse("answers")),
        "feed_url": request.build_absolute_uri(reverse("answers_json")),
        "language": words.language(),
        "items": items,
    }
    return JsonResponse(
        data, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )
