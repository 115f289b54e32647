"""The front page, the language switch, the quick way out, and the pages about privacy and accessibility."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from simpul.cases.queries import publishing as publishing_queries
from simpul.desks import queries as desk_queries
from simpul.village_post.queries import election as election_queries
from simpul.web.policy import Request, public
from simpul.web.portal import answers, follow_proof, report_send, safety, words
from simpul.web.portal import draft as drafts

LATEST = 3
YEAR_SECONDS = 365 * 24 * 3600
LEAVE_TO = "https://www.bmkg.go.id/"
"""Where the quick way out leads: the weather, which anybody may have been reading."""


@public
def home(request: Request) -> HttpResponse:
    """One big button, one small one, how it works, the latest answers, and where we are."""
    centre = desk_queries.nearest("call_centre", desk_queries.institution().region_code)
    at = timezone.now()
    context = {
        "latest": answers.shown(publishing_queries.feed(LATEST)),
        "hours": desk_queries.hours_text(centre) if centre else [],
        "is_open": centre is not None and desk_queries.is_open_now(centre, at),
        "emergency": words.emergency_numbers(),
        "has_draft": drafts.load(request) is not None,
        "disaster": safety.notice(at),
        "boxes": bool(election_queries.open_publicly(at)),
    }
    return render(request, "portal/home.html", context)


@public
def language(request: Request) -> HttpResponse:
    """Choose the language (``ke``) and come back (``kembali``): only to a page of this site."""
    asked = request.POST if request.method == "POST" else request.GET
    back = asked.get("kembali", "") or "/"
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    answer = redirect(back)
    code = asked.get("ke", "")
    if code in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR_SECONDS,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return answer


@public
@never_cache
def leave(request: Request) -> HttpResponseBase:
    """The quick way out: what was being written and followed is forgotten on this device, and the weather is shown."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        drafts.drop(request)
        follow_proof.forget(request)
        drafts.forget_sent(request)
        if not request.user.is_authenticated:
            request.session.flush()
    answer = redirect(LEAVE_TO)
    answer["Clear-Site-Data"] = '"cache"'
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
def privacy(request: Request) -> HttpResponse:
    """What is kept, why, how long, and what you may ask for."""
    context = {
        "notice_version": report_send.NOTICE_VERSION,
        "rights_url": f"{reverse('report_story')}?jenis=rights_request",
    }
    return render(request, "portal/privacy.html", context)


@public
def accessibility(request: Request) -> HttpResponse:
    """What these pages promise to everybody, and what to do when they fail somebody."""
    return render(request, "portal/accessibility.html")
