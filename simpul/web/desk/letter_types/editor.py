"""Writing a kind of letter: a new one, a changed one, and the preview while it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.letters.actions import types as actions
from simpul.letters.queries import type_words
from simpul.letters.queries import types as queries
from simpul.letters.rules import types as rules
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk.letter_types import forms, shown
from simpul.web.policy import Request, officer


@officer("type.add")
def new(request: Request) -> HttpResponseBase:
    """Add a kind of letter that only this village writes; it may begin as a copy of another."""
    village = shown.require_village(request)
    copied = queries.find(request.GET.get("salin", "")[:40], village, ended=True)
    given = queries.given_of(copied.version) if copied is not None and request.method != "POST" else None
    editor = forms.Editor(_post(request), given, new=True)
    if _saves(request) and editor.is_valid():
        words = editor.words.cleaned_data

        def act() -> None:
            actions.add_type(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                code=words["code"],
                group=words["group"],
                given=editor.version(),
                type_id=reading.key(request.POST.get("kunci", "")),
            )

        if trying.run(editor, act):
            messages.success(request, _("Added. Residents and officers find it in the list now."))
            return redirect(reverse("desk_letter_type", args=[words["code"]]) + shown.kept(request))
    return _page(request, editor, village, None)


@officer("version.write")
def change(request: Request, code: str) -> HttpResponseBase:
    """Give the village its own text of a kind: every saving is a new version."""
    village = shown.require_village(request)
    offer = shown.offer_or_404(code, village)
    editor = forms.Editor(_post(request), queries.given_of(offer.version))
    if _saves(request) and editor.is_valid():
        made: list[Any] = []

        def act() -> None:
            made.append(
                actions.write_version(
                    by=request.by,
                    at=timezone.now(),
                    region_code=village,
                    type_code=code,
                    given=editor.version(),
                    version_id=reading.key(request.POST.get("kunci", "")),
                )
            )

        if trying.run(editor, act):
            same = made[0].id == offer.version.id
            messages.success(
                request,
                _("Nothing was changed.")
                if same
                else _("Saved as version %(number)s. Letters already drafted keep the text they have.")
                % {"number": made[0].version},
            )
            return redirect(reverse("desk_letter_type", args=[code]) + shown.kept(request))
    return _page(request, editor, village, offer)


@officer("version.write", "type.add")
@require_POST
def preview(request: Request) -> HttpResponseBase:
    """The text as it stands in the form, with made-up people: the fragment beside the form."""
    editor = forms.Editor(request.POST)
    editor.is_valid()
    return frame.show(request, "desk/letter_types/_preview.html", _preview(editor))


def _post(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _saves(request: Request) -> bool:
    return request.method == "POST" and request.POST.get("langkah") == "simpan"


def _page(
    request: Request, editor: forms.Editor, village: str, offer: queries.Offer | None
) -> HttpResponseBase:
    step = request.POST.get("langkah", "")
    asked = request.method == "POST"
    if asked and step != "simpan":
        editor.is_valid()
    if step.startswith("tambah_"):
        editor = _longer(request, editor, step.removeprefix("tambah_"), new=offer is None)
    faulty = step == "simpan" and bool(editor.words.errors)
    context = {
        "editor": editor,
        "form": editor.words,
        "offer": offer,
        "village": region_queries.get_region(village).short_name,
        "key": request.POST.get("kunci", "") or str(uuid7()),
        "places": shown.places(*_rows(editor)),
        "filters": shown.FILTERS.items(),
        "kept": shown.kept(request),
        "faulty": faulty,
        **_preview(editor),
    }
    return frame.show(
        request, "desk/letter_types/edit.html", context, status=422 if faulty else 200, here=shown.HERE
    )


def _longer(request: Request, editor: forms.Editor, name: str, *, new: bool) -> forms.Editor:
    """The same form with one more blank row of a kind; what was typed stays."""
    if name not in ("inputs", "parties"):
        raise Http404
    data = request.POST.copy()
    total = data.get(f"{name}-TOTAL_FORMS", "0")
    most = rules.MOST_INPUTS if name == "inputs" else rules.MOST_PARTIES
    data[f"{name}-TOTAL_FORMS"] = str(min(int(total) + 1 if total.isdigit() else 1, most))
    longer = forms.Editor(data, editor.given, new=new)
    longer.is_valid()
    return longer


def _rows(editor: forms.Editor) -> tuple[tuple[rules.Input, ...], tuple[rules.Party, ...]]:
    """The rows of the form, or those of the version before anything was typed."""
    if editor.words.is_bound:
        return editor.read_inputs(), editor.read_parties()
    given = editor.given
    return (given.inputs, given.parties) if given is not None else ((), ())


def _preview(editor: forms.Editor) -> dict[str, Any]:
    """The text with made-up people, and what stands against saving it."""
    form = editor.words
    body = str(form["body"].value() or "").replace("\r\n", "\n")
    inputs, parties = _rows(editor)
    done, problems = queries.preview(body=body, inputs=inputs, parties=parties)
    said = [
        type_words.fault(rules.Fault("body", one.code, one.word, one.meant, one.line)) for one in problems
    ]
    return {
        "blocks": shown.blocks(done.body),
        "heading": form["printed"].value() or form["name"].value() or "",
        "problems": said,
        "unused": _unused(body, inputs),
    }


def _unused(body: str, inputs: tuple[rules.Input, ...]) -> list[str]:
    """Questions whose answer is never printed: allowed, but mostly forgotten."""
    named = {name for _group, name in queries.places_used(body)}
    return [one.label for one in inputs if one.code not in named]
