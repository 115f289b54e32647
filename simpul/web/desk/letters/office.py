"""How a village writes letters: its settings with a live example, mandates, numbers with the gap report and blocks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.letters.actions import mandates as mandate_actions
from simpul.letters.actions import numbers as number_actions
from simpul.letters.actions import offices as office_actions
from simpul.letters.queries import letters as queries
from simpul.letters.queries import mandates as mandate_queries
from simpul.letters.queries import numbers as number_queries
from simpul.letters.queries import requests as request_queries
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import mandates as mandate_rules
from simpul.letters.rules import numbers as number_rules
from simpul.lib.errors import NotFound, Refused
from simpul.web.desk import frame, trying, words
from simpul.web.desk.letters import forms, shared
from simpul.web.policy import Request, officer


def _today(village: str) -> Any:
    return timezone.now().astimezone(desk_queries.zone_of(village)).date()


def _types(village: str) -> list[tuple[str, str]]:
    language = shared.language()
    return [(one.code, one.name(language)) for one in type_queries.types_for(village)]


# --- settings ---------------------------------------------------------------------------------------------------------


@officer("office.set")
def settings(request: Request) -> HttpResponseBase:
    """The village's ways, with an example of its next number."""
    village = shared.village_of(request)
    office = queries.office_of(village)
    first = {name: getattr(office, name) for name in forms.OfficeForm.base_fields}
    first["signer_title"] = office.signer_title or request_queries.head_title(village)
    form = forms.OfficeForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid() and request.POST.get("step") != "contoh":
        try:
            office_actions.set_office(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                given=office_actions.OfficeGiven(**form.cleaned_data),
            )
        except office_actions.PatternWrong as wrong:
            form.blame(wrong.problems)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kept. It holds from the next letter on."))
            return redirect("desk_letter_office")
    context = {
        "form": form,
        "village": shared.place_name(village),
        "places": [("{" + name + "}", _(said)) for name, said in number_rules.PLACES.items()],
        **_example_of(form, village),
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, "desk/letters/office.html", context, status=status, here=shared.HERE)


@officer("office.set")
@require_GET
def example(request: Request) -> HttpResponseBase:
    """How the next number would be printed, while the pattern is written."""
    village = shared.village_of(request)
    shown = _example(request.GET.get("pattern", ""), request.GET.get("short_code", ""), village)
    return frame.show(request, "desk/letters/_example.html", shown)


def _example_of(form: Any, village: str) -> dict[str, Any]:
    return _example(str(form["pattern"].value() or ""), str(form["short_code"].value() or ""), village)


def _example(pattern: str, short_code: str, village: str) -> dict[str, Any]:
    clean = pattern.strip()[:200]
    problems = number_rules.problems_of(clean)
    if problems:
        said = [_(forms.PATTERN_WORDS[one.code]) % {"word": one.word} for one in problems]
        return {"example": "", "problems": said}
    given = number_rules.Given(7, _today(village), "400.8", village, short_code.strip()[:20])
    return {"example": number_rules.render(clean, given), "problems": []}


# --- mandates ---------------------------------------------------------------------------------------------------------


@officer("letter.draft")
def mandates(request: Request) -> HttpResponseBase:
    """Who may sign in the head's name, and until when; the form for a new mandate for those who write them down."""
    village = shared.village_of(request)
    may = roles.may(request.by, "mandate.give", roles.Place(region_code=village))
    form = None
    if may:
        form = forms.MandateForm(
            request.POST if request.method == "POST" else None,
            seats=mandate_queries.seats_for(request.by, village, timezone.now()),
            types=_types(village),
            initial={"acts": list(mandate_rules.ACTS), "from_date": _today(village)},
        )
        if form.is_valid() and trying.run(
            form,
            lambda: mandate_actions.give_mandate(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                seat_id=UUID(form.cleaned_data["seat"]),
                **form.given(),
            ),
        ):
            messages.success(request, _("Written down. It holds between its dates."))
            return redirect("desk_letter_mandates")
    elif request.method == "POST":
        raise Http404
    names = dict(_types(village))
    context = {
        "village": shared.place_name(village),
        "form": form,
        "rows": [
            _mandate(one, names) for one in mandate_queries.mandates_of(request.by, village, _today(village))
        ],
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return frame.show(request, "desk/letters/mandates.html", context, status=status, here=shared.HERE)


def _mandate(one: mandate_queries.Standing, names: dict[str, str]) -> dict[str, Any]:
    held = one.mandate
    said = {"now": _("in force"), "later": _("not yet"), "over": _("over"), "ended": _("ended")}
    tones = {"now": "good", "later": "info", "over": "", "ended": ""}
    return {
        "mandate": held,
        "state": said[one.state],
        "tone": tones[one.state],
        "from": words.day(held.from_date),
        "to": words.day(held.to_date),
        "decided": words.day(held.decision_date),
        "acts": ", ".join(_(mandate_rules.ACTS[act]) for act in held.acts if act in mandate_rules.ACTS),
        "types": ", ".join(names.get(code, code) for code in held.types) or _("all kinds of letter"),
        "may_end": one.state in ("now", "later"),
    }


@officer("mandate.end")
def end_mandate(request: Request, mandate_id: UUID) -> HttpResponseBase:
    """End a mandate before its last day."""
    found = mandate_queries.find_mandate(request.by, mandate_id)
    if found is None:
        raise Http404
    form = forms.WhyForm(request.POST if request.method == "POST" else None, label=_("Why does it end?"))
    if form.is_valid() and trying.run(
        form,
        lambda: mandate_actions.end_mandate(
            by=request.by, at=timezone.now(), mandate_id=mandate_id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Ended. Letters that were released by it stay as they are."))
        return redirect("desk_letter_mandates")
    context = {"form": form, "mandate": found, "back": reverse("desk_letter_mandates")}
    status = 422 if form.errors else 200
    return frame.show(request, "desk/letters/end_mandate.html", context, status=status, here=shared.HERE)


# --- numbers ----------------------------------------------------------------------------------------------------------


@officer("letter.draft")
@require_GET
def numbers(request: Request) -> HttpResponseBase:
    """What became of every number, what nobody can explain, and the numbers that are set aside."""
    return _numbers(request)


def _numbers(
    request: Request, *, reserve: Any = None, void: Any = None, status: int = 200
) -> HttpResponseBase:
    village = shared.village_of(request)
    place = roles.Place(region_code=village)
    names = dict(_types(village))
    office = queries.office_of(village)
    reports = [
        number_queries.gaps(request.by, village, series, year)
        for series, year in number_queries.series_in_use(request.by, village)[:12]
    ]
    kinds = list(names.items()) if office.series_mode == "types" else []
    context = {
        "village": shared.place_name(village),
        "reports": [{"one": one, "name": _series_name(one.series, names)} for one in reports],
        "sound": all(not one.missing for one in reports),
        "blocks": [
            {
                "row": one,
                "when": words.moment(one.block.reserved_at, village),
                "name": _series_name(one.block.series, names),
            }
            for one in number_queries.blocks(request.by, village)
        ],
        "reserve": (reserve or forms.ReserveForm(types=kinds))
        if roles.may(request.by, "block.reserve", place)
        else None,
        "void": (void or forms.VoidForm(types=kinds))
        if roles.may(request.by, "number.void", place)
        else None,
        "may_return": roles.may(request.by, "block.return", place),
        "pattern": office.pattern,
    }
    return frame.show(request, "desk/letters/numbers.html", context, status=status, here=shared.HERE)


def _series_name(series: str, names: dict[str, str]) -> str:
    if series.startswith("type:"):
        code = series.removeprefix("type:")
        return names.get(code, code)
    said = {
        "services": _("Service letters"),
        "one": _("All letters"),
        "incoming": _("Incoming letters"),
        "outgoing": _("Outgoing letters"),
    }
    return said.get(series, series)


def _kinds(village: str) -> list[tuple[str, str]]:
    return _types(village) if queries.office_of(village).series_mode == "types" else []


@officer("block.reserve")
@require_POST
def reserve(request: Request) -> HttpResponseBase:
    """Set numbers aside for a post without a network."""
    village = shared.village_of(request)
    form = forms.ReserveForm(request.POST, types=_kinds(village))
    if form.is_valid() and trying.run(
        form,
        lambda: number_actions.reserve_block(
            by=request.by,
            at=timezone.now(),
            region_code=village,
            count=form.cleaned_data["count"],
            holder=form.cleaned_data["holder"],
            why=form.cleaned_data["why"],
            type_code=form.cleaned_data.get("type", ""),
            block_id=form.cleaned_data["block_id"],
        ),
    ):
        messages.success(
            request, _("Set aside. Give the numbers to the post; write each on one letter only.")
        )
        return redirect("desk_letter_numbers")
    return _numbers(request, reserve=form, status=422)


@officer("number.void")
@require_POST
def void(request: Request) -> HttpResponseBase:
    """Make a number void, with its reason."""
    village = shared.village_of(request)
    form = forms.VoidForm(request.POST, types=_kinds(village))
    made: list[int] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.extend(
            number_actions.void_number(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                number=form.cleaned_data["number"],
                type_code=form.cleaned_data.get("type", ""),
                why=form.cleaned_data["why"],
            )
        ),
    ):
        said = ngettext("%(n)s number is void now.", "%(n)s numbers are void now.", len(made))
        messages.success(request, said % {"n": len(made)})
        return redirect("desk_letter_numbers")
    return _numbers(request, void=form, status=422)


@officer("block.return")
def give_back(request: Request, block_id: UUID) -> HttpResponseBase:
    """Give a block back: what is left becomes void."""
    village = shared.village_of(request)
    found = next(
        (one for one in number_queries.blocks(request.by, village) if one.block.id == block_id), None
    )
    if found is None:
        raise Http404
    form = forms.WhyForm(
        request.POST if request.method == "POST" else None, label=_("Why are the numbers given back?")
    )
    if form.is_valid() and trying.run(
        form,
        lambda: number_actions.return_block(
            by=request.by, at=timezone.now(), block_id=block_id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Given back. The unused numbers are void, with the reason."))
        return redirect("desk_letter_numbers")
    context = {"form": form, "found": found, "back": reverse("desk_letter_numbers")}
    status = 422 if form.errors else 200
    return frame.show(request, "desk/letters/give_back.html", context, status=status, here=shared.HERE)
