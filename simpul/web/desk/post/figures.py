"""Figures of the post: people served, outside office hours, by hour, how content, shifts kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.village_post.queries import duty as queries
from simpul.village_post.queries import figures as figure_queries
from simpul.village_post.rules import guests as rules
from simpul.web.desk import words
from simpul.web.desk.post import forms, shared
from simpul.web.policy import Request, officer

HERE = "desk_post_figures"


@officer(*shared.READING)
@require_GET
def figures(request: Request) -> HttpResponseBase:
    """Between two days; the last thirty when none are given."""
    post = shared.post_or_404(request)
    today = queries.local_day(post, timezone.now())
    form = forms.BookForm(request.GET)
    form.is_valid()
    first = form.cleaned_data.get("dari") or today - timedelta(days=29)
    last = form.cleaned_data.get("sampai") or today
    found = figure_queries.served(post.region_code, first, last)
    kept = figure_queries.shifts_kept(post.region_code, first, last)
    most = max(found.by_hour) or 1
    context: dict[str, Any] = {
        "found": found,
        "kept": kept,
        "wait": figure_queries.waiting_minutes(post.region_code, first, last),
        "hours": [(f"{hour:02d}.00", n, round(100 * n / most)) for hour, n in enumerate(found.by_hour) if n],
        "faces": [
            (rules.RATINGS[face][0], _(rules.RATINGS[face][1]), n) for face, n in found.ratings.items()
        ],
        "sexes": [(_(label), found.by_sex.get(code, 0)) for code, label in rules.SEXES.items()],
        "first": words.day(first),
        "last": words.day(last),
        "given": {"dari": first.isoformat(), "sampai": last.isoformat()},
    }
    return shared.show(request, post, "desk/post/figures.html", HERE, context)
