"""What an officer does in a conversation: reply, make a matter, add to one, lay aside, say who it is, give it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul.cases.actions import conversing
from simpul.cases.queries import inbox as inbox_queries
from simpul.cases.queries import protection as protection_queries
from simpul.cases.queries import screening as screening_queries
from simpul.cases.queries import talking
from simpul.desks import queries as desk_queries
from simpul.lib import ids
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access as message_access
from simpul.messages import actions as message_actions
from simpul.messages.queries import conversations as queries
from simpul.people import actions as people_actions
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, intake, talk, talk_forms, talk_words, words
from simpul.web.policy import Request, officer


class NoSuchMatter(Refused):
    """Nothing was chosen, or the number fits none."""

    code = "talk.no_such_matter"
    sentence = gettext_lazy(
        "No matter with this number is found. Choose one of the person's matters, or check the number."
    )
    field = "number"


@officer("incoming.settle")
@require_POST
def act(request: Request, who_id: UUID, slug: str) -> HttpResponseBase:
    """Do one thing. A refusal stands beside its form, and what was typed stays."""
    if slug not in ACTS:
        raise Http404
    at = timezone.now()
    try:
        return ACTS[slug](request, who_id, at)
    except NotFound as missing:
        raise Http404 from missing


def _page_of(request: Request, who_id: UUID) -> talking.Talk:
    return talking.talk(request.by, who_id)


def _back(request: Request, who_id: UUID, done: str) -> HttpResponseBase:
    """To the conversation, or to the list when it is no longer for this seat."""
    messages.success(request, done)
    kept = urlencode(talk.kept_of(request))
    try:
        message_access.correspondent_for(request.by, who_id)
    except NotFound:
        return redirect(f"{reverse('desk_talks')}?{kept}" if kept else "desk_talks")
    address = reverse("desk_talk", args=[who_id])
    return redirect(f"{address}?{kept}" if kept else address)


# --- replying ---------------------------------------------------------------------------------------------------------


def _reply(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    """Send it, or show how it would read: a fragment for htmx, the whole page without."""
    found = _page_of(request, who_id)
    step = request.POST.get("step", "")
    if step == "fields":
        typed = {name: value for name, value in request.POST.items() if value}
        fields = talk_forms.ReplyForm(initial=typed, talk=found)
        return frame.show(request, "desk/talk/_fields.html", {"reply": fields})
    form = talk_forms.ReplyForm(request.POST, talk=found)
    if step == "preview":
        preview = talk.preview_of(request, who_id, form, at)
        form.errors.clear()
        if request.htmx:
            return frame.show(request, "desk/talk/_preview.html", {"preview": preview})
        return talk.show(request, who_id, at, reply=form, preview=preview)
    given = form.given()
    case = form.case_of(form.cleaned_data.get("about", ""))
    refused: Refused | None = None
    if form.is_valid():
        try:
            with transaction.atomic():
                message_actions.write_message(
                    by=request.by,
                    at=at,
                    correspondent_id=who_id,
                    subject_kind="case" if case else "",
                    subject_id=case.id if case else None,
                    once_key=form.cleaned_data["once"],
                    **given,
                )
                _answer_too(request, at, form.answered_too())
        except NotFound:
            raise
        except Refused as refusal:
            refused = refusal
        else:
            return _back(request, who_id, _("Your message is on its way."))
    preview = talk.preview_of(request, who_id, form, at)  # reads the form again, which forgets its faults
    if refused is not None:
        form.refuse(refused)
    return talk.show(request, who_id, at, reply=form, preview=preview, wrong=form, status=409)


def _answer_too(request: Request, at: datetime, incoming_ids: list[UUID]) -> None:
    """One reply answers everything that was read before it; what a colleague has dealt with meanwhile stays as it is."""
    for incoming_id in incoming_ids:
        try:
            with transaction.atomic():
                message_actions.settle_incoming(
                    by=request.by, at=at, incoming_id=incoming_id, outcome="answered"
                )
        except Refused:
            continue


# --- ticked messages --------------------------------------------------------------------------------------------------


def _begin_turn(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    """To the page on which a matter is made of the ticked messages."""
    form = talk_forms.PickForm(request.POST, talk=_page_of(request, who_id))
    form.full_clean()
    if not form.ticked:
        form.refuse(conversing.NoMessages())
        return talk.show(request, who_id, at, wrong=form, status=409)
    asked = QueryDict(mutable=True)
    asked.setlist("pesan", [str(one) for one in form.ticked])
    return redirect(f"{reverse('desk_talk_turn', args=[who_id])}?{asked.urlencode()}")


def _picked(
    request: Request, who_id: UUID, at: datetime, run: Callable[[talk_forms.PickForm], str], opened: str
) -> HttpResponseBase:
    form = talk_forms.PickForm(request.POST, talk=_page_of(request, who_id))
    form.full_clean()
    try:
        if not form.ticked:
            raise conversing.NoMessages
        with transaction.atomic():
            done = run(form)
    except NotFound:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return talk.show(request, who_id, at, wrong=form, opened=opened, status=409)
    return _back(request, who_id, done)


def _join(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    def run(form: talk_forms.PickForm) -> str:
        number = form.cleaned_data.get("number", "")
        case_id = _by_number(request, number) if number else reading.key(form.cleaned_data.get("case_id", ""))
        if case_id is None:
            raise NoSuchMatter
        case = conversing.join_incoming(by=request.by, at=at, incoming_ids=form.ticked, case_id=case_id)
        return _("Added to %(number)s.") % {"number": case.number}

    return _picked(request, who_id, at, run, "join")


def _by_number(request: Request, typed: str) -> UUID | None:
    """The matter of this number, in any spelling, among those this seat sees."""
    prefix = desk_queries.institution().number_prefix
    number = ids.parse_case_number(typed, prefix) or ids.said_case_number(typed, prefix)
    found = inbox_queries.find(request.by, str(number or typed), limit=2)
    exact = [case for case in found if case.number == str(number)]
    return exact[0].id if exact else None


def _lay_aside(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    def run(form: talk_forms.PickForm) -> str:
        for incoming_id in form.ticked:
            message_actions.settle_incoming(
                by=request.by,
                at=at,
                incoming_id=incoming_id,
                outcome="no_action",
                note=form.cleaned_data.get("note", ""),
            )
        return _("Noted: nothing needs to be done.")

    return _picked(request, who_id, at, run, "aside")


def _spam(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    def run(form: talk_forms.PickForm) -> str:
        for incoming_id in form.ticked:
            message_actions.settle_incoming(by=request.by, at=at, incoming_id=incoming_id, outcome="spam")
        message_actions.stop_correspondent(by=request.by, at=at, correspondent_id=who_id, why="spam")
        return _("Shut out as spam. Messages that speak of danger still come through.")

    return _picked(request, who_id, at, run, "aside")


def _reopen(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    key = reading.key(request.POST.get("message", ""))
    if key is None:
        raise NotFound
    message_actions.reopen_incoming(by=request.by, at=at, incoming_id=key)
    return _back(request, who_id, _("The message waits again."))


# --- who it is --------------------------------------------------------------------------------------------------------


def _link(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    """Link the contact to a person who is known, or to one who is registered with it."""
    form = talk_forms.LinkForm(request.POST)
    found = _page_of(request, who_id)
    if form.is_valid():
        try:
            with transaction.atomic():
                person_id = reading.key(form.cleaned_data["person_id"]) or _registered(
                    request, at, found.who, form.cleaned_data["name"]
                )
                message_actions.link_correspondent(
                    by=request.by, at=at, correspondent_id=who_id, person_id=person_id, **form.safety()
                )
        except NotFound:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _back(request, who_id, _("Linked. This can be undone."))
    return talk.show(request, who_id, at, wrong=form, opened="link", status=409)


def _registered(request: Request, at: datetime, who: Any, name: str) -> UUID:
    registered = people_actions.register_person(
        by=request.by, at=at, full_name=name, region_code=who.region_code, language=who.language
    )
    return registered.person.id


def _unlink(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    message_actions.unlink_correspondent(by=request.by, at=at, correspondent_id=who_id)
    return _back(request, who_id, _("The link is undone. What was said stays here."))


def _stop(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    message_actions.stop_correspondent(by=request.by, at=at, correspondent_id=who_id, why="asked")
    return _back(request, who_id, _("Nothing is sent there any more."))


def _resume(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    message_actions.resume_correspondent(by=request.by, at=at, correspondent_id=who_id)
    return _back(request, who_id, _("Messages can be sent there again."))


def _pass(request: Request, who_id: UUID, at: datetime) -> HttpResponseBase:
    form = talk_forms.PassForm(request.POST, by=request.by, who=_page_of(request, who_id).who)
    if not form.is_valid():
        return talk.show(request, who_id, at, wrong=form, opened="pass", status=409)
    desk_id = UUID(form.cleaned_data["desk_id"])
    passed = message_actions.pass_correspondent(
        by=request.by, at=at, correspondent_id=who_id, desk_id=desk_id
    )
    name = passed.desk.name if passed.desk else ""
    return _back(request, who_id, _("The conversation is with %(desk)s now.") % {"desk": name})


ACTS: Mapping[str, Callable[[Request, UUID, datetime], HttpResponseBase]] = {
    "balas": _reply,
    "buat": _begin_turn,
    "tambahkan": _join,
    "kesampingkan": _lay_aside,
    "spam": _spam,
    "buka-lagi": _reopen,
    "tautkan": _link,
    "lepas": _unlink,
    "bisukan": _stop,
    "suarakan": _resume,
    "oper": _pass,
}


# --- pages of their own -----------------------------------------------------------------------------------------------


@officer("incoming.turn")
def turn(request: Request, who_id: UUID) -> HttpResponseBase:
    """A matter out of messages, with their words filled in; nothing is lost when it is refused."""
    at = timezone.now()
    try:
        found = _page_of(request, who_id)
    except NotFound as missing:
        raise Http404 from missing
    if request.method != "POST":
        form = talk_forms.TurnForm(initial=_first_values(request, found), talk=found, by=request.by, at=at)
        return _show_turn(request, found, form, at)
    form = talk_forms.TurnForm(request.POST, talk=found, by=request.by, at=at)
    if request.POST.get("step", "") in ("kind", "check"):
        form.without_complaints()
        return _show_turn(request, found, form, at)
    if form.is_valid():
        try:
            return _turn(request, found, form, at)
        except NotFound as missing:
            if request.by.serves(form.cleaned_data["region"]):
                raise Http404 from missing
            form.add_error("region", str(intake.OUTSIDE_THE_SEAT))
        except Refused as refusal:
            intake.tell(form, refusal)
    return _show_turn(request, found, form, at, status=422)


def _turn(request: Request, found: talking.Talk, form: talk_forms.TurnForm, at: datetime) -> HttpResponseBase:
    opened = conversing.turn_incoming(
        by=request.by,
        at=at,
        incoming_ids=[UUID(one) for one in form.cleaned_data["messages"]],
        fields=form.given(),
        send_receipt=form.cleaned_data["send_receipt"],
    )
    number = opened.number if not opened.receipt16 else _("a protected matter")
    messages.success(request, _("Taken in: %(number)s.") % {"number": number})
    return _back(request, found.who.id, _("The messages belong to it now."))


def _first_values(request: Request, found: talking.Talk) -> dict[str, Any]:
    """The words of the ticked messages, and what is known of who wrote them."""
    asked = set(request.GET.getlist("pesan"))
    choices = [key for key, _words in talk_forms.turnable(found)]
    ticked = [key for key in choices if key in asked] or [
        str(one.id) for one in found.open_messages if str(one.id) in choices
    ]
    prefix = talk_words.prefix()
    said = [
        talking.shown_words(talking.words_of(one.heard, one.files), prefix)
        for one in found.said
        if one.heard is not None and str(one.heard.id) in ticked
    ]
    who = found.who
    return {
        "case_id": uuid7(),
        "messages": ticked,
        "text": "\n\n".join(said),
        "name": who.person.full_name if who.person else who.shown_name,
        "person_id": str(who.person_id or ""),
        "region": region_queries.path_names(who.region_code) if len(who.region_code) == 10 else "",
        "kind_code": who.gateway.kind_code if who.gateway else "",
        "owner": "own",
        "safe": talk_forms.NOT_ASKED,
        "send_receipt": True,
    }


def _show_turn(
    request: Request, found: talking.Talk, form: talk_forms.TurnForm, at: datetime, status: int = 200
) -> HttpResponseBase:
    context = {
        "form": form,
        "who": found.who,
        "name": talk_words.name_of(found.who),
        "channel": words.of(talk_words.CHANNELS, found.who.channel),
        **intake.hints_of(request, form, at),
    }
    return frame.show(request, "desk/talk/turn.html", context, status=status, here="desk_talks")


@officer("voice.transcribe")
@require_POST
def transcribe(request: Request, file_id: UUID) -> HttpResponseBase:
    """Write down, or correct, what a recording says."""
    at = timezone.now()
    try:
        file = queries.file_for(request.by, file_id, protection_queries.about(request.by))
    except NotFound as missing:
        raise Http404 from missing
    who_id = file.incoming.correspondent_id
    form = talk_forms.TranscribeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what is said in the recording."))
        return redirect("desk_talk", who_id=who_id)
    try:
        message_actions.transcribe_voice(
            by=request.by,
            at=at,
            file_id=file_id,
            words=form.cleaned_data["words"],
            language=form.cleaned_data["language"],
            screen=screening_queries.found_in,
        )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_talk", who_id=who_id)
    return _back(request, who_id, _("Written down."))
