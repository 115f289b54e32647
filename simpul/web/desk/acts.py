"""The acts of the case page as one table: the form each needs, the words around it, and the act it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.lib.actor import Actor
from simpul.web.desk import act_forms as forms
from simpul.web.desk import act_runs as runs
from simpul.web.desk import lapor
from simpul.web.desk.referral import case_acts, case_forms

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

    @property
    def is_plain(self) -> bool:
        """True when there is nothing to fill in: the act is a button."""
        return self.form is forms.PlainForm


_ALL = (
    *(CaseAct(**row) for row in case_acts.FIRST),
    CaseAct(
        "terima",
        "case.accept",
        forms.PlainForm,
        runs.accept,
        _("Accept"),
        _("Accepted. The matter is now in your hands."),
        "turn",
        "check",
        "e",
        "main",
    ),
    CaseAct(
        "tolak",
        "case.decline",
        forms.ReasonForm,
        runs.decline,
        _("Decline: not ours"),
        _("Declined. The sender has the turn again."),
        "turn",
        "cross",
        leaves=True,
    ),
    CaseAct(
        "ambil",
        "case.claim",
        forms.PlainForm,
        runs.claim,
        _("Take it on"),
        _("Taken on. Colleagues now see your name on it."),
        "turn",
        "hand",
        "",
        "main",
        "lepas",
    ),
    CaseAct(
        "jawab-rujukan",
        "referral.answer",
        case_forms.ReferralAnswerForm,
        case_acts.answer_referral,
        _("Answer the desk that asked"),
        _("Answered. The matter is back with the desk that asked."),
        "turn",
        "message",
        "e",
        leaves=True,
    ),
    CaseAct(
        "jawab",
        "case.answer",
        forms.AnswerForm,
        runs.answer,
        _("Answer the resident"),
        _("Answered. The resident is told by the road that is safe for them."),
        "turn",
        "message",
        "e",
        "main",
    ),
    CaseAct(
        "jawab-semua",
        "incident.answer",
        forms.AnswerForm,
        runs.answer_incident,
        _("Answer everybody of this shared cause"),
        _("Answered. Everybody is told by the road that is safe for them."),
        "turn",
        "people",
        "e",
        "main",
    ),
    CaseAct(
        "teruskan",
        "case.refer",
        case_forms.ReferForm,
        case_acts.refer,
        _("Send on"),
        _("Sent on. It stays in your hands until they accept."),
        "turn",
        "send",
        "s",
        undo="tarik",
    ),
    CaseAct(
        "balasan",
        "reply.record",
        case_forms.OutsideReplyForm,
        case_acts.record_reply,
        _("Record the outside body's reply"),
        _("The reply is recorded."),
        "turn",
        "phone",
    ),
    CaseAct(
        "verifikasi",
        "case.verify",
        forms.PlainForm,
        runs.verify,
        _("Verify the work"),
        _("Verified. It can now be answered."),
        "turn",
        "check",
        "e",
        "main",
    ),
    CaseAct(
        "kembalikan-kerja",
        "case.send_back",
        forms.ReasonForm,
        runs.send_back,
        _("Send the work back"),
        _("Sent back with what is missing."),
        "turn",
        "arrow-back",
    ),
    CaseAct(
        "catat-jawaban",
        "question.reply",
        forms.ReplyForm,
        runs.reply,
        _("Record the resident's reply"),
        _("The reply is recorded and the clocks run again."),
        "turn",
        "phone",
        "e",
    ),
    CaseAct(
        "serahkan",
        "case.hand_in",
        forms.HandInForm,
        runs.hand_in,
        _("Hand the work in"),
        _("Handed in. A second person now verifies it."),
        "turn",
        "box",
    ),
    CaseAct(
        "tanya",
        "question.ask",
        forms.QuestionForm,
        runs.ask,
        _("Ask the resident"),
        _("Asked. The clocks stand still until the reply."),
        "turn",
        "speaker",
    ),
    CaseAct(
        "kembalikan",
        "case.return",
        forms.ReasonForm,
        runs.return_it,
        _("Return to the sender"),
        _("Returned to the sender."),
        "turn",
        "arrow-back",
        leaves=True,
    ),
    CaseAct(
        "tarik",
        "case.recall",
        forms.ReasonForm,
        runs.recall,
        _("Call it back"),
        _("Called back. It is your turn again."),
        "turn",
        "arrow-back",
    ),
    CaseAct(
        "lepas",
        "case.release",
        forms.PlainForm,
        runs.release,
        _("Lay it down"),
        _("Laid down for a colleague."),
        "more",
        "hand",
        undo="ambil",
    ),
    CaseAct(
        "konsep",
        "case.draft",
        forms.DraftForm,
        runs.draft,
        _("Keep a draft"),
        _("The draft is kept."),
        "more",
        "note",
    ),
    CaseAct(
        "catatan",
        "case.note",
        forms.NoteForm,
        runs.note,
        _("Write a note"),
        _("The note is kept."),
        "more",
        "note",
    ),
    CaseAct(
        "lampirkan",
        "case.attach",
        forms.AttachForm,
        runs.attach,
        _("Attach a file"),
        _("Attached."),
        "more",
        "paperclip",
    ),
    CaseAct(
        "tautkan",
        "case.link",
        forms.LinkForm,
        runs.link,
        _("Link to another matter"),
        _("Linked."),
        "more",
        "link",
        undo="lepas-tautan",
    ),
    CaseAct(
        "jenis",
        "case.classify",
        forms.ClassifyForm,
        runs.classify,
        _("Change the kind"),
        _("The kind is changed. An earlier promise stays."),
        "more",
        "paper",
    ),
    CaseAct(
        "pecah",
        "case.split",
        forms.SplitForm,
        runs.split,
        _("Split off a second matter"),
        _("Split: the second matter has its own number."),
        "more",
        "copy",
    ),
    CaseAct(
        "gabung",
        "case.merge",
        forms.MergeForm,
        runs.merge,
        _("Merge into another"),
        _("Merged. Its people now follow the other matter."),
        "more",
        "knot",
    ),
    CaseAct(
        "sebab-bersama",
        "incident.open",
        forms.OpenIncidentForm,
        runs.open_incident,
        _("Make a shared cause of it"),
        _("Other matters can now join this shared cause."),
        "more",
        "people",
    ),
    CaseAct(
        "gabung-sebab",
        "incident.join",
        forms.JoinIncidentForm,
        runs.join_incident,
        _("Join to a shared cause"),
        _("Joined. It keeps its own number, clock and owner."),
        "more",
        "people",
    ),
    CaseAct(
        "keluar-sebab",
        "incident.leave",
        forms.ReasonForm,
        runs.leave_incident,
        _("Take it out of the shared cause"),
        _("Taken out."),
        "more",
        "people",
    ),
    CaseAct(
        "tutup",
        "case.close",
        forms.CloseForm,
        runs.close,
        _("Close"),
        _("Closed with its decision."),
        "more",
        "box",
    ),
    CaseAct(
        "buka-lagi",
        "case.reopen",
        forms.ReasonForm,
        runs.reopen,
        _("Reopen"),
        _("Reopened. The promise to the resident stays where it was."),
        "more",
        "history",
    ),
    CaseAct(
        "banding",
        "case.appeal",
        forms.ReasonForm,
        runs.appeal,
        _("Appeal to the level above"),
        _("The appeal is a matter of its own, before the desk above."),
        "more",
        "scales",
    ),
    CaseAct(
        "cabut",
        "case.withdraw",
        forms.ReasonForm,
        runs.withdraw,
        _("Withdraw for the resident"),
        _("Withdrawn. The record stays."),
        "more",
        "cross",
    ),
    CaseAct(
        "saring",
        "case.screen",
        forms.ScreenForm,
        runs.screen,
        _("Judge the flagged words"),
        _("Judged."),
        "guard",
        "eye",
        leaves=True,
    ),
    CaseAct(
        "minta-identitas",
        "identity.ask",
        forms.ReasonForm,
        runs.ask_identity,
        _("Ask to see who reported"),
        _("Asked. The custodian decides; both reasons are kept."),
        "guard",
        "user",
    ),
    CaseAct(
        "segel",
        "case.seal",
        forms.SealForm,
        runs.seal,
        _("Seal"),
        _("Sealed. It has left lists, search and publication."),
        "guard",
        "lock",
        leaves=True,
    ),
    CaseAct(
        "buka-segel",
        "case.unseal",
        forms.ReasonForm,
        runs.unseal,
        _("Lift the seal"),
        _("The seal is lifted."),
        "guard",
        "lock",
    ),
    CaseAct(
        "jauhkan",
        "case.exclude",
        forms.ExcludeForm,
        runs.exclude,
        _("Keep somebody away"),
        _("They no longer see it, and nothing tells them so."),
        "guard",
        "hand",
        leaves=True,
    ),
    CaseAct(
        "izinkan-lagi",
        "case.readmit",
        forms.ReadmitForm,
        runs.readmit,
        _("Let them see it again"),
        _("They see it again."),
        "row",
        "eye",
    ),
    CaseAct(
        "lepas-tautan",
        "case.unlink",
        forms.OneLinkForm,
        runs.unlink,
        _("Take the link away"),
        _("The link is taken away."),
        "row",
        "link",
    ),
    CaseAct(
        "hapus-berkas",
        "attachment.remove",
        forms.OneFileForm,
        runs.remove_file,
        _("Remove the file"),
        _("The file is removed."),
        "row",
        "cross",
    ),
    CaseAct(
        "lapor",
        "lapor.note",
        lapor.LaporForm,
        lapor.note,
        _("SP4N-LAPOR number and status"),
        _("Noted."),
        icon="globe",
    ),
    *(CaseAct(**row) for row in case_acts.LAST),
)

BY_SLUG: Mapping[str, CaseAct] = {one.slug: one for one in _ALL}


def offered(offers: frozenset[str], group: str) -> list[CaseAct]:
    """The acts of one group that this page offers, in their order."""
    return [one for one in _ALL if one.group == group and one.act in offers]
