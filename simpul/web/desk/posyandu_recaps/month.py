"""``/meja/posyandu-rekap/<posyandu>/``: the month of one posyandu; closed, opened again, printed, as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib import frozen_text, when
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import recaps as actions
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.regions import queries as region_queries
from simpul.web import forms, reading
from simpul.web.desk import frame, trying, watch
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import Asked, maybe, month_words
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

NAMED = ("examination.read",)
READING = ("posyandu.read",)


class WhyForm(forms.Form):
    """Why a closed month is opened again."""

    why = forms.LineField(label=gettext_lazy("Why is the month opened again?"), max_length=300)


class _Month:
    """The figures of a posyandu in a month, as they are and as they were closed."""

    def __init__(self, asked: Asked) -> None:
        if asked.posyandu is None:
            raise Http404
        self.posyandu = asked.posyandu
        self.now: Mapping[str, int] = queries.count(asked.scope, asked.month).get(asked.posyandu.id, {})
        self.closed = queries.closed(asked.by, asked.posyandu.id, asked.month)
        self.frozen = frozen_text.read(self.closed.content)["figures"] if self.closed else None
        self.figures = self.now if self.frozen is None else self.frozen
        self.changed = rules.changed(self.frozen, self.now) if self.frozen is not None else ()


@officer(*READING)
@require_GET
def recap(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """The month. A seat that may not see names is led to the table of the village, where small groups are hidden."""
    asked = Asked(request, posyandu_id)
    if not asked.named:
        kept = {"bulan": rules.written(asked.month), "wilayah": asked.region}
        return redirect(f"{reverse(blocks.HERE)}?{urlencode(kept)}")
    return _page(request, asked)


def _page(request: Request, asked: Asked, why: WhyForm | None = None, status: int = 200) -> HttpResponseBase:
    found = _Month(asked)
    skdn = rules.skdn(found.figures)
    table = shown.skdn([("", skdn)], hide=False)
    zone = region_queries.zone_of(asked.region)
    language = portal_words.language()
    place = roles.Place(region_code=asked.region)
    names = asked.kept() if found.closed is None or not found.changed else None
    context = {
        "asked": asked,
        "posyandu": found.posyandu,
        "place": region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "tabs": blocks.tabs(asked, "recap"),
        "steps": blocks.steps(asked),
        "heads": blocks.heads(),
        "rows": blocks.by_sex(found.figures, names),
        "total": blocks.cells(table.total, names),
        "identity": blocks.identity(table.total, names),
        "rates": blocks.rates(skdn, table.total, hide=False),
        "forms": blocks.forms(found.figures, hide=False, kept=names),
        "coverage": blocks.coverage(found.figures, asked, hide=False),
        "differences": blocks.differences(found.now, asked),
        "closed": found.closed,
        "closed_when": when.format_moment(found.closed.closed_at, zone, language) if found.closed else "",
        "changed": [(figure_words(key), then, now) for key, then, now in found.changed],
        "may_close": roles.may(request.by, "recap.close", place) and found.closed is None,
        "can_close": rules.may_close(found.now) and bool(found.now),
        "may_reopen": roles.may(request.by, "recap.reopen", place) and found.closed is not None,
        "why": why or WhyForm(),
        "key": uuid4(),
        "versions": [
            (one, when.format_moment(one.closed_at, zone, language))
            for one in queries.versions(request.by, found.posyandu.id, asked.month)
            if one.reopened_at
        ],
        "kept": asked.kept(),
        "home_url": maybe("desk_posyandu_one", found.posyandu.id),
        "empty": not found.figures,
    }
    return frame.show(request, "desk/posyandu_recaps/month.html", context, here=blocks.NAV, status=status)


@officer("recap.close")
@require_POST
def close(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Close the month."""
    month = rules.read_month(request.POST.get("bulan", ""))
    if month is None:
        raise Http404
    back = (
        f"{reverse('desk_posyandu_recap', args=[posyandu_id])}?{urlencode({'bulan': rules.written(month)})}"
    )
    key = reading.key(request.POST.get("key", ""))
    return trying.attempt(
        request,
        lambda: actions.close_recap(
            by=request.by, at=timezone.now(), posyandu_id=posyandu_id, month=month, recap_id=key
        ),
        back,
    )


@officer("recap.reopen")
@require_POST
def reopen(request: Request, recap_id: UUID) -> HttpResponseBase:
    """Open a closed month again."""
    row = trying.found(_recap, request, recap_id)
    form = WhyForm(request.POST)
    done = form.is_valid() and trying.run(
        form,
        lambda: actions.reopen_recap(
            by=request.by, at=timezone.now(), recap_id=recap_id, why=form.cleaned_data["why"]
        ),
    )
    if done:
        kept = urlencode({"bulan": rules.written(row.month)})
        return redirect(f"{reverse('desk_posyandu_recap', args=[row.posyandu_id])}?{kept}")
    asked = Asked(request, row.posyandu_id)
    asked.month = row.month
    return _page(request, asked, form, status=422)


def _recap(by: Any, recap_id: UUID) -> Any:
    return access.one(queries.recap_rows(by), recap_id)


@officer(*NAMED)
@require_GET
def printed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """The month on A4: SKDN, rates, the recaps of the four forms, coverage, two signatures. A closed month prints what was closed."""
    asked = Asked(request, posyandu_id)
    with translation.override("id"):
        context = _printed(asked, _Month(asked))
    return frame.show(request, "desk/posyandu_recaps/print.html", context, here=blocks.NAV)


def _printed(asked: Asked, found: _Month) -> dict[str, Any]:
    """What the sheet says, in Indonesian whatever the language of the interface: it is the official form."""
    skdn = rules.skdn(found.figures)
    table = shown.skdn([("", skdn)], hide=False)
    return {
        "asked": asked,
        "posyandu": found.posyandu,
        "place": region_queries.path_names(asked.region),
        "village": region_queries.path_names(asked.region).split(",", maxsplit=1)[0],
        "month": when.format_month(asked.month, "id"),
        "day": when.format_date(asked.today, "id"),
        "rows": blocks.by_sex(found.figures),
        "heads": blocks.heads(),
        "total": [table.total[name] for name in rules.SKDN],
        "identity": blocks.identity(table.total),
        "rates": blocks.rates(skdn, table.total, hide=False),
        "forms": blocks.forms(found.figures, hide=False),
        "coverage": blocks.coverage(found.figures, asked, hide=False),
        "closed": found.closed,
        "closed_when": when.format_moment(found.closed.closed_at, region_queries.zone_of(asked.region), "id")
        if found.closed
        else "",
        "back": f"{reverse('desk_posyandu_recap', args=[found.posyandu.id])}?{urlencode({'bulan': rules.written(asked.month)})}",
    }


@officer(*NAMED)
@require_GET
def export(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Every figure of the month as a sheet: no names."""
    asked = Asked(request, posyandu_id)
    found = _Month(asked)
    rows = [[key, figure_words(key), number] for key, number in sorted(found.figures.items())]
    skdn = rules.skdn(found.figures)
    rows += [
        [row["figure"], row["words"], row["percent"]]
        for row in blocks.rates(skdn, {name: getattr(skdn, name) for name in rules.SKDN}, hide=False)
    ]
    name = f"rekap-{found.posyandu.name}-{rules.written(asked.month)}.csv".replace(" ", "-").lower()
    safe = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-."))
    return watch.as_csv(safe, [_("Figure"), _("Meaning"), _("Number")], rows)


def figure_words(key: str) -> str:
    """What a flat figure means, in words."""
    name, _dot, part = key.partition(".")
    if name in rules.SKDN:
        sex = {"L": _("Boys (L)"), "P": _("Girls (P)")}.get(part, _("Sex not known"))
        return f"{_(rules.SKDN_WORDS[name])}: {sex}"
    if name in rules.FORMS and part in rules.FORM_PARTS:
        return f"{blocks.form_name(name)}: {_(rules.FORM_PARTS[part])}"
    if name == "dose":
        return f"{_('Immunisation given')}: {part.upper()}"
    return _(rules.OTHER_WORDS[key]) if key in rules.OTHER_WORDS else key
