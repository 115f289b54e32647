"""One letter: what is known, what is shown, its text as it will be printed, and exactly what this seat may do with it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from simpul.cases import access as case_access
from simpul.desks import queries as desk_queries
from simpul.letters.actions import cancelling, checking, releasing
from simpul.letters.queries import bodies
from simpul.letters.queries import letters as queries
from simpul.letters.queries import numbers as number_queries
from simpul.letters.queries import requests as request_queries
from simpul.letters.rules import flow
from simpul.letters.rules import numbers as number_rules
from simpul.lib import when
from simpul.lib.errors import NotFound, Refused
from simpul.web.desk import frame, words
from simpul.web.desk import intake as desk_intake
from simpul.web.desk.letters import forms, shared
from simpul.web.policy import Request, officer

Run = Callable[[Request, datetime, UUID, Any], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done with a letter: its act, its words, what it asks, and how it is done."""

    act: str
    title: str
    done: str
    icon: str
    run: Run
    form: type[Any] | None = None
    label: str = ""  # of the reason
    tone: str = ""  # good, bad
    plain: bool = False  # at once, by one button


def _why(act: Callable[..., Any]) -> Run:
    return lambda request, at, key, form: act(
        by=request.by, at=at, letter_id=key, why=form.cleaned_data["why"]
    )


def _bare(act: Callable[..., Any]) -> Run:
    return lambda request, at, key, _form: act(by=request.by, at=at, letter_id=key)


def _release(request: Request, at: datetime, key: UUID, form: Any) -> Any:
    given = form.cleaned_data
    block = UUID(given["block"]) if given["block"] else None
    return releasing.release_letter(
        by=request.by,
        at=at,
        letter_id=key,
        block_id=block,
        number=given["number"] if block else None,
        letter_date=given["letter_date"] if block else None,
    )


def _hand(request: Request, at: datetime, key: UUID, form: Any) -> Any:
    return cancelling.hand_over_letter(
        by=request.by, at=at, letter_id=key, received_name=form.cleaned_data["received_name"]
    )


STEPS: dict[str, Step] = {
    "periksa": Step(
        "letter.check",
        gettext_noop("It is right: pass on to the head"),
        gettext_noop("Checked. It waits for the village head now."),
        "check",
        _bare(checking.check_letter),
        plain=True,
        tone="good",
    ),
    "terbitkan": Step(
        "letter.release",
        gettext_noop("Approve and release"),
        gettext_noop("Released."),
        "check",
        _release,
        forms.ReleaseForm,
        tone="good",
    ),
    "setujui": Step(
        "letter.approve",
        gettext_noop("Only approve"),
        gettext_noop("Approved. The number comes with the release."),
        "check",
        _bare(checking.approve_letter),
        plain=True,
    ),
    "serahkan": Step(
        "letter.hand_over",
        gettext_noop("Hand over"),
        gettext_noop("Handed over."),
        "hand",
        _hand,
        forms.HandForm,
        tone="good",
    ),
    "lanjutkan": Step(
        "letter.resume",
        gettext_noop("Take up again"),
        gettext_noop("Taken up again. Look at the draft, then pass it on."),
        "arrow-back",
        _bare(checking.resume_letter),
        plain=True,
        tone="good",
    ),
    "kembalikan": Step(
        "letter.return",
        gettext_noop("Send back for correction"),
        gettext_noop("Sent back. The officer reads what to correct."),
        "arrow-back",
        _why(checking.return_letter),
        forms.WhyForm,
        label=gettext_noop("What has to be corrected?"),
    ),
    "tolak": Step(
        "letter.refuse",
        gettext_noop("Refuse"),
        gettext_noop("Refused. The applicant is told the reason."),
        "cross",
        _why(checking.refuse_letter),
        forms.WhyForm,
        label=gettext_noop("Why is this letter not given? The applicant reads this."),
        tone="bad",
    ),
    "tarik": Step(
        "letter.withdraw",
        gettext_noop("Withdrawn by the applicant"),
        gettext_noop("Withdrawn."),
        "cross",
        _why(checking.withdraw_letter),
        forms.WhyForm,
        label=gettext_noop("Why is it not wanted any more?"),
    ),
    "batalkan": Step(
        "letter.cancel",
        gettext_noop("Cancel the letter"),
        gettext_noop("Cancelled. Its number stays in the register, void with the reason."),
        "cross",
        _why(cancelling.cancel_letter),
        forms.WhyForm,
        label=gettext_noop("Why is the letter cancelled? The reason stays in the register."),
        tone="bad",
    ),
}


@officer("letter.draft")
@require_GET
def page(request: Request, letter_id: UUID) -> HttpResponseBase:
    """The letter."""
    return show(request, shared.letter_or_404(request, letter_id))


def show(
    request: Request, letter: Any, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HttpResponseBase:
    """The page of a letter, with the forms that were refused standing open."""
    at = timezone.now()
    record = queries.record_of(request.by, letter, at)
    office = queries.office_of(letter.region_code)
    today = at.astimezone(desk_queries.zone_of(letter.region_code)).date()
    head = office.signer_title or request_queries.head_title(letter.region_code)
    done = bodies.shown_before(letter, office, today, head)
    names = bodies.labels(letter.version, shared.language())
    body = bodies.frozen(letter) or done.body
    faults = wrong or {}
    context = {
        **shared.row(letter),
        "record": record,
        "facts": _facts(letter),
        "answers": _answers(letter, names),
        "blocks": shared.blocks(body),
        "is_frozen": bool(letter.body),
        "missing": _missing(letter, done, names),
        "requirements": _requirements(record, faults),
        "may_mark": "requirement.mark" in record.acts,
        "confirmation": faults.get("konfirmasi") or forms.ConfirmForm(),
        "may_confirm": "letter.confirm" in record.acts,
        "wants_confirmation": flow.wants_confirmation(
            flow.Ways(office.check_first, office.confirm_first, office.alone),
            letter.version is not None and letter.version.confirm,
            [one.agrees for one in record.confirmations],
        ),
        "buttons": _buttons(request, record, office, faults),
        "may_draft": "letter.draft" in record.acts,
        "entries": _entries(record),
        "next_words": _next_words(letter, office),
        "others": [shared.row(one) for one in record.others],
        "links": _links(request, letter),
        "pdf_url": shared.address("desk_letter_pdf", letter.id) if letter.pdf_sha256 else "",
    }
    return frame.show(request, "desk/letters/page.html", context, status=status, here=shared.HERE)


def _facts(letter: Any) -> list[dict[str, str]]:
    code = letter.region_code
    rows = [
        (_("Applicant"), letter.applicant_name),
        (_("About"), letter.subject_name),
        (_("Purpose of the letter"), letter.purpose),
        (_("Came by"), _(flow.CHANNELS.get(letter.channel, letter.channel))),
        (_("Asked for"), words.moment(letter.requested_at, code)),
        (_("Drafted by"), letter.drafted_by),
        (_("Checked by"), letter.checked_by),
        (_("Approved by"), letter.approved_by),
        (_("In the name of"), _mandate(letter)),
        (_("Letter number"), letter.number),
        (_("Date of the letter"), words.day(letter.letter_date)),
        (_("Valid until"), words.day(letter.valid_until)),
        (_("Handed over to"), letter.received_name),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _mandate(letter: Any) -> str:
    if letter.mandate is None:
        return ""
    return _("the village head, by decision %(number)s") % {"number": letter.mandate.decision_number}


def _missing(letter: Any, done: bodies.Filled, names: dict[str, str]) -> list[str]:
    """What the text still lacks. Before the first draft only what was asked: the register and the village fill the rest then."""
    if letter.state not in flow.OPEN or letter.version is None:
        return []
    asked = {one.code for one in bodies.questions_of(letter.version)}
    return [names.get(key, key) for key in done.missing if letter.facts or key in asked]


def _answers(letter: Any, names: dict[str, str]) -> list[dict[str, str]]:
    values = bodies.values_of(letter)
    asked = bodies.questions_of(letter.version) if letter.version is not None else ()
    return [
        {"key": names.get(one.code, one.code), "value": values[one.code]}
        for one in asked
        if values.get(one.code)
    ]


def _requirements(record: queries.Record, faults: dict[str, Any]) -> list[dict[str, Any]]:
    names = request_queries.requirement_names(record.letter.version, shared.language())
    tones = {"shown": "good", "missing": "bad", "waived": "info"}
    said = {
        "wanted": _("not seen yet"),
        "shown": _("seen"),
        "missing": _("missing"),
        "waived": _("not needed"),
    }
    return [
        {
            "row": one,
            "name": names.get(one.code, one.code),
            "state": said.get(one.state, one.state),
            "tone": tones.get(one.state, "warn"),
            "photo_url": reverse("desk_letter_photo", args=[record.letter.id, one.code])
            if one.file_sha256
            else "",
            "wrong": faults.get(one.code, ""),
        }
        for one in record.requirements
    ]


def _buttons(
    request: Request, record: queries.Record, office: Any, faults: dict[str, Any]
) -> list[dict[str, Any]]:
    """What this seat may do now. Who has neither the office nor a mandate is told why there is no button."""
    letter = record.letter
    head = request.by.role == "head" and request.by.region_code == letter.region_code
    signs = head or record.mandate is not None
    found = []
    for slug, step in STEPS.items():
        if step.act not in record.acts or not _offers(
            request, step.act, letter, office, head=head, signs=signs
        ):
            continue
        found.append(
            {
                "slug": slug,
                "step": step,
                "title": _release_title(letter) if slug == "terbitkan" else _(step.title),
                "url": reverse("desk_letter_step", args=[letter.id, slug]),
                "form": faults.get(slug) or made(request, letter, slug),
                "open": slug in faults,
            }
        )
    return found


def _release_title(letter: Any) -> str:
    return _("Release the letter") if letter.state == flow.APPROVED else _("Approve and release")


def _offers(request: Request, act: str, letter: Any, office: Any, *, head: bool, signs: bool) -> bool:
    """Whether a button makes sense here; the act itself decides for good."""
    alone = office.alone and signs
    if act == "letter.check":
        return request.by.role in checking.CHECKERS or alone
    if act in ("letter.approve", "letter.release"):
        skipped = head or alone or not office.check_first
        return signs and (letter.state != flow.DRAFTED or skipped)
    if act == "letter.refuse":
        return request.by.role in checking.CHECKERS or signs
    return act != "letter.hand_over" or letter.received_at is None


def made(request: Request, letter: Any, slug: str, data: Any = None) -> Any:
    """The form of a step, empty or filled."""
    step = STEPS[slug]
    if step.form is None:
        return None
    if step.form is forms.WhyForm:
        return forms.WhyForm(data, label=_(step.label), prefix=slug)
    if step.form is forms.HandForm:
        return forms.HandForm(data, initial={"received_name": letter.applicant_name}, prefix=slug)
    series = number_rules.series_key(queries.office_of(letter.region_code).series_mode, letter.type.code)
    found = number_queries.open_blocks(request.by, letter.region_code, series, timezone.now())
    blocks = [
        (str(one.block.id), f"{one.block.holder} ({one.block.first}-{one.block.last})") for one in found
    ]
    return forms.ReleaseForm(data, blocks=blocks, prefix=slug)


def _entries(record: queries.Record) -> list[dict[str, Any]]:
    """What was done, newest first."""
    letter = record.letter
    zone = desk_queries.zone_of(letter.region_code).key
    desks = desk_queries.names({line.desk_id for line in record.lines if line.desk_id})
    return [
        {
            "at": when.local_time(line.at, zone).replace(tzinfo=None),
            "who": line.actor_name,
            "desk": desks.get(line.desk_id, "") if line.desk_id else "",
            "text": words.act_words(line.kind),
            "quote": str((line.inputs or {}).get("why", "")),
            "icon": "letter",
            "tone": "good" if line.kind == "letter.release" else "",
        }
        for line in record.lines
    ]


def _next_words(letter: Any, office: Any) -> str:
    """Who has to do something now."""
    step = flow.next_step(letter.state, flow.Ways(office.check_first, office.confirm_first, office.alone))
    return {
        "officer": _("An officer drafts it."),
        "secretary": _("The secretary checks it."),
        "head": _("The village head approves it."),
        "release": _("It can be released; the number comes then."),
        "applicant": _("It can be handed over.") if letter.received_at is None else "",
    }.get(step, "")


def _links(request: Request, letter: Any) -> dict[str, str]:
    """The matter and its receipt, for those who may see them."""
    case = letter.case
    seen = case is not None and case_access.visible(request.by).filter(id=case.id).exists()
    visits = request.session.get(desk_intake.VISITS_KEY, {})
    visit = str(case.visit_id) if case is not None and case.visit_id else ""
    return {
        "case": reverse("desk_case", args=[case.id]) if seen else "",
        "case_number": case.number if seen else "",
        "receipt": reverse("desk_receipt", args=[case.visit_id]) if visit in visits else "",
        "another": f"{reverse('desk_letter_new')}?kunjungan={visit}" if visit in visits else "",
    }


@officer("letter.draft")
def step(request: Request, letter_id: UUID, slug: str) -> HttpResponseBase:
    """Do one thing with a letter. Asked for by GET, its form on a page of its own."""
    chosen = STEPS.get(slug)
    if chosen is None:
        raise Http404
    letter = shared.letter_or_404(request, letter_id)
    if request.method != "POST":
        context = {**shared.row(letter), "slug": slug, "step": chosen, "title": _(chosen.title)}
        context |= {"form": made(request, letter, slug), "back": request.GET.get("kembali", "")}
        return frame.show(request, "desk/letters/step.html", context, here=shared.HERE)
    form = made(request, letter, slug, request.POST)
    if form is not None and not form.is_valid():
        return show(request, letter, wrong={slug: form}, status=422)
    try:
        chosen.run(request, timezone.now(), letter.id, form)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return _back(request, letter)
        form.refuse(refusal)
        return show(request, letter, wrong={slug: form}, status=409)
    messages.success(request, _(chosen.done))
    if slug == "terbitkan" and request.POST.get("kembali") != "kepala":
        return redirect("desk_letter_done", letter_id=letter.id)
    return _back(request, letter)


def _back(request: Request, letter: Any) -> HttpResponseBase:
    """To the list the head came from, else to the letter."""
    if request.POST.get("kembali") == "kepala":
        return redirect("desk_letters_head")
    return redirect("desk_letter", letter_id=letter.id)


@officer("letter.draft")
@require_GET
def done(request: Request, letter_id: UUID) -> HttpResponseBase:
    """After the release: the number in large signs, print, hand over."""
    letter = shared.letter_or_404(request, letter_id)
    if letter.state != flow.RELEASED:
        return redirect("desk_letter", letter_id=letter.id)
    context = {
        **shared.row(letter),
        "day": words.day(letter.letter_date),
        "until": words.day(letter.valid_until),
        "mandate": _mandate(letter),
        "pdf_url": shared.address("desk_letter_pdf", letter.id),
        "links": _links(request, letter),
        "hand": made(request, letter, "serahkan")
        if shared.may(request, "letter.hand_over", letter)
        else None,
    }
    return frame.show(request, "desk/letters/done.html", context, here=shared.HERE)
