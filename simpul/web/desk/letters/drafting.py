"""Writing a letter: what the register says and may be corrected here, the answers, the text as it will be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.letters.actions import drafting as actions
from simpul.letters.queries import bodies
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import texts, variables
from simpul.lib.errors import NotFound, Refused
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import frame
from simpul.web.desk.letters import forms, shared
from simpul.web.desk.register import edits as register_edits
from simpul.web.policy import Request, officer

_VILLAGE = frozenset(one.name for one in variables.VILLAGE)


@officer("letter.draft")
def draft(request: Request, letter_id: UUID) -> HttpResponseBase:
    """The form of a letter: kept unfinished, or passed on."""
    letter = shared.letter_or_404(request, letter_id)
    letter.version = type_queries.current(letter.type, letter.region_code) or letter.version
    step = request.POST.get("step", "") if request.method == "POST" else ""
    options = _options(request, letter)
    if step == "cari":
        first = {**request.POST.dict(), "purpose": request.POST.get("purpose", "")}
        form = forms.DraftForm(initial=first, **options)
    elif request.method == "POST":
        form = forms.DraftForm(request.POST, **options)
        if form.is_valid() and _keep(request, letter, form, step):
            return redirect("desk_letter", letter_id=letter.id)
    else:
        form = forms.DraftForm(initial=_initial(letter), **options)
    sought = request.POST.get("sought", "").replace("\x00", "").strip()[:80] if step == "cari" else ""
    context = {
        **shared.row(letter),
        "form": form,
        "sought": sought,
        "found": _found(request, sought),
        "returned_why": letter.returned_why if letter.state == "returned" else "",
        "asks_purpose": _asks_purpose(letter),
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, "desk/letters/draft.html", context, status=status, here=shared.HERE)


def _options(request: Request, letter: Any) -> dict[str, Any]:
    """The questions of the kind, and the places of its text with what the register says now."""
    language = shared.language()
    names = bodies.labels(letter.version, language)
    facts = type_queries.facts_for(
        request.by,
        letter.person_id,
        letter.region_code,
        at=timezone.now(),
        name=letter.subject_name or letter.applicant_name,
    )
    return {
        "questions": bodies.questions_of(letter.version),
        "language": language,
        "places": [(name, names.get(name, name), facts.get(name, "")) for name in _places(letter)],
    }


def _places(letter: Any) -> list[str]:
    """Places of the text that the register fills and an officer may correct: the person's and the family's, not the village's."""
    known = variables.NAMES - variables.PENDING - _VILLAGE - {"keperluan"}
    found = texts.parse(letter.version.body).places()
    return [name for group, name in dict.fromkeys(found) if not group and name in known]


def _asks_purpose(letter: Any) -> bool:
    return any(name == "keperluan" for _group, name in texts.parse(letter.version.body).places())


def _initial(letter: Any) -> dict[str, str]:
    """What was kept before: answers, corrections, purpose."""
    values = bodies.values_of(letter)
    kept = {
        forms.question_name(one.code): values.get(one.code, "") for one in bodies.questions_of(letter.version)
    }
    kept |= {f"data-{name}": values[name] for name in _places(letter) if values.get(name)}
    return {**kept, "purpose": letter.purpose, "subject_name": letter.subject_name}


def _found(request: Request, sought: str) -> list[tuple[str, str]]:
    if len(sought) < 2:
        return []
    listed = residents.find_persons(request.by, residents.Filters(words=sought))
    return [(str(one.id), register_edits.describe(one)) for one in listed.rows[:8] if one.life != "dead"]


def _keep(request: Request, letter: Any, form: forms.DraftForm, step: str) -> bool:
    """Keep the draft; True when the page can go on to the letter."""
    chosen = reading.key(request.POST.get("person", ""))
    finish = step != "simpan" and chosen is None
    try:
        done = actions.draft_letter(
            by=request.by,
            at=timezone.now(),
            letter_id=letter.id,
            inputs=form.answers(),
            corrections={} if chosen else form.corrections(),
            purpose=form.cleaned_data["purpose"],
            subject_name=form.cleaned_data["subject_name"],
            person_id=chosen,
            finish=finish,
        )
    except NotFound as missing:
        raise Http404 from missing
    except actions.AnswersWrong as wrong:
        form.blame(wrong.faults)
        form.refuse(wrong)
        return False
    except Refused as refusal:
        form.refuse(refusal)
        return False
    if finish:
        messages.success(request, _("Drafted and passed on."))
    elif done.missing:
        messages.warning(request, _("Kept. Something is still missing; see below."))
    else:
        messages.success(request, _("Kept."))
    return True
