"""The reactivation rule: which version is followed today, what others say, what was before; a district adds its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.lib import when
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.access import kis as access
from simpul.programmes.actions import kis
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules
from simpul.web.desk import frame, words
from simpul.web.desk.kis import rulebook_forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
def page(request: Request) -> HttpResponseBase:
    """Every version with its source and days; for managers the form for one of the district's own."""
    may = roles.may_somewhere(request.by, "rule.adopt")
    form = rulebook_forms.RuleForm(request.POST or None) if may else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _adopt(request, form):
            messages.success(request, _("The rule is kept. It is followed from its first day on."))
            return redirect("desk_kis_rules")
    asked = when.parse_date(request.GET.get("hari", "")) or shared.today(request)
    region = request.by.served_areas[0]
    everything = kis_rules.all_rules(region)
    own = {str(key) for key in access.own_rules(request.by).values_list("id", flat=True)}
    followed = rules.followed(everything, asked)
    context = {
        "tabs": shared.tabs(request, "desk_kis_rules"),
        "day": words.day(asked),
        "day_typed": asked.isoformat(),
        "followed": _shown(followed, own),
        "differing": [_shown(rule, own) for rule in rules.differing(everything, asked)],
        "others": [
            _shown(rule, own)
            for rule in sorted(everything, key=lambda one: one.from_date, reverse=True)
            if rule.code != followed.code
        ],
        "form": form,
        "may_drop": roles.may_somewhere(request.by, "rule.drop"),
    }
    status = 422 if form is not None and form.errors else 200
    return frame.show(request, "desk/kis/rules.html", context, status=status, here="desk_kis")


def _adopt(request: Request, form: Any) -> bool:
    given = form.cleaned_data
    try:
        kis.adopt_rule(
            by=request.by,
            at=timezone.now(),
            region_code=request.by.served_areas[0],
            name=given["name"],
            authority=given["authority"],
            source=given["source"],
            from_date=given["from_date"],
            until_date=given["until_date"],
            wishes=kis.RuleWishes(
                facility_letter=given["facility_letter"],
                village_letter=given["village_letter"],
                chronic_required=given["chronic_required"] == "yes",
                off_from=given["off_from"],
                off_until=given["off_until"],
                excludes=tuple(given["excludes"]),
                follow_up_days=int(given["follow_up_days"] or 14),
                duty_months=int(given["duty_months"] or 6),
            ),
        )
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def _shown(rule: rules.Rule, own: set[str]) -> dict[str, Any]:
    """A version in words."""
    wish = {"required": _("required"), "optional": _("helps, is not required"), "no": _("not needed")}
    sure = {
        "confirmed": _("confirmed"),
        "secondary": _("from news or another district"),
        "unconfirmed": _("not confirmed"),
        "configured": _("set by this district"),
    }
    window = [words.day(day) for day in (rule.off_from, rule.off_until) if day]
    facts = [
        (_(rules.LETTERS["facility_letter"]), wish[rule.facility_letter]),
        (_(rules.LETTERS["village_letter"]), wish[rule.village_letter]),
        (
            _("Chronic or life-threatening illness"),
            _("required") if rule.chronic_required else _("not needed"),
        ),
        (_("Cards switched off"), " – ".join(window) if window else _("on any day")),
        (_("Left out"), ", ".join(_(rules.EXCLUDED[one]) for one in rule.excludes) or _("nobody")),
        (_("Ask the ministry again after"), _("%(n)s days") % {"n": rule.follow_up_days}),
        (_("Data duty"), _("%(n)s months") % {"n": rule.duty_months}),
    ]
    return {
        "name": _(rule.name) if not rule.code else rule.name,
        "authority": rule.authority,
        "source": rule.source,
        "confidence": sure.get(rule.confidence, rule.confidence),
        "since": words.day(rule.from_date) if rule.code else "",
        "until": words.day(rule.until_date) if rule.until_date else "",
        "facts": facts,
        "own_id": rule.code if rule.code in own else "",
    }


@officer("rule.drop")
@require_POST
def drop(request: Request, rule_id: UUID) -> HttpResponseBase:
    """End a rule of the district's own."""
    try:
        kis.drop_rule(by=request.by, at=timezone.now(), rule_id=rule_id)
    except NotFound as hidden:
        raise Http404 from hidden
    messages.success(request, _("The rule has ended. The one before it is followed again."))
    return redirect("desk_kis_rules")
