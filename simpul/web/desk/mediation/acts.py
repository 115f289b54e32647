"""The acts of a dispute that ask something: one table, one page. Each row names its permission, form, act and the page it leads back to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.lib.errors import NotFound
from simpul.mediation.queries import entries
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk.mediation import firsts, forms, runs, shared
from simpul.web.policy import Request, officer


@dataclass(frozen=True, slots=True)
class Page:
    """One act: what it is called, which form it asks with, what does it, where it leads."""

    act: str
    title: str
    button: str
    form: type[forms.Base]
    run: Callable[[Request, Any, Any, Any], Any]
    back: str
    done: str
    about: str = ""
    item: str = ""  # which entry it is about: queries.entries.TABLES
    needs_item: bool = True
    first: Callable[[Any, Any], dict[str, Any]] | None = None
    searches: bool = False
    red: bool = False


_OVERVIEW, _TABLE, _FILES = "desk_dispute", "desk_dispute_sessions", "desk_dispute_files"
_PAPER, _FOLLOW, _SENT = "desk_dispute_agreement", "desk_dispute_followed", "desk_dispute_referrals"
_KEPT = gettext_noop("Written down.")
_KEEP = gettext_noop("Write down")

PAGES: Mapping[str, Page] = {
    "ubah": Page("dispute.change", gettext_noop("Correct the register"), gettext_noop("Save"), forms.ChangeForm,
        runs.change, _OVERVIEW, gettext_noop("Changed."), first=firsts.dispute),
    "keselamatan": Page("dispute.screen", gettext_noop("Ask the questions of safety again"), gettext_noop("Go on"),
        forms.ScreenForm, runs.screen, _OVERVIEW, gettext_noop("Nobody has to be protected. Mediation goes on."),
        gettext_noop("Whenever something makes you doubt. One “yes”: the matter is sealed at once and goes to the protected desk.")),
    "pihak": Page("party.record", gettext_noop("Write down a party"), _KEEP, forms.PartyForm, runs.record_party, _OVERVIEW, _KEPT,
        gettext_noop("Each side is heard. Somebody from outside the village is written down by name."), searches=True),
    "ubah-pihak": Page("party.change", gettext_noop("Correct a party"), gettext_noop("Save"), forms.PartyForm,
        runs.change_party, _OVERVIEW, gettext_noop("Changed."), item="party", first=firsts.party, searches=True),
    "hapus-pihak": Page("party.withdraw", gettext_noop("Take this party out"), gettext_noop("Take out"),
        forms.NothingForm, runs.withdraw_party, _OVERVIEW, gettext_noop("Taken out."), item="party", red=True),
    "keterangan": Page("statement.take", gettext_noop("Take a statement"), _KEEP, forms.StatementForm,
        runs.take_statement, _OVERVIEW, _KEPT, item="party"),
    "bagikan": Page("statement.share", gettext_noop("This statement may be shared"), _KEEP, forms.ShareForm,
        runs.share, _OVERVIEW, _KEPT, item="statement"),
    "tutup-keterangan": Page("statement.share", gettext_noop("Do not share this statement any more"),
        gettext_noop("Close it again"), forms.NothingForm, runs.unshare, _OVERVIEW, _KEPT, item="statement"),
    "cabut-keterangan": Page("statement.withdraw", gettext_noop("Take this statement back"), gettext_noop("Take back"),
        forms.NothingForm, runs.withdraw_statement, _OVERVIEW, gettext_noop("Taken back."), item="statement", red=True),
    "penengah": Page("mediator.name", gettext_noop("Name a mediator"), gettext_noop("Name"), forms.MediatorForm,
        runs.name_mediator, _OVERVIEW, gettext_noop("Named."),
        gettext_noop("Whoever is tied to a party is shown with the tie. Choose somebody without one where you can."), searches=True),
    "lepas-penengah": Page("mediator.end", gettext_noop("Let this mediator go"), gettext_noop("Let go"), forms.WhyForm,
        runs.end_mediator, _OVERVIEW, gettext_noop("They read nothing of it from now on."), item="mediator", red=True),
    "panggil": Page("summons.issue", gettext_noop("Issue a summons"), gettext_noop("Issue"), forms.SummonsForm,
        runs.issue, _TABLE, gettext_noop("Issued. Print the letter, and write down how it was delivered."),
        gettext_noop("Whether it is the first, second or third is counted by itself."), item="party", needs_item=False,
        first=firsts.place),
    "antar": Page("summons.deliver", gettext_noop("How was the summons delivered?"), _KEEP, forms.DeliverForm,
        runs.deliver, _TABLE, _KEPT, item="summons", first=firsts.delivery),
    "hadir": Page("summons.answer", gettext_noop("Did they come?"), _KEEP, forms.AppearForm, runs.appear, _TABLE, _KEPT,
        item="summons"),
    "batal-panggilan": Page("summons.withdraw", gettext_noop("Take this summons back"), gettext_noop("Take back"),
        forms.NothingForm, runs.withdraw_summons, _TABLE, gettext_noop("Taken back."), item="summons", red=True),
    "rencana": Page("session.plan", gettext_noop("Plan a session"), gettext_noop("Plan"), forms.SessionForm,
        runs.plan, _TABLE, gettext_noop("Planned. Now summon the parties."), first=firsts.place),
    "pindah": Page("session.move", gettext_noop("Move this session"), gettext_noop("Save"), forms.SessionForm,
        runs.move, _TABLE, gettext_noop("Changed."), item="session", first=firsts.session),
    "batal-sidang": Page("session.cancel", gettext_noop("Call this session off"), gettext_noop("Call off"), forms.WhyForm,
        runs.cancel, _TABLE, gettext_noop("Called off."), item="session", red=True),
    "mulai": Page("session.hold", gettext_noop("Start the session"), gettext_noop("Start"), forms.HoldForm,
        runs.hold, _TABLE, gettext_noop("The session has begun. Tick who is here."),
        gettext_noop("First the questions of safety, asked of each person alone. One “yes” ends mediation for good."),
        item="session", first=firsts.now),
    "bukti": Page("evidence.add", gettext_noop("Add evidence"), gettext_noop("Keep"), forms.EvidenceForm, runs.add_file,
        _FILES, gettext_noop("Kept, with its fingerprint."),
        gettext_noop("The file is cleaned of hidden data. Its fingerprint shows later that nothing was changed.")),
    "hapus-bukti": Page("evidence.withdraw", gettext_noop("Take this evidence out"), gettext_noop("Take out"), forms.WhyForm,
        runs.drop_file, _FILES, gettext_noop("Taken out."), item="evidence", red=True),
    "naskah": Page("agreement.draft", gettext_noop("What comes before the clauses"), gettext_noop("Keep"),
        forms.AgreementForm, runs.draft, _PAPER, gettext_noop("Kept. Now the clauses, one by one."), first=firsts.agreement),
    "hapus-naskah": Page("agreement.drop", gettext_noop("Remove the draft"), gettext_noop("Remove"), forms.NothingForm,
        runs.drop_draft, _PAPER, gettext_noop("Removed."), item="agreement", red=True),
    "kewajiban": Page("obligation.add", gettext_noop("Add a clause"), gettext_noop("Add"), forms.ClauseForm, runs.add_clause,
        _PAPER, gettext_noop("Added."),
        gettext_noop("One clause, one duty: who does what, for whom, how much, until when. A debt in parts becomes one row a month."),
        item="agreement"),
    "hapus-kewajiban": Page("obligation.withdraw", gettext_noop("Take this clause out"), gettext_noop("Take out"),
        forms.NothingForm, runs.drop_clause, _PAPER, gettext_noop("Taken out."), item="obligation", red=True),
    "tanda": Page("signature.note", gettext_noop("Note who signs"), _KEEP, forms.SignForm, runs.note_signer, _PAPER, _KEPT,
        gettext_noop("Read the agreement aloud first. Who cannot write puts a thumb mark."), item="agreement"),
    "hapus-tanda": Page("signature.withdraw", gettext_noop("Take this signature back"), gettext_noop("Take back"),
        forms.NothingForm, runs.drop_signer, _PAPER, gettext_noop("Taken back."), item="signer", red=True),
    "tanda-tangani": Page("agreement.sign", gettext_noop("The agreement is signed"), gettext_noop("Freeze it"),
        forms.SignedForm, runs.sign, _PAPER, gettext_noop("Frozen. Print it, and give each party a copy."),
        gettext_noop("From now on nothing in it changes. A correction is a new version that names this one."),
        item="agreement", first=firsts.signed),
    "perbaiki": Page("agreement.renew", gettext_noop("Begin a new version"), gettext_noop("Begin"), forms.WhyForm,
        runs.renew, _PAPER, gettext_noop("The open clauses came along. Change them, and let everybody sign again."),
        gettext_noop("The version in force stays as it is until the new one is signed.")),
    "bayar": Page("fulfilment.record", gettext_noop("What was done?"), _KEEP, forms.PayForm, runs.pay, _FOLLOW, _KEPT,
        item="obligation", first=firsts.payment),
    "batal-bayar": Page("fulfilment.withdraw", gettext_noop("Take this back"), gettext_noop("Take back"), forms.NothingForm,
        runs.withdraw_payment, _FOLLOW, gettext_noop("Taken back."), item="fulfilment", red=True),
    "relakan": Page("obligation.waive", gettext_noop("The other side lets it go"), _KEEP, forms.WhyForm, runs.waive,
        _FOLLOW, _KEPT, gettext_noop("Only the party that would receive it can let it go. Write how they said so."), item="obligation"),
    "ingkar": Page("obligation.break", gettext_noop("Declare it broken"), gettext_noop("Declare"), forms.BreakForm,
        runs.break_it, _FOLLOW, gettext_noop("Declared broken. A payment that still comes is counted all the same."),
        item="obligation", red=True),
    "rujuk": Page("dispute.refer", gettext_noop("Send it on"), gettext_noop("Send on"), forms.ReferForm, runs.refer, _SENT,
        gettext_noop("Sent on.")),
    "jawaban": Page("referred.answer", gettext_noop("What did they answer?"), _KEEP, forms.ReplyForm, runs.reply, _SENT, _KEPT,
        item="referral"),
    "akhiri": Page("dispute.end", gettext_noop("End it without an agreement"), gettext_noop("End it"), forms.EndForm, runs.end,
        _OVERVIEW, gettext_noop("Ended. The matter has its answer."),
        gettext_noop("Each party remains free to go to court. Who brought it is told that it ended, and nothing more."), red=True),
    "buka-lagi": Page("dispute.reopen", gettext_noop("Take it up again"), gettext_noop("Take up"), forms.WhyForm, runs.reopen,
        _OVERVIEW, gettext_noop("Taken up again.")),
}  # fmt: skip
"""What can be done to a dispute, by the last part of its address."""


@officer(*shared.READING)
def act(request: Request, dispute_id: UUID, slug: str) -> HttpResponseBase:
    """Ask what an act needs, and do it."""
    page = PAGES.get(slug)
    if page is None:
        raise Http404
    dispute = shared.dispute_or_404(request, dispute_id)
    if not shared.may(request, page.act, dispute):
        raise Http404
    item = _item(request, page, dispute)
    first = page.first(dispute, item) if page.first else {}
    post = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    form = page.form(post, files, initial=first, request=request, dispute=dispute, item=item)
    back = reverse(page.back, args=[dispute.id])
    came: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: came.append(page.run(request, dispute, item, form))):
        if came[0] is runs.PROTECTED:
            return redirect("desk_dispute_protected")
        messages.success(request, _(page.done))
        return redirect(came[0] if isinstance(came[0], str) else back)
    context = {
        "page": page,
        "title": _(page.title),
        "button": _(page.button),
        "about": _(page.about) if page.about else "",
        "form": form,
        "dispute": dispute,
        "back": back,
        "named": entries.name_of(page.item, item) if item is not None else "",
        "item_id": item.id if item is not None else "",
        "kata": (request.POST.get("kata") or request.GET.get("kata", ""))[:100],
    }
    return frame.show(
        request, "desk/mediation/act.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


def _item(request: Request, page: Page, dispute: Any) -> Any:
    """The entry an act is about."""
    if not page.item:
        return None
    key = reading.key(request.GET.get("isi", ""))
    if key is None:
        if page.needs_item:
            raise Http404
        return None
    try:
        return entries.find(dispute, page.item, key)
    except NotFound as missing:
        raise Http404 from missing
