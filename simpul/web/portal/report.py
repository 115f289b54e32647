"""``/lapor/``: a report, one question per page, content first, identity last and optional.

The pages follow one another as: what (1), story (2), place (3), details (4, only when the kind asks), person (5), similar (6, only
when something was found), check (7). Each page keeps its answers in the draft and goes on; with ``?ubah=1`` it goes back to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import screening as screening_queries
from simpul.cases.rules import kinds as kind_rules
from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries
from simpul.web import forms, questions
from simpul.web.policy import Request, public
from simpul.web.portal import draft as drafts
from simpul.web.portal import guard, places, report_forms, safety, similar, words
from simpul.web.portal.shapes import Kind

SENSITIVE_GROUPS = frozenset({"protection"})
CHANGE = "ubah"
LETTERS = "letter_request"
"""The kind that has pages of its own, where what to bring stands and each letter's own questions are asked."""


# --- 1: what ----------------------------------------------------------------------------------------------------------


@public
def what(request: Request) -> HttpResponse:
    """Groups first, then the kinds of one group; choosing is a plain link, so nothing is kept before a word is written."""
    draft = drafts.load(request)
    if CHANGE in request.GET and draft is not None:
        return _change_kind(request, draft)
    kinds = kind_queries.kinds_offered()
    chosen = request.GET.get("soal", "")
    inside = [kind for kind in kinds if kind.group == chosen]
    context = {
        "emergency": words.emergency_numbers(),
        "draft": draft if draft and draft.pages.get("story") else None,
        "disaster": safety.notice(timezone.now()),
        "sensitive": chosen in SENSITIVE_GROUPS,
    }
    if inside:
        tiles = [
            _tile(
                _story_url(kind.code),
                words.said(kind, "name"),
                words.said(kind, "about"),
                words.icon_of(kind.icon),
            )
            for kind in inside
        ]
        title = next((title for code, title, _about, _icon in words.GROUPS if code == chosen), "")
        return render(request, "portal/report/kinds.html", {**context, "tiles": tiles, "heading": title})
    return render(request, "portal/report/groups.html", {**context, "tiles": _group_tiles(kinds)})


def _group_tiles(kinds: Sequence[Kind]) -> list[dict[str, Any]]:
    tiles = []
    for code, title, about, icon in words.GROUPS:
        inside = [kind for kind in kinds if kind.group == code]
        if len(inside) == 1:
            kind = inside[0]
            tiles.append(_tile(_story_url(kind.code), title, about, icon))
        elif inside:
            tiles.append(_tile(f"{reverse('report')}?{urlencode({'soal': code})}", title, about, icon))
    return tiles


def _tile(url: str, title: Any, text: Any, icon: str) -> dict[str, Any]:
    return {"url": url, "title": title, "text": text, "icon_name": icon}


def _story_url(kind_code: str) -> str:
    if kind_code == LETTERS:
        return reverse("letters")
    return f"{reverse('report_story')}?{urlencode({'jenis': kind_code})}"


def _change_kind(request: Request, draft: drafts.Draft) -> HttpResponse:
    """Another kind, from the last page. Its own questions are asked when they have not been answered yet."""
    form = report_forms.KindForm(
        request.POST or None, kinds=kind_queries.kinds_offered(), initial={"kind": draft.kind_code}
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["kind"] != draft.kind_code:
            draft.kind_code = form.cleaned_data["kind"]
            draft.pages.pop("details", None)
            draft.pages.pop("similar", None)
        drafts.save(request, draft)
        return redirect(_next_missing(draft))
    return _page(request, form, draft, back=reverse("report_check"))


# --- 2: story -----------------------------------------------------------------------------------------------------------


@public
def story(request: Request) -> HttpResponseBase:
    """The person's own words or voice, and whether it is urgent. The draft begins with what is sent here."""
    draft = drafts.load(request) or drafts.begin()
    asked = request.POST.get("jenis") or request.GET.get("jenis") or ""
    kind = kind_queries.get_kind(asked or draft.kind_code)
    if kind is None or not (kind.is_active and kind.is_public):
        return redirect("report")
    emergency = safety.emergency_here(timezone.now())
    if request.method != "POST":
        form = report_forms.StoryForm(initial=draft.pages.get("story"), already=len(draft.files))
        safety.ask(form, emergency)
        return _story_page(request, form, draft, kind)
    if draft.kind_code not in ("", kind.code):
        draft.pages.pop("details", None)
    draft.kind_code = kind.code
    if unwanted := request.POST.get("buang"):
        drafts.remove_file(draft, unwanted)
    refusal = _too_many_files(request)
    form = report_forms.StoryForm(request.POST, None if refusal else request.FILES, already=len(draft.files))
    safety.ask(form, emergency)
    good = form.is_valid()
    if refusal:
        form.refuse(refusal)
        good = False
    for taken in form.taken:
        drafts.keep_file(draft, taken.clean, taken.name)
    if form.words is not None:
        draft.pages["story"] = {
            "text": form.words,
            "danger": form.cleaned_data.get("danger", False),
            "triage": list(form.cleaned_data.get("triage", ())),
        }
    drafts.save(request, draft)
    if unwanted and form.words is not None:
        return redirect(request.get_full_path())
    if not good or unwanted:
        return _story_page(request, form, draft, kind)
    return _onward(request, draft, "report_place")


def _too_many_files(request: Request) -> Refused | None:
    phone = desk_queries.institution().phone
    try:
        guard.admit_files(request, len(request.FILES.getlist("uploads")), timezone.now(), phone)
    except Refused as refusal:
        return refusal
    return None


def _story_page(
    request: Request, form: report_forms.StoryForm, draft: drafts.Draft, kind: Kind
) -> HttpResponse:
    back = reverse("report_check") if CHANGE in request.GET else reverse("report")
    extra = {
        "files": draft.files,
        "kind_name": words.said(kind, "name"),
        "emergency": words.emergency_numbers(),
    }
    return _page(request, form, draft, back=back, template="portal/report/story.html", kind=kind, **extra)


# --- 3: place -----------------------------------------------------------------------------------------------------------


@public
def place(request: Request) -> HttpResponseBase:
    """The village, found in spite of typing errors; the spot within it; the day."""
    draft = drafts.load(request)
    if draft is None:
        return redirect("report")
    kept = draft.pages.get("place", {})
    instead = safety.place_instead(timezone.now())
    nowhere = bool(instead) and kept.get("region_code") == instead
    initial = {
        "region": "" if nowhere else kept.get("label", places.own_village()),
        "place": kept.get("place"),
        "happened": _day(kept.get("happened")),
    }
    form = report_forms.PlaceForm(
        request.POST or None,
        find=places.find,
        today=_today(),
        initial=initial,
        instead=instead,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        code = given["region"]
        draft.pages["place"] = {
            "region_code": code,
            "label": region_queries.path_names(code),
            "place": given["place"],
            "happened": given["happened"].isoformat() if given["happened"] else "",
        }
        draft.pages.pop("similar", None)
        drafts.save(request, draft)
        return _onward(request, draft, "report_details")
    return _page(request, form, draft, back=_back(request, "report_story"))


def _today() -> date:
    home = desk_queries.institution().region_code
    return when.local_date(timezone.now(), region_queries.zone_of(home))


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


# --- 4: details ---------------------------------------------------------------------------------------------------------


@public
def details(request: Request) -> HttpResponseBase:
    """The kind's own questions; passed over when it has none."""
    draft = drafts.load(request)
    kind = kind_queries.get_kind(draft.kind_code) if draft else None
    if draft is None or kind is None:
        return redirect("report")
    if not kind.fields:
        return _onward(request, draft, "report_person")
    specs = questions.of(kind, [draft.region_code])
    form = report_forms.DetailsForm(request.POST or None, specs=specs, initial=_typed(kind, draft))
    if request.method == "POST" and form.is_valid():
        clean, errors = kind_rules.check_answers(kind.fields, form.answers())
        for key, sentence in errors.items():
            form.add_error(key, _(sentence))
        if not errors:
            draft.pages["details"] = clean
            drafts.save(request, draft)
            return _onward(request, draft, "report_person")
    return _page(
        request,
        form,
        draft,
        back=_back(request, "report_place"),
        template="portal/report/details.html",
        kind=kind,
    )


def _typed(kind: Kind, draft: drafts.Draft) -> dict[str, Any]:
    """The kept answers as the form shows them."""
    kept = draft.pages.get("details", {})
    dates = {str(field["key"]) for field in kind.fields if field["type"] == "date"}
    return {
        key: _day(value) if key in dates and value != kind_rules.UNKNOWN else value
        for key, value in kept.items()
    }


# --- 5: person ----------------------------------------------------------------------------------------------------------


@public
def person(request: Request) -> HttpResponseBase:
    """Who tells it, if they want to say."""
    draft = drafts.load(request)
    kind = kind_queries.get_kind(draft.kind_code) if draft else None
    if draft is None or kind is None:
        return redirect("report")
    form = report_forms.PersonForm(
        request.POST or None,
        anonymous_allowed=may_be_nameless(kind, draft),
        initial=draft.pages.get("person"),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        draft.pages["person"] = {"mode": "anonymous"} if given["mode"] == "anonymous" else given
        drafts.save(request, draft)
        return _onward(request, draft, "report_similar")
    back = _back(request, "report_details" if kind.fields else "report_place")
    return _page(request, form, draft, back=back, template="portal/report/person.html", kind=kind)


# --- 6: similar ---------------------------------------------------------------------------------------------------------


@public
def alike(request: Request) -> HttpResponseBase:
    """Known matters of the same kind, place and time: offered, never forced; passed over when there is none."""
    draft = drafts.load(request)
    if draft is None:
        return redirect("report")
    found = similar.Offers([], []) if is_sensitive(draft) else similar.offers(draft, timezone.now())
    if not found.incidents and not found.answered:
        return redirect("report_check")
    initial = {"incident": draft.pages.get("similar", {}).get("incident", "")}
    form = report_forms.SimilarForm(request.POST or None, found=found.incidents, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft.pages["similar"] = {"incident": form.cleaned_data["incident"]}
        drafts.save(request, draft)
        return redirect("report_check")
    extra: dict[str, Any] = {"incidents": found.incidents, "answered": found.answered}
    back, template = reverse("report_person"), "portal/report/similar.html"
    return _page(request, form, draft, back=back, template=template, **extra)


# --- shared ---------------------------------------------------------------------------------------------------------------


@public
def start_over(request: Request) -> HttpResponse:
    """Throw the draft away, when asked by a button."""
    if request.method == "POST":
        drafts.drop(request)
    return redirect("report")


def missing_page(draft: drafts.Draft) -> str:
    """The first page that still has to be answered before sending; "" when all are."""
    kind = kind_queries.get_kind(draft.kind_code)
    if kind is None:
        return "report"
    if not draft.pages.get("story"):
        return "report_story"
    if not draft.region_code:
        return "report_place"
    _clean, errors = kind_rules.check_answers(kind.fields, draft.pages.get("details", {}))
    if errors:
        return "report_details"
    mode = draft.pages.get("person", {}).get("mode", "")
    if not mode or (mode == "anonymous" and not may_be_nameless(kind, draft)):
        return "report_person"
    return ""


def may_be_nameless(kind: Kind, draft: drafts.Draft) -> bool:
    """True when the kind needs no name, or nobody is asked for one in disaster mode."""
    return kind.anonymous_allowed or safety.relaxes_identity(draft.region_code, timezone.now())


def _next_missing(draft: drafts.Draft) -> str:
    missing = missing_page(draft)
    return f"{reverse(missing)}?{CHANGE}=1" if missing else reverse("report_check")


def _onward(request: Request, draft: drafts.Draft, following: str) -> HttpResponse:
    """To the next page; or back to the last one when only this page was to be changed."""
    if CHANGE in request.GET:
        return redirect(_next_missing(draft))
    return redirect(following)


def _back(request: Request, before: str) -> str:
    return reverse("report_check") if CHANGE in request.GET else reverse(before)


def is_sensitive(draft: drafts.Draft, kind: Kind | None = None) -> bool:
    """True on paths about violence and children: their pages carry the button that leaves quickly."""
    kind = kind or kind_queries.get_kind(draft.kind_code)
    if kind is None:
        return False
    if kind.group in SENSITIVE_GROUPS or kind.sensitivity == "sealed":
        return True
    answers = draft.pages.get("details", {})
    if kind_rules.sensitivity_from(kind.sensitivity, kind.fields, answers) == "sealed":
        return True
    return bool(draft.text) and screening_queries.screen((draft.text,)).flagged


def _page(
    request: Request,
    form: forms.Form,
    draft: drafts.Draft,
    *,
    back: str,
    template: str = "portal/report/step.html",
    kind: Kind | None = None,
    **extra: Any,
) -> HttpResponse:
    """One page with one form. A form with faults answers 422, so that programs can tell."""
    context = {
        "form": form,
        "back": back,
        "is_change": CHANGE in request.GET,
        "kind": kind,
        "sensitive": is_sensitive(draft, kind),
        **extra,
    }
    return render(request, template, context, status=422 if form.errors else 200)
