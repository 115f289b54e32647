"""The acts of the case page as one table: the form each needs, the words around it, and the act it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import afterwards, files, handling, incidents, protection, referral, shaping
from simpul.lib.actor import Actor
from simpul.web.desk import act_forms as forms

Run = Callable[[Actor, datetime, UUID, Any], Any]


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One act: ``group`` says where the page puts it (turn, more, guard, row), ``undo`` which act takes it back."""

    slug: str
    act: str
    form: type[forms.ActForm]
    run: Run
    title: Any
    done: Any
    group: str = "more"
    icon: str = "knot"
    key: str = ""
    tone: str = "plain"
    undo: str = ""
    button: Any = ""
    leaves: bool = False
    """After it the case may be out of sight: go back to the list."""


def _accept(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.accept_case(by=by, at=at, case_id=case_id)


def _decline(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.decline_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _refer(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    given = dict(form.cleaned_data)
    referral.refer_case(by=by, at=at, case_id=case_id, to_desk_id=UUID(given.pop("to_desk_id")), **given)


def _record_reply(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.record_reply(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _answer_referral(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.answer_referral(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _return(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.return_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _recall(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.recall_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _claim(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.claim_case(by=by, at=at, case_id=case_id)


def _release(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.release_case(by=by, at=at, case_id=case_id)


def _ask(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.ask_question(by=by, at=at, case_id=case_id, text=form.cleaned_data["text"])


def _reply(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.reply_question(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _note(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.note_case(by=by, at=at, case_id=case_id, text=form.cleaned_data["text"])


def _draft(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.draft_case(by=by, at=at, case_id=case_id, text=form.cleaned_data["text"])


def _hand_in(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.hand_in_case(by=by, at=at, case_id=case_id, draft=form.cleaned_data["draft"])


def _verify(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.verify_case(by=by, at=at, case_id=case_id)


def _send_back(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.send_back_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _answer(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.answer_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _close(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    handling.close_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _reopen(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    afterwards.reopen_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _appeal(by: Actor, at: datetime, case_id: UUID, form: Any) -> Any:
    return afterwards.appeal_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _withdraw(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    afterwards.withdraw_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _classify(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    given = form.cleaned_data
    shaping.classify_case(by=by, at=at, case_id=case_id, kind_code=given["kind_code"], answers=form.answers, reason=given["reason"])


def _merge(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    shaping.merge_case(by=by, at=at, case_id=case_id, into_id=form.cleaned_data["other"].id, reason=form.cleaned_data["reason"])


def _link(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    shaping.link_case(by=by, at=at, case_id=case_id, other_id=form.cleaned_data["other"].id, kind=form.cleaned_data["kind"])


def _unlink(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    shaping.unlink_case(by=by, at=at, case_id=case_id, other_id=form.cleaned_data["other_id"])


def _split(by: Actor, at: datetime, case_id: UUID, form: Any) -> Any:
    return shaping.split_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _attach(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    for file in form.cleaned_data["files"]:
        file.seek(0)  # the form has read it to judge it
        files.attach_case(by=by, at=at, case_id=case_id, data=file.read(), declared_name=file.name or "")


def _remove_file(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    files.remove_attachment(by=by, at=at, **form.cleaned_data)


def _seal(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    readers = [UUID(user_id) for user_id in form.cleaned_data["reader_ids"]]
    protection.seal_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"], reader_ids=readers)


def _unseal(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    protection.unseal_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _screen(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    given = form.cleaned_data
    protection.screen_case(by=by, at=at, case_id=case_id, sensitive=given["sensitive"] == "yes", reason=given["reason"])


def _exclude(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    given = form.cleaned_data
    whom = {name: UUID(given[name]) if given[name] else None for name in ("user_id", "desk_id")}
    protection.exclude_case(by=by, at=at, case_id=case_id, reason=given["reason"], **whom)


def _readmit(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    protection.readmit_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _ask_identity(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    protection.ask_identity(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _open_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    incidents.open_incident(by=by, at=at, case_id=case_id, **form.cleaned_data)


def _join_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    incidents.join_incident(by=by, at=at, case_id=case_id, incident_id=UUID(form.cleaned_data["incident_id"]))


def _leave_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    incidents.leave_incident(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _answer_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    incidents.answer_incident(by=by, at=at, incident_id=case_id, **form.cleaned_data)


_ALL = (
    CaseAct("terima", "case.accept", forms.PlainForm, _accept, _("Accept"), _("Accepted. The matter is now in your hands."), "turn", "check", "e", "main"),
    CaseAct("tolak", "case.decline", forms.ReasonForm, _decline, _("Decline: not ours"), _("Declined. The sender has the turn again."), "turn", "cross", leaves=True),
    CaseAct("ambil", "case.claim", forms.PlainForm, _claim, _("Take it on"), _("Taken on. Colleagues now see your name on it."), "turn", "hand", "", "main", "lepas"),
    CaseAct("jawab-rujukan", "referral.answer", forms.ReferralAnswerForm, _answer_referral, _("Answer the desk that asked"), _("Answered. The matter is back with the desk that asked."), "turn", "message", "e", leaves=True),
    CaseAct("jawab", "case.answer", forms.AnswerForm, _answer, _("Answer the resident"), _("Answered. The resident is told by the road that is safe for them."), "turn", "message", "e", "main"),
    CaseAct("jawab-semua", "incident.answer", forms.AnswerForm, _answer_incident, _("Answer everybody of this shared cause"), _("Answered. Everybody is told by the road that is safe for them."), "turn", "people", "e", "main"),
    CaseAct("teruskan", "case.refer", forms.ReferForm, _refer, _("Send on"), _("Sent on. It stays in your hands until they accept."), "turn", "send", "s", undo="tarik"),
    CaseAct("balasan", "reply.record", forms.OutsideReplyForm, _record_reply, _("Record the outside body's reply"), _("The reply is recorded."), "turn", "phone"),
    CaseAct("verifikasi", "case.verify", forms.PlainForm, _verify, _("Verify the work"), _("Verified. It can now be answered."), "turn", "check", "e", "main"),
    CaseAct("kembalikan-kerja", "case.send_back", forms.ReasonForm, _send_back, _("Send the work back"), _("Sent back with what is missing."), "turn", "arrow-back"),
    CaseAct("catat-jawaban", "question.reply", forms.ReplyForm, _reply, _("Record the resident's reply"), _("The reply is recorded and the clocks run again."), "turn", "phone", "e"),
    CaseAct("serahkan", "case.hand_in", forms.HandInForm, _hand_in, _("Hand the work in"), _("Handed in. A second person now verifies it."), "turn", "box"),
    CaseAct("tanya", "question.ask", forms.QuestionForm, _ask, _("Ask the resident"), _("Asked. The clocks stand still until the reply."), "turn", "speaker"),
    CaseAct("kembalikan", "case.return", forms.ReasonForm, _return, _("Return to the sender"), _("Returned to the sender."), "turn", "arrow-back", leaves=True),
    CaseAct("tarik", "case.recall", forms.ReasonForm, _recall, _("Call it back"), _("Called back. It is your turn again."), "turn", "arrow-back"),
    CaseAct("lepas", "case.release", forms.PlainForm, _release, _("Lay it down"), _("Laid down for a colleague."), "more", "hand", undo="ambil"),
    CaseAct("konsep", "case.draft", forms.DraftForm, _draft, _("Keep a draft"), _("The draft is kept."), "more", "note"),
    CaseAct("catatan", "case.note", forms.NoteForm, _note, _("Write a note"), _("The note is kept."), "more", "note"),
    CaseAct("lampirkan", "case.attach", forms.AttachForm, _attach, _("Attach a file"), _("Attached."), "more", "paperclip"),
    CaseAct("tautkan", "case.link", forms.LinkForm, _link, _("Link to another matter"), _("Linked."), "more", "link", undo="lepas-tautan"),
    CaseAct("jenis", "case.classify", forms.ClassifyForm, _classify, _("Change the kind"), _("The kind is changed. An earlier promise stays."), "more", "paper"),
    CaseAct("pecah", "case.split", forms.SplitForm, _split, _("Split off a second matter"), _("Split: the second matter has its own number."), "more", "copy"),
    CaseAct("gabung", "case.merge", forms.MergeForm, _merge, _("Merge into another"), _("Merged. Its people now follow the other matter."), "more", "knot"),
    CaseAct("sebab-bersama", "incident.open", forms.OpenIncidentForm, _open_incident, _("Make a shared cause of it"), _("Other matters can now join this shared cause."), "more", "people"),
    CaseAct("gabung-sebab", "incident.join", forms.JoinIncidentForm, _join_incident, _("Join to a shared cause"), _("Joined. It keeps its own number, clock and owner."), "more", "people"),
    CaseAct("keluar-sebab", "incident.leave", forms.ReasonForm, _leave_incident, _("Take it out of the shared cause"), _("Taken out."), "more", "people"),
    CaseAct("tutup", "case.close", forms.CloseForm, _close, _("Close"), _("Closed with its decision."), "more", "box"),
    CaseAct("buka-lagi", "case.reopen", forms.ReasonForm, _reopen, _("Reopen"), _("Reopened. The promise to the resident stays where it was."), "more", "history"),
    CaseAct("banding", "case.appeal", forms.ReasonForm, _appeal, _("Appeal to the level above"), _("The appeal is a matter of its own, before the desk above."), "more", "scales"),
    CaseAct("cabut", "case.withdraw", forms.ReasonForm, _withdraw, _("Withdraw for the resident"), _("Withdrawn. The record stays."), "more", "cross"),
    CaseAct("saring", "case.screen", forms.ScreenForm, _screen, _("Judge the flagged words"), _("Judged."), "guard", "eye", leaves=True),
    CaseAct("minta-identitas", "identity.ask", forms.ReasonForm, _ask_identity, _("Ask to see who reported"), _("Asked. The custodian decides; both reasons are kept."), "guard", "user"),
    CaseAct("segel", "case.seal", forms.SealForm, _seal, _("Seal"), _("Sealed. It has left lists, search and publication."), "guard", "lock", leaves=True),
    CaseAct("buka-segel", "case.unseal", forms.ReasonForm, _unseal, _("Lift the seal"), _("The seal is lifted."), "guard", "lock"),
    CaseAct("jauhkan", "case.exclude", forms.ExcludeForm, _exclude, _("Keep somebody away"), _("They no longer see it, and nothing tells them so."), "guard", "hand", leaves=True),
    CaseAct("izinkan-lagi", "case.readmit", forms.ReadmitForm, _readmit, _("Let them see it again"), _("They see it again."), "row", "eye"),
    CaseAct("lepas-tautan", "case.unlink", forms.OneLinkForm, _unlink, _("Take the link away"), _("The link is taken away."), "row", "link", undo="tautkan"),
    CaseAct("hapus-berkas", "attachment.remove", forms.OneFileForm, _remove_file, _("Remove the file"), _("The file is removed."), "row", "cross"),
)

BY_SLUG: Mapping[str, CaseAct] = {one.slug: one for one in _ALL}


def offered(offers: frozenset[str], group: str) -> list[CaseAct]:
    """The acts of one group that this page offers, in their order."""
    return [one for one in _ALL if one.group == group and one.act in offers]
