"""Publication: prepare with suggestions, black out photos, preview, release by a second person, correct, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import files as file_actions
from simpul.cases.actions import publishing
from simpul.cases.queries import files as file_queries
from simpul.cases.queries import publishing as queries
from simpul.cases.rules import publication as rules
from simpul.lib import redact
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, words
from simpul.web.policy import Request, officer

PARTS = ("title", "text", "answer")
BOX_ROWS = 8
SPAN_WORDS: Mapping[str, Any] = {
    "nik": gettext_lazy("NIK"),
    "kk": gettext_lazy("KK number"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail or account name"),
    "account": gettext_lazy("bank account"),
    "name": gettext_lazy("name"),
    "plate": gettext_lazy("number plate"),
    "birth_date": gettext_lazy("birth date"),
    "address": gettext_lazy("address"),
    "place": gettext_lazy("exact place"),
}


class WordsForm(forms.Form):
    """What the public will read."""

    title = forms.LineField(label=gettext_lazy("Title"), max_length=150)
    text = forms.LongTextField(label=gettext_lazy("What was reported"), rows=8)
    answer = forms.LongTextField(label=gettext_lazy("The answer"), rows=8)


class CorrectForm(WordsForm):
    """Changed words, and why."""

    reason = forms.LineField(label=gettext_lazy("What was corrected, for the public to read"), max_length=200)


class ReasonForm(forms.Form):
    """Why it goes back, or away."""

    reason = forms.LineField(label=gettext_lazy("Reason"), max_length=200)


@officer("publication.prepare", "publication.release")
def publications(request: Request) -> HttpResponseBase:
    """What waits: for a second person, for another try, and matters for which nothing was prepared."""
    context = {
        "waiting": queries.awaiting_release(request.by)
        if roles.may_somewhere(request.by, "publication.release")
        else [],
        "returned": queries.returned_to(request.by),
        "ready": queries.ready_to_publish(request.by, limit=30)
        if roles.may_somewhere(request.by, "publication.prepare")
        else [],
    }
    return frame.show(request, "desk/publication/list.html", context, here="desk_publications")


@officer("publication.prepare")
def prepare(request: Request, case_id: UUID) -> HttpResponseBase:
    """Choose what is blackened, edit the words, look at them as the public will, offer them to a second person."""
    found = queries.suggestions(request.by, case_id)
    case = access.get_for(request.by, case_id)
    ticked = (
        set(request.POST.getlist("black"))
        if request.method == "POST"
        else {_mark(span) for one in found.values() for span in one.spans}
    )
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "apply":
        applied = {
            part: redact.apply(one.text, [span for span in one.spans if _mark(span) in ticked])
            for part, one in found.items()
        }
        return _prepare_page(request, case, found, ticked, WordsForm(initial=applied))
    form = WordsForm(request.POST)
    left: tuple[rules.Left, ...] = ()
    if form.is_valid() and step == "offer":
        try:
            publication = publishing.prepare_publication(
                by=request.by,
                at=timezone.now(),
                case_id=case_id,
                reviewed=request.POST.getlist("keep"),
                photo_ids=_keys(request, "photo"),
                **form.cleaned_data,
            )
        except NotFound as missing:
            raise Http404 from missing
        except publishing.PersonalDataLeft as refusal:
            left = refusal.left
            form.refuse(refusal)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Prepared. Another person now releases it."))
            return redirect("desk_publication", publication_id=publication.id)
    preview = form.cleaned_data if form.is_valid() else None
    return _prepare_page(request, case, found, ticked, form, left=left, preview=preview)


def _prepare_page(
    request: Request,
    case: Any,
    found: Mapping[str, queries.Suggested],
    ticked: set[str],
    form: WordsForm,
    *,
    left: tuple[rules.Left, ...] = (),
    preview: Any = None,
) -> HttpResponseBase:
    kept = [
        span.text
        for one in found.values()
        for span in one.spans
        if _mark(span) not in ticked and span.kind not in rules.NEVER
    ]
    context = {
        "case": case,
        "form": form,
        "parts": [
            {"name": form.fields[part].label, "pieces": pieces(one, ticked)} for part, one in found.items()
        ],
        "spans": [_span(span, ticked) for span in _once(found)],
        "kept": list(dict.fromkeys([*kept, *request.POST.getlist("keep")])),
        "left": [
            {"text": one.span.text, "kind": words.of(SPAN_WORDS, one.span.kind), "never": one.never}
            for one in left
        ],
        "photos": queries.photos_of(case),
        "chosen_photos": set(request.POST.getlist("photo")),
        "preview": preview,
        "decision_words": words.decision_words(case.decision),
        "place": rules.place_words(region_queries.path_names(case.region_code)),
        "kind_words": words.said(case.kind, "name"),
        "received": words.short_day(case.received_at, case.region_code),
        "answered": words.short_day(case.answered_at, case.region_code),
    }
    return frame.show(
        request,
        "desk/publication/prepare.html",
        context,
        status=422 if form.errors else 200,
        here="desk_publications",
    )


def pieces(one: queries.Suggested, ticked: set[str]) -> list[dict[str, Any]]:
    """The text cut at its finds, so that each can be highlighted where it stands."""
    found, place = [], 0
    for span in one.spans:
        found.append({"text": one.text[place : span.start], "mark": False})
        found.append(
            {
                "text": span.text,
                "mark": True,
                "black": _mark(span) in ticked,
                "kind": words.of(SPAN_WORDS, span.kind),
            }
        )
        place = span.end
    found.append({"text": one.text[place:], "mark": False})
    return found


def _once(found: Mapping[str, queries.Suggested]) -> list[redact.Span]:
    """Each find once, however often it stands in the texts."""
    return list({_mark(span): span for one in found.values() for span in one.spans}.values())


def _mark(span: redact.Span) -> str:
    return f"{span.kind}:{span.text}"


def _span(span: redact.Span, ticked: set[str]) -> dict[str, Any]:
    return {
        "value": _mark(span),
        "text": span.text,
        "kind": words.of(SPAN_WORDS, span.kind),
        "ticked": _mark(span) in ticked,
        "never": span.kind in rules.NEVER,
    }


def _keys(request: Request, name: str) -> list[UUID]:
    try:
        return [UUID(value) for value in request.POST.getlist(name)]
    except ValueError:
        return []


# --- one publication ----------------------------------------------------------------------------------------------------


@officer("publication.prepare", "publication.release")
def publication(request: Request, publication_id: UUID) -> HttpResponseBase:
    """A publication as the public sees it, what may be done with it, and its log."""
    return _show(request, _publication(request, publication_id), {})


@officer("publication.release")
def decide(request: Request, publication_id: UUID, step: str) -> HttpResponseBase:
    """Release, return, correct or withdraw."""
    row = _publication(request, publication_id)
    if request.method != "POST" or step not in STEPS:
        return redirect("desk_publication", publication_id=publication_id)
    form_class, run, done = STEPS[step]
    form = form_class(request.POST)
    if form.is_valid():
        try:
            run(request, timezone.now(), publication_id, form.cleaned_data)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(done))
            return redirect("desk_publication", publication_id=publication_id)
    return _show(request, row, {step: form}, status=409)


def _release(request: Request, at: datetime, publication_id: UUID, _given: Any) -> None:
    publishing.release_publication(by=request.by, at=at, publication_id=publication_id)


def _return(request: Request, at: datetime, publication_id: UUID, given: Any) -> None:
    publishing.return_publication(by=request.by, at=at, publication_id=publication_id, **given)


def _correct(request: Request, at: datetime, publication_id: UUID, given: Any) -> None:
    publishing.correct_publication(
        by=request.by, at=at, publication_id=publication_id, reviewed=request.POST.getlist("keep"), **given
    )


def _withdraw(request: Request, at: datetime, publication_id: UUID, given: Any) -> None:
    publishing.withdraw_publication(by=request.by, at=at, publication_id=publication_id, **given)


Step = tuple[type[forms.Form], Callable[[Request, datetime, UUID, Any], None], Any]
STEPS: Mapping[str, Step] = {
    "rilis": (forms.Form, _release, gettext_lazy("Released. Everybody can read it now.")),
    "kembalikan": (ReasonForm, _return, gettext_lazy("Returned to the person who prepared it.")),
    "perbaiki": (CorrectForm, _correct, gettext_lazy("Corrected. The page says that it was.")),
    "tarik": (ReasonForm, _withdraw, gettext_lazy("Withdrawn. The public no longer sees it.")),
}


def _publication(request: Request, publication_id: UUID) -> Any:
    row = (
        access.publications(request.by).filter(id=publication_id).select_related("case", "case__kind").first()
    )
    if row is None:
        raise Http404
    return row


def _show(request: Request, row: Any, wrong: Mapping[str, Any], status: int = 200) -> HttpResponseBase:
    place = access.place_of(row.case)
    may = {
        step: roles.may(request.by, f"publication.{act}", place)
        and rules.allowed(f"publication.{act}", row.state)
        for step, act in _ACTS.items()
    }
    releases = may["rilis"] or row.state == rules.RELEASED
    context = {
        "row": row,
        "case": row.case,
        "state": words.of(words.PUBLICATION_STATES, row.state),
        "decision_words": words.decision_words(row.decision),
        "kind_words": words.said(row.case.kind, "name"),
        "may": may,
        "own": row.prepared_by_user_id == request.by.user_id,
        "may_prepare": roles.may(request.by, "publication.prepare", place)
        and rules.allowed("publication.prepare", row.state),
        "sees_case": access.visible(request.by).filter(id=row.case_id).exists(),
        "release_form": wrong.get("rilis") or forms.Form(),
        "return_form": wrong.get("kembalikan") or ReasonForm(prefix=None, auto_id="back_%s"),
        "withdraw_form": wrong.get("tarik") or ReasonForm(auto_id="gone_%s"),
        "correct_form": wrong.get("perbaiki")
        or CorrectForm(initial={part: getattr(row, part) for part in PARTS}),
        "opened": next(iter(wrong), ""),
        "wrong": next(iter(wrong.values()), None),
        "versions": list(row.versions.order_by("-at")) if releases or row.state == rules.WITHDRAWN else [],
        "prepared": words.moment(row.prepared_at, row.region_code),
        "released": words.moment(row.released_at, row.region_code),
        "withdrawn": words.moment(row.withdrawn_at, row.region_code),
        "received": words.day(row.received_date),
        "answered": words.day(row.answered_date),
        "photo_urls": [photo for photo in queries.photos_of(row.case) if photo.masked_sha256 in row.photos],
    }
    return frame.show(request, "desk/publication/one.html", context, status=status, here="desk_publications")


_ACTS = {"rilis": "release", "kembalikan": "return", "perbaiki": "correct", "tarik": "withdraw"}


# --- photos -------------------------------------------------------------------------------------------------------------


class PercentField(django_forms.DecimalField):
    """A part of the photo in percent, with a comma or a dot."""

    def to_python(self, value: Any) -> Any:
        """The number."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class MaskForm(forms.Form):
    """Boxes in percent of the photo: left, top, right, bottom. Empty rows are passed over."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sides = (
            (gettext_lazy("left"), "l"),
            (gettext_lazy("top"), "t"),
            (gettext_lazy("right"), "r"),
            (gettext_lazy("bottom"), "b"),
        )
        for row in range(BOX_ROWS):
            for label, side in sides:
                self.fields[f"b{row}{side}"] = PercentField(
                    label=label, required=False, min_value=0, max_value=100
                )

    def rows(self) -> list[list[Any]]:
        """The boxes as rows of four fields."""
        return [[self[f"b{row}{side}"] for side in "ltrb"] for row in range(BOX_ROWS)]

    def clean(self) -> dict[str, Any]:
        """A box needs all four sides."""
        values: dict[str, Any] = super().clean() or {}
        for row in range(BOX_ROWS):
            sides = [values.get(f"b{row}{side}") for side in "ltrb"]
            if any(side is not None for side in sides) and any(side is None for side in sides):
                self.add_error(f"b{row}l", _("A box needs all four sides, in percent of the photo."))
        return values

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """The boxes as fractions."""
        found = [[self.cleaned_data.get(f"b{row}{side}") for side in "ltrb"] for row in range(BOX_ROWS)]
        left, top, right, bottom = range(4)
        full = [[float(side) / 100 for side in box if side is not None] for box in found]
        return [(box[left], box[top], box[right], box[bottom]) for box in full if len(box) == 4]


@officer("photo.mask")
def mask(request: Request, attachment_id: UUID) -> HttpResponseBase:
    """Black out faces, plates and signs for the public copy; the original stays for those who work on the matter."""
    attachment = file_queries.attachment_for(request.by, attachment_id)
    place = access.place_of(access.get_for(request.by, attachment.case_id))
    if attachment.kind != "photo" or not roles.may(request.by, "photo.mask", place):
        raise Http404
    first = {
        f"b{row}{side}": round(box[place] * 100, 1)
        for row, box in enumerate(attachment.boxes[:BOX_ROWS])
        for place, side in enumerate("ltrb")
    }
    form = MaskForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            file_actions.mask_photo(
                by=request.by, at=timezone.now(), attachment_id=attachment_id, boxes=form.boxes()
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kept. This is what the public would see."))
            return redirect("desk_mask", attachment_id=attachment_id)
    context = {"attachment": attachment, "form": form}
    return frame.show(
        request,
        "desk/publication/mask.html",
        context,
        status=422 if form.errors else 200,
        here="desk_publications",
    )
