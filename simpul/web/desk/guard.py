"""Protection: sealed matters, words to be judged, wishes to see who reported, the glass that may be broken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases.actions import protection
from simpul.cases.queries import inbox as inbox_queries
from simpul.cases.queries import protection as queries
from simpul.lib.errors import NotFound, Refused
from simpul.web import forms
from simpul.web.desk import frame, inbox, words
from simpul.web.policy import Request, officer


class DecideForm(forms.Form):
    """The custodian's decision on one wish."""

    granted = forms.ChoiceField(
        label=gettext_lazy("May they see who reported?"),
        choices=(("yes", gettext_lazy("Yes, for seven days")), ("no", gettext_lazy("No"))),
        inline=True,
    )
    reason = forms.LongTextField(label=gettext_lazy("Reason"), rows=3, max_length=2000)


class GlassForm(forms.Form):
    """The exact number, and a reason that others will read."""

    number = forms.LineField(label=gettext_lazy("Exact number of the matter"), width="20", max_length=40)
    reason = forms.LongTextField(
        label=gettext_lazy("Why must it be opened now?"),
        rows=4,
        max_length=2000,
        help_text=gettext_lazy("At least 20 letters. Those who protect the person are alerted and read it."),
    )


@officer("case.unseal", "case.screen", "identity.decide")
def protected(request: Request) -> HttpResponseBase:
    """What needs a protecting eye now."""
    return _show(request, {})


def _show(request: Request, wrong: dict[str, Any], status: int = 200) -> HttpResponseBase:
    at = timezone.now()
    by = request.by
    flagged = queries.flagged(by) if roles.may_somewhere(by, "case.screen") else []
    sealed = []
    if roles.may_somewhere(by, "case.unseal"):
        sealed = inbox_queries.inbox(by, inbox_queries.Filters(view="sealed", order="changed"), at).rows
    wishes = queries.identity_requests(by)
    context = {
        "flagged": [{"case": case, "age": words.age(case.received_at, at)} for case in flagged],
        "sealed": inbox.rows(sealed, request, at),
        "glass": [
            {
                "row": row,
                "when": words.moment(row.at, row.case.region_code),
                "until": words.moment(row.until_at, row.case.region_code),
            }
            for row in queries.broken_glass(by, at)
        ],
        "wishes": [
            {
                "row": row,
                "when": words.moment(row.asked_at, row.case.region_code),
                "form": wrong.get(str(row.id)) or DecideForm(auto_id=f"w{row.id.hex}_%s"),
            }
            for row in wishes
        ],
        "custodian": roles.may_somewhere(by, "identity.decide"),
        "wrong": next(iter(wrong.values()), None),
    }
    return frame.show(request, "desk/guard/page.html", context, status=status, here="desk_protected")


@officer("identity.decide")
@require_POST
def decide_identity(request: Request, request_id: Any) -> HttpResponseBase:
    """Show who reported to the one who asked, or not; both reasons are kept."""
    form = DecideForm(request.POST, auto_id=f"w{request_id.hex}_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            protection.decide_identity(
                by=request.by,
                at=timezone.now(),
                request_id=request_id,
                granted=given["granted"] == "yes",
                reason=given["reason"],
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Decided. The one who asked sees the decision on the matter."))
            return redirect("desk_protected")
    return _show(request, {str(request_id): form}, status=409)


@officer("case.break_glass")
def break_glass(request: Request) -> HttpResponseBase:
    """Open a sealed matter in an emergency, by its exact number and with a reason, for four hours."""
    form = GlassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        case_id = queries.sealed_by_number(request.by, form.cleaned_data["number"])
        if case_id is None:
            form.add_error(
                "number", _("No sealed matter that you could open this way has this number. Check each sign.")
            )
        else:
            try:
                protection.break_glass_case(
                    by=request.by, at=timezone.now(), case_id=case_id, reason=form.cleaned_data["reason"]
                )
            except NotFound as missing:
                raise Http404 from missing
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.warning(
                    request, _("Opened for four hours. The focal point was alerted with your reason.")
                )
                return redirect("desk_case", case_id=case_id)
    return frame.show(
        request,
        "desk/guard/glass.html",
        {"form": form},
        status=422 if form.errors else 200,
        here="desk_break_glass",
    )
